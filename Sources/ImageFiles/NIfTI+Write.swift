public import Voxels

extension NIfTI {
    /// Writes an image as MONAI's `SaveImage` does with its `NibabelWriter`: version 1, sform and qform of code 1.
    ///
    /// - Parameters:
    ///   - tensor: `[X, Y, Z]`, `[X, Y, Z, C]`, or channel first.
    ///   - affine: takes voxel indices to millimetres in RAS. The qform gets it without shear.
    ///   - path: compressed when it ends in `.gz`. The file appears when it is whole.
    ///   - type: the type of the voxels; values are cut towards zero for an integer type.
    ///   - channelFirst: whether the first axis is a channel. It moves to the end, behind three spatial axes.
    ///   - dropsTrailingAxes: whether axes of length 1 at the end go then, down to three axes.
    ///   - compression: gzip's level, 1 (as nibabel's) to 9.
    /// - Throws: `ImageFileError` when a value doesn't fit the type, or the file can't be written.
    public static func write(
        _ tensor: Tensor, affine: Affine, to path: String, type: NIfTIType = .float32, channelFirst: Bool = false,
        dropsTrailingAxes: Bool = true, compression: Int = 1
    ) throws {
        let channels = channelFirst ? tensor.channels : 1
        let spatial = channelFirst ? tensor.spatialShape : tensor.shape
        var shape = spatial
        if channelFirst {
            shape += Array(repeating: 1, count: max(0, 3 - spatial.count)) + [channels]
            while dropsTrailingAxes && shape.count > 3 && shape.last == 1 { shape.removeLast() }
        }
        guard (1...7).contains(shape.count), shape.allSatisfy({ (1...Int(Int16.max)).contains($0) }) else {
            throw ImageFileError(
                .badArgument, "\(path): a NIfTI file can't hold an array of shape \(shape): 1 to 7 axes up to 32767")
        }
        guard affine.elements.allSatisfy(\.isFinite), affine.spacing.allSatisfy({ $0 > 0 }) else {
            throw ImageFileError(.badArgument, "\(path): the affine has no place for every voxel")
        }
        var stream = try OutputStream(path, compression: path.lowercased().hasSuffix(".gz") ? compression : nil)
        try stream.write(headerBytes(shape: shape, affine: affine, type: type))
        // In the file the channel is the slowest axis, so the channels follow one another whole.
        let layout = VoxelLayout(shape: spatial)
        for channel in 0..<channels {
            let start = channel * spatial.reduce(1, *)
            try writeVoxels(type, tensor.elements, from: start, layout, to: stream)
        }
        try stream.close()
    }

    /// One concrete call per type, so that each is specialised.
    private static func writeVoxels(
        _ type: NIfTIType, _ elements: Tensor.Elements, from start: Int, _ layout: VoxelLayout,
        to stream: borrowing OutputStream
    ) throws {
        switch type {
        case .uint8: try write(UInt8.self, elements, from: start, layout, to: stream)
        case .int16: try write(Int16.self, elements, from: start, layout, to: stream)
        case .int32: try write(Int32.self, elements, from: start, layout, to: stream)
        case .float32: try write(Float.self, elements, from: start, layout, to: stream)
        case .float64: try write(Double.self, elements, from: start, layout, to: stream)
        case .int8: try write(Int8.self, elements, from: start, layout, to: stream)
        case .uint16: try write(UInt16.self, elements, from: start, layout, to: stream)
        case .uint32: try write(UInt32.self, elements, from: start, layout, to: stream)
        case .int64: try write(Int64.self, elements, from: start, layout, to: stream)
        case .uint64: try write(UInt64.self, elements, from: start, layout, to: stream)
        }
    }

