extension LambdaCompiler {
    func unary(
        _ text: String, _ operand: Expression, at position: Int
    ) throws(ExpressionError) -> TensorExpression {
        if text == "not" {
            throw .invalid("a tensor is neither true nor false; ~ works on each value", at: position)
        }
        let operand = try tensor(operand)
        switch (text, operand.type) {
        case ("~", .bool): return try make(.unary(.not, operand), .bool, at: position)
        case ("~", .float32): throw .invalid("~ of float32 values", at: position)
        case ("~", _): throw .unsupported("~ of integers", at: position)
        case (_, .bool): throw .invalid("\(text) of truth values", at: position)
        case ("-", _): return try make(.unary(.negative, operand), operand.type, at: position)
        default: return operand
        }
    }

    func binary(
        _ text: String, _ left: Expression, _ right: Expression, at position: Int
    ) throws(ExpressionError) -> TensorExpression {
        guard let operation = TensorExpression.Binary(rawValue: text) else {
            guard text == "**" else { throw .unsupported("the operator \(text) on tensors", at: position) }
            return try power(left, right, at: position)
        }
        let operands = (try number(left), try number(right))
        let type = common([operands.0, operands.1])
        switch operation {
        case .and, .or, .exclusiveOr:
            if type == .float32 { throw .invalid("\(text) of float32 values", at: position) }
            guard type == .bool else { throw .unsupported("\(text) of integers", at: position) }
            return try binary(operation, operands, in: .bool, at: position)
        case .divide:
            return try binary(operation, operands, in: .float32, at: position)
        case .subtract where common([operands.0]) == .bool || common([operands.1]) == .bool:
            throw .invalid("- of truth values; .float() or .long() makes numbers of them", at: position)
        case .add where type == .bool: return try binary(.or, operands, in: .bool, at: position)
        case .multiply where type == .bool: return try binary(.and, operands, in: .bool, at: position)
        case _ where type == .bool: throw .unsupported("\(text) of truth values", at: position)
        default: return try binary(operation, operands, in: type, at: position)
        }
    }

    /// An operation on two operands in a type, which is the result's too unless that is a truth value.
    func binary(
        _ operation: TensorExpression.Binary, _ operands: (Operand, Operand), in type: TensorType, at position: Int
    ) throws(ExpressionError) -> TensorExpression {
        let left = try converted(operands.0, to: type, at: position)
        let right = try converted(operands.1, to: type, at: position)
        let result: TensorType =
            switch operation {
            case .less, .lessOrEqual, .greater, .greaterOrEqual, .equal, .notEqual, .and, .or, .exclusiveOr: .bool
            default: type
            }
        return try make(.binary(operation, left, right), result, at: position)
    }

    /// torch computes a few powers by multiplication; others depend on the processor in their last bit.
    private func power(
        _ base: Expression, _ exponent: Expression, at position: Int
    ) throws(ExpressionError) -> TensorExpression {
        guard !mentions(exponent) else { throw .unsupported("a power whose exponent is a tensor", at: position) }
        let base = try tensor(base)
        let number = try evaluator.evaluate(exponent)
        switch (base.type, number) {
        case (.bool, _), (_, .bool): throw .unsupported("a power of truth values", at: position)
        case (.float32, .int(let value)) where -2...3 ~= value:
            return try make(.power(base, exponent: Double(value)), .float32, at: position)
        case (.float32, .double(let value)) where [-2, -1, -0.5, 0, 0.5, 1, 2, 3].contains(value):
            return try make(.power(base, exponent: value), .float32, at: position)
        case (_, .double(let value)) where [-2, -1, -0.5, 0, 0.5, 1, 2, 3].contains(value):
            let base = try converted(.tensor(base), to: .float32, at: position)
            return try make(.power(base, exponent: value), .float32, at: position)
        case (.float32, .int), (_, .double):
            throw .unsupported(
                "this power; 0.5, -0.5 and the whole numbers from -2 to 3 are the exponents that Portico takes",
                at: exponent.position)
        case (_, .int(let value)) where value < 0: throw .invalid("a negative power of integers", at: position)
        case (_, .int(let value)) where value <= 16:
            return try make(.power(base, exponent: Double(value)), base.type, at: position)
        case (_, .int): throw .unsupported("a power beyond 16 of integers", at: position)
        default: throw .invalid("a power takes a number, not a \(number.typeName)", at: position)
        }
    }

