internal import CDCMTK
internal import FoundationEssentials
public import Voxels

extension SeriesReader {
    /// Reads the voxels of a series: stored value × slope + intercept, per slice, in float32 as MONAI computes it, or
    /// what the slice's modality LUT has for the stored value (PS3.3 C.11.1).
    ///
    /// The arithmetic is that of MONAI's `PydicomReader._get_array_data` (image_reader.py): stored values, slope and
    /// intercept become float32, and so do the product and the sum. MONOCHROME1 is not inverted and padding values
    /// stay what they are.
    ///
    /// - Returns: `[columns, rows, slices]`; the value of column `i`, row `j`, slice `k` is at `(i · rows + j) · slices
    ///   + k`.
    /// - Throws: `DICOMError` where a file cannot be read or decoded or has changed since the survey.
    public func volume(of series: ImageSeries) throws -> Tensor {
        let shape = series.shape
        let count = shape.reduce(1, *)
        // Slices are the tensor's fastest axis, so a batch of them is one run of 128 bytes for each pixel.
        let batch = 32
        let elements = try Tensor.Elements(unsafeUninitializedCapacity: count) { buffer, initialized in
            guard let base = buffer.baseAddress else { return }
            // `nonisolated(unsafe)` is right because each batch writes the voxels of its own slices and no other.
            nonisolated(unsafe) let voxels = base
            try forEachInParallel((shape[2] + batch - 1) / batch) { index in
                let range = index * batch..<min((index + 1) * batch, shape[2])
                try SeriesReader.read(series, range, into: voxels)
            }
            initialized = count
        }
        return Tensor(shape: shape, elements: elements)
    }

    private static func read(
        _ series: ImageSeries, _ range: Range<Int>, into voxels: UnsafeMutablePointer<Float>
    ) throws {
        let format = series.format
        let frameBytes = format.frameBytes
        let raw = UnsafeMutableRawBufferPointer.allocate(byteCount: frameBytes * range.count, alignment: 64)
        defer { raw.deallocate() }
        var open: (file: URL, dataSet: DataSet)?
        for k in range {
            let slice = series.slices[k]
            let start = (k - range.lowerBound) * frameBytes
            let frame = UnsafeMutableRawBufferPointer(rebasing: raw[start..<start + frameBytes])
            // The frames of one object mostly come one after the other, and parsing it takes longer than reading one.
            if open?.file != slice.file {
                let dataSet = try DataSet(contentsOf: slice.file)
                try dataSet.check(is: slice.sopInstanceUID, format, slice.file)
                open = (slice.file, dataSet)
            }
            try open?.dataSet.readFrame((slice.frameNumber ?? 1) - 1, into: frame, naming: slice.file.lastPathComponent)
        }
        let tables = range.map { series.slices[$0].modalityLUT }
        let scales = range.map { Float(series.slices[$0].rescaleSlope) }
        let offsets = range.map { Float(series.slices[$0].rescaleIntercept) }
        scatter(
            UnsafeRawBufferPointer(raw), format, slices: series.slices.count, range, scales, offsets, tables,
            into: voxels)
    }

    /// Turns slices, in which columns are the fastest axis, into the tensor, in which slices are.
    ///
    /// It goes by tiles through a buffer: planes of 512 × 512 lie a power of two apart, and reading a pixel of each in
    /// turn would use one set of the cache only.
    private static func scatter(
        _ raw: UnsafeRawBufferPointer, _ format: PixelFormat, slices: Int, _ range: Range<Int>, _ scales: [Float],
        _ offsets: [Float], _ tables: [ModalityLUT?], into voxels: UnsafeMutablePointer<Float>
    ) {
        let (rows, columns, depth) = (format.rows, format.columns, range.count)
        let (tileColumns, tileRows) = (32, 8)
        var tile = [Float](repeating: 0, count: tileColumns * tileRows * depth)
        format.withSamples(raw) { sample in
            tile.withUnsafeMutableBufferPointer { tile in
                for top in stride(from: 0, to: rows, by: tileRows) {
                    let height = min(tileRows, rows - top)
                    for left in stride(from: 0, to: columns, by: tileColumns) {
                        let width = min(tileColumns, columns - left)
                        for k in 0..<depth {
                            let (scale, offset, table) = (scales[k], offsets[k], tables[k])
                            for j in 0..<height {
                                let source = (k &* rows &+ top &+ j) &* columns &+ left
                                if let table {
                                    for i in 0..<width {
                                        tile[(i &* tileRows &+ j) &* depth &+ k] = Float(table[sample(source &+ i)])
                                    }
                                    continue
                                }
                                for i in 0..<width {
                                    tile[(i &* tileRows &+ j) &* depth &+ k] =
                                        Float(sample(source &+ i)) * scale + offset
                                }
                            }
                        }
                        for i in 0..<width {
                            for j in 0..<height {
                                let at = ((left &+ i) &* rows &+ top &+ j) &* slices &+ range.lowerBound
                                let from = (i &* tileRows &+ j) &* depth
                                for k in 0..<depth { voxels[at &+ k] = tile[from &+ k] }
                            }
                        }
                    }
                }
            }
        }
    }
}

