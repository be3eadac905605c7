/// A lambda that was compiled: a function of one tensor whose types are all known.
public struct TensorFunction: Sendable {
    /// The lambda as the configuration has it.
    public let text: String

    /// What it computes of its parameter, a float32 tensor.
    public let body: TensorExpression

    /// Whether it gives its parameter back as it is.
    public var isIdentity: Bool {
        if case .parameter = body.operation { true } else { false }
    }
}

/// A computation on a tensor and the type of its result.
public struct TensorExpression: Sendable {
    /// What is computed.
    public let operation: Operation

    /// The type of the result's values.
    public let type: TensorType

    /// What can be computed. Operands have the type that torch computes in; a `converted` stands where it changes.
    public indirect enum Operation: Sendable {
        /// The tensor that the function is called with.
        case parameter
        /// A number, the same everywhere.
        case number(Double)
        /// A number in every place of another tensor (torch `full_like`).
        case filled(like: TensorExpression, Double)
        /// The operand in the expression's type: fractions are cut off, and everything but zero is true.
        case converted(TensorExpression)
        case unary(Unary, TensorExpression)
        case binary(Binary, TensorExpression, TensorExpression)
        /// A power whose exponent is one that torch computes exactly: 0, 1, 2, 3, ½, −1, −2 and −½, any from 0 of
        /// integers.
        case power(TensorExpression, exponent: Double)
        /// The second operand where the first is true, else the third (torch `where`).
        case chosen(TensorExpression, TensorExpression, TensorExpression)
        /// Values raised to the lower bound and then lowered to the upper one (torch `clamp`).
        case clamped(TensorExpression, lower: Double?, upper: Double?)
        /// Numbers for what is none or infinite; nil is float32's largest or smallest (torch `nan_to_num`).
        case replaced(TensorExpression, nan: Double, positive: Double?, negative: Double?)
        case indexed(TensorExpression, [Index])
        /// A new axis of length 1 (torch `unsqueeze`); a negative place counts from the end.
        case axisAdded(TensorExpression, Int)
        /// An axis less where its length is 1 (torch `squeeze`).
        case axisRemoved(TensorExpression, Int)
        /// Along the first axis, which is left with length 1 or goes.
        case reduced(Reduction, TensorExpression, keepsAxis: Bool)
        /// Along the first axis.
        case softmax(TensorExpression)
        /// Tensors one behind another along the first axis (torch `cat`).
        case joined([TensorExpression])
        /// Tensors along a new first axis (torch `stack`).
        case stacked([TensorExpression])
    }

    /// Operations on each value.
    public enum Unary: Sendable {
        case negative, absolute, rounded, floor, ceiling, truncated, squareRoot, sigmoid
        /// Those whose result is a truth value.
        case not, isNaN, isInfinite, isFinite
    }

    /// Operations on two values.
    public enum Binary: String, Sendable {
        case add = "+"
        case subtract = "-"
        case multiply = "*"
        case divide = "/"
        case floorDivide = "//"
        case remainder = "%"
        case less = "<"
        case lessOrEqual = "<="
        case greater = ">"
        case greaterOrEqual = ">="
        case equal = "=="
        case notEqual = "!="
        /// Those on truth values.
        case and = "&"
        case or = "|"
        case exclusiveOr = "^"
        case maximum, minimum
    }

    /// Operations that make one value of those along an axis.
    public enum Reduction: Sendable {
        case argmax, argmin, sum, mean, maximum, minimum
    }

    /// One part of what stands in brackets behind a tensor.
    public enum Index: Sendable {
        /// A place along an axis, which goes; negative ones count from the end.
        case place(Int)
        /// Every `step`th place along an axis, bounds as Python takes them.
        case range(lower: Int?, upper: Int?, step: Int)
        /// Places along an axis, in this order.
        case places([Int])
        /// An axis of length 1.
        case newAxis
        /// As many whole axes as the others leave.
        case rest
    }
}
