public import Voxels

/// A network that is loaded and ready: one batch in, one batch out.
public protocol Network: AnyObject {
    /// What runs the network, such as `torch 2.13.0 cpu`: it is recorded with every result.
    var engine: String { get }

    /// Runs the network on a batch.
    ///
    /// - Parameter batch: `[B, C, X, Y, Z]` (or two spatial axes), float32, row-major.
    /// - Returns: the first output of the network with its own shape, `[B, C′, …]`.
    /// - Throws: `InferenceError` with the engine's own words.
    func forward(_ batch: Tensor) throws -> Tensor

    /// Runs the network on a batch and shows its output in place, for callers that would only read a copy once.
    ///
    /// - Parameters:
    ///   - batch: as for `forward(_:)`.
    ///   - body: receives the values in row-major order and their shape; they are gone when it returns.
    /// - Throws: `InferenceError`, or what `body` throws.
    func forward(_ batch: Tensor, reading body: (UnsafeBufferPointer<Float>, [Int]) throws -> Void) throws
}

extension Network {
    /// Runs the network on a batch and shows a copy of its output.
    public func forward(_ batch: Tensor, reading body: (UnsafeBufferPointer<Float>, [Int]) throws -> Void) throws {
        let output = try forward(batch)
        try output.elements.withUnsafeBufferPointer { try body($0, output.shape) }
    }
}
