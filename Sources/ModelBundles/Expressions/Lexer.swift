/// A token of an expression with the index of its first Unicode scalar.
struct Token {
    enum Kind: Equatable {
        case name(String)
        case keyword(Keyword)
        case int(Int)
        case double(Double)
        case string(String)
        /// `@a::b` with the id behind the `@`.
        case reference(String)
        case `operator`(String)
        case end
    }

    enum Keyword: String {
        case and, or, not, `if`, `else`, `in`, `is`, lambda, `for`
        case none = "None"
        case `true` = "True"
        case `false` = "False"
        case `await`, `yield`, `async`, `from`, `import`, `as`, `assert`, `break`, `class`, `continue`, def, del, elif
        case except, finally, global, nonlocal, pass, raise, `return`, `try`, `while`, with
    }

    var kind: Kind
    var position: Int
    /// The index behind its last scalar.
    var end: Int
}

/// Cuts an expression into tokens as Python does, with MONAI's references among them.
struct Lexer {
    let scalars: [Unicode.Scalar]
    var index = 0
    private var nesting = 0
    /// Where nothing but white space follows.
    private let textEnd: Int

    /// All tokens; the last one is `.end`.
    ///
    /// - Parameter isPart: whether the text may stand in brackets, where lines end anywhere.
    static func tokens(of scalars: [Unicode.Scalar], isPart: Bool = false) throws(ExpressionError) -> [Token] {
        var lexer = Lexer(scalars: scalars)
        if isPart { lexer.nesting = 1 }
        try lexer.skipFirstLines()
        var tokens: [Token] = []
        while true {
            let token = try lexer.next()
            tokens.append(token)
            if token.kind == .end { return tokens }
        }
    }

    private init(scalars: [Unicode.Scalar]) {
        self.scalars = scalars
        textEnd = (scalars.lastIndex { !" \t\u{0C}\n\r".unicodeScalars.contains($0) } ?? -1) + 1
    }

    func peek(_ offset: Int = 0) -> Unicode.Scalar? {
        index + offset < scalars.count ? scalars[index + offset] : nil
    }

    /// Skips empty lines; the first line with a token must not be indented, or Python refuses it.
    private mutating func skipFirstLines() throws(ExpressionError) {
        var line = index
        while let scalar = peek() {
            switch scalar {
            case "\n", "\r":
                index += 1
                line = index
            case " ", "\t", "\u{0C}": index += 1
            default:
                guard line == index else { throw .invalid("unexpected indent", at: line) }
                return
            }
        }
    }

    private mutating func next() throws(ExpressionError) -> Token {
        try skipSpace()
        let start = index
        guard let scalar = peek() else { return Token(kind: .end, position: start, end: start) }
        let kind = try kind(startingWith: scalar)
        return Token(kind: kind, position: start, end: index)
    }

    private mutating func skipSpace() throws(ExpressionError) {
        while let scalar = peek() {
            if scalar == " " || scalar == "\t" || scalar == "\u{0C}" {
                index += 1
            } else if scalar == "\\", peek(1) == "\n" {
                index += 2
            } else if scalar == "\n" || scalar == "\r" {
                if nesting == 0, index < textEnd {
                    throw .invalid("a second line outside of brackets", at: index)
                }
                index += 1
            } else {
                return
            }
        }
    }

    private mutating func kind(startingWith scalar: Unicode.Scalar) throws(ExpressionError) -> Token.Kind {
        if scalar == "@" { return try reference() }
        if Self.isDigit(scalar) || scalar == "." && peek(1).map(Self.isDigit) == true { return try number() }
        if scalar == "'" || scalar == "\"" { return .string(try string(isRaw: false)) }
        if scalar == "_" || scalar.properties.isXIDStart { return try word() }
        return .operator(try operatorText())
    }

    static func isDigit(_ scalar: Unicode.Scalar) -> Bool { ("0"..."9").contains(scalar) }

    private mutating func reference() throws(ExpressionError) -> Token.Kind {
        let start = index
        // MONAI puts text in the reference's place, which would run into a word before it.
        if start > 0, ReferencePattern.isWord(scalars[start - 1]) {
            throw .invalid("a reference right behind a word", at: start)
        }
        index = ReferencePattern.end(in: scalars, at: start)
        return .reference(String(String.UnicodeScalarView(scalars[start + 1..<index])))
    }

    private mutating func word() throws(ExpressionError) -> Token.Kind {
        let start = index
        while let scalar = peek(), scalar == "_" || scalar.properties.isXIDContinue { index += 1 }
        let text = String(String.UnicodeScalarView(scalars[start..<index]))
        if let quote = peek(), quote == "'" || quote == "\"" {
            switch text.lowercased() {
            case "r": return .string(try string(isRaw: true))
            case "u": return .string(try string(isRaw: false))
            case "f", "rf", "fr": throw try formatted(at: start)
            case "b", "br", "rb": throw .unsupported("a bytes literal", at: start)
            default: break
            }
        }
        if let keyword = Token.Keyword(rawValue: text) { return .keyword(keyword) }
        // Python's identifiers are equal when their NFKC forms are; the table has ASCII names only.
        guard text.utf8.allSatisfy({ $0 < 0x80 }) else {
            throw .unsupported("a name outside of ASCII", at: start)
        }
        return .name(text)
    }

    private func formatted(at start: Int) throws(ExpressionError) -> ExpressionError {
        let hasReference = scalars[start...].contains("@")
        return hasReference
            ? .referenceInLiteral(at: start)
            : .unsupported("a formatted string; join the parts with + instead", at: start)
    }

    private static let operators = [
        "...", "**", "//", "<<", ">>", "<=", ">=", "==", "!=", ":=", "->",
        "+", "-", "*", "/", "%", "<", ">", "(", ")", "[", "]", "{", "}", ",", ":", ".", "=", "&", "|", "^", "~",
    ].map { Array($0.unicodeScalars) }

    private mutating func operatorText() throws(ExpressionError) -> String {
        for candidate in Self.operators where scalars[index...].starts(with: candidate) {
            index += candidate.count
            let text = String(String.UnicodeScalarView(candidate))
            switch text {
            case "(", "[", "{": nesting += 1
            case ")", "]", "}": nesting -= 1
            default: break
            }
            return text
        }
        throw .invalid("a character that begins nothing", at: index)
    }
}
