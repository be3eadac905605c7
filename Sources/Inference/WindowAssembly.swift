internal import Voxels

/// The network's outputs on their way to one image; the first output says what it will be like.
struct WindowAssembly: ~Copyable {
    /// The windows by number in the order in which they have to come; nil leaves them MONAI's.
    let sequence: [Int]?
    /// All channels of all voxels, which wait for the last window; nil where voxels are decided early.
    private var blender: WindowBlender?
    /// Decides voxels as soon as it can be done; nil where all of them wait.
    private var bands: WindowBands?
    private let window: [Int]
    /// The channels and the lengths of each output.
    private let shape: [Int]
    private let decision: VoxelDecision?

    init(_ plan: WindowPlan, firstOutput shape: [Int], of windows: Int, options: PassOptions) throws {
        let rank = plan.grid.window.count
        let (grid, weights): (WindowGrid, [Float]?)
        let decidesEarly = options.decision?.isDecided == true && !plan.grid.isBuffered
        do {
            guard shape.count == rank + 2, shape[0] == windows, shape.allSatisfy({ $0 > 0 }) else {
                throw WindowError("expected [\(windows), channels] and \(rank) axes")
            }
            (grid, weights) = try plan.output(Array(shape.dropFirst(2)))
            let kept = decidesEarly ? options.decision?.channels(of: shape[1]) : nil
            guard Tensor.holds([kept ?? shape[1], grid.paddedVoxels], atMost: WindowGrid.mostValues) else {
                throw WindowError("all of them together would have more than 2³³ values (32 GB)")
            }
        } catch let error as WindowError {
            throw Self.refused(shape, windows, plan.grid.window, error.message)
        }
        self.shape = Array(shape.dropFirst())
        window = plan.grid.window
        if let decision = options.decision, decidesEarly {
            let bands = WindowBands(
                grid: grid, channels: shape[1], weights: weights, decision: decision, memory: options.memory)
            sequence = bands.sequence
            self.bands = consume bands
            self.decision = nil
        } else {
            sequence = nil
            blender = WindowBlender(grid: grid, channels: shape[1], weights: weights)
            decision = options.decision
        }
    }

    /// Adds the output of a batch; batches come in their order.
    mutating func add(_ output: NetworkOutput, _ batch: WindowBatch) throws {
        guard output.shape == [batch.windows.count] + shape else {
            throw Self.refused(
                output.shape, batch.windows.count, window, "the first output had [channels, lengths] of \(shape)")
        }
        if batch.begins { blender?.begin(batch.group) }
        let isFinite = output.withValues { values in
            blender?.add(values, windows: batch.windows, in: batch.group)
                ?? bands?.add(values, windows: batch.windows) ?? false
        }
        guard isFinite else { throw InferenceError.notFinite }
        if batch.ends { blender?.end(batch.group) }
    }

    /// The image, and what was decided of it.
    consuming func finish() -> InferredImage {
        let channels = shape[0]
        if let bands = bands.take() {
            let most = bands.peakBytes
            return InferredImage(tensor: bands.finish(), networkChannels: channels, waitingBytes: most)
        }
        var tensor = blender.take()?.finish() ?? Tensor(shape: [0])
        decision?.apply(to: &tensor)
        return InferredImage(tensor: tensor, networkChannels: channels)
    }

    private static func refused(_ shape: [Int], _ windows: Int, _ window: [Int], _ why: String) -> InferenceError {
        InferenceError(
            .outputRefused,
            "the network gave an output of shape \(shape) for \(windows) windows of \(window): \(why)")
    }
}
