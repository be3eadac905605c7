extension Tensor {
    /// The smallest box that holds every voxel above zero (MONAI `generate_spatial_bounding_box` without a margin,
    /// transforms/utils.py:1126-1188).
    ///
    /// - Parameter channels: the channels that count; all where it is nil.
    /// - Returns: a range for each axis of space, or nil where no voxel is above zero.
    /// - Precondition: the tensor is `[C, X, Y]` or `[C, X, Y, Z]`, and the channels are within it.
    public func foregroundBox(channels chosen: [Int]? = nil) -> [Range<Int>]? {
        let chosen = chosen ?? Array(0..<channels)
        precondition(
            (2...3).contains(spatialShape.count) && chosen.allSatisfy { (0..<channels).contains($0) },
            "\(shape) and channels \(chosen)")
        guard count > 0 else { return nil }
        let sizes = Array(repeating: 1, count: 3 - spatialShape.count) + spatialShape
        let planes = chosen.count * sizes[0]
        // One box for each plane; every plane writes its own.
        let boxes = elements.withUnsafeBufferPointer { buffer -> [PlaneBox] in
            guard let base = buffer.baseAddress else { return [] }
            return [PlaneBox](unsafeUninitializedCapacity: planes) { out, initialized in
                guard let output = out.baseAddress else { return }
                Slabs.perform(planes, grain: max(1, (1 << 14) / (sizes[1] * sizes[2]))) { range in
                    // Lines need to be looked at only where they can make the box of this slab larger.
                    var known = PlaneBox()
                    for plane in range {
                        let volume = base + chosen[plane / sizes[0]] * sizes[0] * sizes[1] * sizes[2]
                        let start = volume + plane % sizes[0] * sizes[1] * sizes[2]
                        let isHit = known.extend(by: start, rows: sizes[1], length: sizes[2])
                        (output + plane).initialize(to: isHit ? known : PlaneBox())
                    }
                }
                initialized = planes
            }
        }
        let hits = boxes.indices.filter { !boxes[$0].isEmpty }
        guard let first = hits.map({ $0 % sizes[0] }).min(), let last = hits.map({ $0 % sizes[0] }).max() else {
            return nil
        }
        let all = boxes.reduce(into: PlaneBox()) { $0.join($1) }
        return Array([first..<last + 1, all.rows, all.columns].suffix(spatialShape.count))
    }
}

/// Where voxels above zero lie in planes that are looked at one after another.
private struct PlaneBox {
    private var low: (row: Int, column: Int) = (Int.max, Int.max)
    private var high: (row: Int, column: Int) = (-1, -1)

    var isEmpty: Bool { high.row < 0 }
    var rows: Range<Int> { low.row..<high.row + 1 }
    var columns: Range<Int> { low.column..<high.column + 1 }

    mutating func join(_ other: PlaneBox) {
        low = (min(low.row, other.low.row), min(low.column, other.low.column))
        high = (max(high.row, other.high.row), max(high.column, other.high.column))
    }

    /// Takes a plane in.
    ///
    /// - Returns: whether it has a voxel above zero.
    mutating func extend(by plane: UnsafePointer<Float>, rows: Int, length: Int) -> Bool {
        var isHit = false
        for row in 0..<rows {
            let line = plane + row * length
            // Without an early end the loop is done with vectors.
            var hits: UInt32 = 0
            for column in 0..<length { hits |= line[column] > 0 ? 1 : 0 }
            guard hits > 0 else { continue }
            isHit = true
            low.row = min(low.row, row)
            high.row = max(high.row, row)
            for column in 0..<min(low.column, length) where line[column] > 0 {
                low.column = column
                break
            }
            for column in (high.column + 1..<max(length, high.column + 1)).reversed() where line[column] > 0 {
                high.column = column
                break
            }
        }
        return isHit
    }
}
