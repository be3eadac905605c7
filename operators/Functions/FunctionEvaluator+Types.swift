import ModelBundles
import Voxels

// How operations on typed values become operations on float32 values.
extension FunctionEvaluator {
    func convert(_ from: TensorType, to type: TensorType, in program: inout ElementProgram) {
        switch type {
        case .float32: break
        case .bool: program.unary(.truth)
        default:
            if from == .float32 { program.unary(.truncated) }
            check(type, in: &program)
        }
    }

    /// Makes sure that the topmost value is one of its type.
    func check(_ type: TensorType, in program: inout ElementProgram) {
        if let range = type.range { program.requireInteger(in: range) }
    }

    /// Replaces the topmost value by a power of it, multiplied out as torch does it.
    func power(_ exponent: Double, of type: TensorType, in program: inout ElementProgram) {
        switch exponent {
        case 0.5: program.unary(.squareRoot)
        case -0.5:
            program.unary(.squareRoot)
            program.unary(.inverse)
        default:
            let factors = Int(exponent.magnitude)
            for _ in 1..<max(factors, 1) { program.duplicate() }
            for _ in 1..<max(factors, 1) {
                program.binary(.multiply)
                check(type, in: &program)
            }
            if exponent < 0 { program.unary(.inverse) }
        }
    }

    static func unary(_ operation: TensorExpression.Unary) -> ElementProgram.Unary {
        switch operation {
        case .negative: .negative
        case .absolute: .absolute
        case .rounded: .rounded
        case .floor: .floor
        case .ceiling: .ceiling
        case .truncated: .truncated
        case .squareRoot: .squareRoot
        case .sigmoid: .sigmoid
        case .not: .not
        case .isNaN: .isNaN
        case .isInfinite: .isInfinite
        case .isFinite: .isFinite
        }
    }

    /// The operation on float32 values; the operands of `>` and `>=` change places.
    static func binary(_ operation: TensorExpression.Binary, onIntegers: Bool) -> ElementProgram.Binary {
        switch operation {
        case .add: .add
        case .subtract: .subtract
        case .multiply: .multiply
        case .divide: .divide
        case .floorDivide: onIntegers ? .floorDivideIntegers : .floorDivide
        case .remainder: onIntegers ? .remainderOfIntegers : .remainder
        case .less, .greater: .less
        case .lessOrEqual, .greaterOrEqual: .lessOrEqual
        case .equal: .equal
        case .notEqual: .notEqual
        case .and: .and
        case .or: .or
        case .exclusiveOr: .exclusiveOr
        case .maximum: .maximum
        case .minimum: .minimum
        }
    }
}
