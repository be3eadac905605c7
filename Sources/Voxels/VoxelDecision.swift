internal import CVoxels

/// What is made of the channels of each voxel, whatever its neighbours hold: probabilities, then a decision.
///
/// It gives the same values whether it is applied to a whole image or to parts of it.
public struct VoxelDecision: Sendable, Equatable, Codable {
    /// One step.
    public enum Step: Sendable, Equatable, Codable {
        /// Probabilities that add up to one (`Tensor.softmaxOverChannels`).
        case softmax
        /// A probability for each channel (`Tensor.sigmoid`).
        case sigmoid
        /// The channel with the largest value (`Tensor.argmaxOverChannels`); one channel is left.
        case argmax
        /// 1 where a value is at least so much, else 0 (`Tensor.discretise`).
        case threshold(Double)
    }

    /// The steps, first to last.
    public let steps: [Step]

    /// Makes a decision of steps that are taken one after another.
    public init(_ steps: [Step]) {
        self.steps = steps
    }

    /// Whether what is left says a class, or yes or no for each channel, rather than a probability.
    public var isDecided: Bool {
        steps.contains { step in
            switch step {
            case .argmax, .threshold: true
            case .softmax, .sigmoid: false
            }
        }
    }

    /// The channels that are left of so many.
    public func channels(of channels: Int) -> Int { steps.contains(.argmax) ? min(1, channels) : channels }

    /// Takes the steps on a whole image.
    ///
    /// - Precondition: it has a channel.
    public func apply(to tensor: inout Tensor) {
        for step in steps {
            switch step {
            case .softmax: tensor.softmaxOverChannels()
            case .sigmoid: tensor.sigmoid()
            case .argmax: tensor = tensor.argmaxOverChannels()
            case .threshold(let threshold): tensor.discretise(atLeast: threshold)
            }
        }
    }

    /// Takes the steps on a few voxels in place; channels lie `count` values apart.
    ///
    /// - Parameter scratch: room for `2 * count` values.
    func apply(
        to values: UnsafeMutablePointer<Float>, channels: Int, count: Int, scratch: UnsafeMutablePointer<Float>
    ) {
        var channels = channels
        for step in steps {
            switch step {
            case .softmax: pvx_softmax(values, channels, count, count, scratch, scratch + count)
            case .sigmoid: pvx_sigmoid(values, channels * count)
            case .argmax:
                pvx_argmax(values, channels, count, count, scratch, scratch + count)
                values.update(from: scratch + count, count: count)
                channels = 1
            case .threshold(let threshold):
                let limit = Float(threshold)
                for index in 0..<channels * count { values[index] = values[index] >= limit ? 1 : 0 }
            }
        }
    }
}
