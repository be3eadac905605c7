public import Voxels

/// How far a sliding-window pass is.
public struct WindowProgress: Sendable, Equatable {
    /// The windows that are done.
    public var done: Int

    /// All windows of the image.
    public var total: Int

    /// Makes a progress.
    public init(done: Int, total: Int) {
        self.done = done
        self.total = total
    }
}

/// What a pass is to do beyond what the bundle says; none of it changes a number by more than its last bit.
public struct PassOptions: Sendable, Equatable {
    /// What becomes of each voxel as soon as it is known; nil keeps the network's own values.
    public var decision: VoxelDecision?

    /// Bytes that buffers of windows may take: the batches become smaller, and windows are blended in another order
    /// than MONAI's, where they would take more.
    public var memory: Int

    /// Makes options.
    public init(decision: VoxelDecision? = nil, memory: Int = 1 << 30) {
        self.decision = decision
        self.memory = memory
    }
}

/// What a pass gave.
public struct InferredImage: Sendable, Equatable {
    /// The network's output without its batch axis, or what was decided of it.
    public var tensor: Tensor

    /// The channels of the network's own output; nil where it has no such axis.
    public var networkChannels: Int?

    /// The most bytes that sums of windows took at a time, beside the tensor.
    public var waitingBytes = 0
}

/// A way to take an image through a network: whole, or window by window.
///
/// A pass blocks its thread for seconds to minutes: give it one of its own, not one of the cooperative pool.
public protocol Inferer: Sendable {
    /// Takes an image through a network.
    ///
    /// - Parameters:
    ///   - image: `[C, X, Y, Z]` or `[C, X, Y]`, without a batch axis.
    ///   - network: what to run.
    ///   - options: what else is wanted.
    ///   - progress: called after each batch, on the caller's thread. What it throws ends the pass and comes out of it,
    ///     so a cancelled or lost job can stop.
    /// - Throws: `InferenceError`.
    func infer(
        _ image: Tensor, with network: any Network, options: PassOptions, progress: (WindowProgress) throws -> Void
    ) throws -> InferredImage

    /// A few of the batches of one window that a pass would give the network, from the middle of the image.
    ///
    /// - Returns: `[N, C, …]`.
    func someWindows(of image: Tensor, atMost most: Int) throws -> Tensor

    /// The shape of the windows that the network sees, without channels; nil where it depends on the image.
    ///
    /// - Parameter rank: the number of spatial axes of the image.
    func windowShape(rank: Int) -> [Int]?

    /// The number of windows that the bundle wants in a batch.
    var batchSize: Int { get }

    /// Finds what is wrong for every image of so many axes of space, before there is one.
    ///
    /// - Throws: `WindowError` that names the argument.
    func check(rank: Int) throws(WindowError)
}

extension Inferer {
    /// Takes an image through a network without reporting progress.
    ///
    /// - Returns: the network's output without its batch axis.
    public func infer(_ image: Tensor, with network: any Network) throws -> Tensor {
        try infer(image, with: network, options: PassOptions(), progress: { _ in }).tensor
    }
}

/// MONAI's `SimpleInferer`: the whole image is one batch (`monai/inferers/inferer.py:420`).
public struct SimpleInferer: Inferer {
    /// Makes an inferer.
    public init() {}

    /// One image at a time.
    public var batchSize: Int { 1 }

    /// The whole image.
    public func someWindows(of image: Tensor, atMost most: Int) -> Tensor {
        var batch = image
        batch.reshape([1] + image.shape)
        return batch
    }

    /// It depends on the image.
    public func windowShape(rank: Int) -> [Int]? { nil }

    /// The whole image fits, whatever its axes are.
    public func check(rank: Int) throws(WindowError) {}

    /// Takes the whole image through the network at once.
    ///
    /// - Returns: whatever follows the batch axis: an image, or one score per class.
    public func infer(
        _ image: Tensor, with network: any Network, options: PassOptions, progress: (WindowProgress) throws -> Void
    ) throws -> InferredImage {
        var batch = image
        batch.reshape([1] + image.shape)
        var output = try network.forward(batch)
        guard output.shape.first == 1, output.shape.count > 1 else {
            throw InferenceError(
                .outputRefused,
                "the network gave an output of shape \(output.shape) for a batch of one image; it must begin with 1")
        }
        guard output.elements.allSatisfy(\.isFinite) else { throw InferenceError.notFinite }
        output.reshape(Array(output.shape.dropFirst()))
        let channels = output.channels
        if channels > 0 { options.decision?.apply(to: &output) }
        try progress(WindowProgress(done: 1, total: 1))
        return InferredImage(tensor: output, networkChannels: channels)
    }
}

extension InferenceError {
    /// The network gave NaN or an infinity.
    static let notFinite = InferenceError(
        .outputRefused,
        "the network's output has values that are not finite (NaN or infinity); no result can be made of it. "
            + "Check the weights, and the input's values after preprocessing")
}
