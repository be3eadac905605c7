public import Voxels

/// MONAI's `SlidingWindowInferer`: the network sees one window after another, and overlaps are blended.
///
/// The arithmetic is that of `monai/inferers/utils.py` `sliding_window_inference`, 1.6.1: order of windows, batches
/// that may end in a smaller one, float32 sums in that order, division by the sum of the weights, padding cropped.
public struct SlidingWindowInferer: Inferer {
    /// What the pass is set to.
    public let settings: Settings

    /// Makes an inferer.
    public init(_ settings: Settings) {
        self.settings = settings
    }

    /// Takes the image through the network window by window.
    ///
    /// - Returns: `[C′, X, Y, Z]` on the grid of the image.
    /// - Throws: `InferenceError` when the settings don't fit the image, when the network fails, when an output is not
    ///   `[B, C′, window…]` or not finite.
    public func infer(
        _ image: Tensor, with network: any Network, progress: (WindowProgress) throws -> Void
    ) throws -> Tensor {
        let plan = try Plan(settings: settings, image: image)
        let grid = plan.grid
        var batch = Tensor(shape: plan.batchShape(settings.batchSize))
        var blender: WindowBlender?
        var channels = 0
        for group in grid.groups {
            var first = group.windows.lowerBound
            while first < group.windows.upperBound {
                let windows = first..<min(first + settings.batchSize, group.windows.upperBound)
                if batch.shape[0] != windows.count { batch = Tensor(shape: plan.batchShape(windows.count)) }
                plan.extractor.fill(&batch.elements, from: image, windows: windows)
                try network.forward(batch) { output, shape in
                    if blender == nil { channels = shape.count > 1 ? shape[1] : 0 }
                    try plan.check(shape, of: windows.count, channels: channels)
                    if blender == nil {
                        blender = WindowBlender(grid: grid, channels: channels, weights: plan.weights)
                    }
                    if first == group.windows.lowerBound { blender?.begin(group) }
                    guard blender?.add(output, windows: windows, in: group) == true else {
                        throw InferenceError.notFinite
                    }
                }
                first = windows.upperBound
                try progress(WindowProgress(done: first, total: grid.count))
            }
            blender?.end(group)
        }
        guard let result = blender.take()?.finish() else {
            throw InferenceError(.outputRefused, "the image of shape \(image.shape) holds no window")
        }
        return result
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
        do {
            grid = try WindowGrid(
                imageShape: image.spatialShape, window: try settings.window.lengths(rank: rank),
                overlap: try Self.spread(settings.overlap, over: rank, "overlap"),
                buffer: settings.bufferSteps.map { ($0, settings.bufferAxis) })
            extractor = try WindowExtractor(grid: grid, padding: settings.padding)
            switch settings.blending {
            case .constant: weights = nil
            case .gaussian:
                let scales = try Self.spread(settings.sigmaScale, over: rank, "sigma_scale")
                weights = try WindowWeights.gaussian(sigmaScale: scales).map(window: grid.window)
            }
        } catch let error as WindowError {
            throw InferenceError(.badArgument, "sliding window: " + error.message)
        }
        channels = image.channels
        guard channels > 0 else { throw InferenceError(.badArgument, "the image has no channel") }
    }

    /// MONAI's `ensure_tuple_rep`: one value for all axes, or one for each.
    private static func spread(_ values: [Double], over rank: Int, _ name: String) throws -> [Double] {
        if values.count == 1, let value = values.first { return Array(repeating: value, count: rank) }
        guard values.count == rank else {
            throw InferenceError(
                .badArgument, "\(name) has \(values.count) values; the image has \(rank) spatial axes")
        }
        return values
    }

    func batchShape(_ windows: Int) -> [Int] { [windows, channels] + grid.window }

    func check(_ shape: [Int], of windows: Int, channels: Int) throws {
        guard channels > 0, shape == [windows, channels] + grid.window else {
            throw InferenceError(
                .outputRefused,
                "the network gave an output of shape \(shape) for \(windows) windows of \(grid.window); expected "
                    + "[\(windows), channels] and the shape of the window (outputs of another resolution are not "
                    + "supported)")
        }
    }
}
