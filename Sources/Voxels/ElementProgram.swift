/// A computation that gives each place of the result a value made of the values at the same place of its inputs.
///
/// It is a list of instructions for a machine with a stack, as a pocket calculator has one. They run over a few hundred
/// places at a time, so that what lies between the inputs and the result stays in the cache and takes no memory.
/// Inputs are broadcast as torch does it. Truth values are 1 and 0, integers the float32 value that equals them.
public struct ElementProgram: Sendable {
    /// Operations on the value on top of the stack.
    public enum Unary: Sendable {
        case negative, absolute, squareRoot, floor, ceiling, truncated
        /// To the nearest integer, half to even.
        case rounded
        case sigmoid
        /// torch's `reciprocal`.
        case inverse
        /// 1 for 0, and 0 for all else.
        case not
        /// 1 for all but 0, what is no number included.
        case truth
        case isNaN, isInfinite, isFinite
    }

    /// Operations on the two values on top of the stack.
    public enum Binary: Sendable {
        case add, subtract, multiply, divide
        /// As torch rounds float32 quotients down.
        case floorDivide
        case remainder
        /// Those of integers, which fail where the divisor is 0.
        case floorDivideIntegers, remainderOfIntegers
        case less, lessOrEqual, equal, notEqual
        case and, or, exclusiveOr
        /// What is no number is the larger and the smaller one.
        case maximum, minimum
    }

    enum Instruction {
        case load(Int)
        case constant(Float)
        case duplicate
        case unary(Unary)
        case binary(Binary)
        case choose
        case clamp(lower: Float, upper: Float)
        case replace(nan: Float, positive: Float, negative: Float)
        case integer(lower: Float, upper: Float)
    }

    /// The most values that the result may have.
    public let limit: Int

    /// The shape of the result so far.
    public private(set) var shape: [Int] = []

    private(set) var instructions: [Instruction] = []
    private(set) var inputs: [TensorView] = []
    private(set) var deepest = 0
    private var depth = 0

    /// Starts a program.
    public init(limit: Int) { self.limit = limit }

    /// Puts an input's values on the stack.
    public mutating func load(_ view: TensorView) throws(ComputationError) {
        try cover(view.shape)
        inputs.append(view)
        push(.load(inputs.count - 1))
    }

    /// Puts a number on the stack.
    public mutating func constant(_ value: Float) { push(.constant(value)) }

    /// Puts the topmost value on the stack once more.
    public mutating func duplicate() { push(.duplicate) }

    /// Makes the result at least of a shape, as an input of that shape would.
    public mutating func cover(_ other: [Int]) throws(ComputationError) {
        let rank = max(shape.count, other.count)
        let first = Array(repeating: 1, count: rank - shape.count) + shape
        let second = Array(repeating: 1, count: rank - other.count) + other
        var joined: [Int] = []
        for (a, b) in zip(first, second) {
            guard a == b || a == 1 || b == 1 else { throw .mismatch(shape, other) }
            joined.append(a == 1 ? b : a)
        }
        var count = 1
        for length in joined {
            let (product, overflow) = count.multipliedReportingOverflow(by: length)
            guard !overflow, product <= limit else { throw .tooLarge(shape: joined, limit: limit) }
            count = product
        }
        shape = joined
    }

    /// Replaces the topmost value.
    public mutating func unary(_ operation: Unary) { instructions.append(.unary(operation)) }

    /// Makes one value of the topmost two, the upper of which is the second operand.
    public mutating func binary(_ operation: Binary) { pop(1, .binary(operation)) }

    /// Makes one value of the topmost three: the second where the first, the lowest, is true, else the third.
    public mutating func choose() { pop(2, .choose) }

    /// Raises the topmost value to one bound and then lowers it to the other.
    public mutating func clamp(lower: Float, upper: Float) { instructions.append(.clamp(lower: lower, upper: upper)) }

    /// Puts numbers in the place of what is none or infinite.
    public mutating func replace(nan: Float, positive: Float, negative: Float) {
        instructions.append(.replace(nan: nan, positive: positive, negative: negative))
    }

    /// Fails where the topmost value, which has no fraction, is outside of a range; turns −0 into 0.
    public mutating func requireInteger(in range: ClosedRange<Int>) {
        instructions.append(.integer(lower: Float(range.lowerBound), upper: Float(range.upperBound)))
    }

    private mutating func push(_ instruction: Instruction) {
        instructions.append(instruction)
        depth += 1
        deepest = max(deepest, depth)
    }

    private mutating func pop(_ count: Int, _ instruction: Instruction) {
        precondition(depth > count, "the program takes more from the stack than there is")
        instructions.append(instruction)
        depth -= count
    }
}
