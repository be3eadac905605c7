/// What is wrong with an expression, and where in its text.
struct ExpressionError: Error {
    enum Kind {
        /// Python would refuse it too.
        case invalid
        /// Python would evaluate it, Portico does not.
        case unsupported
        /// It takes more than the limits give.
        case limit
    }

    var kind: Kind
    var message: String
    /// The index of the Unicode scalar that the caret points at.
    var position: Int
    /// An error of an id that the expression refers to; it is reported as it is.
    var underlying: BundleError?
    /// What to do, where it is not what the kind of error always asks for.
    var advice: String?

    static func invalid(_ message: String, at position: Int) -> ExpressionError {
        ExpressionError(kind: .invalid, message: message, position: position)
    }

    /// MONAI puts the text of Python code into the literal, which fails in one quoted like it and else gives nonsense.
    static func referenceInLiteral(at position: Int) -> ExpressionError {
        ExpressionError(
            kind: .invalid, message: "a reference inside a string literal", position: position,
            advice: "Write it beside the literal, as in 'text' + @id; MONAI would put Python code into the text.")
    }

    static func unsupported(_ message: String, at position: Int) -> ExpressionError {
        ExpressionError(kind: .unsupported, message: message, position: position)
    }

    static func limit(_ message: String, at position: Int) -> ExpressionError {
        ExpressionError(kind: .limit, message: message, position: position)
    }

    /// The error with the id, the expression and a caret below the place.
    func located(id: String, source: [Unicode.Scalar]) -> BundleError {
        if let underlying { return underlying }
        let code: BundleError.Code
        let what: String
        let usual: String
        let setting = "--set " + BundleError.quoted(id + "=…", limit: 200)
        switch kind {
        case .invalid:
            (code, what) = (.evaluation, "the expression cannot be evaluated")
            usual = "It fails in MONAI as well; correct the bundle, or set the id in an overlay."
        case .unsupported:
            (code, what) = (.unsupported, "the expression is outside of what Portico evaluates")
            usual =
                "Give the id its value in an overlay (\(setting)); where it makes the network, export that to "
                + "\(ModelBundle.weightsPath) (python -m monai.bundle ckpt_export)."
        case .limit:
            (code, what) = (.limit, "the expression asks for too much")
            usual = "Give the id its value in an overlay (\(setting))."
        }
        let excerpt = Self.excerpt(source, around: position)
        let text = "\(what): \(message)\n    $\(excerpt.text)\n     \(excerpt.caret)\n\(advice ?? usual)"
        return BundleError(code, text, id: id)
    }

    /// At most 100 characters of one line with the place among them.
    private static func excerpt(_ source: [Unicode.Scalar], around position: Int) -> (text: String, caret: String) {
        let place = min(max(position, 0), source.count)
        let start = max(0, place - 70)
        var text = String.UnicodeScalarView()
        if start > 0 { text += "…".unicodeScalars }
        for scalar in source[start..<min(source.count, start + 100)] {
            text.append(scalar.value < 0x20 || scalar.value == 0x7F ? " " : scalar)
        }
        if start + 100 < source.count { text += "…".unicodeScalars }
        let columns = source[start..<place].reduce(start > 0 ? 1 : 0) { $0 + Self.columns(of: $1) }
        return (String(text), String(repeating: " ", count: columns) + "^")
    }

    /// How many columns of a terminal a scalar takes: none where it joins the one before, two where it is wide (the
    /// ranges of Unicode's EastAsianWidth that are W or F).
    private static func columns(of scalar: Unicode.Scalar) -> Int {
        switch scalar.properties.generalCategory {
        case .nonspacingMark, .enclosingMark, .format: return 0
        default: break
        }
        let wide: [ClosedRange<UInt32>] = [
            0x1100...0x115F, 0x2E80...0x303E, 0x3041...0x4DBF, 0x4E00...0xA4CF, 0xA960...0xA97C, 0xAC00...0xD7A3,
            0xF900...0xFAFF, 0xFE30...0xFE6F, 0xFF00...0xFF60, 0xFFE0...0xFFE6, 0x1F300...0x1F64F, 0x1F680...0x1F6FF,
            0x1F900...0x1F9FF, 0x20000...0x3FFFD,
        ]
        return wide.contains { $0.contains(scalar.value) } ? 2 : 1
    }
}
