/// Adds the results of windows up and decides each voxel as soon as no later window touches it.
///
/// Where `WindowBlender` keeps all channels of the whole image, here only the bands wait in which windows overlap that
/// are still to come; the rest is divided by its weights, decided and gone. The values are those that `WindowBlender`
/// and `VoxelDecision` give for the whole image, to the bit, as long as the windows run in the same order.
public struct WindowBands: ~Copyable {
    /// The windows in the order in which they have to be added.
    public let grid: WindowGrid

    /// The most bytes of sums that waited at a time.
    public private(set) var peakBytes = 0

    let channels: Int
    let weights: [Float]?
    let decision: VoxelDecision
    let cells: WindowCells
    private let waiting = WaitingSums()
    /// `[channels left, …]` of the image without its padding.
    private var result: Tensor.Elements
    private let channelsLeft: Int

    /// Prepares an image of which nothing is known.
    ///
    /// - Parameters:
    ///   - grid: the windows, which are not buffered.
    ///   - channels: those of a window's result.
    ///   - weights: as `WindowWeights.map` gives them for the grid's window.
    ///   - decision: what is made of each voxel.
    ///   - memory: bytes of waiting sums up to which the windows run in MONAI's order, which adds in MONAI's order
    ///     too; beyond, they run in the one that needs the least. Then sums may differ in their last bit.
    public init(grid: WindowGrid, channels: Int, weights: [Float]?, decision: VoxelDecision, memory: Int) {
        precondition(weights.map { $0.count == grid.windowVoxels } ?? true, "the weights are those of another window")
        precondition(channels > 0, "there is nothing to decide without a channel")
        let cells = WindowCells(grid)
        self.grid = Self.order(grid, cells, bytesPerVoxel: channels * MemoryLayout<Float>.stride, memory: memory)
        self.cells = cells
        self.channels = channels
        self.weights = weights
        self.decision = decision
        channelsLeft = decision.channels(of: channels)
        result = Tensor.Elements(repeating: 0, count: channelsLeft * grid.image.reduce(1, *))
    }

    /// The windows by their numbers in the order in which they have to be added; nil where that is MONAI's.
    public var sequence: [Int]? { grid.sequence }

    private static func order(
        _ grid: WindowGrid, _ cells: WindowCells, bytesPerVoxel: Int, memory: Int
    ) -> WindowGrid {
        guard grid.paddedVoxels * bytesPerVoxel > memory, cells.mostWaiting(in: grid) * bytesPerVoxel > memory else {
            return grid
        }
        let others = (0..<3).map { grid.running(in: grid.sequence(slowestAlong: $0)) }
        let measured = others.map { (grid: $0, most: cells.mostWaiting(in: $0)) }
        return measured.min { $0.most < $1.most }?.grid ?? grid
    }

    /// Adds the results of windows that follow one another.
    ///
    /// - Parameters:
    ///   - results: `[windows, channels, window…]`, at least as many values as that.
    ///   - windows: the windows by number in the order of `grid`.
    /// - Returns: whether every value was finite; the image is of no use if not.
    public mutating func add(_ results: UnsafeBufferPointer<Float>, windows: Range<Int>) -> Bool {
        let each = channels * grid.windowVoxels
        precondition(results.count >= windows.count * each, "fewer values than the windows have")
        guard let base = results.baseAddress else { return true }
        var isFinite = true
        for (index, number) in windows.enumerated() {
            isFinite = add(base + index * each, grid.place(of: number)) && isFinite
        }
        return isFinite
    }

    /// The decided image.
    ///
    /// - Returns: `[channels left, …]` with the spatial axes of the grid's image.
    public consuming func finish() -> Tensor {
        precondition(waiting.bytes == 0, "not every window was added")
        return Tensor(shape: [channelsLeft] + grid.imageShape, elements: result)
    }

    private mutating func add(_ values: UnsafePointer<Float>, _ window: (Int, Int, Int)) -> Bool {
        var pieces: [WindowPiece] = []
        var ended: [Int] = []
        cells.forEach(in: window) { cell in
            let (isFirst, isLast) = (cells.isFirst(window, over: cell), cells.isLast(window, over: cell))
            var sums: UnsafeMutablePointer<Float>?
            if !(isFirst && isLast) {
                let key = (cell.0 * cells.count(1) + cell.1) * cells.count(2) + cell.2
                sums = waiting.sums(of: key, count: channels * cells.voxels(cell))
                if isLast { ended.append(key) }
            }
            pieces += WindowPiece.rows(of: cell, in: cells, sums: sums, adds: !isFirst, ends: isLast)
        }
        peakBytes = max(peakBytes, waiting.bytes)
        let work = WindowWork(self, values: values, window: window)
        let isFinite = result.withUnsafeMutableBufferPointer { result in
            guard let image = result.baseAddress else { return true }
            // `nonisolated(unsafe)` is right because no two pieces share a voxel, neither of the image nor of the sums.
            nonisolated(unsafe) let (into, shared) = (image, pieces)
            return Slabs.parts(shared.count, grain: 1) { range in
                var most: Int32 = 0
                for index in range { most = max(most, work.perform(shared[index], into: into)) }
                return most
            }.allSatisfy { $0 < Int32(bitPattern: Float.infinity.bitPattern) }
        }
        for key in ended { waiting.free(key) }
        return isFinite
    }
}

/// The sums of cells that wait for another window; what is freed serves the next cell of the same size.
private final class WaitingSums {
    private var sums: [Int: UnsafeMutableBufferPointer<Float>] = [:]
    private var spare: [Int: [UnsafeMutableBufferPointer<Float>]] = [:]
    /// What waits, without what is spare.
    private(set) var bytes = 0

    /// The sums of a cell, new and not set where it has none.
    func sums(of cell: Int, count: Int) -> UnsafeMutablePointer<Float>? {
        if let known = sums[cell] { return known.baseAddress }
        let buffer = spare[count]?.popLast() ?? .allocate(capacity: count)
        sums[cell] = buffer
        bytes += count * MemoryLayout<Float>.stride
        return buffer.baseAddress
    }

    func free(_ cell: Int) {
        guard let buffer = sums.removeValue(forKey: cell) else { return }
        bytes -= buffer.count * MemoryLayout<Float>.stride
        spare[buffer.count, default: []].append(buffer)
    }

    deinit {
        for buffer in sums.values { buffer.deallocate() }
        for buffer in spare.values.joined() { buffer.deallocate() }
    }
}
