extension LambdaCompiler {
    func call(
        _ function: Expression, _ arguments: [Expression.Argument], at position: Int
    ) throws(ExpressionError) -> Operand {
        if case .attribute(let object, let name) = function.kind, mentions(object) {
            return try method(name, of: object, arguments, at: function.position)
        }
        guard let path = try path(of: function) else {
            if case .reference(let id) = function.kind {
                throw .unsupported("a call of @\(id)", at: function.position)
            }
            throw .unsupported("a call of something other than a function of torch", at: function.position)
        }
        if path == "numpy.where" {
            let call = try Call(
                arguments, parameters: ["condition", "x", "y"], name: path, at: function.position)
            return .array(try chosen(call, ("condition", "x", "y"), isArray: true))
        }
        guard let known = LambdaFunction(path: path) else {
            throw .unsupported("a call of \(path) with the image", at: function.position)
        }
        let call = try Call(arguments, parameters: known.parameters, name: path, at: function.position)
        return .tensor(try apply(known, call))
    }

    /// The dotted name of a function; nil for what has none.
    private func path(of expression: Expression) throws(ExpressionError) -> String? {
        switch expression.kind {
        case .name(let name) where name != parameter:
            // The name of a builtin function that expressions may not call is as good as any other here.
            if name == "abs" { return "builtins.abs" }
            switch try evaluator.names.value(of: name, at: expression.position) {
            case .module(let path), .symbol(let path): return path
            default: return nil
            }
        case .attribute(let object, let name): return try path(of: object).map { $0 + "." + name }
        default: return nil
        }
    }

    private func method(
        _ name: String, of object: Expression, _ arguments: [Expression.Argument], at position: Int
    ) throws(ExpressionError) -> Operand {
        if name == "astype" { return try astype(object, arguments, at: position) }
        let tensor = try tensor(object)
        if ["clone", "detach", "contiguous", "cpu"].contains(name) {
            guard arguments.isEmpty else { throw .unsupported("arguments of \(name)", at: position) }
            return .tensor(tensor)
        }
        if let type = Self.casts[name] {
            guard arguments.isEmpty else { throw .unsupported("arguments of \(name)", at: position) }
            return .tensor(try converted(.tensor(tensor), to: type, at: position))
        }
        if name == "to" || name == "type" {
            return .tensor(try cast(tensor, arguments, method: name, at: position))
        }
        guard let known = LambdaFunction(rawValue: name), known.isMethod else {
            throw .unsupported("the method \(name) of a tensor", at: position)
        }
        var call = try Call(
            arguments, parameters: Array(known.parameters.dropFirst()), name: name, at: position)
        call.tensor = tensor
        return .tensor(try apply(known, call))
    }

    // MARK: Types

    private static let casts: [String: TensorType] = [
        "float": .float32, "long": .int64, "int": .int32, "short": .int16, "char": .int8, "byte": .uint8, "bool": .bool,
    ]

    /// `tensor.to(dtype)`, `.to(device)` and `.type(dtype)`.
    private func cast(
        _ tensor: TensorExpression, _ arguments: [Expression.Argument], method: String, at position: Int
    ) throws(ExpressionError) -> TensorExpression {
        var type: TensorType?
        for argument in arguments {
            switch argument.label {
            case .positional, .keyword("dtype"):
                if case .device = try? evaluator.evaluate(argument.value) { continue }
                if case .string = try? evaluator.evaluate(argument.value), method == "to" { continue }
                type = try self.type(argument.value)
            case .keyword("device"), .keyword("non_blocking"), .keyword("copy"): continue
            default: throw .unsupported("this argument of \(method)", at: argument.value.position)
            }
        }
        guard !arguments.isEmpty else { throw .unsupported("\(method) without arguments", at: position) }
        guard let type else { return tensor }
        return try converted(.tensor(tensor), to: type, at: position)
    }

    /// MONAI's `MetaTensor.astype`: torch's types leave a tensor, NumPy's and bare names make an array.
    private func astype(
        _ object: Expression, _ arguments: [Expression.Argument], at position: Int
    ) throws(ExpressionError) -> Operand {
        let call = try Call(arguments, parameters: ["dtype"], name: "astype", at: position)
        guard let argument = call["dtype"] else { throw .invalid("astype takes a type", at: position) }
        let operand = try compile(object)
        let result = try converted(operand, to: try type(argument), at: position)
        let value = try evaluator.evaluate(argument)
        let name =
            switch value {
            case .symbol(let name), .string(let name): name
            default: ""
            }
        if name.hasPrefix("torch."), case .tensor = operand { return .tensor(result) }
        return .array(result)
    }

    /// A type by its object, its name, or as that of a tensor (`x.dtype`).
    func type(_ expression: Expression) throws(ExpressionError) -> TensorType {
        if case .attribute(let object, "dtype") = expression.kind, mentions(object) { return try tensor(object).type }
        guard !mentions(expression) else { throw .unsupported("this as a type", at: expression.position) }
        let value = try evaluator.evaluate(expression)
        guard case .symbol(let name) = value.asSymbol else {
            throw .invalid("a type should be here, not a \(value.typeName)", at: expression.position)
        }
        let bare = name.split(separator: ".").last.map(String.init) ?? name
        if let type = TensorType(rawValue: bare == "int" || bare == "long" ? "int64" : bare) { return type }
        throw .unsupported("the type \(bare); Portico keeps images in float32", at: expression.position)
    }
}

extension Value {
    /// The name of a type that is given as text, as a symbol.
    fileprivate var asSymbol: Value {
        if case .string(let text) = self { .symbol(text) } else { self }
    }
}

extension LambdaCompiler {
    /// The arguments of a call by the names of their parameters.
    struct Call {
        let name: String
        let position: Int
        /// The tensor that a method belongs to.
        var tensor: TensorExpression?
        private var values: [String: Expression] = [:]

        /// Gives each argument its parameter.
        init(
            _ arguments: [Expression.Argument], parameters: [String], name: String, at position: Int
        ) throws(ExpressionError) {
            self.name = name
            self.position = position
            for (place, argument) in arguments.enumerated() {
                switch argument.label {
                case .positional:
                    guard place < parameters.count else {
                        throw .unsupported("this argument of \(name)", at: argument.value.position)
                    }
                    values[parameters[place]] = argument.value
                case .keyword(let word):
                    guard parameters.contains(word), values[word] == nil else {
                        throw .unsupported("the argument \(word) of \(name)", at: argument.value.position)
                    }
                    values[word] = argument.value
                case .star, .doubleStar:
                    throw .unsupported("arguments with a star", at: argument.value.position)
                }
            }
        }

        subscript(_ parameter: String) -> Expression? { values[parameter] }

        /// An argument that has to be there.
        func required(_ parameter: String) throws(ExpressionError) -> Expression {
            guard let value = values[parameter] else {
                throw .unsupported("\(name) without its argument '\(parameter)'", at: position)
            }
            return value
        }
    }
}
