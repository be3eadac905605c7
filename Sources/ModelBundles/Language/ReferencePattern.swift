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
        return text.split(separator: "#", omittingEmptySubsequences: false).joined(separator: separator)
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
    /// One separator means the level of the string itself, which stands at `id`.
    static func absolute(_ text: String, at id: String) throws(BundleError) -> String {
        let text = normalized(text)
        guard text.utf8.contains(UInt8(ascii: ":")) else { return text }
        let scalars = Array(text.unicodeScalars)
        let levels = parts(of: id)
        var result = String.UnicodeScalarView()
        var index = 0
        while index < scalars.count {
            let scalar = scalars[index]
            result.append(scalar)
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
                result += (levels.dropLast(count).joined(separator: separator) + separator).unicodeScalars
            }
        }
        return String(result)
    }

    /// The parts of an id; an id has at least one, which may be empty.
    static func parts(of id: String) -> [String] {
        var parts: [String] = []
        var rest = id[...]
        while let range = rest.firstRange(of: separator) {
            parts.append(String(rest[..<range.lowerBound]))
            rest = rest[range.upperBound...]
        }
        parts.append(String(rest))
        return parts
    }

    /// The id of a member.
    static func child(_ key: String, of id: String) -> String { id.isEmpty ? key : id + separator + key }
}
