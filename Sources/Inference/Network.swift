public import Voxels

/// A network that is loaded and ready: one batch in, one batch out.
///
/// Any thread may run it; where the engine works on one batch at a time, they take turns.
public protocol Network: AnyObject, Sendable {
    /// What runs the network, such as `torch 2.13.0 cpu`: it is recorded with every result.
    var engine: String { get }

    /// How many batches can run at once, each on a thread of its own; 1 for most engines.
    var streams: Int { get }

    /// The number of windows of a batch that the engine is fastest with, where that was measured; nil leaves it to the
    /// bundle's `sw_batch_size`.
    var fastestBatch: Int? { get }

    /// Runs the network on a batch.
    ///
    /// - Parameter batch: `[B, C, X, Y, Z]` (or two spatial axes), float32, row-major.
    /// - Returns: the first output of the network with its own shape, `[B, C′, …]`.
    /// - Throws: `InferenceError` with the engine's own words.
    func output(of batch: Tensor) throws -> NetworkOutput
}

extension Network {
    /// One batch at a time.
    public var streams: Int { 1 }

    /// Nothing was measured.
    public var fastestBatch: Int? { nil }

    /// Runs the network on a batch.
    ///
    /// - Returns: a copy of the first output.
    public func forward(_ batch: Tensor) throws -> Tensor { try output(of: batch).tensor }
}
