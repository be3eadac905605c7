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

/// A way to take an image through a network: whole, or window by window.
///
/// A pass blocks its thread for seconds to minutes: give it one of its own, not one of the cooperative pool.
public protocol Inferer: Sendable {
    /// Takes an image through a network.
    ///
    /// - Parameters:
    ///   - image: `[C, X, Y, Z]` or `[C, X, Y]`, without a batch axis.
    ///   - network: what to run.
    ///   - progress: called after each batch. What it throws ends the pass and comes out of it, so a cancelled or lost
    ///     job can stop.
    /// - Returns: the output without its batch axis.
    /// - Throws: `InferenceError`.
    func infer(_ image: Tensor, with network: any Network, progress: (WindowProgress) throws -> Void) throws -> Tensor

    /// Finds what is wrong for every image of so many axes of space, before there is one.
    ///
    /// - Throws: `WindowError` that names the argument.
    func check(rank: Int) throws(WindowError)
}

extension Inferer {
    /// Takes an image through a network without reporting progress.
    public func infer(_ image: Tensor, with network: any Network) throws -> Tensor {
        try infer(image, with: network, progress: { _ in })
    }
}

/// MONAI's `SimpleInferer`: the whole image is one batch (`monai/inferers/inferer.py:420`).
public struct SimpleInferer: Inferer {
    /// Makes an inferer.
    public init() {}

    /// The whole image fits, whatever its axes are.
    public func check(rank: Int) throws(WindowError) {}

    /// Takes the whole image through the network at once.
    ///
    /// - Returns: whatever follows the batch axis: an image, or one score per class.
    public func infer(
        _ image: Tensor, with network: any Network, progress: (WindowProgress) throws -> Void
    ) throws -> Tensor {
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
        try progress(WindowProgress(done: 1, total: 1))
        return output
    }
}

extension InferenceError {
    /// The network gave NaN or an infinity.
    static let notFinite = InferenceError(
        .outputRefused,
        "the network's output has values that are not finite (NaN or infinity); no result can be made of it. "
            + "Check the weights, and the input's values after preprocessing")
}
