extension LambdaCompiler {
    /// Applies one of torch's functions.
    func apply(_ function: LambdaFunction, _ call: Call) throws(ExpressionError) -> TensorExpression {
        if let comparison = function.comparison {
            let operands = (Operand.tensor(try input(call)), try number(try call.required("other")))
            return try binary(comparison, operands, in: common([operands.0, operands.1]), at: call.position)
        }
        switch function {
        case .where: return try chosen(call, ("condition", "input", "other"), isArray: false)
        case .clamp, .clip: return try clamped(call)
        case .nanToNum: return try replaced(call)
        case .abs, .absolute, .round, .floor, .ceil, .trunc, .sqrt, .sigmoid, .isnan, .isinf, .isfinite:
            return try valuewise(function, call)
        case .argmax, .argmin, .sum, .mean, .amax, .amin, .any, .all, .softmax: return try reduced(function, call)
        case .cat, .concat, .stack: return try joined(call, isStack: function == .stack)
        case .unsqueeze, .squeeze: return try axis(call, isAdded: function == .unsqueeze)
        case .maximum, .minimum:
            let operands = (Operand.tensor(try input(call)), Operand.tensor(try tensor(try call.required("other"))))
            let type = common([operands.0, operands.1])
            return try binary(function == .maximum ? .maximum : .minimum, operands, in: type, at: call.position)
        case .zerosLike, .onesLike, .fullLike: return try filled(function, call)
        case .logicalNot:
            let truth = try converted(.tensor(try input(call)), to: .bool, at: call.position)
            return try make(.unary(.not, truth), .bool, at: call.position)
        case .logicalAnd, .logicalOr, .logicalXor:
            let operands = (Operand.tensor(try input(call)), Operand.tensor(try tensor(try call.required("other"))))
            let operation: TensorExpression.Binary =
                function == .logicalAnd ? .and : function == .logicalOr ? .or : .exclusiveOr
            return try binary(operation, operands, in: .bool, at: call.position)
        case .eq, .ne, .lt, .le, .gt, .ge: throw .unsupported("a call of \(call.name)", at: call.position)
        }
    }

    private func input(_ call: Call) throws(ExpressionError) -> TensorExpression {
        if let tensor = call.tensor { return tensor }
        return try tensor(try call.required("input"))
    }

    // MARK: Each value

    /// torch's `where`, and NumPy's, whose result is no tensor.
    func chosen(
        _ call: Call, _ names: (String, String, String), isArray: Bool
    ) throws(ExpressionError) -> TensorExpression {
        func operand(_ name: String) throws(ExpressionError) -> Operand {
            let expression = try call.required(name)
            if isArray, mentions(expression) { return try compile(expression) }
            return try number(expression)
        }
        let condition = try operand(names.0)
        let branches = (try operand(names.1), try operand(names.2))
        guard common([condition]) == .bool, !condition.isConstant else {
            throw .invalid("\(call.name) takes a condition of truth values, such as x > 0", at: call.position)
        }
        let type = common([branches.0, branches.1])
        if isArray { try requireSameInNumPy(branches, type, at: call.position) }
        let operation = TensorExpression.Operation.chosen(
            try converted(condition, to: .bool, at: call.position),
            try converted(branches.0, to: type, at: call.position),
            try converted(branches.1, to: type, at: call.position))
        return try make(operation, type, at: call.position)
    }

    /// NumPy makes float64 of integers and floating-point numbers where torch makes float32.
    private func requireSameInNumPy(
        _ branches: (Operand, Operand), _ type: TensorType, at position: Int
    ) throws(ExpressionError) {
        guard type == .float32 else { return }
        let types = [branches.0, branches.1].filter { !$0.isConstant }.map { common([$0]) }
        guard !types.isEmpty, types.allSatisfy({ $0 == .float32 || $0 == .bool }), types.contains(.float32) else {
            throw .unsupported("a result that NumPy makes float64; torch.where makes float32", at: position)
        }
    }

    private func clamped(_ call: Call) throws(ExpressionError) -> TensorExpression {
        let input = try input(call)
        guard input.type != .bool else { throw .invalid("\(call.name) of truth values", at: call.position) }
        let bounds = (try constant(call["min"]), try constant(call["max"]))
        guard bounds.0 != nil || bounds.1 != nil else {
            throw .invalid("\(call.name) takes a bound at least", at: call.position)
        }
        let type = common([.tensor(input)] + [bounds.0, bounds.1].compactMap { $0.map(Operand.constant) })
        let lower = try optionalScalar(bounds.0, as: type, at: call.position)
        let upper = try optionalScalar(bounds.1, as: type, at: call.position)
        guard lower?.isNaN != true, upper?.isNaN != true else {
            throw .unsupported("a bound that is no number", at: call.position)
        }
        let operand = try converted(.tensor(input), to: type, at: call.position)
        return try make(.clamped(operand, lower: lower, upper: upper), type, at: call.position)
    }

    private func replaced(_ call: Call) throws(ExpressionError) -> TensorExpression {
        let input = try input(call)
        func number(_ name: String) throws(ExpressionError) -> Double? {
            try optionalScalar(try constant(call[name]), as: .float32, at: call.position)
        }
        let values = (try number("nan") ?? 0, try number("posinf"), try number("neginf"))
        guard input.type == .float32 else { return input }
        return try make(
            .replaced(input, nan: values.0, positive: values.1, negative: values.2), .float32, at: call.position)
    }

