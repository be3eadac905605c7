/// Adds the results of windows to one image, weighted, and divides by the weights at the end.
///
/// All sums are float32 in the order of the windows, as MONAI's are. It knows nothing of networks.
public struct WindowBlender: ~Copyable {
    private let grid: WindowGrid
    private let channels: Int
    private let weights: [Float]?
    private var sums: Tensor.Elements
    /// The buffer of a group, reused from group to group.
    private var slab: Tensor.Elements = []

    /// Prepares an empty image of `channels` channels on the grid.
    ///
    /// - Parameter weights: as `WindowWeights.map` gives them for the grid's window.
    public init(grid: WindowGrid, channels: Int, weights: [Float]?) {
        precondition(weights.map { $0.count == grid.windowVoxels } ?? true, "the weights are those of another window")
        self.grid = grid
        self.channels = channels
        self.weights = weights
        sums = Tensor.Elements(repeating: 0, count: channels * grid.padded.reduce(1, *))
    }

    /// Starts a group of windows; call it before the first `add` of each group.
    public mutating func begin(_ group: WindowGroup) {
        guard !group.isWhole else { return }
        let count = channels * box(of: group).reduce(1, *)
        if slab.count == count {
            slab.withUnsafeMutableBufferPointer { $0.update(repeating: 0) }
        } else {
            slab = Tensor.Elements(repeating: 0, count: count)
        }
    }

    /// Adds the results of windows that follow one another in the group.
    ///
    /// - Parameters:
    ///   - results: `[windows, channels, window…]`, at least as many values as that.
    ///   - windows: the windows by number.
    /// - Returns: whether every value was finite; the image is of no use if not.
    public mutating func add(
        _ results: UnsafeBufferPointer<Float>, windows: Range<Int>, in group: WindowGroup
    ) -> Bool {
        let each = channels * grid.windowVoxels
        precondition(results.count >= windows.count * each, "fewer values than the windows have")
        var origins = windows.map { grid.origin(of: $0) }
        if group.isWhole {
            let windows = WindowSums(box: grid.padded, window: grid.size, origins: origins)
            return windows.add(results, channels: channels, weights: weights, into: &sums)
        }
        for index in origins.indices {
            switch group.axis {
            case 0: origins[index].0 -= group.span.lowerBound
            case 1: origins[index].1 -= group.span.lowerBound
            default: origins[index].2 -= group.span.lowerBound
            }
        }
        let windows = WindowSums(box: box(of: group), window: grid.size, origins: origins)
        return windows.add(results, channels: channels, weights: weights, into: &slab)
    }

    /// Ends a group of windows; call it after the last `add` of each group.
    public mutating func end(_ group: WindowGroup) {
        guard !group.isWhole else { return }
        let shape = box(of: group)
        let padded = grid.padded
        let first = (0..<3).map { $0 == group.axis ? group.span.lowerBound : 0 }
        let channels = channels
        slab.withUnsafeBufferPointer { slab in
            sums.withUnsafeMutableBufferPointer { sums in
                guard var from = slab.baseAddress, let base = sums.baseAddress else { return }
                for channel in 0..<channels {
                    for x in 0..<shape[0] {
                        for y in 0..<shape[1] {
                            let row = (channel * padded[0] + x + first[0]) * padded[1] + y + first[1]
                            let into = base + (row * padded[2] + first[2])
                            for z in 0..<shape[2] { into[z] += from[z] }
                            from += shape[2]
                        }
                    }
                }
            }
        }
    }

    /// Divides by the weights and takes the padding off.
    ///
    /// - Returns: `[channels, …]` with the spatial axes of the grid's image.
    public consuming func finish() -> Tensor {
        let windows = WindowSums(
            box: grid.padded, window: grid.size, origins: (0..<grid.count).map { grid.origin(of: $0) })
        let weights = weights ?? Array(repeating: 1, count: grid.windowVoxels)
        windows.divide(&sums, channels: channels, byWeights: weights)
        guard grid.isPadded else { return Tensor(shape: [channels] + grid.imageShape, elements: sums) }
        let cropped = Tensor(shape: [channels] + grid.padded, elements: sums).window(
            from: grid.before, shape: grid.image)
        return Tensor(shape: [channels] + grid.imageShape, elements: cropped.elements)
    }

    private func box(of group: WindowGroup) -> [Int] {
        var shape = grid.padded
        shape[group.axis] = group.span.count
        return shape
    }
}
