import Pipelines

/// At which ends of an axis voxels are added (MONAI `Method`).
enum PaddingMethod: String, Sendable {
    /// Half at each end, the odd one behind.
    case symmetric
    /// All behind.
    case end

    /// Reads `method`.
    init(_ arguments: inout Arguments) throws(PipelineError) {
        let word = try arguments.string("method", default: PaddingMethod.symmetric.rawValue)
        guard let method = PaddingMethod(rawValue: word) else {
            throw arguments.invalid("method", "expected 'symmetric' or 'end', found '\(word)'")
        }
        self = method
    }

    /// How many voxels come to each end of an axis that is to have at least `size` (MONAI `SpatialPad`,
    /// transforms/croppad/array.py:217-235).
    func widths(_ shape: [Int], to size: [Int]) -> [AxisEnds] {
        zip(shape, size).map { length, size in
            let width = max(size - length, 0)
            let before = self == .symmetric ? width / 2 : 0
            return AxisEnds(before: before, after: width - before)
        }
    }
}
