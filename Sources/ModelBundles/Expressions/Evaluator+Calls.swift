extension Evaluator {
    /// The arguments of a call, evaluated.
    struct Arguments {
        var positional: [Value] = []
        var keywords: [(name: String, value: Value)] = []
        /// The names of the keywords that a call gave.
        fileprivate var names: Set<ExactString> = []
        let position: Int

        init(keywords: [(name: String, value: Value)] = [], position: Int) {
            self.keywords = keywords
            self.position = position
        }

        /// The only argument, where nothing else is given.
        func only() throws(ExpressionError) -> Value {
            guard positional.count == 1, keywords.isEmpty else { throw .invalid("it takes one argument", at: position) }
            return positional[0]
        }

        func requireNoKeywords() throws(ExpressionError) {
            if let keyword = keywords.first {
                throw .unsupported("the keyword argument \(keyword.name)", at: position)
            }
        }
    }

    func call(
        _ function: Expression, _ arguments: [Expression.Argument], at position: Int
    ) throws(ExpressionError) -> Value {
        switch try evaluate(function) {
        case .symbol(let name):
            guard let known = TableFunction(rawValue: name) else {
                throw .unsupported("a call of \(name)", at: function.position)
            }
            let values = try self.arguments(arguments, at: position)
            // Every function goes through its texts; what goes through members counts them itself.
            for case .string(let text) in values.positional { try go(through: text.utf8.count / 16, at: position) }
            return try call(known, values)
        case .lambda: throw .unsupported("a call of a lambda", at: function.position)
        case .component(let component): throw .unsupported("a call of \(component.name)", at: function.position)
        case .module(let name): throw .invalid("'\(name)' is a module and cannot be called", at: function.position)
        case let value: throw .invalid("'\(value.typeName)' object is not callable", at: function.position)
        }
    }

    private func arguments(
        _ arguments: [Expression.Argument], at position: Int
    ) throws(ExpressionError) -> Arguments {
        var result = Arguments(position: position)
        for argument in arguments {
            let value = try evaluate(argument.value)
            switch argument.label {
            case .positional:
                guard result.keywords.isEmpty else {
                    throw .invalid("a positional argument behind a keyword", at: argument.value.position)
                }
                result.positional.append(value)
            case .star: result.positional += try iterated(value, at: argument.value.position)
            case .keyword(let name): try add(name, value, to: &result)
            case .doubleStar:
                guard case .dictionary(let dictionary) = value else {
                    throw .invalid("** takes a dict", at: argument.value.position)
                }
                guard allowance.takeValues(dictionary.entries.count) else {
                    throw .limit("more than \(Limits.allocation) arguments", at: position)
                }
                for (key, member) in dictionary.entries {
                    guard case .string(let name) = key else { throw .invalid("keywords are strings", at: position) }
                    try add(name, member, to: &result)
                }
            }
        }
        return result
    }

    private func add(_ name: String, _ value: Value, to arguments: inout Arguments) throws(ExpressionError) {
        guard arguments.names.insert(ExactString(name)).inserted else {
            throw .invalid("the keyword argument \(name) twice", at: arguments.position)
        }
        arguments.keywords.append((name, value))
    }

    /// Calls a function of the table.
    func call(_ function: TableFunction, _ arguments: Arguments) throws(ExpressionError) -> Value {
        let position = arguments.position
        switch function {
        case .dict: return try dictionary(arguments)
        case .device: return try device(arguments)
        case .sorted: return try sorted(arguments)
        case .jsonLoads, .path:
            throw .unsupported(
                "\(function.rawValue) outside of json.loads(pathlib.Path(P).read_text())", at: position)
        default: try arguments.requireNoKeywords()
        }
        switch function {
        case .int, .float, .str, .bool: return try converted(function, arguments)
        case .len: return .int(try length(try arguments.only(), at: position))
        case .list, .tuple, .set: return try container(function, arguments)
        case .range: return try range(arguments)
        case .sum, .prod, .any, .all, .min, .max: return try reduced(function, arguments)
        case .round where arguments.positional.count == 2: return try roundedToDigits(arguments)
        case .abs, .round, .sqrt, .floor, .ceil, .trunc:
            return try rounded(function, try arguments.only(), at: position)
        case .join, .basename, .dirname: return try path(function, arguments)
        case .deepcopy, .copy:
            return try copied(try arguments.only(), isDeep: function == .deepcopy, at: position)
        case .cudaIsAvailable:
            guard arguments.positional.isEmpty else { throw .invalid("it takes no arguments", at: position) }
            return .bool(context.cudaIsAvailable)
        case .dict, .device, .sorted, .jsonLoads, .path:
            throw .unsupported("a call of \(function.rawValue)", at: position)
        }
    }

    // MARK: Containers

    private func length(_ value: Value, at position: Int) throws(ExpressionError) -> Int {
        switch value {
        case .string(let text): return text.unicodeScalars.count
        case .list(let sequence), .tuple(let sequence): return sequence.members.count
        case .dictionary(let dictionary): return dictionary.entries.count
        case .set(let members): return members.entries.count
        case .range(let start, let stop, let step): return try length(start, stop, step, at: position)
        case .component(let component): throw .unsupported("the length of \(component.name)", at: position)
        default: throw .invalid("object of type '\(value.typeName)' has no len()", at: position)
        }
    }

    private func container(_ function: TableFunction, _ arguments: Arguments) throws(ExpressionError) -> Value {
        let position = arguments.position
        var values: [Value] = []
        if let first = arguments.positional.first {
            if case .set(let members) = first, function == .set {
                values = members.values
            } else {
                values = try iterated(try arguments.only(), at: position)
            }
        }
        switch function {
        case .list: return try made(.list(Value.Sequence(values)), at: position)
        case .tuple: return try made(.tuple(Value.Sequence(values)), at: position)
        default: return try set(of: values, at: position)
        }
    }

    private func dictionary(_ arguments: Arguments) throws(ExpressionError) -> Value {
        let position = arguments.position
        guard arguments.positional.count <= 1 else { throw .invalid("dict takes one argument", at: position) }
        var entries: [(HashKey, Value, Value)] = []
        if case .dictionary(let other)? = arguments.positional.first {
            for (key, value) in other.entries { entries.append((try self.key(key, at: position), key, value)) }
        } else if let pairs = arguments.positional.first {
            for pair in try iterated(pairs, at: position) {
                let members = try iterated(pair, at: position)
                guard members.count == 2 else { throw .invalid("dict takes pairs", at: position) }
                entries.append((try self.key(members[0], at: position), members[0], members[1]))
            }
        }
        for (name, value) in arguments.keywords {
            entries.append((.string(ExactString(name)), .string(name), value))
        }
        return try made(.dictionary(Value.Dictionary(entries)), at: position)
    }

    private func range(_ arguments: Arguments) throws(ExpressionError) -> Value {
        var numbers: [Int] = []
        for value in arguments.positional {
            switch value {
            case .int(let number): numbers.append(number)
            case .bool(let value): numbers.append(value ? 1 : 0)
            default: throw .invalid("range takes integers", at: arguments.position)
            }
        }
        switch numbers.count {
        case 1: return .range(start: 0, stop: numbers[0], step: 1)
        case 2: return .range(start: numbers[0], stop: numbers[1], step: 1)
        case 3:
            guard numbers[2] != 0 else { throw .invalid("range() arg 3 must not be zero", at: arguments.position) }
            return .range(start: numbers[0], stop: numbers[1], step: numbers[2])
        default: throw .invalid("range takes one to three integers", at: arguments.position)
        }
    }

    private func sorted(_ arguments: Arguments) throws(ExpressionError) -> Value {
        let position = arguments.position
        guard arguments.positional.count == 1 else { throw .invalid("sorted takes one argument", at: position) }
        var isReverse = false
        for (name, value) in arguments.keywords {
            guard name == "reverse" else { throw .unsupported("sorted with \(name)", at: position) }
            isReverse = try truth(of: value, at: position)
        }
        let values: [Value]
        if case .set(let members) = arguments.positional[0] {
            values = members.values
        } else {
            values = try iterated(arguments.positional[0], at: position)
        }
        // `sort` cannot throw a typed error, so what went wrong is kept until it is done.
        var failure: ExpressionError?
        let result = values.enumerated().sorted { left, right in
            guard failure == nil else { return false }
            do throws(ExpressionError) {
                guard let order = try order(left.element, right.element, at: position) else {
                    throw .unsupported("sorting NaN", at: position)
                }
                return order == 0 ? left.offset < right.offset : (order < 0) != isReverse
            } catch {
                failure = error
                return false
            }
        }
        if let failure { throw failure }
        return try made(.list(Value.Sequence(result.map(\.element))), at: position)
    }

    private func copied(_ value: Value, isDeep: Bool, at position: Int) throws(ExpressionError) -> Value {
        switch value {
        case .list(let sequence): return try made(.list(Value.Sequence(sequence.members)), at: position)
        case .dictionary(let dictionary):
            var entries: [(HashKey, Value, Value)] = []
            for (key, member) in dictionary.entries { entries.append((try self.key(key, at: position), key, member)) }
            return try made(.dictionary(Value.Dictionary(entries)), at: position)
        case .component(let component):
            guard isDeep else { throw .unsupported("a shallow copy of \(component.name)", at: position) }
            var counted: Set<ObjectIdentifier> = []
            guard allowance.takeValues(component.count(&counted)) else {
                throw .limit("a copy of more than \(Limits.allocation) values", at: position)
            }
            var copies: [ObjectIdentifier: Component] = [:]
            return .component(component.copied(&copies))
        default: return value
        }
    }
}

