internal import Glibc

extension Evaluator {
    /// An integer or a floating-point number; a bool counts as 0 or 1.
    enum Number {
        case int(Int)
        case double(Double)

        var double: Double {
            switch self {
            case .int(let value): Double(value)
            case .double(let value): value
            }
        }
    }

    static func number(_ value: Value) -> Number? {
        switch value {
        case .bool(let value): .int(value ? 1 : 0)
        case .int(let value): .int(value)
        case .double(let value): .double(value)
        default: nil
        }
    }

    func unary(_ operation: String, _ value: Value, at position: Int) throws(ExpressionError) -> Value {
        if operation == "not" { return .bool(!(try truth(of: value, at: position))) }
        switch (operation, Self.number(value)) {
        case ("+", .int(let number)): return .int(number)
        case ("+", .double(let number)): return .double(number)
        case ("-", .int(let number)): return .int(try whole(0.subtractingReportingOverflow(number), at: position))
        case ("-", .double(let number)): return .double(-number)
        case ("~", .int(let number)): return .int(~number)
        default: throw mismatch(operation, value, nil, at: position)
        }
    }

    func binary(_ operation: String, _ left: Value, _ right: Value, at position: Int) throws(ExpressionError) -> Value {
        if case .bool(let left) = left, case .bool(let right) = right {
            switch operation {
            case "&": return .bool(left && right)
            case "|": return .bool(left || right)
            case "^": return .bool(left != right)
            default: break
            }
        }
        if let left = Self.number(left), let right = Self.number(right) {
            if case .int(let left) = left, case .int(let right) = right {
                return try integers(operation, left, right, at: position)
            }
            return try doubles(operation, left.double, right.double, at: position)
        }
        // What comes of it may be smaller than what it took, such as an empty set.
        try go(through: left.extent, at: position)
        try go(through: right.extent, at: position)
        switch (operation, left, right) {
        case ("+", .string(let left), .string(let right)):
            guard left.utf8.count + right.utf8.count <= Limits.allocation else {
                throw .limit("a string of more than \(Limits.allocation) bytes", at: position)
            }
            return try made(.string(left + right), at: position)
        case ("+", .list(let left), .list(let right)):
            return try made(.list(Value.Sequence(left.members + right.members)), at: position)
        case ("+", .tuple(let left), .tuple(let right)):
            return try made(.tuple(Value.Sequence(left.members + right.members)), at: position)
        case ("*", _, _): return try repeated(left, right, at: position)
        case ("|", .dictionary(let left), .dictionary(let right)):
            var entries: [(HashKey, Value, Value)] = []
            for (key, value) in left.entries + right.entries {
                entries.append((try self.key(key, at: position), key, value))
            }
            return try made(.dictionary(Value.Dictionary(entries)), at: position)
        case (_, .set(let left), .set(let right)):
            return try sets(operation, left, right, at: position)
        case ("%", .string, _): throw .unsupported("formatting a string with %", at: position)
        default: throw mismatch(operation, left, right, at: position)
        }
    }

    private func mismatch(_ operation: String, _ left: Value, _ right: Value?, at position: Int) -> ExpressionError {
        let names = [left.typeName, right?.typeName].compactMap { $0 }.joined(separator: " and ")
        for case .some(let value) in [left, right] {
            switch value {
            case .component, .module, .symbol: return .unsupported("\(operation) of \(names)", at: position)
            default: continue
            }
        }
        return .invalid("\(operation) of \(names)", at: position)
    }

    private func whole(_ result: (Int, Bool), at position: Int) throws(ExpressionError) -> Int {
        guard !result.1 else { throw .limit("an integer beyond 64 bits", at: position) }
        return result.0
    }

    // MARK: Numbers

    private func integers(
        _ operation: String, _ left: Int, _ right: Int, at position: Int
    ) throws(ExpressionError) -> Value {
        switch operation {
        case "+": return .int(try whole(left.addingReportingOverflow(right), at: position))
        case "-": return .int(try whole(left.subtractingReportingOverflow(right), at: position))
        case "*": return .int(try whole(left.multipliedReportingOverflow(by: right), at: position))
        case "//", "%", "/":
            guard right != 0 else { throw .invalid("division by zero", at: position) }
            if operation == "/" { return .double(try quotient(left, right, at: position)) }
            // Python's quotient is rounded down and its remainder has the divisor's sign.
            let quotient = try whole(left.dividedReportingOverflow(by: right), at: position)
            let remainder = left - quotient * right
            let isBelow = remainder != 0 && (remainder < 0) != (right < 0)
            return .int(operation == "%" ? (isBelow ? remainder + right : remainder) : quotient - (isBelow ? 1 : 0))
        case "**":
            guard right >= 0 else { return try doubles("**", Double(left), Double(right), at: position) }
            return .int(try power(left, right, at: position))
        case "&": return .int(left & right)
        case "|": return .int(left | right)
        case "^": return .int(left ^ right)
        case "<<", ">>":
            guard right >= 0 else { throw .invalid("a negative shift", at: position) }
            if operation == ">>" { return .int(right < Int.bitWidth ? left >> right : (left < 0 ? -1 : 0)) }
            guard left != 0 else { return .int(0) }
            guard right < Int.bitWidth, (left << right) >> right == left else {
                throw .limit("an integer beyond 64 bits", at: position)
            }
            return .int(left << right)
        default: throw .invalid("the operator \(operation)", at: position)
        }
    }

