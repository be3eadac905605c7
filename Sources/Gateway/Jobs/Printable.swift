extension String {
    /// The text on one line, for logs, reasons and terminals: what a worker or a peer says must not be able to end a
    /// line, to move the cursor or to turn the direction of writing.
    ///
    /// Control characters (C0, DEL, C1), line and paragraph separators and the marks that steer bidirectional text
    /// come as `\n`, `\t` or `\u{1B}`; what is longer than `limit` characters is cut, and says so.
    func printable(limit: Int = 4000) -> String {
        guard unicodeScalars.contains(where: Self.steers) || unicodeScalars.count > limit else { return self }
        var text = ""
        for (place, scalar) in unicodeScalars.enumerated() {
            if place == limit { return text + " … (cut)" }
            switch scalar {
            case "\n": text += "\\n"
            case "\r": text += "\\r"
            case "\t": text += "\\t"
            case _ where Self.steers(scalar): text += "\\u{\(String(scalar.value, radix: 16, uppercase: true))}"
            default: text.unicodeScalars.append(scalar)
            }
        }
        return text
    }

    private static func steers(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        case 0...0x1F, 0x7F...0x9F, 0x200E, 0x200F, 0x061C, 0x2028...0x202E, 0x2066...0x2069: true
        default: false
        }
    }
}