extension Component {
    /// How many values a copy has to make.
    fileprivate func count(_ counted: inout Set<ObjectIdentifier>) -> Int {
        guard counted.insert(ObjectIdentifier(self)).inserted else { return 0 }
        return arguments.reduce(1) { $0 + $1.value.count(&counted) }
    }

    /// A copy in which every component is a new one, and one that is there twice stays one.
    func copied(_ copies: inout [ObjectIdentifier: Component]) -> Component {
        if let copy = copies[ObjectIdentifier(self)] { return copy }
        var arguments: [(name: String, value: ConfigValue)] = []
        for (name, value) in self.arguments { arguments.append((name, value.copied(&copies))) }
        let copy = Component(id: id, target: target, arguments: arguments, mode: mode)
        copies[ObjectIdentifier(self)] = copy
        return copy
    }
}

extension ConfigValue {
    fileprivate func count(_ counted: inout Set<ObjectIdentifier>) -> Int {
        switch self {
        case .list(let values), .tuple(let values): values.reduce(1) { $0 + $1.count(&counted) }
        case .mapping(let members): members.reduce(1) { $0 + $1.value.count(&counted) }
        case .component(let component): component.count(&counted)
        default: 1
        }
    }

    fileprivate func copied(_ copies: inout [ObjectIdentifier: Component]) -> ConfigValue {
        switch self {
        case .list(let values): .list(values.map { $0.copied(&copies) })
        case .tuple(let values): .tuple(values.map { $0.copied(&copies) })
        case .mapping(let members): .mapping(members.map { ($0.key, $0.value.copied(&copies)) })
        case .component(let component): .component(component.copied(&copies))
        default: self
        }
    }
}
