/// Parses the fixed subset of Python's expressions; what is outside of it is named in the error.
struct ExpressionParser {
    private let scalars: [Unicode.Scalar]
    let tokens: [Token]
    var index = 0
    private var nesting = 0

    /// An expression with the ids that it refers to, in the order in which they first come.
    static func parse(_ scalars: [Unicode.Scalar]) throws(ExpressionError) -> (Expression, references: [String]) {
        let references = Self.references(in: scalars)
        do {
            var parser = ExpressionParser(scalars: scalars, tokens: try Lexer.tokens(of: scalars))
            let expression = try parser.whole()
            return (expression, references)
        } catch {
            // What a lambda does inside is judged where it is compiled.
            guard error.kind == .unsupported, isLambda(scalars) else { throw error }
            let source = String(String.UnicodeScalarView(scalars))
            return (Expression(kind: .lambda(source), position: 0, depth: 1), references)
        }
    }

    /// The parameter and the body of a lambda that takes one value.
    static func function(
        _ scalars: [Unicode.Scalar]
    ) throws(ExpressionError) -> (parameter: String, body: Expression) {
        var parser = ExpressionParser(scalars: scalars, tokens: try Lexer.tokens(of: scalars, isPart: true))
        guard parser.take(.lambda) else { throw parser.unexpected("a lambda should be here") }
        let position = parser.token.position
        guard case .name(let parameter) = parser.token.kind else {
            if parser.isOperator("*") || parser.isOperator("**") {
                throw .unsupported("a lambda with any number of parameters; it gets the image alone", at: position)
            }
            guard parser.isOperator(":") else { throw parser.unexpected("a parameter should be here") }
            throw .unsupported("a lambda without a parameter; it gets the image", at: position)
        }
        parser.index += 1
        if parser.isOperator(",") {
            throw .unsupported("a lambda of several parameters; it gets the image alone", at: parser.token.position)
        }
        if parser.isOperator("=") {
            throw .unsupported("a parameter with a default; it gets the image", at: parser.token.position)
        }
        try parser.expect(":")
        let body = try parser.expression()
        guard parser.token.kind == .end else { throw parser.unexpected("nothing more should follow") }
        return (parameter, body)
    }

    private init(scalars: [Unicode.Scalar], tokens: [Token]) {
        self.scalars = scalars
        self.tokens = tokens
    }

    private static func isLambda(_ scalars: [Unicode.Scalar]) -> Bool {
        scalars.starts(with: "lambda".unicodeScalars)
            && scalars.dropFirst(6).first.map { !ReferencePattern.isWord($0) } == true
    }

    private static func references(in scalars: [Unicode.Scalar]) -> [String] {
        var seen: Set<ExactString> = []
        var result: [String] = []
        var index = 0
        while index < scalars.count {
            guard scalars[index] == "@" else {
                index += 1
                continue
            }
            let end = ReferencePattern.end(in: scalars, at: index)
            let id = String(String.UnicodeScalarView(scalars[index + 1..<end]))
            if seen.insert(ExactString(id)).inserted { result.append(id) }
            index = end
        }
        return result
    }

    // MARK: Tokens

    var token: Token { tokens[min(index, tokens.count - 1)] }

    func isOperator(_ text: String) -> Bool { token.kind == .operator(text) }

    private func isKeyword(_ keyword: Token.Keyword) -> Bool { token.kind == .keyword(keyword) }

    mutating func take(_ text: String) -> Bool {
        guard isOperator(text) else { return false }
        index += 1
        return true
    }

    mutating func take(_ keyword: Token.Keyword) -> Bool {
        guard isKeyword(keyword) else { return false }
        index += 1
        return true
    }

    mutating func expect(_ text: String) throws(ExpressionError) {
        guard take(text) else { throw unexpected("'\(text)' should be here") }
    }

    func unexpected(_ message: String) -> ExpressionError {
        switch token.kind {
        case .operator(":="): .unsupported("an assignment inside an expression", at: token.position)
        case .keyword(.for), .keyword(.async): .unsupported("a comprehension or generator", at: token.position)
        case .keyword(.await), .keyword(.yield): .unsupported("a coroutine or generator", at: token.position)
        default: .invalid(message, at: token.position)
        }
    }