    func comparison(
        _ first: Expression, _ pairs: [(operation: String, operand: Expression)], at position: Int
    ) throws(ExpressionError) -> TensorExpression {
        guard pairs.count == 1 else {
            throw .invalid(
                "a tensor is neither true nor false; compare twice and join with &, as in (0 < x) & (x < 1)",
                at: position)
        }
        guard let operation = TensorExpression.Binary(rawValue: pairs[0].operation) else {
            throw .unsupported("'\(pairs[0].operation)' with a tensor", at: position)
        }
        let operands = (try number(first), try number(pairs[0].operand))
        return try binary(operation, operands, in: common([operands.0, operands.1]), at: position)
    }

    /// `tensor[index]` with integers, slices, one list of integers, `None` and `...`.
    func indexed(
        _ tensor: TensorExpression, by index: Expression, at position: Int
    ) throws(ExpressionError) -> TensorExpression {
        var indices: [TensorExpression.Index] = []
        if case .tuple(let members) = index.kind {
            for member in members { indices.append(try self.index(member)) }
        } else if !mentions(index), !isSlice(index), case .tuple(let members) = try evaluated(index) {
            for member in members.members { indices.append(try self.index(member, at: index.position)) }
        } else {
            indices.append(try self.index(index))
        }
        var lists = 0
        var rests = 0
        for index in indices {
            switch index {
            case .places: lists += 1
            case .rest: rests += 1
            default: break
            }
        }
        guard lists < 2 else { throw .unsupported("two lists of indices at once", at: index.position) }
        guard rests < 2 else { throw .unsupported("two ellipses", at: index.position) }
        return try make(.indexed(tensor, indices), tensor.type, at: position)
    }

    private func isSlice(_ expression: Expression) -> Bool {
        switch expression.kind {
        case .slice, .ellipsis: true
        default: false
        }
    }

    private func evaluated(_ expression: Expression) throws(ExpressionError) -> Value {
        try evaluator.evaluate(expression)
    }

    private func index(_ expression: Expression) throws(ExpressionError) -> TensorExpression.Index {
        guard !mentions(expression) else {
            throw .unsupported(
                "an index that is made of the image; torch.where chooses by value", at: expression.position)
        }
        switch expression.kind {
        case .ellipsis: return .rest
        case .slice(let lower, let upper, let step):
            let bounds = (try bound(lower), try bound(upper), try bound(step) ?? 1)
            guard bounds.2 > 0 else {
                throw .invalid("torch takes slices with a step above zero", at: step?.position ?? expression.position)
            }
            return .range(lower: bounds.0, upper: bounds.1, step: bounds.2)
        default: return try index(try evaluator.evaluate(expression), at: expression.position)
        }
    }

    private func index(_ value: Value, at position: Int) throws(ExpressionError) -> TensorExpression.Index {
        switch value {
        case .none: return .newAxis
        case .int(let place): return .place(place)
        case .list(let sequence), .tuple(let sequence):
            var places: [Int] = []
            for member in sequence.members {
                guard case .int(let place) = member else {
                    throw .unsupported("a list of indices with a \(member.typeName) in it", at: position)
                }
                places.append(place)
            }
            guard !places.isEmpty else { throw .unsupported("an empty list of indices", at: position) }
            return .places(places)
        case .bool: throw .unsupported("a truth value as an index", at: position)
        default: throw .invalid("an index is an integer, a slice or a list, not a \(value.typeName)", at: position)
        }
    }

    private func bound(_ expression: Expression?) throws(ExpressionError) -> Int? {
        guard let expression else { return nil }
        switch try evaluator.evaluate(expression) {
        case .none: return nil
        case .int(let number): return number
        default: throw .invalid("a slice takes integers", at: expression.position)
        }
    }
}
