internal import DICOM

/// Text that is cut to what its value representation allows (PS3.5 §6.2); never an invalid value.
///
/// The standard counts characters, validators and old archives count bytes; text that is short in UTF-8 bytes pleases
/// both. Cut text ends with three ASCII dots.
enum FittedText {
    /// Long String: 64 bytes on one line, no backslash.
    static func longString(_ text: String) -> String { fitted(text, 64, keepsLines: false) }

    /// Long String that ends with a suffix, whatever is cut before it.
    static func longString(_ text: String, suffix: String) -> String {
        fitted(text, 64 - suffix.utf8.count, keepsLines: false) + suffix
    }

    /// Short Text: 1024 bytes.
    static func shortText(_ text: String) -> String { fitted(text, 1024, keepsLines: true) }

    /// Long Text: 10240 bytes.
    static func longText(_ text: String) -> String { fitted(text, 10240, keepsLines: true) }

    private static func fitted(_ text: String, _ bytes: Int, keepsLines: Bool) -> String {
        let clean = trimmed(cleaned(text, keepsLines: keepsLines))
        guard clean.utf8.count > bytes else { return clean }
        let dots = "..."
        return trimmed(prefix(clean, max(0, bytes - dots.count))) + dots
    }

    private static func cleaned(_ text: String, keepsLines: Bool) -> String {
        var scalars = String.UnicodeScalarView()
        for scalar in text.unicodeScalars {
            switch scalar.value {
            case 0x0A where keepsLines, 0x0D where keepsLines: scalars.append(scalar)
            case 0..<0x20, 0x7F..<0xA0: scalars.append(" ")
            // A backslash separates values in LO, and in multi-byte sets it is no backslash in text either.
            case 0x5C: scalars.append("/")
            default: scalars.append(scalar)
            }
        }
        return String(scalars)
    }

    /// Whole characters, or whole code points where the first character alone is longer.
    private static func prefix(_ text: String, _ bytes: Int) -> String {
        var result = ""
        var count = 0
        for character in text {
            count += character.utf8.count
            if count > bytes { break }
            result.append(character)
        }
        if !result.isEmpty { return result }
        var scalars = String.UnicodeScalarView()
        count = 0
        for scalar in text.unicodeScalars {
            count += UTF8.width(scalar)
            if count > bytes { break }
            scalars.append(scalar)
        }
        return String(scalars)
    }

    /// Without the blanks around it, which mean nothing.
    private static func trimmed(_ text: String) -> String {
        var rest = Substring(text)
        while rest.first == " " { rest.removeFirst() }
        while rest.last == " " { rest.removeLast() }
        return String(rest)
    }
}
