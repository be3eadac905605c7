internal import Foundation
public import Voxels

/// A network of plain arithmetic, for checking what surrounds a network.
///
/// Each output channel is a function of one value of an input channel, voxel by voxel.
public final class ReferenceNetwork: Network, Sendable {
    /// One output channel.
    public enum Channel: Sendable {
        /// `input × scale + offset` of an input channel, rounded after each operation.
        case affine(input: Int, scale: Float, offset: Float)
        /// `sin(3x)` of an input channel.
        case sine(input: Int)
        /// `cos(5x)` of an input channel.
        case cosine(input: Int)

        var input: Int {
            switch self {
            case .affine(let input, _, _), .sine(let input), .cosine(let input): input
            }
        }
    }

    /// The output channels.
    public let outputs: [Channel]

    /// Always `reference`.
    public let engine = "reference"

    /// Makes a network.
    public init(outputs: [Channel]) {
        self.outputs = outputs
    }

    /// The network `cat(sin 3x, cos 5x)` over all input channels.
    ///
    /// - Parameter channels: the number of input channels.
    public static func waves(channels: Int = 1) -> ReferenceNetwork {
        ReferenceNetwork(
            outputs: (0..<channels).map { .sine(input: $0) } + (0..<channels).map { .cosine(input: $0) })
    }

    /// Runs the network: `[B, C, …]` gives `[B, outputs.count, …]`.
    ///
    /// - Throws: `InferenceError` when an output reads a channel that isn't there.
    public func output(of batch: Tensor) throws -> NetworkOutput {
        guard batch.shape.count > 2, outputs.allSatisfy({ $0.input < batch.shape[1] && $0.input >= 0 }) else {
            throw InferenceError(.inputRefused, "the reference network can't read a batch of shape \(batch.shape)")
        }
        let voxels = batch.shape[2...].reduce(1, *)
        var elements: [Float] = []
        elements.reserveCapacity(batch.shape[0] * outputs.count * voxels)
        for image in 0..<batch.shape[0] {
            for output in outputs {
                let start = (image * batch.shape[1] + output.input) * voxels
                let values = batch.elements[start..<start + voxels]
                switch output {
                case .affine(_, let scale, let offset): elements += values.map { $0 * scale + offset }
                case .sine: elements += values.map { sin($0 * 3) }
                case .cosine: elements += values.map { cos($0 * 5) }
                }
            }
        }
        return NetworkOutput(
            Tensor(shape: [batch.shape[0], outputs.count] + batch.shape[2...], elements: elements))
    }
}
