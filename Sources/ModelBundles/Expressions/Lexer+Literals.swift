extension Lexer {
    /// Reads an integer or a floating-point literal.
    mutating func number() throws(ExpressionError) -> Token.Kind {
        let start = index
        if peek() == "0", let letter = peek(1), let radix = Self.radix(letter) {
            index += 2
            let text = try digits(from: start) { Character($0).hexDigitValue.map { $0 < radix } ?? false }
            try requireEndOfNumber(start)
            guard let value = Int(text, radix: radix) else { throw .limit("an integer beyond 64 bits", at: start) }
            return .int(value)
        }
        var text = peek() == "." ? "0" : try digits(from: start, where: Self.isDigit)
        var isInteger = true
        if peek() == "." {
            index += 1
            isInteger = false
            text += "." + (peek().map(Self.isDigit) == true ? try digits(from: start, where: Self.isDigit) : "0")
        }
        if peek() == "e" || peek() == "E" {
            let hasSign = peek(1) == "+" || peek(1) == "-"
            if peek(hasSign ? 2 : 1).map(Self.isDigit) == true {
                isInteger = false
                text += "e" + (hasSign ? String(scalars[index + 1]) : "")
                index += hasSign ? 2 : 1
                text += try digits(from: start, where: Self.isDigit)
            }
        }
        if peek() == "j" || peek() == "J" { throw .unsupported("a complex number", at: start) }
        try requireEndOfNumber(start)
        guard isInteger else { return .double(Double(text) ?? .nan) }
        if text.count > 1, text.hasPrefix("0"), text.contains(where: { $0 != "0" }) {
            throw .invalid("an integer with a zero in front", at: start)
        }
        guard let value = Int(text) else { throw .limit("an integer beyond 64 bits", at: start) }
        return .int(value)
    }

    private static func radix(_ letter: Unicode.Scalar) -> Int? {
        switch letter {
        case "x", "X": 16
        case "o", "O": 8
        case "b", "B": 2
        default: nil
        }
    }

    /// Digits with single underscores between them, without the underscores.
    private mutating func digits(
        from start: Int, where isDigit: (Unicode.Scalar) -> Bool
    ) throws(ExpressionError) -> String {
        var text = ""
        var isUnderscoreAllowed = text.isEmpty && index > start
        while let scalar = peek() {
            if scalar.isASCII, isDigit(scalar) {
                text.unicodeScalars.append(scalar)
                isUnderscoreAllowed = true
            } else if scalar == "_" {
                guard isUnderscoreAllowed, let next = peek(1), next.isASCII, isDigit(next) else {
                    throw .invalid("an underscore that separates no digits", at: index)
                }
                isUnderscoreAllowed = false
            } else {
                break
            }
            index += 1
        }
        guard !text.isEmpty else { throw .invalid("digits should be here", at: index) }
        return text
    }

    private func requireEndOfNumber(_ start: Int) throws(ExpressionError) {
        guard let scalar = peek(), scalar == "_" || scalar.properties.isXIDContinue else { return }
        // `1if x else 2` is Python, if none to write.
        let word = String(String.UnicodeScalarView(scalars[index...].prefix { $0.properties.isXIDContinue }))
        guard ["and", "else", "if", "in", "is", "not", "or"].contains(word) else {
            throw .invalid("a letter right behind a number", at: start)
        }
    }

    /// Reads a string literal from its opening quote on.
    mutating func string(isRaw: Bool) throws(ExpressionError) -> String {
        let start = index
        guard let quote = peek() else { throw .invalid("a string should be here", at: start) }
        let isTriple = peek(1) == quote && peek(2) == quote
        index += isTriple ? 3 : 1
        var text = String.UnicodeScalarView()
        while let scalar = peek() {
            if scalar == quote, !isTriple || peek(1) == quote && peek(2) == quote {
                index += isTriple ? 3 : 1
                return String(text)
            }
            index += 1
            switch scalar {
            case "\\" where isRaw:
                text.append(scalar)
                if let next = peek() {
                    if next == "@" { throw .referenceInLiteral(at: index) }
                    text.append(next)
                    index += 1
                }
            case "\\": try escape(into: &text)
            case "\n" where !isTriple: throw .invalid("a string that does not end on its line", at: start)
            case "@": throw .referenceInLiteral(at: index - 1)
            default: text.append(scalar)
            }
        }
        throw .invalid("a string that does not end", at: start)
    }

    private mutating func escape(into text: inout String.UnicodeScalarView) throws(ExpressionError) {
        let start = index - 1
        guard let scalar = peek() else { throw .invalid("a string that does not end", at: start) }
        index += 1
        switch scalar {
        case "\n": return
        case "\\", "'", "\"": text.append(scalar)
        case "a": text.append("\u{07}")
        case "b": text.append("\u{08}")
        case "f": text.append("\u{0C}")
        case "n": text.append("\n")
        case "r": text.append("\r")
        case "t": text.append("\t")
        case "v": text.append("\u{0B}")
        case "x": text.append(try code(2, radix: 16, from: start))
        case "u": text.append(try code(4, radix: 16, from: start))
        case "U": text.append(try code(8, radix: 16, from: start))
        case "N": throw .unsupported("a character by its Unicode name", at: start)
        case "0"..."7":
            index -= 1
            var count = 1
            while count < 3, let digit = peek(count), ("0"..."7").contains(digit) { count += 1 }
            text.append(try code(count, radix: 8, from: start))
        case "@": throw .referenceInLiteral(at: index - 1)
        default:
            // Python keeps an escape that it does not know as it stands.
            text.append("\\")
            text.append(scalar)
        }
    }

    private mutating func code(_ count: Int, radix: Int, from start: Int) throws(ExpressionError) -> Unicode.Scalar {
        guard index + count <= scalars.count,
            let number = UInt32(String(String.UnicodeScalarView(scalars[index..<index + count])), radix: radix),
            scalars[index..<index + count].allSatisfy({ $0.properties.isASCIIHexDigit })
        else { throw .invalid("a malformed escape", at: start) }
        guard let scalar = Unicode.Scalar(number) else {
            throw .unsupported("an escape that is no character", at: start)
        }
        index += count
        return scalar
    }
}
