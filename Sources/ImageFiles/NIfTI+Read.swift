internal import Voxels

extension NIfTI {
    /// Reads an image.
    ///
    /// - Parameters:
    ///   - path: a `.nii` or `.nii.gz` file; what it is is told from its bytes, not its name.
    ///   - limits: how much memory the voxels may take.
    /// - Throws: `ImageFileError`, before anything large is allocated for a header that promises more than the file
    ///   can hold.
    public static func read(_ path: String, limits: ReadLimits = .standard) throws -> NIfTIImage {
        let stream = try InputStream(path)
        guard stream.size >= 18 else { throw ImageFileError(.notThisFormat, "\(path): too short for a NIfTI file") }
        var bytes = try stream.read(348)
        // A header of version 2 says its own length, 540, in one byte order or the other.
        if bytes[0..<4] == [0x1c, 2, 0, 0] || bytes[0..<4] == [0, 0, 2, 0x1c] {
            bytes += try stream.read(NIfTIHeader.greatestLength - bytes.count)
        }
        let header = try NIfTIHeader(bytes, path: path)
        let count = try checkedCount(header, stream, limits)
        let affine = try header.affine(path: path)
        try stream.skip(header.dataOffset - bytes.count)
        let elements = try readVoxels(from: stream, header, count)
        // What may follow the voxels is none of ours, but a compressed file's checksum is.
        try stream.verifyEnd(within: 1 << 26)
        return NIfTIImage(
            tensor: Tensor(shape: header.shape, elements: elements), affine: affine,
            hasChannelAxis: header.shape.count > 3, spatialShape: Array(header.shape.prefix(3)),
            storedType: header.type)
    }

    /// The number of voxels, if file and limits allow so many.
    private static func checkedCount(
        _ header: NIfTIHeader, _ stream: borrowing InputStream, _ limits: ReadLimits
    ) throws -> Int {
        let size = max(header.type.size, MemoryLayout<Float>.size)
        guard let count = header.count, count <= limits.maximumBytes / size else {
            throw ImageFileError(
                .tooLarge, "\(stream.path): \(header.shape) voxels need more than \(limits.maximumBytes) bytes")
        }
        guard header.dataOffset + count * header.type.size <= stream.greatestLength else {
            throw ImageFileError(
                .malformed,
                "\(stream.path): the file ends too early: its header promises \(header.shape) voxels of "
                    + "\(header.type.size) bytes")
        }
        return count
    }

    /// One concrete call per type: a call through an existential would not be specialised, and twenty times slower.
    private static func readVoxels(
        from stream: borrowing InputStream, _ header: NIfTIHeader, _ count: Int
    ) throws -> Tensor.Elements {
        switch header.type {
        case .uint8: try read(UInt8.self, from: stream, header, count)
        case .int16: try read(Int16.self, from: stream, header, count)
        case .int32: try read(Int32.self, from: stream, header, count)
        case .float32: try read(Float.self, from: stream, header, count)
        case .float64: try read(Double.self, from: stream, header, count)
        case .int8: try read(Int8.self, from: stream, header, count)
        case .uint16: try read(UInt16.self, from: stream, header, count)
        case .uint32: try read(UInt32.self, from: stream, header, count)
        case .int64: try read(Int64.self, from: stream, header, count)
        case .uint64: try read(UInt64.self, from: stream, header, count)
        }
    }

    private static func read<Number: StoredNumber>(
        _: Number.Type, from stream: borrowing InputStream, _ header: NIfTIHeader, _ count: Int
    ) throws -> Tensor.Elements {
        let layout = VoxelLayout(shape: header.shape)
        var raw = Array(repeating: Number.zero, count: layout.plane * min(VoxelLayout.share, layout.planes))
        var failure: (any Error)?
        let elements = Tensor.Elements(unsafeUninitializedCapacity: count) { elements, filled in
            do {
                var first = 0
                while first < layout.planes {
                    let planes = first..<min(first + VoxelLayout.share, layout.planes)
                    try raw.withUnsafeMutableBytes { bytes in
                        let length = planes.count * layout.plane * MemoryLayout<Number>.stride
                        try stream.read(into: UnsafeMutableRawBufferPointer(rebasing: bytes[..<length]))
                    }
                    raw.withUnsafeBufferPointer { unpack($0, planes, layout, header, into: elements) }
                    first = planes.upperBound
                }
                filled = count
            } catch {
                failure = error
                filled = 0
            }
        }
        if let failure { throw failure }
        return elements
    }

    /// Converts planes and puts them where they belong in the tensor.
    ///
    /// A tile of some voxels of a row in all planes goes through a small buffer: planes often lie a power of two apart,
    /// where a voxel of each would drive the others out of the cache.
    private static func unpack<Number: StoredNumber>(
        _ raw: UnsafeBufferPointer<Number>, _ planes: Range<Int>, _ layout: VoxelLayout, _ header: NIfTIHeader,
        into elements: UnsafeMutableBufferPointer<Float>
    ) {
        let swap = header.isBigEndian
        let (slope, intercept) = header.scaling ?? (1, 0)
        let scales = slope != 1 || intercept != 0
        guard let from = raw.baseAddress, let into = elements.baseAddress else { return }
        layout.forEachTile { tile, x0, width, y in
            for plane in 0..<planes.count {
                let source = from + (plane * layout.plane + y * layout.width + x0)
                for x in 0..<width {
                    let number = swap ? source[x].swapped : source[x]
                    // nibabel scales in float64, MONAI rounds to float32 afterwards.
                    let value = scales ? Float(number.double * slope + intercept) : number.float
                    tile[x * VoxelLayout.share + plane] = value
                }
            }
            layout.places.withUnsafeBufferPointer { places in
                for x in 0..<width {
                    let target = into + ((x0 + x) * layout.stepX + y * layout.stepY)
                    for plane in 0..<planes.count {
                        target[places[planes.lowerBound + plane]] = tile[x * VoxelLayout.share + plane]
                    }
                }
            }
        }
    }
}
