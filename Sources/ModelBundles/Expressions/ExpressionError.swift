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

    static func invalid(_ message: String, at position: Int) -> ExpressionError {
        ExpressionError(kind: .invalid, message: message, position: position)
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
        let advice: String
        switch kind {
        case .invalid:
            (code, what) = (.evaluation, "the expression cannot be evaluated")
            advice = "It fails in MONAI as well; correct the bundle, or set the id in an overlay."
        case .unsupported:
            (code, what) = (.unsupported, "the expression is outside of what Portico evaluates")
            advice = "Give the id its value in an overlay (--set '\(id)=…'), or export the bundle without it."
        case .limit:
            (code, what) = (.limit, "the expression asks for too much")
            advice = "Give the id its value in an overlay (--set '\(id)=…')."
        }
        let excerpt = Self.excerpt(source, around: position)
        let text = "\(what): \(message)\n    $\(excerpt.text)\n     \(excerpt.caret)\n\(advice)"
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
        return (String(text), String(repeating: " ", count: place - start + (start > 0 ? 1 : 0)) + "^")
    }
}
