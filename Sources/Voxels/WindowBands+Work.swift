/// A few lines of one cell that one thread works on.
struct WindowPiece {
    /// What of the padded image it covers, whole lines along Z.
    let x: Range<Int>
    let y: Range<Int>
    let z: Range<Int>
    /// The sums of the whole cell, `[channels, cell…]`; nil where no other window touches it.
    let sums: UnsafeMutablePointer<Float>?
    /// The voxels of the whole cell, and those before this piece.
    let cellVoxels: Int
    let offset: Int
    /// The windows over the cell on each axis.
    let windows: (ClosedRange<Int>, ClosedRange<Int>, ClosedRange<Int>)
    /// Whether the sums hold something already.
    let adds: Bool
    /// Whether no later window touches the cell.
    let ends: Bool

    var voxels: Int { x.count * y.count * z.count }

    /// As many voxels as are worked on at a time, so that all their channels stay in the cache.
    private static let tile = 512

    /// Cuts a cell into pieces.
    static func rows(
        of cell: (Int, Int, Int), in cells: WindowCells, sums: UnsafeMutablePointer<Float>?, adds: Bool, ends: Bool
    ) -> [WindowPiece] {
        let (xs, ys, zs) = (cells.span(cell.0, 0), cells.span(cell.1, 1), cells.span(cell.2, 2))
        let voxels = xs.count * ys.count * zs.count
        let windows = (cells.windows[0][cell.0], cells.windows[1][cell.1], cells.windows[2][cell.2])
        let lines = max(1, tile / zs.count)
        return xs.flatMap { x in
            stride(from: ys.lowerBound, to: ys.upperBound, by: lines).map { y in
                WindowPiece(
                    x: x..<x + 1, y: y..<min(y + lines, ys.upperBound), z: zs, sums: sums, cellVoxels: voxels,
                    offset: ((x - xs.lowerBound) * ys.count + y - ys.lowerBound) * zs.count, windows: windows,
                    adds: adds, ends: ends)
            }
        }
    }
}

/// What one window's result does to the pieces of its cells.
///
/// `@unchecked Sendable` is right because the threads only read what it holds, each on behalf of pieces of its own.
struct WindowWork: @unchecked Sendable {
    private let grid: WindowGrid
    private let channels: Int
    private let channelsLeft: Int
    private let decision: VoxelDecision
    private let weights: [Float]?
    private let values: UnsafePointer<Float>
    private let origin: (Int, Int, Int)

    /// - Parameter values: `[channels, window…]`.
    init(_ bands: borrowing WindowBands, values: UnsafePointer<Float>, window: (Int, Int, Int)) {
        grid = bands.grid
        channels = bands.channels
        decision = bands.decision
        channelsLeft = bands.decision.channels(of: bands.channels)
        weights = bands.weights
        self.values = values
        origin = (grid.starts[0][window.0], grid.starts[1][window.1], grid.starts[2][window.2])
    }

    /// Adds a piece to its cell's sums, or decides it.
    ///
    /// - Returns: the bit pattern of the largest magnitude.
    func perform(_ piece: WindowPiece, into image: UnsafeMutablePointer<Float>) -> Int32 {
        weights.withOptionalBuffer { weights in
            guard piece.ends else { return add(piece, weights) }
            let count = piece.voxels
            return withUnsafeTemporaryAllocation(of: Float.self, capacity: (channels + 2) * count) { room in
                guard let values = room.baseAddress else { return 0 }
                let scratch = values + channels * count
                let most = sum(piece, weights, into: values)
                divide(values, piece, weights, counts: scratch)
                decision.apply(to: values, channels: channels, count: count, scratch: scratch)
                keep(values, of: piece, in: image)
                return most
            }
        }
    }

    private func add(_ piece: WindowPiece, _ weights: UnsafePointer<Float>?) -> Int32 {
        guard let sums = piece.sums else { return 0 }
        var most: Int32 = 0
        for channel in 0..<channels {
            let target = sums + channel * piece.cellVoxels + piece.offset
            most = max(most, mix(piece, channel, weights, known: piece.adds ? target : nil, into: target))
        }
        return most
    }

