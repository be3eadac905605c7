/// The scalars of YAML 1.1 as PyYAML 6 resolves and constructs them.
///
/// So `yes` is true, `010` is 8, `1:30` is 90, and `1e-5` is a string because it has no decimal point.
enum YAMLScalar {
    /// The value of a scalar without quotes and tag.
    static func plain(_ text: String) throws(BundleError) -> ConfigNode.Content {
        switch text {
        case "", "~", "null", "Null", "NULL": return .null
        case "<<":
            throw BundleError(.malformed, "the merge key << is an error in MONAI's configurations")
        case "=":
            throw BundleError(.malformed, "a lone = has no value; write it in quotes")
        default: break
        }
        if let value = bool(text) { return .bool(value) }
        if isFloat(text) { return .double(try float(text)) }
        if isInteger(text) {
            // A decimal one beyond 64 bits is an error only for whoever asks for it, as in JSON.
            let digits = text.filter { $0 != "_" && $0 != "+" }
            let isDecimal = all(unsigned(digits), Self.digits) && !unsigned(digits).hasPrefix("0")
            return isDecimal && Int(digits) == nil ? .string("$" + digits) : .int(try integer(text))
        }
        if isTimestamp(text) {
            throw BundleError(.unsupported, "a date; write it in quotes to have its text")
        }
        return .string(text)
    }

    /// The value of a scalar with a tag.
    static func tagged(_ text: String, tag: String) throws(BundleError) -> ConfigNode.Content {
        switch tag {
        case "tag:yaml.org,2002:str": return .string(text)
        case "tag:yaml.org,2002:null": return .null
        case "tag:yaml.org,2002:bool":
            if let value = bool(text) { return .bool(value) }
        case "tag:yaml.org,2002:int":
            if isInteger(text) { return .int(try integer(text)) }
        case "tag:yaml.org,2002:float":
            if isFloat(text) { return .double(try float(text)) }
            if isInteger(text) { return .double(Double(try integer(text))) }
        default: break
        }
        throw BundleError(.malformed, "the tag \(BundleError.quoted(tag)) does not fit or is not supported")
    }

    private static func bool(_ text: String) -> Bool? {
        switch text {
        case "yes", "Yes", "YES", "true", "True", "TRUE", "on", "On", "ON": true
        case "no", "No", "NO", "false", "False", "FALSE", "off", "Off", "OFF": false
        default: nil
        }
    }

    private static func unsigned(_ text: String) -> Substring {
        text.utf8.first == UInt8(ascii: "-") || text.utf8.first == UInt8(ascii: "+") ? text.dropFirst() : text[...]
    }

    private static func all(_ text: Substring, _ allowed: String) -> Bool {
        text.unicodeScalars.allSatisfy { allowed.unicodeScalars.contains($0) }
    }

    private static let digits = "0123456789"

    /// Whether it is a number in base 60, such as `1:30` or `-12:05:07.5`.
    private static func isSexagesimal(_ text: Substring, fraction: Bool) -> Bool {
        var parts = text.split(separator: ":", omittingEmptySubsequences: false)
        guard parts.count > 1, let first = parts.first, let digit = first.utf8.first else { return false }
        guard (UInt8(ascii: fraction ? "0" : "1")...UInt8(ascii: "9")).contains(digit), all(first, digits + "_") else {
            return false
        }
        if fraction {
            let last = parts.removeLast().split(separator: ".", omittingEmptySubsequences: false)
            guard last.count == 2, all(last[1], digits + "_") else { return false }
            parts.append(last[0])
        }
        return parts.dropFirst().allSatisfy { part in
            all(part, digits) && (part.count == 1 || part.count == 2 && all(part.prefix(1), "012345"))
        }
    }

    private static func isInteger(_ text: String) -> Bool {
        let body = unsigned(text)
        guard let first = body.utf8.first else { return false }
        if body == "0" { return true }
        if first == UInt8(ascii: "0") {
            let rest = body.dropFirst()
            if rest.hasPrefix("b") { return rest.count > 1 && all(rest.dropFirst(), "01_") }
            if rest.hasPrefix("x") { return rest.count > 1 && all(rest.dropFirst(), digits + "abcdefABCDEF_") }
            return all(rest, "01234567_")
        }
        guard (UInt8(ascii: "1")...UInt8(ascii: "9")).contains(first) else { return false }
        return all(body, digits + "_") || isSexagesimal(body, fraction: false)
    }