extension DataSet {
    /// Makes sure that a file still holds what it held at the survey.
    ///
    /// - Throws: `DICOMError` where it does not.
    func check(is uid: UID, _ format: PixelFormat, _ file: URL) throws {
        guard try self.uid(.sopInstanceUID) == uid, try PixelFormat(self) == format else {
            throw DICOMError(.inconsistent, "\(file.lastPathComponent) changed while it was read")
        }
    }

    /// Decodes one frame of the pixel data into memory of exactly its size.
    ///
    /// - Returns: how the samples lie and what they mean.
    @discardableResult
    func readFrame(
        _ index: Int, into buffer: UnsafeMutableRawBufferPointer, naming name: String
    ) throws -> pdx_frame_form {
        var form = pdx_frame_form()
        guard let start = buffer.baseAddress, let frame = UInt32(exactly: index) else {
            throw DICOMError(.invalidArgument, "frame \(index + 1) cannot be")
        }
        try ShimError.check(naming: name) { pdx_dataset_frame(owner.pointer, frame, start, buffer.count, &form, $0) }
        return form
    }

    /// Decodes one frame of the pixel data.
    func frame(_ index: Int, _ format: PixelFormat) throws -> [UInt8] {
        try [UInt8](unsafeUninitializedCapacity: format.frameBytes) { buffer, count in
            try readFrame(index, into: UnsafeMutableRawBufferPointer(buffer), naming: "frame \(index + 1)")
            count = format.frameBytes
        }
    }
}

extension ImageSeries {
    /// Makes a series of slices that the gate let pass; the affine is that of PS3.3 C.7.6.2.1.1 with `step` as its
    /// third column.
    init?(_ ordered: [SliceHeader], _ step: SIMD3<Double>, _ notes: [String], duplicates: Int) {
        guard let first = ordered.first, let format = first.format else { return nil }
        studyInstanceUID = first.studyInstanceUID
        seriesInstanceUID = first.seriesInstanceUID
        let frames = Set(ordered.map(\.frameOfReferenceUID))
        frameOfReferenceUID = frames.count == 1 ? first.frameOfReferenceUID : nil
        modality = first.modality
        self.format = format
        pixelSpacing = first.pixelSpacing
        orientation = first.orientation
        slices = ordered.map { header in
            ImageSlice(
                file: header.file, sopClassUID: header.sopClassUID, sopInstanceUID: header.sopInstanceUID,
                frameNumber: header.frameNumber, position: header.position,
                rescaleSlope: header.rescale.effectiveSlope, rescaleIntercept: header.rescale.effectiveIntercept,
                modalityLUT: try? header.modalityLUT.get(), instanceNumber: header.instanceNumber)
        }
        lossyCompression = LossyCompression(ordered.map(\.lossySteps))
        var affine = Affine.identity
        for axis in 0..<3 {
            affine[axis, 0] = first.orientation[axis] * first.pixelSpacing[1]
            affine[axis, 1] = first.orientation[3 + axis] * first.pixelSpacing[0]
            affine[axis, 2] = step[axis]
            affine[axis, 3] = first.position[axis]
        }
        affineLPS = affine
        self.duplicates = duplicates
        self.notes = notes
    }
}
