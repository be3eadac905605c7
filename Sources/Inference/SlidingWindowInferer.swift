public import Voxels

/// MONAI's `SlidingWindowInferer`: the network sees one window after another, and overlaps are blended.
///
/// The arithmetic is that of `monai/inferers/utils.py` `sliding_window_inference`, 1.6.1: order of windows, batches
/// that may end in a smaller one, float32 sums in that order, division by the sum of the weights, padding cropped.
/// A network whose output is of another resolution than its window gives an image of that resolution.
public struct SlidingWindowInferer: Inferer {
    /// What the pass is set to.
    public let settings: Settings

    /// Makes an inferer.
    public init(_ settings: Settings) {
        self.settings = settings
    }

    /// Finds what fits no image of so many axes of space.
    public func check(rank: Int) throws(WindowError) { try settings.check(rank: rank) }

    /// Takes the image through the network window by window.
    ///
    /// - Returns: `[C′, X, Y, Z]` on the grid of the image, or on one as much finer or coarser on each axis as the
    ///   network's output is than its window.
    /// - Throws: `InferenceError` when the settings don't fit the image, when the network fails, when an output is not
    ///   `[B, C′, …]` with the shape of the first one or not finite, and when windows of another resolution can't be put
    ///   together exactly as MONAI does.
    public func infer(
        _ image: Tensor, with network: any Network, progress: (WindowProgress) throws -> Void
    ) throws -> Tensor {
        let plan = try Plan(settings: settings, image: image)
        let grid = plan.grid
        var batch = Tensor(shape: plan.batchShape(min(settings.batchSize, grid.groups[0].windows.count)))
        var assembly: Assembly?
        for group in grid.groups {
            var first = group.windows.lowerBound
            while first < group.windows.upperBound {
                let windows = first..<min(first + settings.batchSize, group.windows.upperBound)
                if batch.shape[0] != windows.count { batch = Tensor(shape: plan.batchShape(windows.count)) }
                plan.extractor.fill(&batch.elements, from: image, windows: windows)
                try network.forward(batch) { output, shape in
                    if assembly == nil { assembly = try Assembly(plan, firstOutput: shape, of: windows.count) }
                    if first == group.windows.lowerBound { assembly?.blender.begin(group) }
                    try assembly?.add(output, shape, windows, in: group)
                }
                first = windows.upperBound
                try progress(WindowProgress(done: first, total: grid.count))
            }
            assembly?.blender.end(group)
        }
        guard let assembly = assembly.take() else {
            throw InferenceError(.outputRefused, "the image of shape \(image.shape) holds no window")
        }
        return assembly.finish()
    }
}

/// What is known before the first window runs.
private struct Plan {
    let grid: WindowGrid
    let extractor: WindowExtractor
    let weights: [Float]?
    let channels: Int

    init(settings: SlidingWindowInferer.Settings, image: Tensor) throws {
        try settings.check()
        let rank = image.shape.count - 1
        do throws(WindowError) {
            grid = try WindowGrid(
                imageShape: image.spatialShape, window: try settings.window.lengths(rank: rank),
                overlap: try SlidingWindowInferer.Settings.spread(settings.overlap, over: rank, argument: "overlap"),
                buffer: settings.bufferSteps.map { ($0, settings.bufferAxis) })
            extractor = try WindowExtractor(grid: grid, padding: settings.padding)
            switch settings.blending {
            case .constant: weights = nil
            case .gaussian:
                let scales = try SlidingWindowInferer.Settings.spread(
                    settings.sigmaScale, over: rank, argument: "sigma_scale")
                weights = try WindowWeights.gaussian(sigmaScale: scales).map(window: grid.window)
            }
        } catch {
            throw InferenceError(.badArgument, "inferer::\(error.argument ?? "roi_size"): \(error.message)")
        }
        channels = image.channels
        guard channels > 0 else { throw InferenceError(.badArgument, "inferer: the image has no channel") }
        let most = grid.groups.map(\.windows.count).max() ?? 0
        let batch = batchShape(min(settings.batchSize, most))
        guard Tensor.holds(batch, atMost: WindowGrid.mostValues) else {
            throw InferenceError(
                .badArgument,
                "inferer::sw_batch_size: a batch of windows with their channels would have the shape \(batch), more than "
                    + "2³³ values (32 GB); take a smaller one, or a smaller roi_size")
        }
    }

    func batchShape(_ windows: Int) -> [Int] { [windows, channels] + grid.window }

    /// The grid and the weights for outputs of a shape: the windows' own, or MONAI's for another resolution.
    func output(_ shape: [Int]) throws(WindowError) -> (WindowGrid, [Float]?) {
        guard shape != grid.window else { return (grid, weights) }
        let zoomed = try grid.zoomed(to: shape)
        guard let weights else { return (zoomed, nil) }
        return (zoomed, try WindowWeights.zoom(weights, from: grid.window, to: shape))
    }
}

/// The network's outputs on their way to one image; the first output says what it will be like.
private struct Assembly: ~Copyable {
    var blender: WindowBlender
    private let window: [Int]
    /// The channels and the lengths of each output.
    private let shape: [Int]

    init(_ plan: Plan, firstOutput shape: [Int], of windows: Int) throws {
        let rank = plan.grid.window.count
        let (grid, weights): (WindowGrid, [Float]?)
        do {
            guard shape.count == rank + 2, shape[0] == windows, shape.allSatisfy({ $0 > 0 }) else {
                throw WindowError("expected [\(windows), channels] and \(rank) axes")
            }
            (grid, weights) = try plan.output(Array(shape.dropFirst(2)))
            guard Tensor.holds([shape[1], grid.paddedVoxels], atMost: WindowGrid.mostValues) else {
                throw WindowError("all of them together would have more than 2³³ values (32 GB)")
            }
        } catch let error as WindowError {
            throw Self.refused(shape, windows, plan.grid.window, error.message)
        }
        self.shape = Array(shape.dropFirst())
        window = plan.grid.window
        blender = WindowBlender(grid: grid, channels: shape[1], weights: weights)
    }

    mutating func add(
        _ output: UnsafeBufferPointer<Float>, _ shape: [Int], _ windows: Range<Int>, in group: WindowGroup
    ) throws {
        guard shape == [windows.count] + self.shape else {
            throw Self.refused(
                shape, windows.count, window, "the first output had [channels, lengths] of \(self.shape)")
        }
        guard blender.add(output, windows: windows, in: group) else { throw InferenceError.notFinite }
    }

    consuming func finish() -> Tensor { blender.finish() }

    private static func refused(_ shape: [Int], _ windows: Int, _ window: [Int], _ why: String) -> InferenceError {
        InferenceError(
            .outputRefused,
            "the network gave an output of shape \(shape) for \(windows) windows of \(window): \(why)")
    }
}
