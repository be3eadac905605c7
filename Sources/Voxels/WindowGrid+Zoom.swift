extension WindowGrid {
    /// The grid on which windows of another length lie when a network's output has another resolution than its input.
    ///
    /// The arithmetic is MONAI's (`monai/inferers/utils.py:237` to `:313`, without `buffer_steps`): places and lengths
    /// are multiplied in float64 by the ratio of the lengths of the two windows and cut off; what lies beyond the image
    /// is taken off after rounding half to even.
    ///
    /// - Parameter window: the length of the network's output on each axis of `imageShape`.
    /// - Throws: `WindowError` when a window's place on the new grid isn't as long as the output, which MONAI refuses
    ///   too, when nothing is left of the image, or when windows are buffered.
    public func zoomed(to window: [Int]) throws(WindowError) -> WindowGrid {
        guard window.count == self.window.count, window.allSatisfy({ $0 > 0 }) else {
            throw WindowError("an output of \(window) has not the axes of a window of \(self.window)")
        }
        guard groups.allSatisfy(\.isWhole) else {
            throw WindowError(
                "with buffer_steps the network's output has to be of the window's shape \(self.window), not \(window)")
        }
        return try WindowGrid(zooming: self, to: Array(repeating: 1, count: 3 - window.count) + window)
    }

    private init(zooming grid: WindowGrid, to size: [Int]) throws(WindowError) {
        let ratios = zip(size, grid.size).map { Double($0) / Double($1) }
        func scaled(_ place: Int, _ axis: Int) -> Int { Int(Double(place) * ratios[axis]) }
        for axis in 0..<3 {
            for start in grid.starts[axis]
            where scaled(start + grid.size[axis], axis) - scaled(start, axis) != size[axis] {
                throw WindowError(
                    "a window at \(start) of length \(grid.size[axis]) covers another number of places than the "
                        + "\(size[axis]) that the network gives for it")
            }
        }
        let padded = (0..<3).map { scaled(grid.padded[$0], $0) }
        let kept = (0..<3).map { axis in
            guard grid.isPadded, grid.padded[axis] == grid.size[axis] else { return 0..<padded[axis] }
            let zoom = Double(padded[axis]) / Double(grid.size[axis])
            func place(_ place: Int) -> Int { Int((Double(place) * zoom).rounded(.toNearestOrEven)) }
            let first = place(grid.before[axis])
            return first..<max(first, min(place(grid.before[axis] + grid.image[axis]), padded[axis]))
        }
        guard kept.allSatisfy({ !$0.isEmpty }) else {
            throw WindowError("nothing is left of an image of \(grid.imageShape) in the network's output")
        }
        imageShape = kept.suffix(grid.imageShape.count).map(\.count)
        window = Array(size.suffix(grid.window.count))
        self.size = size
        self.padded = padded
        image = kept.map(\.count)
        before = kept.map(\.lowerBound)
        starts = (0..<3).map { axis in grid.starts[axis].map { scaled($0, axis) } }
        order = grid.order
        count = grid.count
        groups = [WindowGroup(windows: 0..<grid.count, axis: 0, span: 0..<padded[0], isWhole: true)]
    }
}