    func make(
        _ kind: Expression.Kind, at position: Int, over children: [Expression] = []
    ) throws(ExpressionError) -> Expression {
        let depth = (children.lazy.map(\.depth).max() ?? 0) + 1
        guard depth <= 2 * Limits.expressionDepth else {
            throw .limit("an expression of too many levels", at: position)
        }
        return Expression(kind: kind, position: position, depth: depth)
    }

    mutating func nested<T>(
        _ body: (inout ExpressionParser) throws(ExpressionError) -> T
    ) throws(ExpressionError) -> T {
        nesting += 1
        defer { nesting -= 1 }
        guard nesting <= Limits.expressionDepth else {
            throw .limit("nested deeper than \(Limits.expressionDepth) levels", at: token.position)
        }
        return try body(&self)
    }

    // MARK: Grammar

    private mutating func whole() throws(ExpressionError) -> Expression {
        guard token.kind != .end else { throw .invalid("the expression is empty", at: 0) }
        let first = try element()
        guard isOperator(",") else {
            if case .starred = first.kind { throw .invalid("a star outside of a list", at: first.position) }
            guard token.kind == .end else { throw unexpected("nothing more should follow") }
            return first
        }
        let members = try elements(after: first, until: nil)
        // Python has no grammar for them outside of brackets where a whole text is one expression.
        for member in members {
            if case .starred = member.kind { throw .invalid("a star outside of brackets", at: member.position) }
        }
        guard token.kind == .end else { throw unexpected("nothing more should follow") }
        return try make(.tuple(members), at: first.position, over: members)
    }

    mutating func expression() throws(ExpressionError) -> Expression {
        try nested { parser throws(ExpressionError) in
            if parser.isKeyword(.lambda) { return try parser.lambda() }
            let value = try parser.operation(0)
            guard parser.take(.if) else { return value }
            let condition = try parser.operation(0)
            guard parser.take(.else) else { throw parser.unexpected("'else' should be here") }
            let otherwise = try parser.expression()
            return try parser.make(
                .conditional(condition: condition, then: value, otherwise: otherwise), at: value.position,
                over: [value, condition, otherwise])
        }
    }

    private mutating func lambda() throws(ExpressionError) -> Expression {
        let start = token.position
        index += 1
        var open = 0
        while open > 0 || !isOperator(":") {
            switch token.kind {
            case .end: throw .invalid("a lambda without a body", at: start)
            case .operator("("), .operator("["), .operator("{"): open += 1
            case .operator(")"), .operator("]"), .operator("}"): open -= 1
            default: break
            }
            guard open >= 0 else { throw .invalid("a bracket that nothing opened", at: token.position) }
            index += 1
        }
        index += 1
        _ = try expression()
        let isWhole = start == tokens[0].position && token.kind == .end
        let end = isWhole ? scalars.count : tokens[index - 1].end
        let source = String(String.UnicodeScalarView(scalars[(isWhole ? 0 : start)..<end]))
        return try make(.lambda(source), at: start)
    }

    private static let precedence = [
        "|": 5, "^": 6, "&": 7, "<<": 8, ">>": 8, "+": 9, "-": 9, "*": 10, "/": 10, "//": 10, "%": 10,
    ]

    /// Operators that bind at least as tightly as `minimum`: 1 `or`, 2 `and`, 3 `not`, 4 comparisons.
    mutating func operation(_ minimum: Int) throws(ExpressionError) -> Expression {
        let start = token.position
        var left: Expression
        if minimum <= 3, take(.not) {
            left = try nested { parser throws(ExpressionError) in
                let operand = try parser.operation(3)
                return try parser.make(.unary("not", operand), at: start, over: [operand])
            }
        } else {
            left = try unary()
        }
        while true {
            if minimum <= 4, let first = comparisonOperator() {
                left = try comparison(left, first)
            } else if case .operator(let text) = token.kind, let level = Self.precedence[text], level >= minimum {
                let position = token.position
                index += 1
                let right = try operation(level + 1)
                left = try make(.binary(text, left, right), at: position, over: [left, right])
            } else if minimum <= 2, isKeyword(.and) {
                left = try boolean(left, .and, tighter: 3)
            } else if minimum <= 1, isKeyword(.or) {
                left = try boolean(left, .or, tighter: 2)
            } else {
                return left
            }
        }
    }

