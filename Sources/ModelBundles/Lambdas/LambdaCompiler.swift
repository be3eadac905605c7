/// Compiles the body of a lambda: what the parameter has no part in is evaluated, the rest becomes a typed tree.
///
/// The grammar is closed, as that of expressions is. Types and results are those of torch 2.13; `invalid` says that
/// torch fails as well.
final class LambdaCompiler {
    /// A part of the lambda.
    enum Operand {
        /// A Python value.
        case constant(Value)
        case tensor(TensorExpression)
        /// What NumPy made of a tensor. Types come together by other rules there, so little may follow.
        case array(TensorExpression)
    }

    let parameter: String
    let evaluator: Evaluator
    private var operations = 0

    init(parameter: String, evaluator: Evaluator) {
        self.parameter = parameter
        self.evaluator = evaluator
    }

    /// Compiles the whole body.
    func function(_ body: Expression) throws(ExpressionError) -> TensorExpression {
        switch try compile(body) {
        case .tensor(let expression), .array(let expression): return expression
        case .constant(.none): throw .unsupported("a function that gives None instead of an image", at: body.position)
        case .constant:
            throw .unsupported("a function that makes nothing of its parameter '\(parameter)'", at: body.position)
        }
    }

    func make(
        _ operation: TensorExpression.Operation, _ type: TensorType, at position: Int
    ) throws(ExpressionError) -> TensorExpression {
        operations += 1
        guard operations <= Limits.lambdaOperations else {
            throw .limit("a lambda of more than \(Limits.lambdaOperations) operations", at: position)
        }
        return TensorExpression(operation: operation, type: type)
    }

    // MARK: Grammar

    func compile(_ expression: Expression) throws(ExpressionError) -> Operand {
        guard mentions(expression) else { return .constant(try evaluator.evaluate(expression)) }
        let position = expression.position
        switch expression.kind {
        case .name: return .tensor(try make(.parameter, .float32, at: position))
        case .unary(let operation, let operand): return .tensor(try unary(operation, operand, at: position))
        case .binary(let text, let left, let right): return .tensor(try binary(text, left, right, at: position))
        case .comparison(let first, let pairs): return .tensor(try comparison(first, pairs, at: position))
        case .boolean:
            throw .invalid("a tensor is neither true nor false; & and | work on each value", at: position)
        case .conditional(let condition, let then, let otherwise):
            guard !mentions(condition) else {
                throw .invalid(
                    "a tensor is neither true nor false; torch.where chooses for each value", at: condition.position)
            }
            let isTrue = try evaluator.truth(of: try evaluator.evaluate(condition), at: condition.position)
            return try compile(isTrue ? then : otherwise)
        case .subscripted(let object, let index):
            return .tensor(try indexed(try tensor(object), by: index, at: position))
        case .call(let function, let arguments): return try call(function, arguments, at: position)
        case .attribute(_, let name): throw .unsupported("'\(name)' of a tensor", at: position)
        case .list, .tuple, .set, .dictionary:
            throw .unsupported("tensors in a list, which torch.cat and torch.stack alone take", at: position)
        case .starred: throw .invalid("a star outside of a list", at: position)
        case .slice: throw .invalid("a slice outside of brackets", at: position)
        case .constant, .reference, .ellipsis, .lambda: throw .unsupported("this use of the image", at: position)
        }
    }

    /// Whether the parameter occurs.
    func mentions(_ expression: Expression) -> Bool {
        switch expression.kind {
        case .constant, .reference, .ellipsis, .lambda: false
        case .name(let name): name == parameter
        case .list(let members), .tuple(let members), .set(let members), .boolean(_, let members):
            members.contains(where: mentions)
        case .dictionary(let pairs): pairs.contains { $0.key.map(mentions) == true || mentions($0.value) }
        case .starred(let operand), .unary(_, let operand), .attribute(let operand, _): mentions(operand)
        case .binary(_, let left, let right), .subscripted(let left, let right): mentions(left) || mentions(right)
        case .comparison(let first, let pairs): mentions(first) || pairs.contains { mentions($0.operand) }
        case .conditional(let condition, let then, let otherwise):
            mentions(condition) || mentions(then) || mentions(otherwise)
        case .slice(let lower, let upper, let step): [lower, upper, step].contains { $0.map(mentions) == true }
        case .call(let function, let arguments):
            mentions(function) || arguments.contains { mentions($0.value) }
        }
    }

    // MARK: Operands

    /// A part that has to be a tensor.
    func tensor(_ expression: Expression) throws(ExpressionError) -> TensorExpression {
        switch try compile(expression) {
        case .tensor(let result): return result
        case .array:
            throw .unsupported(
                "more work on what NumPy made of the image; torch.where and .to(…) leave it a tensor",
                at: expression.position)
        case .constant(let value):
            throw .invalid("a tensor should be here, not a \(value.typeName)", at: expression.position)
        }
    }

    /// A part that has to be a tensor or a Python number.
    func number(_ expression: Expression) throws(ExpressionError) -> Operand {
        guard !mentions(expression) else { return .tensor(try tensor(expression)) }
        let value = try evaluator.evaluate(expression)
        guard TensorType(ofNumber: value) != nil else {
            throw .invalid("a tensor or a number should be here, not a \(value.typeName)", at: expression.position)
        }
        return .constant(value)
    }

    /// The type in which operands meet: tensors count first, Python's numbers where they are of a higher kind.
    ///
    /// torch 2.13 c10/core/TensorImpl, `ResultTypeState`; tensors without axes do not come up here.
    func common(_ operands: [Operand]) -> TensorType {
        var result: TensorType?
        var numbers: [Value] = []
        for operand in operands {
            switch operand {
            case .tensor(let expression), .array(let expression):
                result = result?.promoted(with: expression.type) ?? expression.type
            case .constant(let value): numbers.append(value)
            }
        }
        let start = result ?? numbers.first.flatMap(TensorType.init(ofNumber:)) ?? .float32
        return numbers.reduce(start) { $0.promoted(with: $1) }
    }

    /// An operand in a type.
    func converted(
        _ operand: Operand, to type: TensorType, at position: Int
    ) throws(ExpressionError) -> TensorExpression {
        switch operand {
        case .tensor(let expression), .array(let expression):
            guard expression.type != type else { return expression }
            return try make(.converted(expression), type, at: position)
        case .constant(let value):
            return try make(.number(try scalar(value, as: type, at: position)), type, at: position)
        }
    }

    /// A Python number in a type that can hold it.
    func scalar(_ value: Value, as type: TensorType, at position: Int) throws(ExpressionError) -> Double {
        let number: Double
        switch value {
        case .bool(let value): number = value ? 1 : 0
        case .int(let value):
            if let range = type.range, !range.contains(value) {
                throw .unsupported("\(value), which Portico cannot keep as \(type.rawValue)", at: position)
            }
            number = type == .float32 ? Double(Float(value)) : Double(value)
        case .double(let value): number = value
        default: throw .invalid("a number should be here, not a \(value.typeName)", at: position)
        }
        guard !number.isFinite || Float(number).isFinite else {
            throw .unsupported("a number beyond float32", at: position)
        }
        return number
    }
}
