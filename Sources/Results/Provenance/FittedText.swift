internal import DICOM

/// Text that is cut to what its value representation allows (PS3.5 §6.2); never an invalid value.
enum FittedText {
    /// Long String: 64 characters on one line, no backslash.
    static func longString(_ text: String) -> String { fitted(text, 64, keepsLines: false) }

    /// Short Text: 1024 characters.
    static func shortText(_ text: String) -> String { fitted(text, 1024, keepsLines: true) }

    /// Long Text: 10240 characters.
    static func longText(_ text: String) -> String { fitted(text, 10240, keepsLines: true) }

    private static func fitted(_ text: String, _ length: Int, keepsLines: Bool) -> String {
        var scalars = String.UnicodeScalarView()
        for scalar in text.unicodeScalars.prefix(length) {
            switch scalar.value {
            case 0x0A where keepsLines, 0x0D where keepsLines: scalars.append(scalar)
            case 0..<0x20, 0x7F..<0xA0: scalars.append(" ")
            // A backslash separates values in LO, and in multi-byte sets it is no backslash in text either.
            case 0x5C: scalars.append("/")
            default: scalars.append(scalar)
            }
        }
        var result = String(scalars)
        while result.last == " " { result.removeLast() }
        return result
    }
}