    private mutating func boolean(
        _ first: Expression, _ keyword: Token.Keyword, tighter: Int
    ) throws(ExpressionError) -> Expression {
        var operands = [first]
        while take(keyword) { operands.append(try operation(tighter)) }
        return try make(.boolean(isOr: keyword == .or, operands), at: first.position, over: operands)
    }

    private func comparisonOperator() -> String? {
        switch token.kind {
        case .operator(let text) where ["<", ">", "<=", ">=", "==", "!="].contains(text): text
        case .keyword(.in): "in"
        case .keyword(.is): "is"
        case .keyword(.not) where index + 1 < tokens.count && tokens[index + 1].kind == .keyword(.in): "not in"
        default: nil
        }
    }

    private mutating func comparison(_ left: Expression, _ first: String) throws(ExpressionError) -> Expression {
        var pairs: [(operation: String, operand: Expression)] = []
        let position = token.position
        while var operation = comparisonOperator() {
            index += operation == "not in" ? 2 : 1
            if operation == "is", take(.not) { operation = "is not" }
            pairs.append((operation, try self.operation(5)))
        }
        return try make(.comparison(left, pairs), at: position, over: [left] + pairs.map(\.operand))
    }

    private mutating func unary() throws(ExpressionError) -> Expression {
        let start = token.position
        guard case .operator(let text) = token.kind, text == "-" || text == "+" || text == "~" else {
            return try power()
        }
        index += 1
        return try nested { parser throws(ExpressionError) in
            let operand = try parser.unary()
            return try parser.make(.unary(text, operand), at: start, over: [operand])
        }
    }

    private mutating func power() throws(ExpressionError) -> Expression {
        let base = try primary()
        let position = token.position
        guard take("**") else { return base }
        return try nested { parser throws(ExpressionError) in
            let exponent = try parser.unary()
            return try parser.make(.binary("**", base, exponent), at: position, over: [base, exponent])
        }
    }

    private mutating func primary() throws(ExpressionError) -> Expression {
        var value = try atom()
        while true {
            let position = token.position
            if take(".") {
                guard case .name(let name) = token.kind else { throw unexpected("a name should follow the dot") }
                let place = token.position
                index += 1
                value = try make(.attribute(value, name), at: place, over: [value])
            } else if take("(") {
                let arguments = try self.arguments()
                value = try make(.call(value, arguments), at: position, over: [value] + arguments.map(\.value))
            } else if take("[") {
                let place = try self.subscripts()
                value = try make(.subscripted(value, place), at: position, over: [value, place])
            } else {
                return value
            }
        }
    }

    private mutating func arguments() throws(ExpressionError) -> [Expression.Argument] {
        var arguments: [Expression.Argument] = []
        while !take(")") {
            if take("*") {
                arguments.append(.init(label: .star, value: try expression()))
            } else if take("**") {
                arguments.append(.init(label: .doubleStar, value: try expression()))
            } else if case .name(let name) = token.kind, tokens[index + 1].kind == .operator("=") {
                index += 2
                arguments.append(.init(label: .keyword(name), value: try expression()))
            } else {
                arguments.append(.init(label: .positional, value: try expression()))
            }
            guard take(",") || isOperator(")") else { throw unexpected("a comma or ')' should be here") }
        }
        return arguments
    }

    private mutating func subscripts() throws(ExpressionError) -> Expression {
        let first = try subscriptItem()
        guard isOperator(",") else {
            try expect("]")
            return first
        }
        var items = [first]
        while take(","), !isOperator("]") { items.append(try subscriptItem()) }
        try expect("]")
        return try make(.tuple(items), at: first.position, over: items)
    }

    private mutating func subscriptItem() throws(ExpressionError) -> Expression {
        let start = token.position
        let lower = isOperator(":") ? nil : try expression()
        guard take(":") else {
            guard let lower else { throw unexpected("an index should be here") }
            return lower
        }
        let upper = isEndOfSlicePart ? nil : try expression()
        let step = take(":") && !isEndOfSlicePart ? try expression() : nil
        return try make(
            .slice(lower: lower, upper: upper, step: step), at: start, over: [lower, upper, step].compactMap { $0 })
    }

    private var isEndOfSlicePart: Bool { isOperator(":") || isOperator("]") || isOperator(",") }
}
