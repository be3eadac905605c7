extension Evaluator {
    /// `value[index]` with Python's indices and slices.
    func member(of value: Value, _ index: Expression, at position: Int) throws(ExpressionError) -> Value {
        if case .slice(let lower, let upper, let step) = index.kind {
            let bounds = (
                try bound(lower), try bound(upper), try bound(step)
            )
            return try slice(value, bounds, at: position)
        }
        let key = try evaluate(index)
        if case .string = value { try go(through: value.extent, at: position) }
        switch value {
        case .list(let sequence), .tuple(let sequence):
            return sequence.members[try place(key, sequence.members.count, value, at: index.position)]
        case .string(let text):
            let scalars = Array(text.unicodeScalars)
            return .string(String(scalars[try place(key, scalars.count, value, at: index.position)]))
        case .range(let start, let stop, let step):
            let count = try length(start, stop, step, at: index.position)
            return .int(Self.member(try place(key, count, value, at: index.position), start, step))
        case .dictionary(let dictionary):
            guard let member = dictionary[try self.key(key, at: index.position)] else {
                throw .invalid("the mapping has no such key", at: index.position)
            }
            return member
        case .component, .symbol, .module, .lambda, .device:
            throw .unsupported("an index of \(value.typeName)", at: position)
        case .none, .bool, .int, .double, .set:
            throw .invalid("'\(value.typeName)' object is not subscriptable", at: position)
        }
    }

    private func bound(_ expression: Expression?) throws(ExpressionError) -> Int? {
        guard let expression else { return nil }
        switch try evaluate(expression) {
        case .none: return nil
        case .int(let number): return number
        case .bool(let value): return value ? 1 : 0
        default: throw .invalid("a slice takes integers", at: expression.position)
        }
    }

    private func place(_ key: Value, _ count: Int, _ value: Value, at position: Int) throws(ExpressionError) -> Int {
        guard case .int(let number)? = Self.number(key) else {
            throw .invalid("\(value.typeName) indices are integers or slices", at: position)
        }
        guard (-count..<count).contains(number) else { throw .invalid("index out of range", at: position) }
        return number < 0 ? number + count : number
    }

    private func slice(
        _ value: Value, _ bounds: (lower: Int?, upper: Int?, step: Int?), at position: Int
    ) throws(ExpressionError) -> Value {
        switch value {
        case .list(let sequence):
            let places = try Self.places(bounds, count: sequence.members.count, at: position)
            return try made(.list(Value.Sequence(places.map { sequence.members[$0] })), at: position)
        case .tuple(let sequence):
            let places = try Self.places(bounds, count: sequence.members.count, at: position)
            return try made(.tuple(Value.Sequence(places.map { sequence.members[$0] })), at: position)
        case .string(let text):
            try go(through: value.extent, at: position)
            let scalars = Array(text.unicodeScalars)
            let places = try Self.places(bounds, count: scalars.count, at: position)
            return try made(.string(String(String.UnicodeScalarView(places.map { scalars[$0] }))), at: position)
        case .range: throw .unsupported("a slice of a range; make it a list first", at: position)
        case .component, .symbol, .module, .lambda, .device:
            throw .unsupported("a slice of \(value.typeName)", at: position)
        default: throw .invalid("'\(value.typeName)' object cannot be sliced", at: position)
        }
    }

    /// The indices that a slice takes (Python's `slice.indices`).
    private static func places(
        _ bounds: (lower: Int?, upper: Int?, step: Int?), count: Int, at position: Int
    ) throws(ExpressionError) -> [Int] {
        let step = bounds.step ?? 1
        guard step != 0 else { throw .invalid("slice step cannot be zero", at: position) }
        func clamped(_ bound: Int?, _ standard: Int) -> Int {
            guard let bound else { return standard }
            let place = bound < 0 ? bound + count : bound
            return step > 0 ? min(max(place, 0), count) : min(max(place, -1), count - 1)
        }
        let start = clamped(bounds.lower, step > 0 ? 0 : count - 1)
        let stop = clamped(bounds.upper, step > 0 ? count : -1)
        return (0..<Int(Self.count(start, stop, step))).map { member($0, start, step) }
    }
}
