public import Voxels

/// How far the outputs of two engines are apart for the same batches.
public struct OutputComparison: Sendable, Equatable {
    /// How far two engines may be apart and still count as equal.
    public struct Bars: Sendable, Equatable {
        /// The largest difference, as a part of the range of the reference's values. Ten networks of MONAI differ by at
        /// most 4e-5 between libtorch and OpenVINO in float32.
        public var difference = 1e-4
        /// The part of the voxels, or of the images where each has one class, for which the same is decided.
        public var agreement = 0.9999

        /// Makes bars with their defaults.
        public init() {}
    }

    /// The least value of the reference.
    public private(set) var least = Float.infinity
    /// The largest value of the reference.
    public private(set) var largest = -Float.infinity
    /// The largest difference of two values.
    public private(set) var difference: Float = 0
    /// How many decisions were compared; 0 where nothing is decided.
    public private(set) var decisions = 0
    /// How many of them are the same.
    public private(set) var agreeing = 0
    /// The number of batches.
    public private(set) var batches = 0
    /// What rules equality out, whatever the numbers say.
    public private(set) var problem: String?

    /// Makes a comparison of nothing.
    public init() {}

    /// The largest difference as a part of the reference's range; of a constant the difference itself.
    public var relativeDifference: Double {
        let range = Double(largest) - Double(least)
        return range > 0 ? Double(difference) / range : Double(difference)
    }

    /// The part of the decisions that are the same; nil where nothing is decided.
    public var agreement: Double? { decisions > 0 ? Double(agreeing) / Double(decisions) : nil }

    /// Compares the outputs of one batch.
    ///
    /// - Parameters:
    ///   - reference: what libtorch gives, `[B, C, …]`.
    ///   - other: what the other engine gives.
    ///   - decision: what the bundle decides of each voxel; nil where its output is a quantity.
    public mutating func add(_ reference: NetworkOutput, _ other: NetworkOutput, decision: VoxelDecision?) {
        batches += 1
        guard reference.shape == other.shape else {
            problem = "the outputs have the shapes \(reference.shape) and \(other.shape)"
            return
        }
        reference.withValues { first in
            other.withValues { second in
                measure(first, second)
                guard problem == nil, let decision, reference.shape.count > 1, reference.shape[1] > 0 else { return }
                let shape = Array(reference.shape.dropFirst())
                let each = shape.reduce(1, *)
                for image in stride(from: 0, to: first.count, by: each) {
                    let decided = [first, second].map { values in
                        var tensor = Tensor(shape: shape, elements: Array(values[image..<image + each]))
                        decision.apply(to: &tensor)
                        return tensor.elements
                    }
                    decisions += decided[0].count
                    agreeing += zip(decided[0], decided[1]).count { $0 == $1 }
                }
            }
        }
    }

    private mutating func measure(_ reference: UnsafeBufferPointer<Float>, _ other: UnsafeBufferPointer<Float>) {
        for (first, second) in zip(reference, other) {
            guard first.isFinite, second.isFinite else {
                problem = "an output holds values that are not finite"
                return
            }
            least = min(least, first)
            largest = max(largest, first)
            difference = max(difference, abs(first - second))
        }
    }

    /// Why the two don't count as equal; nil where they do.
    public func refusal(_ bars: Bars = Bars()) -> String? {
        if let problem { return problem }
        guard batches > 0 else { return "nothing was compared" }
        guard relativeDifference <= bars.difference else {
            return "the largest difference is \(relativeDifference) of the output's range, more than \(bars.difference)"
        }
        if let agreement, agreement < bars.agreement {
            return "the same is decided for \(agreement * 100) % of the voxels, less than \(bars.agreement * 100) %"
        }
        return nil
    }
}