    private func sum(
        _ piece: WindowPiece, _ weights: UnsafePointer<Float>?, into values: UnsafeMutablePointer<Float>
    ) -> Int32 {
        var most: Int32 = 0
        for channel in 0..<channels {
            let known = piece.sums.map { $0 + channel * piece.cellVoxels + piece.offset }
            most = max(
                most,
                mix(piece, channel, weights, known: piece.adds ? known : nil, into: values + channel * piece.voxels))
        }
        return most
    }

    /// Adds the weighted values of one channel to what is known, which is nothing at first.
    private func mix(
        _ piece: WindowPiece, _ channel: Int, _ weights: UnsafePointer<Float>?, known: UnsafePointer<Float>?,
        into target: UnsafeMutablePointer<Float>
    ) -> Int32 {
        var most: Int32 = 0
        var at = 0
        let count = piece.z.count
        for x in piece.x {
            for y in piece.y {
                let place =
                    ((x - origin.0) * grid.size[1] + y - origin.1) * grid.size[2] + piece.z.lowerBound - origin.2
                let line = values + channel * grid.windowVoxels + place
                let row = target + at
                for z in 0..<count { most = max(most, Int32(bitPattern: line[z].bitPattern & 0x7fff_ffff)) }
                if let weights {
                    let weight = weights + place
                    if let known {
                        for z in 0..<count { row[z] = known[at + z] + line[z] * weight[z] }
                    } else {
                        for z in 0..<count { row[z] = 0 + line[z] * weight[z] }
                    }
                } else if let known {
                    for z in 0..<count { row[z] = known[at + z] + line[z] }
                } else {
                    for z in 0..<count { row[z] = 0 + line[z] }
                }
                at += count
            }
        }
        return most
    }

    /// Divides by the sum of the weights of all windows over the piece, taken in the windows' order.
    private func divide(
        _ values: UnsafeMutablePointer<Float>, _ piece: WindowPiece, _ weights: UnsafePointer<Float>?,
        counts: UnsafeMutablePointer<Float>
    ) {
        let count = piece.voxels
        counts.update(repeating: 0, count: count)
        let (xs, ys, zs) = piece.windows
        let places = [xs, ys, zs].map(Array.init)
        // The windows run along the axes in this order, and so do their weights.
        for slow in places[grid.order[0]] {
            for middle in places[grid.order[1]] {
                for fast in places[grid.order[2]] {
                    var window = [0, 0, 0]
                    window[grid.order[0]] = slow
                    window[grid.order[1]] = middle
                    window[grid.order[2]] = fast
                    addWeights(of: window, over: piece, weights, to: counts)
                }
            }
        }
        for channel in 0..<channels {
            let row = values + channel * count
            for voxel in 0..<count { row[voxel] /= counts[voxel] }
        }
    }

    private func addWeights(
        of window: [Int], over piece: WindowPiece, _ weights: UnsafePointer<Float>?,
        to counts: UnsafeMutablePointer<Float>
    ) {
        guard let weights else {
            for voxel in 0..<piece.voxels { counts[voxel] += 1 }
            return
        }
        let first = (0..<3).map { grid.starts[$0][window[$0]] }
        var row = counts
        for x in piece.x {
            for y in piece.y {
                let line =
                    weights + ((x - first[0]) * grid.size[1] + y - first[1]) * grid.size[2] + piece.z.lowerBound
                    - first[2]
                for z in 0..<piece.z.count { row[z] += line[z] }
                row += piece.z.count
            }
        }
    }

    /// Puts what was decided into the image, without its padding.
    private func keep(_ values: UnsafePointer<Float>, of piece: WindowPiece, in image: UnsafeMutablePointer<Float>) {
        let (shape, before) = (grid.image, grid.before)
        let kept = piece.z.clamped(to: before[2]..<before[2] + shape[2])
        for channel in 0..<channelsLeft {
            var line = values + channel * piece.voxels
            for x in piece.x {
                for y in piece.y {
                    defer { line += piece.z.count }
                    let (row, column) = (x - before[0], y - before[1])
                    guard row >= 0, row < shape[0], column >= 0, column < shape[1], !kept.isEmpty else { continue }
                    let target =
                        ((channel * shape[0] + row) * shape[1] + column) * shape[2] + kept.lowerBound - before[2]
                    (image + target).update(from: line + kept.lowerBound - piece.z.lowerBound, count: kept.count)
                }
            }
        }
    }
}
