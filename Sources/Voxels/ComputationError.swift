/// Why a computation on tensors has no result.
public enum ComputationError: Error, Sendable, Equatable, CustomStringConvertible {
    /// A tensor has fewer axes than a computation names.
    case noAxis(Int, shape: [Int])
    /// An index lies outside of an axis.
    case outOfRange(index: Int, axis: Int, shape: [Int])
    /// Two shapes that no broadcasting makes one.
    case mismatch([Int], [Int])
    /// A result of more values than allowed.
    case tooLarge(shape: [Int], limit: Int)
    /// Results in between that together have more values than allowed.
    case tooMuch(limit: Int)
    /// A tensor without axes or without values where there have to be some.
    case empty(shape: [Int])
    /// An integer that float32 could not tell from its neighbours, that its type cannot hold, or that is none.
    case integer(ClosedRange<Int>)
    /// An integer divided by zero.
    case divisionByZero

    /// What is wrong, with the values.
    public var description: String {
        switch self {
        case .noAxis(let axis, let shape): "there is no axis \(axis) in a shape of \(shape)"
        case .outOfRange(let index, let axis, let shape):
            "the index \(index) is out of range for axis \(axis) of a shape of \(shape)"
        case .mismatch(let first, let second): "shapes of \(first) and \(second) do not go together"
        case .tooLarge(let shape, let limit): "a shape of \(shape) has more than the \(limit) values allowed"
        case .tooMuch(let limit): "its intermediate results have more than the \(limit) values allowed"
        case .empty(let shape): "a shape of \(shape) has no axis or no values"
        case .integer(let range):
            "a value is no integer from \(range.lowerBound) to \(range.upperBound), which are all that Portico keeps "
                + "exactly in this type"
        case .divisionByZero: "an integer is divided by zero"
        }
    }
}