    private func valuewise(_ function: LambdaFunction, _ call: Call) throws(ExpressionError) -> TensorExpression {
        if let decimals = try constant(call["decimals"]) {
            guard case .int(0) = decimals else { throw .unsupported("rounding to decimals", at: call.position) }
        }
        let input = try input(call)
        let operation: TensorExpression.Unary =
            switch function {
            case .abs, .absolute: .absolute
            case .round: .rounded
            case .floor: .floor
            case .ceil: .ceiling
            case .trunc: .truncated
            case .sqrt: .squareRoot
            case .sigmoid: .sigmoid
            case .isnan: .isNaN
            case .isinf: .isInfinite
            default: .isFinite
            }
        switch operation {
        case .squareRoot, .sigmoid:
            let number = try converted(.tensor(input), to: .float32, at: call.position)
            return try make(.unary(operation, number), .float32, at: call.position)
        case .isNaN, .isInfinite, .isFinite: return try make(.unary(operation, input), .bool, at: call.position)
        case _ where input.type == .bool: throw .unsupported("\(call.name) of truth values", at: call.position)
        case .absolute: return try make(.unary(operation, input), input.type, at: call.position)
        default:
            return input.type == .float32 ? try make(.unary(operation, input), .float32, at: call.position) : input
        }
    }

    private func filled(_ function: LambdaFunction, _ call: Call) throws(ExpressionError) -> TensorExpression {
        let input = try input(call)
        var type = input.type
        if let named = call["dtype"] { type = try self.type(named) }
        let value: Value =
            switch function {
            case .zerosLike: .int(0)
            case .onesLike: .int(1)
            default: try constant(try call.required("fill_value")) ?? .none
            }
        if case .double = value, type != .float32 {
            throw .unsupported("a fraction in a tensor of \(type.rawValue)", at: call.position)
        }
        let number = try scalar(value, as: type, at: call.position)
        return try make(
            .filled(like: input, type == .bool && number != 0 ? 1 : number), type, at: call.position)
    }

    // MARK: Axes

    /// What works along the first axis, that of the channels; others would mix voxels.
    private func reduced(_ function: LambdaFunction, _ call: Call) throws(ExpressionError) -> TensorExpression {
        let input = try input(call)
        let position = call.position
        guard case .int(0)? = try constant(call["dim"]) else {
            throw .unsupported("\(call.name) along other axes than that of the channels; say dim=0", at: position)
        }
        if let type = call["dtype"], case .some = try constant(type) {
            throw .unsupported("the type that \(call.name) computes in", at: position)
        }
        var keepsAxis = false
        if let flag = try constant(call["keepdim"]) { keepsAxis = try evaluator.truth(of: flag, at: position) }
        func make(_ reduction: TensorExpression.Reduction, _ input: TensorExpression, _ type: TensorType)
            throws(ExpressionError) -> TensorExpression
        { try self.make(.reduced(reduction, input, keepsAxis: keepsAxis), type, at: position) }
        switch function {
        case .argmax, .argmin:
            guard input.type != .bool else { throw .invalid("\(call.name) of truth values", at: position) }
            return try make(function == .argmax ? .argmax : .argmin, input, .int64)
        case .sum: return try make(.sum, input, input.type == .float32 ? .float32 : .int64)
        case .amax: return try make(.maximum, input, input.type)
        case .amin: return try make(.minimum, input, input.type)
        case .any, .all:
            guard input.type != .uint8 else { throw .unsupported("\(call.name) of uint8", at: position) }
            let truth = try converted(.tensor(input), to: .bool, at: position)
            return try make(function == .any ? .maximum : .minimum, truth, .bool)
        default:
            guard input.type == .float32 else { throw .invalid("\(call.name) of \(input.type.rawValue)", at: position) }
            if function == .mean { return try make(.mean, input, .float32) }
            return try self.make(.softmax(input), .float32, at: position)
        }
    }

    private func joined(_ call: Call, isStack: Bool) throws(ExpressionError) -> TensorExpression {
        let list = try call.required("tensors")
        if let axis = try constant(call["dim"]) {
            guard case .int(0) = axis else {
                throw .unsupported("\(call.name) along other axes than the first", at: call.position)
            }
        }
        let members: [Expression]
        switch list.kind {
        case .list(let listed), .tuple(let listed): members = listed
        default: throw .unsupported("\(call.name) of something other than a list of tensors", at: list.position)
        }
        var tensors: [TensorExpression] = []
        for member in members { tensors.append(try tensor(member)) }
        let type = common(tensors.map(Operand.tensor))
        for index in tensors.indices {
            tensors[index] = try converted(.tensor(tensors[index]), to: type, at: call.position)
        }
        guard !tensors.isEmpty else { throw .invalid("\(call.name) of nothing", at: call.position) }
        return try make(isStack ? .stacked(tensors) : .joined(tensors), type, at: call.position)
    }

    private func axis(_ call: Call, isAdded: Bool) throws(ExpressionError) -> TensorExpression {
        let input = try input(call)
        guard case .int(let axis)? = try constant(call["dim"]) else {
            throw .unsupported("\(call.name) without the number of one axis", at: call.position)
        }
        return try make(isAdded ? .axisAdded(input, axis) : .axisRemoved(input, axis), input.type, at: call.position)
    }

    // MARK: Arguments

    private func optionalScalar(
        _ value: Value?, as type: TensorType, at position: Int
    ) throws(ExpressionError) -> Double? {
        guard let value else { return nil }
        return try scalar(value, as: type, at: position)
    }

    /// The value of an argument that is no tensor; nil where it is not given or None.
    private func constant(_ expression: Expression?) throws(ExpressionError) -> Value? {
        guard let expression else { return nil }
        guard !mentions(expression) else {
            throw .unsupported("a tensor where a number should be", at: expression.position)
        }
        let value = try evaluator.evaluate(expression)
        if case .none = value { return nil }
        return value
    }
}

extension LambdaCompiler.Operand {
    fileprivate var isConstant: Bool {
        if case .constant = self { true } else { false }
    }
}