    private static func write<Number: StoredNumber>(
        _: Number.Type, _ elements: Tensor.Elements, from start: Int, _ layout: VoxelLayout,
        to stream: borrowing OutputStream
    ) throws {
        // One buffer for all shares: fresh memory costs more than the conversion that fills it.
        let room = layout.plane * min(VoxelLayout.share, layout.planes)
        var packed = Array(repeating: Number.zero, count: room)
        for first in stride(from: 0, to: layout.planes, by: VoxelLayout.share) {
            let planes = first..<min(first + VoxelLayout.share, layout.planes)
            let fits = elements.withUnsafeBufferPointer { elements in
                packed.withUnsafeMutableBufferPointer { pack(elements, start, planes, layout, into: $0) }
            }
            guard fits else {
                throw ImageFileError(
                    .badArgument, "\(stream.path): a value doesn't fit into voxels of type \(Number.self)")
            }
            try packed.withUnsafeBytes { bytes in
                let length = planes.count * layout.plane * MemoryLayout<Number>.stride
                try stream.write(UnsafeRawBufferPointer(rebasing: bytes[..<length]))
            }
        }
    }

    /// Converts planes to the file's order; gives false when a value doesn't fit.
    private static func pack<Number: StoredNumber>(
        _ elements: UnsafeBufferPointer<Float>, _ start: Int, _ planes: Range<Int>, _ layout: VoxelLayout,
        into packed: UnsafeMutableBufferPointer<Number>
    ) -> Bool {
        guard let from = elements.baseAddress, let into = packed.baseAddress else { return true }
        var fits = true
        layout.forEachTile { tile, x0, width, y in
            layout.places.withUnsafeBufferPointer { places in
                for x in 0..<width {
                    let source = from + (start + (x0 + x) * layout.stepX + y * layout.stepY)
                    for plane in 0..<planes.count {
                        tile[x * VoxelLayout.share + plane] = source[places[planes.lowerBound + plane]]
                    }
                }
            }
            for plane in 0..<planes.count {
                let target = into + (plane * layout.plane + y * layout.width + x0)
                for x in 0..<width {
                    guard let number = Number.make(tile[x * VoxelLayout.share + plane]) else {
                        fits = false
                        return
                    }
                    target[x] = number
                }
            }
        }
        return fits
    }

    /// The 348 bytes of the header and the four that say that no extension follows.
    private static func headerBytes(shape: [Int], affine: Affine, type: NIfTIType) -> [UInt8] {
        var header = HeaderWriter()
        header.put(Int32(348), at: 0)
        let dim = [shape.count] + shape + Array(repeating: 1, count: 7 - shape.count)
        for (index, length) in dim.enumerated() { header.put(Int16(length), at: 40 + 2 * index) }
        header.put(type.rawValue, at: 70)
        header.put(Int16(type.size * 8), at: 72)

        let form = NIfTIHeader(qformOf: affine, shape: shape, type: type)
        let pixdim = Array(form.pixdim.prefix(4)) + [1, 1, 1, 1]
        for (index, value) in pixdim.enumerated() { header.put(Float(value), at: 76 + 4 * index) }
        header.put(Float(352), at: 108)
        header.put(Float(1), at: 112)
        header.put(Int16(1), at: 252)
        header.put(Int16(1), at: 254)
        for (index, value) in (form.quaternion + form.offset + affine.elements.prefix(12)).enumerated() {
            header.put(Float(value), at: 256 + 4 * index)
        }
        for (index, byte) in "n+1".utf8.enumerated() { header.bytes[344 + index] = byte }
        return header.bytes
    }
}

/// A little-endian header that is being filled.
private struct HeaderWriter {
    var bytes = [UInt8](repeating: 0, count: 352)

    mutating func put(_ value: some FixedWidthInteger, at place: Int) {
        withUnsafeBytes(of: value.littleEndian) { bytes.replaceSubrange(place..<place + $0.count, with: $0) }
    }

    mutating func put(_ value: Float, at place: Int) { put(value.bitPattern, at: place) }
}

extension NIfTIHeader {
    /// A header whose qform holds an affine.
    fileprivate init(qformOf affine: Affine, shape: [Int], type: NIfTIType) {
        self.shape = shape
        self.type = type
        pixdim = Array(repeating: 1, count: 8)
        dataOffset = 352
        (qformCode, sformCode) = (1, 1)
        quaternion = [0, 0, 0]
        offset = [0, 0, 0]
        rows = Array(affine.elements.prefix(12))
        (isBigEndian, isVersion2) = (false, false)
        setQform(affine)
    }
}
