/// Evaluates one parsed expression. It can end in a value or an error, and nothing else can come of it.
struct Evaluator {
    /// The values of the ids that the expression refers to, or why they have none.
    let references: [ExactString: Result<Value, BundleError>]
    let names: NameTable
    let context: EvaluationContext
    let allowance: Allowance
    /// Reads a JSON file inside the bundle for `json.loads(pathlib.Path(P).read_text())`.
    let readJSON: (String) throws(BundleError) -> Value

    func evaluate(_ expression: Expression) throws(ExpressionError) -> Value {
        let position = expression.position
        guard allowance.takeSteps() else { throw .limit("too many steps", at: position) }
        switch expression.kind {
        case .constant(let value): return value
        case .lambda(let text):
            return .lambda(LambdaSource(text: text, references: references, names: names, context: context))
        case .ellipsis: throw .unsupported("an ellipsis", at: position)
        case .name(let name): return try names.value(of: name, at: position)
        case .reference(let id): return try reference(id, at: position)
        case .list(let members): return try made(.list(Value.Sequence(try values(members))), at: position)
        case .tuple(let members): return try made(.tuple(Value.Sequence(try values(members))), at: position)
        case .set(let members): return try set(of: try values(members), at: position)
        case .dictionary(let pairs): return try dictionary(pairs, at: position)
        case .starred: throw .invalid("a star outside of a list", at: position)
        case .unary(let operation, let operand):
            return try unary(operation, try evaluate(operand), at: position)
        case .binary(let operation, let left, let right):
            return try binary(operation, try evaluate(left), try evaluate(right), at: position)
        case .boolean(let isOr, let operands):
            var value = Value.none
            for (offset, operand) in operands.enumerated() {
                value = try evaluate(operand)
                if offset + 1 < operands.count, try truth(of: value, at: operand.position) == isOr { return value }
            }
            return value
        case .comparison(let first, let pairs): return try comparison(first, pairs, at: position)
        case .conditional(let condition, let then, let otherwise):
            let isTrue = try truth(of: try evaluate(condition), at: condition.position)
            return try evaluate(isTrue ? then : otherwise)
        case .attribute(let object, let name): return try attribute(name, of: try evaluate(object), at: position)
        case .subscripted(let object, let index): return try member(of: try evaluate(object), index, at: position)
        case .slice: throw .invalid("a slice outside of brackets", at: position)
        case .call(let function, let arguments):
            if let path = Self.pathOfReadText(expression) { return try json(at: path) }
            return try call(function, arguments, at: position)
        }
    }

    private func reference(_ id: String, at position: Int) throws(ExpressionError) -> Value {
        switch references[ExactString(id)] {
        case .success(let value): return value
        case .failure(let error):
            throw ExpressionError(kind: .invalid, message: error.message, position: position, underlying: error)
        case nil: throw .invalid("an id without a value", at: position)
        }
    }

    // MARK: Containers

    /// Takes what a new value needs from the allowance.
    func made(_ value: Value, at position: Int) throws(ExpressionError) -> Value {
        guard allowance.takeValues(value.footprint) else {
            throw .limit("more than \(Limits.allocation) values", at: position)
        }
        guard value.depth <= Limits.valueDepth else {
            throw .limit("a value that nests deeper than \(Limits.valueDepth) levels", at: position)
        }
        return value
    }

    func values(_ members: [Expression]) throws(ExpressionError) -> [Value] {
        var values: [Value] = []
        for member in members {
            if case .starred(let inner) = member.kind {
                values += try iterated(try evaluate(inner), at: member.position)
            } else {
                values.append(try evaluate(member))
            }
        }
        return values
    }

    func set(of values: [Value], at position: Int) throws(ExpressionError) -> Value {
        var members: [(key: HashKey, value: Value)] = []
        for value in values { members.append((try key(value, at: position), value)) }
        return try made(.set(Value.Members(members)), at: position)
    }

    /// The key under which a dict or a set keeps a value.
    ///
    /// A tuple's key unfolds what its members share, so each of them counts.
    func key(_ value: Value, at position: Int) throws(ExpressionError) -> HashKey {
        switch value {
        case .none: return HashKey.none
        case .bool(let value): return .int(value ? 1 : 0)
        case .int(let value): return .int(value)
        case .double(let value):
            if let whole = Int(exactly: value) { return .int(whole) }
            return .double(value)
        case .string(let text):
            try go(through: text.utf8.count / 16, at: position)
            return .string(ExactString(text))
        case .tuple(let sequence):
            guard allowance.takeValues(sequence.members.count + 2) else {
                throw .limit("a key of too many values", at: position)
            }
            var keys: [HashKey] = []
            for member in sequence.members { keys.append(try key(member, at: position)) }
            return .tuple(keys)
        case .symbol(let name), .module(let name): return .symbol(name)
        case .device(let name): return .symbol("torch.device:" + name)
        case .component(let component): return .object(ObjectIdentifier(component))
        case .list, .dictionary, .set, .lambda, .range:
            throw .invalid("unhashable type: '\(value.typeName)'", at: position)
        }
    }

    /// Takes the steps of going through what is there already.
    func go(through count: Int, at position: Int) throws(ExpressionError) {
        guard allowance.takeSteps(count) else { throw .limit("too many steps", at: position) }
    }

