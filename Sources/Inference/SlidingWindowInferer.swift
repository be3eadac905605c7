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
        _ image: Tensor, with network: any Network, options: PassOptions, progress: (WindowProgress) throws -> Void
    ) throws -> InferredImage {
        var plan = try WindowPlan(settings: settings, image: image, network: network, options: options)
        // Alone, because only its output tells how many channels there are and so in which order windows best run.
        let first = plan.batches[0]
        let output = try network.output(of: plan.batch(first, of: image, reusing: nil))
        var assembly = try WindowAssembly(plan, firstOutput: output.shape, of: first.windows.count, options: options)
        if let sequence = assembly.sequence { plan.run(in: sequence) }
        var begun = 0
        // In any order the first window is the same one.
        if assembly.sequence == nil || first.windows.count == 1 {
            try assembly.add(output, first)
            begun = 1
            try progress(WindowProgress(done: first.windows.upperBound, total: plan.grid.count))
        }
        try BatchLine.run(
            plan.batches.count - begun, through: network,
            fill: { plan.batch(plan.batches[$0 + begun], of: image, reusing: $1) },
            take: { number, output in
                let batch = plan.batches[number + begun]
                try assembly.add(output, batch)
                try progress(WindowProgress(done: batch.windows.upperBound, total: plan.grid.count))
            })
        return assembly.finish()
    }

    /// `sw_batch_size`.
    public var batchSize: Int { settings.batchSize }

    /// Windows from the middle of the image on, as many as there are up to `most`.
    public func someWindows(of image: Tensor, atMost most: Int) throws -> Tensor {
        let plan = try WindowPlan(settings: settings, image: image, network: nil, options: PassOptions())
        return plan.windows(from: plan.grid.count / 2, atMost: most, of: image)
    }

    /// `roi_size`; nil where a length is that of the image.
    public func windowShape(rank: Int) -> [Int]? {
        guard let lengths = try? settings.window.lengths(rank: rank), lengths.allSatisfy({ $0 > 0 }) else { return nil }
        return lengths
    }
}
