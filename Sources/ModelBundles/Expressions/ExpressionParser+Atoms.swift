extension ExpressionParser {
    mutating func atom() throws(ExpressionError) -> Expression {
        let start = token.position
        defer { if index > tokens.count - 1 { index = tokens.count - 1 } }
        let kind: Expression.Kind
        switch token.kind {
        case .name(let name): kind = .name(name)
        case .reference(let id): kind = .reference(id)
        case .int(let value): kind = .constant(.int(value))
        case .double(let value): kind = .constant(.double(value))
        case .string: return try strings()
        case .keyword(.none): kind = .constant(.none)
        case .keyword(.true): kind = .constant(.bool(true))
        case .keyword(.false): kind = .constant(.bool(false))
        case .operator("..."): kind = .ellipsis
        case .operator("("): return try parenthesized()
        case .operator("["):
            index += 1
            let members = isOperator("]") ? [] : try elements(after: try element(), until: "]")
            try expect("]")
            return try make(.list(members), at: start, over: members)
        case .operator("{"): return try braces()
        case .end: throw .invalid("the expression ends where a value should be", at: start)
        default: throw unexpected("a value should be here")
        }
        index += 1
        return try make(kind, at: start)
    }

    private mutating func strings() throws(ExpressionError) -> Expression {
        let start = token.position
        var text = ""
        while case .string(let part) = token.kind {
            text += part
            index += 1
        }
        return try make(.constant(.string(text)), at: start)
    }

    mutating func element() throws(ExpressionError) -> Expression {
        let start = token.position
        guard take("*") else { return try expression() }
        let value = try operation(5)
        return try make(.starred(value), at: start, over: [value])
    }

    /// The elements behind the first one, up to a closing bracket or the end.
    mutating func elements(
        after first: Expression, until close: String?
    ) throws(ExpressionError) -> [Expression] {
        var members = [first]
        while take(",") {
            if let close, isOperator(close) { break }
            if close == nil, token.kind == .end { break }
            members.append(try element())
        }
        if let close, !isOperator(close) { throw unexpected("a comma or '\(close)' should be here") }
        return members
    }

    private mutating func parenthesized() throws(ExpressionError) -> Expression {
        let start = token.position
        index += 1
        if take(")") { return try make(.tuple([]), at: start) }
        let first = try element()
        if take(")") {
            if case .starred = first.kind { throw .invalid("a star outside of a list", at: first.position) }
            return first
        }
        guard isOperator(",") else { throw unexpected("a comma or ')' should be here") }
        let members = try elements(after: first, until: ")")
        try expect(")")
        return try make(.tuple(members), at: start, over: members)
    }

    private mutating func braces() throws(ExpressionError) -> Expression {
        let start = token.position
        index += 1
        if take("}") { return try make(.dictionary([]), at: start) }
        if !isOperator("**") {
            let first = try element()
            guard isOperator(":") else {
                let members = try elements(after: first, until: "}")
                try expect("}")
                return try make(.set(members), at: start, over: members)
            }
            index += 1
            return try dictionary(startingWith: [(first, try expression())], at: start)
        }
        index += 1
        return try dictionary(startingWith: [(nil, try operation(5))], at: start)
    }

    private mutating func dictionary(
        startingWith first: [(key: Expression?, value: Expression)], at start: Int
    ) throws(ExpressionError) -> Expression {
        var pairs = first
        while take(","), !isOperator("}") {
            if take("**") {
                pairs.append((nil, try operation(5)))
            } else {
                let key = try expression()
                try expect(":")
                pairs.append((key, try expression()))
            }
        }
        guard take("}") else { throw unexpected("a comma or '}' should be here") }
        return try make(.dictionary(pairs), at: start, over: pairs.flatMap { [$0.key, $0.value].compactMap { $0 } })
    }
}