    /// The quotient as Python rounds it: once, from the exact value.
    private func quotient(_ left: Int, _ right: Int, at position: Int) throws(ExpressionError) -> Double {
        let exact = 1 << 53
        if left.magnitude <= exact, right.magnitude <= exact { return Double(left) / Double(right) }
        let (quotient, overflow) = left.dividedReportingOverflow(by: right)
        guard !overflow, quotient.multipliedReportingOverflow(by: right) == (left, false) else {
            throw .limit("the quotient of integers beyond 2**53", at: position)
        }
        return Double(quotient)
    }

    private func power(_ base: Int, _ exponent: Int, at position: Int) throws(ExpressionError) -> Int {
        var result = 1
        var square = base
        var rest = exponent
        while rest > 0 {
            if rest & 1 == 1 { result = try whole(result.multipliedReportingOverflow(by: square), at: position) }
            rest >>= 1
            if rest > 0 { square = try whole(square.multipliedReportingOverflow(by: square), at: position) }
        }
        return result
    }

    private func doubles(
        _ operation: String, _ left: Double, _ right: Double, at position: Int
    ) throws(ExpressionError) -> Value {
        switch operation {
        case "+": return .double(left + right)
        case "-": return .double(left - right)
        case "*": return .double(left * right)
        case "/":
            guard right != 0 else { throw .invalid("division by zero", at: position) }
            return .double(left / right)
        case "//", "%":
            guard right != 0 else { throw .invalid("division by zero", at: position) }
            let (quotient, remainder) = Self.floorDivision(left, right)
            return .double(operation == "%" ? remainder : quotient)
        case "**":
            if left == 0, right < 0 { throw .invalid("zero to a negative power", at: position) }
            if left < 0, left.isFinite, right.isFinite, right != right.rounded() {
                throw .unsupported("a complex number", at: position)
            }
            let result = pow(left, right)
            if result.isInfinite, left.isFinite, right.isFinite { throw .invalid("a number too large", at: position) }
            return .double(result)
        default:
            throw mismatch(operation, .double(left), .double(right), at: position)
        }
    }

    /// Quotient and remainder of two floating-point numbers as CPython's `float_divmod` has them.
    private static func floorDivision(_ left: Double, _ right: Double) -> (Double, Double) {
        var remainder = fmod(left, right)
        var quotient = (left - remainder) / right
        if remainder != 0 {
            if (right < 0) != (remainder < 0) {
                remainder += right
                quotient -= 1
            }
        } else {
            remainder = Double(signOf: right, magnitudeOf: 0)
        }
        guard quotient != 0 else { return (Double(signOf: left / right, magnitudeOf: 0), remainder) }
        let floor = quotient.rounded(.down)
        return (quotient - floor > 0.5 ? floor + 1 : floor, remainder)
    }

    // MARK: Sequences and sets

    private func repeated(_ left: Value, _ right: Value, at position: Int) throws(ExpressionError) -> Value {
        let (value, factor): (Value, Value) = Self.number(left) == nil ? (left, right) : (right, left)
        guard case .int(let times)? = Self.number(factor) else { throw mismatch("*", left, right, at: position) }
        let count = max(times, 0)
        func check(_ length: Int) throws(ExpressionError) {
            let (total, overflow) = length.multipliedReportingOverflow(by: count)
            guard !overflow, total <= Limits.allocation else {
                throw .limit("\(count) times \(length) members", at: position)
            }
        }
        switch value {
        case .string(let text):
            try check(text.utf8.count)
            return try made(.string(String(repeating: text, count: text.isEmpty ? 0 : count)), at: position)
        case .list(let sequence), .tuple(let sequence):
            try check(sequence.members.count)
            let members =
                sequence.members.isEmpty ? [] : Array(repeating: sequence.members, count: count).flatMap { $0 }
            if case .list = value { return try made(.list(Value.Sequence(members)), at: position) }
            return try made(.tuple(Value.Sequence(members)), at: position)
        default: throw mismatch("*", left, right, at: position)
        }
    }

    private func sets(
        _ operation: String, _ left: Value.Members, _ right: Value.Members, at position: Int
    ) throws(ExpressionError) -> Value {
        let members: [(key: HashKey, value: Value)]
        switch operation {
        case "-": members = left.entries.filter { !right.contains($0.key) }
        case "&": members = left.entries.filter { right.contains($0.key) }
        case "|": members = left.entries + right.entries
        case "^":
            members = left.entries.filter { !right.contains($0.key) } + right.entries.filter { !left.contains($0.key) }
        default: throw .invalid("\(operation) of two sets", at: position)
        }
        return try made(.set(Value.Members(members)), at: position)
    }
}
