/// Makes text of bytes that a peer sent, such that it can do no harm in a log, a terminal or a page.
///
/// Every byte that is no printable ASCII character is written as `\xNN`, so that a title with a line feed in it does
/// not begin a line of the log and one with an escape character does not steer a terminal. All text of a peer passes
/// here where it enters: see `AssociationInfo`, `FileOutcome.comment` and the errors of `AETitle`. UIDs are refused
/// instead where they are not made of digits and dots.
func harmless(_ bytes: some Sequence<UInt8>) -> String {
    var text = ""
    for byte in bytes {
        if (0x20...0x7E).contains(byte) {
            text.unicodeScalars.append(Unicode.Scalar(byte))
        } else {
            let digits = String(byte, radix: 16, uppercase: true)
            text += byte < 0x10 ? "\\x0\(digits)" : "\\x\(digits)"
        }
    }
    return text
}

/// The text of a peer in a fixed array of C characters, which Swift sees as a tuple.
func harmlessText<Characters>(of characters: Characters) -> String {
    withUnsafeBytes(of: characters) { bytes in harmless(bytes.prefix { $0 != 0 }) }
}
