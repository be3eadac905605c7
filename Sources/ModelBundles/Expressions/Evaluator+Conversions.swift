extension Evaluator {
    /// `int`, `float`, `str` and `bool`.
    func converted(_ function: TableFunction, _ arguments: Arguments) throws(ExpressionError) -> Value {
        let position = arguments.position
        guard let first = arguments.positional.first else {
            return switch function {
            case .int: .int(0)
            case .float: .double(0)
            case .str: .string("")
            default: .bool(false)
            }
        }
        guard arguments.positional.count == 1 else {
            throw .unsupported("\(function.rawValue) with more than one argument", at: position)
        }
        switch (function, first) {
        case (.bool, _): return .bool(try truth(of: first, at: position))
        case (.str, _):
            guard let text = Self.text(of: first) else {
                throw .unsupported("the text of a \(first.typeName)", at: position)
            }
            return try made(.string(text), at: position)
        case (.int, .string(let text)):
            try Self.requireASCII(text, at: position)
            guard let digits = Self.digits(text), digits.allSatisfy({ $0 != "." }) else {
                throw .invalid("no integer", at: position)
            }
            guard let number = Int(digits) else { throw .limit("an integer beyond 64 bits", at: position) }
            return .int(number)
        case (.float, .string(let text)):
            try Self.requireASCII(text, at: position)
            return .double(try Self.double(text, at: position))
        case (.int, .double(let number)):
            guard number.isFinite else { throw .invalid("an integer of \(number)", at: position) }
            guard let whole = Int(exactly: number.rounded(.towardZero)) else {
                throw .limit("an integer beyond 64 bits", at: position)
            }
            return .int(whole)
        default:
            guard let number = Self.number(first) else {
                throw .invalid("\(function.rawValue) of a \(first.typeName)", at: position)
            }
            if function == .float { return .double(number.double) }
            guard case .int(let whole) = number else { throw .invalid("no integer", at: position) }
            return .int(whole)
        }
    }

    /// Python also reads the digits of other scripts.
    private static func requireASCII(_ text: String, at position: Int) throws(ExpressionError) {
        let isForeign = text.unicodeScalars.contains { !$0.isASCII && !$0.properties.isWhitespace }
        guard !isForeign else { throw .unsupported("a number in other digits than 0 to 9", at: position) }
    }

    /// The digits of Python's integer text: white space around them is allowed, underscores between them are too.
    private static func digits(_ text: String) -> String? {
        let scalars = text.unicodeScalars
        guard let first = scalars.firstIndex(where: { !$0.properties.isWhitespace }),
            let last = scalars.lastIndex(where: { !$0.properties.isWhitespace })
        else { return nil }
        let body = String(scalars[first...last])
        let unsigned = body.hasPrefix("-") || body.hasPrefix("+") ? body.dropFirst() : body[...]
        let parts = unsigned.split(separator: "_", omittingEmptySubsequences: false)
        guard parts.allSatisfy({ !$0.isEmpty && $0.utf8.allSatisfy((UInt8(ascii: "0")...UInt8(ascii: "9")).contains) })
        else { return nil }
        return (body.hasPrefix("-") ? "-" : "") + parts.joined()
    }

    private static func double(_ text: String, at position: Int) throws(ExpressionError) -> Double {
        let scalars = text.unicodeScalars
        let body = String(
            String.UnicodeScalarView(
                scalars.drop { $0.properties.isWhitespace }.reversed().drop { $0.properties.isWhitespace }.reversed()))
        let unsigned = (body.hasPrefix("-") || body.hasPrefix("+") ? String(body.dropFirst()) : body).lowercased()
        let magnitude: Double?
        switch unsigned {
        case "inf", "infinity": magnitude = .infinity
        case "nan": magnitude = .nan
        case _ where unsigned.utf8.allSatisfy("0123456789.e+-".utf8.contains):
            // Swift reads neither `1.` nor `.5` on every system.
            var whole = unsigned
            if whole.hasPrefix(".") { whole = "0" + whole }
            if whole.hasSuffix(".") { whole += "0" }
            whole = whole.split(separator: ".e", omittingEmptySubsequences: false).joined(separator: ".0e")
            let hasDigits = unsigned.utf8.first { (0x30...0x39).contains($0) || $0 == UInt8(ascii: "e") }
            magnitude = hasDigits == nil || hasDigits == UInt8(ascii: "e") ? nil : Double(whole)
        case _ where unsigned.contains("_"): throw .unsupported("underscores in a number's text", at: position)
        default: magnitude = nil
        }
        guard let magnitude, !unsigned.hasPrefix("-"), !unsigned.hasPrefix("+") else {
            throw .invalid("no number", at: position)
        }
        return body.hasPrefix("-") ? -magnitude : magnitude
    }

    /// What Python's `str` gives for a scalar; nil for what has no text here.
    static func text(of value: Value) -> String? {
        switch value {
        case .none: "None"
        case .bool(let value): value ? "True" : "False"
        case .int(let value): String(value)
        case .double(let value): text(of: value)
        case .string(let text): text
        case .device(let name): name
        case .symbol(let name) where name.hasPrefix("torch.") && TableFunction(rawValue: name) == nil: name
        default: nil
        }
    }

    /// Python's shortest text of a number: `1e+16`, `0.0001`, `1e-05`.
    static func text(of value: Double) -> String {
        guard value.isFinite else { return value.isNaN ? "nan" : value < 0 ? "-inf" : "inf" }
        let parts = value.magnitude.description.split(separator: "e")
        let mantissa = parts[0].split(separator: ".")
        var digits = mantissa.joined()
        // The number is 0.DIGITS times ten to this power.
        var power = mantissa[0].count + (parts.count > 1 ? Int(parts[1]) ?? 0 : 0)
        while digits.count > 1, digits.hasPrefix("0") {
            digits.removeFirst()
            power -= 1
        }
        while digits.count > 1, digits.hasSuffix("0") { digits.removeLast() }
        let sign = value.sign == .minus ? "-" : ""
        if digits == "0" { return sign + "0.0" }
        if power > 16 || power < -3 {
            let exponent = power - 1
            let tail = digits.count > 1 ? "." + digits.dropFirst() : ""
            let size = String(exponent.magnitude)
            return sign + digits.prefix(1) + tail + (exponent < 0 ? "e-" : "e+") + (size.count < 2 ? "0" : "") + size
        }
        if power <= 0 { return sign + "0." + String(repeating: "0", count: -power) + digits }
        if digits.count <= power { return sign + digits + String(repeating: "0", count: power - digits.count) + ".0" }
        return sign + digits.prefix(power) + "." + digits.dropFirst(power)
    }
}
