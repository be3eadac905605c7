/// How MONAI finds ids in strings: `#` is `::`, and a reference is `@(?:\w*)(?:::\w*)*`.
///
/// MONAI 1.6.1 bundle/reference_resolver.py:56 and 206-281, bundle/config_parser.py:689-725.
enum ReferencePattern {
    /// The separator of ids.
    static let separator = "::"

    /// Whether Python's `\w` matches.
    static func isWord(_ scalar: Unicode.Scalar) -> Bool {
        if scalar.isASCII {
            return scalar == "_" || scalar.properties.isAlphabetic || scalar.properties.numericType != nil
        }
        switch scalar.properties.generalCategory {
        case .uppercaseLetter, .lowercaseLetter, .titlecaseLetter, .modifierLetter, .otherLetter: return true
        default: return scalar.properties.numericType != nil
        }
    }

    /// Writes `#` as `::`, which MONAI does to every string of a configuration.
    static func normalized(_ text: String) -> String {
        guard text.utf8.contains(UInt8(ascii: "#")) else { return text }
        var bytes: [UInt8] = []
        bytes.reserveCapacity(text.utf8.count + 16)
        for byte in text.utf8 {
            if byte == UInt8(ascii: "#") { bytes += separator.utf8 } else { bytes.append(byte) }
        }
        return String(decoding: bytes, as: UTF8.self)
    }

    /// Where the reference that starts with the `@` at an index ends.
    static func end(in scalars: [Unicode.Scalar], at start: Int) -> Int {
        var index = start + 1
        while index < scalars.count, isWord(scalars[index]) { index += 1 }
        while index + 1 < scalars.count, scalars[index] == ":", scalars[index + 1] == ":" {
            index += 2
            while index < scalars.count, isWord(scalars[index]) { index += 1 }
        }
        return index
    }

    /// The id that a plain string refers to: nil unless the whole string is one reference.
    static func reference(_ text: String) -> String? {
        guard text.utf8.first == UInt8(ascii: "@") else { return nil }
        let scalars = Array(text.unicodeScalars)
        return end(in: scalars, at: 0) == scalars.count ? String(text.unicodeScalars.dropFirst()) : nil
    }

    /// Writes relative ids (`@#x`, `%##y`) as absolute ones.
    ///
    /// One separator means the level of the string itself, which stands at `id`. What the text grows by counts, since
    /// three characters can become an id.
    static func absolute(_ text: String, at id: String, budget: NodeBudget) throws(BundleError) -> String {
        let text = normalized(text)
        guard text.utf8.contains(UInt8(ascii: ":")) else { return text }
        let scalars = Array(text.unicodeScalars)
        lazy var levels = parts(of: id)
        var result = ""
        var index = 0
        while index < scalars.count {
            let scalar = scalars[index]
            result.unicodeScalars.append(scalar)
            index += 1
            guard scalar == "@" || scalar == "%" else { continue }
            var count = 0
            while index + 1 < scalars.count, scalars[index] == ":", scalars[index + 1] == ":" {
                count += 1
                index += 2
            }
            guard count > 0 else { continue }
            guard count <= levels.count else {
                throw BundleError(
                    .unknownID,
                    "the relative id in \(BundleError.quoted(text)) goes up \(count - 1) levels, but there are "
                        + "only \(levels.count - 1) above it", id: id)
            }
            if count < levels.count {
                let above = levels.dropLast(count).joined(separator: separator) + separator
                try budget.takeText(above.utf8.count)
                result += above
            }
        }
        return result
    }

    /// The parts of an id; an id has at least one, which may be empty.
    static func parts(of id: String) -> [String] {
        var parts: [String] = []
        var part = String.UnicodeScalarView()
        var scalars = id.unicodeScalars[...]
        while let scalar = scalars.popFirst() {
            if scalar == ":", scalars.first == ":" {
                scalars.removeFirst()
                parts.append(String(part))
                part = String.UnicodeScalarView()
            } else {
                part.append(scalar)
            }
        }
        parts.append(String(part))
        return parts
    }

    /// The id of a member.
    static func child(_ key: String, of id: String) -> String { id.isEmpty ? key : id + separator + key }
}
