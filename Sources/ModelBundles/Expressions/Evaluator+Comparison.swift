extension Evaluator {
    func comparison(
        _ first: Expression, _ pairs: [(operation: String, operand: Expression)], at position: Int
    ) throws(ExpressionError) -> Value {
        var left = try evaluate(first)
        for (operation, operand) in pairs {
            let right = try evaluate(operand)
            guard try compare(operation, left, right, at: position) else { return .bool(false) }
            left = right
        }
        return .bool(true)
    }

    private func compare(
        _ operation: String, _ left: Value, _ right: Value, at position: Int
    ) throws(ExpressionError) -> Bool {
        switch operation {
        case "==": try equal(left, right, at: position)
        case "!=": !(try equal(left, right, at: position))
        case "is": try identical(left, right, at: position)
        case "is not": !(try identical(left, right, at: position))
        case "in": try contains(right, left, at: position)
        case "not in": !(try contains(right, left, at: position))
        default: try ordered(operation, left, right, at: position)
        }
    }

    /// Python's `==`.
    func equal(_ left: Value, _ right: Value, at position: Int) throws(ExpressionError) -> Bool {
        guard allowance.takeSteps() else { throw .limit("too many steps", at: position) }
        if let left = Self.number(left), let right = Self.number(right) { return Self.order(left, right) == 0 }
        switch (left, right) {
        case (.none, .none): return true
        case (.string(let left), .string(let right)):
            guard left.utf8.count == right.utf8.count else { return false }
            try go(through: left.utf8.count / 16, at: position)
            return ExactString(left) == ExactString(right)
        case (.list(let left), .list(let right)), (.tuple(let left), .tuple(let right)):
            if left === right { return true }
            guard left.members.count == right.members.count else { return false }
            for (one, other) in zip(left.members, right.members) {
                guard try equal(one, other, at: position) else { return false }
            }
            return true
        case (.dictionary(let left), .dictionary(let right)):
            guard left.entries.count == right.entries.count else { return false }
            for (key, value) in left.entries {
                guard let other = right[try self.key(key, at: position)], try equal(value, other, at: position) else {
                    return false
                }
            }
            return true
        case (.set(let left), .set(let right)):
            guard left.entries.count == right.entries.count else { return false }
            try go(through: left.extent, at: position)
            return left.isSubset(of: right)
        case (.range(let start, let stop, let step), .range(let otherStart, let otherStop, let otherStep)):
            let count = Self.count(start, stop, step)
            guard count == Self.count(otherStart, otherStop, otherStep) else { return false }
            return count == 0 || start == otherStart && (count == 1 || step == otherStep)
        case (.module(let left), .module(let right)), (.symbol(let left), .symbol(let right)),
            (.device(let left), .device(let right)):
            return left == right
        case (.component(let left), .component(let right)) where left === right: return true
        case (.component, .component), (.lambda, .lambda):
            throw .unsupported("whether two \(left.typeName) are equal", at: position)
        default: return false
        }
    }

    /// Python's `is`, where what it says does not hang on the interpreter.
    private func identical(_ left: Value, _ right: Value, at position: Int) throws(ExpressionError) -> Bool {
        switch (left, right) {
        case (.none, .none): return true
        case (.bool(let left), .bool(let right)): return left == right
        case (.list(let left), .list(let right)): return left === right
        case (.tuple(let left), .tuple(let right)) where left === right: return true
        case (.dictionary(let left), .dictionary(let right)): return left === right
        case (.set(let left), .set(let right)): return left === right
        case (.component(let left), .component(let right)): return left === right
        case (.module(let left), .module(let right)), (.symbol(let left), .symbol(let right)): return left == right
        case (.int, .int), (.double, .double), (.string, .string), (.tuple, .tuple), (.device, .device),
            (.lambda, .lambda), (.range, .range):
            throw .unsupported("'is' between two of type \(left.typeName); == compares them", at: position)
        default: return false
        }
    }

    private func contains(_ container: Value, _ member: Value, at position: Int) throws(ExpressionError) -> Bool {
        switch container {
        case .list(let sequence), .tuple(let sequence):
            for value in sequence.members where try equal(value, member, at: position) { return true }
            return false
        case .dictionary(let dictionary): return dictionary[try key(member, at: position)] != nil
        case .set(let members): return members.contains(try key(member, at: position))
        case .string(let text):
            guard case .string(let part) = member else {
                throw .invalid("'in <string>' takes a string", at: position)
            }
            try go(through: text.utf8.count + part.utf8.count, at: position)
            return part.isEmpty || Array(text.utf8).firstRange(of: Array(part.utf8)) != nil
        case .range(let start, let stop, let step):
            guard case .int(let number)? = Self.number(member) else {
                throw .unsupported("looking for a \(member.typeName) in a range", at: position)
            }
            let isWithin = step > 0 ? start <= number && number < stop : stop < number && number <= start
            let distance = step > 0 ? Self.distance(start, number) : Self.distance(number, start)
            return isWithin && distance % step.magnitude == 0
        default: throw .invalid("'in' of a \(container.typeName)", at: position)
        }
    }

    private func ordered(
        _ operation: String, _ left: Value, _ right: Value, at position: Int
    ) throws(ExpressionError) -> Bool {
        if case .set(let left) = left, case .set(let right) = right {
            try go(through: left.extent, at: position)
            try go(through: right.extent, at: position)
            let isSubset = left.isSubset(of: right)
            let isSuperset = right.isSubset(of: left)
            switch operation {
            case "<=": return isSubset
            case ">=": return isSuperset
            case "<": return isSubset && !isSuperset
            default: return isSuperset && !isSubset
            }
        }
        // Nothing is ordered with a NaN.
        guard let order = try order(left, right, at: position) else { return false }
        return switch operation {
        case "<": order < 0
        case "<=": order <= 0
        case ">": order > 0
        default: order >= 0
        }
    }

    /// −1, 0 or 1; nil where a NaN decides.
    func order(_ left: Value, _ right: Value, at position: Int) throws(ExpressionError) -> Int? {
        guard allowance.takeSteps() else { throw .limit("too many steps", at: position) }
        if let left = Self.number(left), let right = Self.number(right) { return Self.order(left, right) }
        switch (left, right) {
        case (.string(let left), .string(let right)):
            try go(through: min(left.utf8.count, right.utf8.count) / 16, at: position)
            let (left, right) = (ExactString(left), ExactString(right))
            return left < right ? -1 : left == right ? 0 : 1
        case (.list(let left), .list(let right)), (.tuple(let left), .tuple(let right)):
            for (one, other) in zip(left.members, right.members) {
                if try !equal(one, other, at: position) { return try order(one, other, at: position) }
            }
            let (one, other) = (left.members.count, right.members.count)
            return one < other ? -1 : one == other ? 0 : 1
        default:
            throw .invalid("'\(left.typeName)' and '\(right.typeName)' have no order", at: position)
        }
    }

    /// The exact order of two numbers; nil where one is a NaN.
    static func order(_ left: Number, _ right: Number) -> Int? {
        switch (left, right) {
        case (.int(let left), .int(let right)): return left < right ? -1 : left == right ? 0 : 1
        case (.int(let left), .double(let right)): return order(left, right)
        case (.double(let left), .int(let right)): return order(right, left).map { -$0 }
        case (.double(let left), .double(let right)):
            guard !left.isNaN, !right.isNaN else { return nil }
            return left < right ? -1 : left == right ? 0 : 1
        }
    }

    private static func order(_ left: Int, _ right: Double) -> Int? {
        guard !right.isNaN else { return nil }
        let floor = right.rounded(.down)
        guard let whole = Int(exactly: floor) else { return right > 0 ? -1 : 1 }
        if left != whole { return left < whole ? -1 : 1 }
        return floor < right ? -1 : 0
    }
}