    private func dictionary(
        _ pairs: [(key: Expression?, value: Expression)], at position: Int
    ) throws(ExpressionError) -> Value {
        var entries: [(HashKey, Value, Value)] = []
        for (key, value) in pairs {
            if let key {
                let name = try evaluate(key)
                entries.append((try self.key(name, at: key.position), name, try evaluate(value)))
                continue
            }
            guard case .dictionary(let other) = try evaluate(value) else {
                throw .invalid("** takes a dict", at: value.position)
            }
            guard allowance.takeValues(other.entries.count) else {
                throw .limit("more than \(Limits.allocation) values", at: value.position)
            }
            for (name, member) in other.entries { entries.append((try self.key(name, at: position), name, member)) }
        }
        return try made(.dictionary(Value.Dictionary(entries)), at: position)
    }

    /// The members that Python's iteration gives.
    func iterated(_ value: Value, at position: Int) throws(ExpressionError) -> [Value] {
        try go(through: value.footprint, at: position)
        switch value {
        case .list(let sequence), .tuple(let sequence): return sequence.members
        case .dictionary(let dictionary): return dictionary.entries.map(\.key)
        case .string(let text):
            guard allowance.takeValues(text.utf8.count) else { throw .limit("too many characters", at: position) }
            return text.unicodeScalars.map { .string(String($0)) }
        case .range(let start, let stop, let step):
            let count = try length(start, stop, step, at: position)
            guard allowance.takeValues(count) else {
                throw .limit("a range of \(count) members", at: position)
            }
            return (0..<count).map { .int(Self.member($0, start, step)) }
        case .set(let members):
            guard members.entries.count <= 1 else {
                throw .unsupported("the order of a set; sorted(…) gives it one", at: position)
            }
            return members.values
        case .component, .lambda, .module, .symbol, .device:
            throw .unsupported("going through the members of \(value.typeName)", at: position)
        case .none, .bool, .int, .double:
            throw .invalid("'\(value.typeName)' object is not iterable", at: position)
        }
    }

    /// How many members a range has.
    static func count(_ start: Int, _ stop: Int, _ step: Int) -> UInt {
        guard step > 0 ? start < stop : start > stop else { return 0 }
        let distance = step > 0 ? distance(start, stop) : distance(stop, start)
        return (distance - 1) / step.magnitude + 1
    }

    /// The number of members as Python's `len` has it: it fails where 64 bits with a sign are too few.
    func length(_ start: Int, _ stop: Int, _ step: Int, at position: Int) throws(ExpressionError) -> Int {
        guard let count = Int(exactly: Self.count(start, stop, step)) else {
            throw .limit("a range of more members than 64 bits count", at: position)
        }
        return count
    }

    /// How far it is up to another integer, which 64 bits with a sign may not hold.
    static func distance(_ lower: Int, _ upper: Int) -> UInt { UInt(bitPattern: upper) &- UInt(bitPattern: lower) }

    /// A member of a range, which lies between its bounds even where the way to it is longer than 64 bits can say.
    static func member(_ place: Int, _ start: Int, _ step: Int) -> Int { start &+ place &* step }

    // MARK: Truth and attributes

    func truth(of value: Value, at position: Int) throws(ExpressionError) -> Bool {
        switch value {
        case .none: return false
        case .bool(let value): return value
        case .int(let value): return value != 0
        case .double(let value): return value != 0
        case .string(let text): return !text.isEmpty
        case .list(let sequence), .tuple(let sequence): return !sequence.members.isEmpty
        case .dictionary(let dictionary): return !dictionary.entries.isEmpty
        case .set(let members): return !members.entries.isEmpty
        case .range(let start, let stop, let step): return Self.count(start, stop, step) > 0
        case .module, .symbol, .device, .lambda: return true
        case .component(let component):
            throw .unsupported("whether \(component.name) counts as true", at: position)
        }
    }

    private func attribute(_ name: String, of value: Value, at position: Int) throws(ExpressionError) -> Value {
        if name.hasPrefix("__") { throw .unsupported("the name \(name)", at: position) }
        switch value {
        case .module(let path), .symbol(let path): return try names.member(name, of: path, at: position)
        case .component(let component):
            throw .unsupported("'\(name)' of the component \(component.name)", at: position)
        default: throw .unsupported("'\(name)' of a \(value.typeName)", at: position)
        }
    }

    // MARK: The one idiom that reads a file

    /// `P` of `json.loads(pathlib.Path(P).read_text())`, with the names still to be checked.
    private static func pathOfReadText(_ expression: Expression) -> ReadText? {
        guard case .call(let loads, let outer) = expression.kind, let text = only(outer),
            case .call(let read, let none) = text.kind, none.isEmpty,
            case .attribute(let pathCall, "read_text") = read.kind,
            case .call(let constructor, let inner) = pathCall.kind, let path = only(inner)
        else { return nil }
        return ReadText(loads: loads, constructor: constructor, path: path)
    }

    private struct ReadText {
        let loads: Expression
        let constructor: Expression
        let path: Expression
    }

    private static func only(_ arguments: [Expression.Argument]) -> Expression? {
        guard arguments.count == 1, case .positional = arguments[0].label else { return nil }
        return arguments[0].value
    }

    private func json(at call: ReadText) throws(ExpressionError) -> Value {
        guard case .symbol("json.loads") = try evaluate(call.loads) else {
            throw .unsupported("a call with the text of a file; json.loads alone has one", at: call.loads.position)
        }
        guard case .symbol("pathlib.Path") = try evaluate(call.constructor) else {
            throw .unsupported("read_text of something other than pathlib.Path", at: call.constructor.position)
        }
        guard case .string(let path) = try evaluate(call.path) else {
            throw .invalid("pathlib.Path takes a string", at: call.path.position)
        }
        do { return try readJSON(path) } catch {
            throw ExpressionError(
                kind: .invalid, message: error.message, position: call.path.position, underlying: error)
        }
    }
}