    private static func integer(_ text: String) throws(BundleError) -> Int {
        let sign = text.hasPrefix("-") ? "-" : ""
        let body = unsigned(text.filter { $0 != "_" })
        let number: Int? =
            if body.hasPrefix("0b") {
                Int(sign + body.dropFirst(2), radix: 2)
            } else if body.hasPrefix("0x") {
                Int(sign + body.dropFirst(2), radix: 16)
            } else if body.contains(":") {
                base60(body).flatMap { sign.isEmpty ? $0 : -$0 }
            } else if body.hasPrefix("0") {
                Int(sign + body, radix: 8)
            } else {
                Int(sign + body)
            }
        guard let number else { throw BundleError(.limit, "an integer that is malformed or beyond 64 bits") }
        return number
    }

    private static func base60(_ text: Substring) -> Int? {
        var result = 0
        for part in text.split(separator: ":") {
            guard let digit = Int(part) else { return nil }
            let (product, isTooLarge) = result.multipliedReportingOverflow(by: 60)
            let (sum, isSumTooLarge) = product.addingReportingOverflow(digit)
            guard !isTooLarge, !isSumTooLarge else { return nil }
            result = sum
        }
        return result
    }

    private static func isFloat(_ text: String) -> Bool {
        let body = unsigned(text)
        switch body {
        case ".inf", ".Inf", ".INF": return true
        case ".nan", ".NaN", ".NAN": return body.count == text.count
        default: break
        }
        if isSexagesimal(body, fraction: true) { return true }
        guard let point = body.firstIndex(of: ".") else { return false }
        let whole = body[..<point]
        var fraction = body[body.index(after: point)...]
        if let exponent = fraction.firstIndex(where: { $0 == "e" || $0 == "E" }) {
            // The sign of the exponent is not optional in YAML 1.1.
            let power = fraction[fraction.index(after: exponent)...]
            guard power.count > 1, power.hasPrefix("+") || power.hasPrefix("-"), all(power.dropFirst(), digits) else {
                return false
            }
            fraction = fraction[..<exponent]
        }
        guard all(fraction, digits + "_") else { return false }
        if whole.isEmpty {
            // `.5` is a number, `-.5`, `._5` and `.` are not.
            return body.count == text.count && fraction.first.map { $0.isASCII && $0.isNumber } == true
        }
        return all(whole, digits + "_") && !whole.hasPrefix("_")
    }

    private static func float(_ text: String) throws(BundleError) -> Double {
        let isNegative = text.hasPrefix("-")
        let body = unsigned(text.filter { $0 != "_" }).lowercased()
        let magnitude: Double?
        switch body {
        case ".inf": magnitude = .infinity
        case ".nan": magnitude = .nan
        case _ where body.contains(":"):
            // PyYAML adds from the last part on, in floating point.
            var base = 1.0
            var sum = 0.0
            for part in body.split(separator: ":").reversed() {
                sum += (Double(part) ?? .nan) * base
                base *= 60
            }
            magnitude = sum
        default:
            magnitude =
                Double(body.hasSuffix(".") ? body + "0" : body)
                ?? Double(body.replacing(".e", with: ".0e"))
        }
        guard let magnitude else { throw BundleError(.malformed, "a number that cannot be read") }
        return isNegative ? -magnitude : magnitude
    }

    /// `2024-01-31`, alone or with a time behind it.
    private static func isTimestamp(_ text: String) -> Bool {
        let parts = text.split(separator: "-", maxSplits: 2, omittingEmptySubsequences: false)
        guard parts.count == 3, parts[0].count == 4, all(parts[0], digits), let third = parts.last else { return false }
        guard (1...2).contains(parts[1].count), all(parts[1], digits) else { return false }
        let day = third.prefix { $0.isASCII && $0.isNumber }
        guard (1...2).contains(day.count) else { return false }
        let rest = third.dropFirst(day.count)
        if rest.isEmpty { return parts[1].count == 2 && day.count == 2 }
        return rest.hasPrefix("T") || rest.hasPrefix("t") || rest.hasPrefix(" ") ? rest.contains(":") : false
    }
}
