internal import Voxels

/// Windows that go through the network together.
struct WindowBatch {
    /// The windows by number.
    let windows: Range<Int>
    /// The group that they are blended in, and whether they begin and end it.
    let group: WindowGroup
    var begins: Bool { windows.lowerBound == group.windows.lowerBound }
    var ends: Bool { windows.upperBound == group.windows.upperBound }
}

/// What is known before the first window runs.
struct WindowPlan {
    private(set) var grid: WindowGrid
    let batches: [WindowBatch]
    let weights: [Float]?
    private var extractor: WindowExtractor
    private let channels: Int

    init(
        settings: SlidingWindowInferer.Settings, image: Tensor, network: (any Network)?, options: PassOptions
    ) throws {
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
        let each = network?.fastestBatch ?? settings.batchSize
        let most = min(each, grid.groups.map(\.windows.count).max() ?? 0)
        guard Tensor.holds([most, channels] + grid.window, atMost: WindowGrid.mostValues) else {
            throw InferenceError(
                .badArgument,
                "inferer::sw_batch_size: a batch of windows with their channels would have the shape "
                    + "\([most, channels] + grid.window), more than 2³³ values (32 GB); take a smaller one, or a smaller "
                    + "roi_size")
        }
        let window = channels * grid.windowVoxels * MemoryLayout<Float>.stride
        batches = Self.batches(of: min(each, max(1, options.memory / 2 / window)), grid.groups)
    }

    private static func batches(of size: Int, _ groups: [WindowGroup]) -> [WindowBatch] {
        groups.flatMap { group in
            stride(from: group.windows.lowerBound, to: group.windows.upperBound, by: size).map {
                WindowBatch(windows: $0..<min($0 + size, group.windows.upperBound), group: group)
            }
        }
    }

    /// Cuts the windows of a batch out of the image.
    ///
    /// - Parameter spare: a batch whose memory can be used.
    func batch(_ batch: WindowBatch, of image: Tensor, reusing spare: consuming Tensor?) -> Tensor {
        let shape = [batch.windows.count, channels] + grid.window
        var values = spare.take() ?? Tensor(shape: shape)
        if values.shape != shape { values = Tensor(shape: shape) }
        extractor.fill(&values.elements, from: image, windows: batch.windows)
        return values
    }

    /// Cuts a few windows that follow one another out of the image: `[N, C, window…]`.
    func windows(from first: Int, atMost most: Int, of image: Tensor) -> Tensor {
        let windows = first..<min(first + most, grid.count)
        var values = Tensor(shape: [windows.count, channels] + grid.window)
        extractor.fill(&values.elements, from: image, windows: windows)
        return values
    }

    /// Lets the windows run in another order.
    ///
    /// - Parameter sequence: their numbers, first to last.
    mutating func run(in sequence: [Int]) {
        grid = grid.running(in: sequence)
        extractor = extractor.over(grid)
    }

    /// The grid and the weights for outputs of a shape: the windows' own, or MONAI's for another resolution.
    func output(_ shape: [Int]) throws(WindowError) -> (WindowGrid, [Float]?) {
        guard shape != grid.window else { return (grid, weights) }
        let zoomed = try grid.zoomed(to: shape)
        guard let weights else { return (zoomed, nil) }
        return (zoomed, try WindowWeights.zoom(weights, from: grid.window, to: shape))
    }
}
