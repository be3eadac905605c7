/// A rule for the length of an axis: integers, `p`, `n`, `+ - * / // ** %` and parentheses.
///
/// MONAI takes the same (MONAI 1.6.1 bundle/scripts.py:162-167, utils/safeeval.py:22-38) and cuts what is behind the
/// point of the result. It calculates in 32 bits and wraps around; here a number that large is an error.
public struct SpatialRule: Sendable {
    /// The rule as the file has it.
    public let text: String

    private let expression: Expression

    /// Whether the rule has a variable.
    private let uses: (p: Bool, n: Bool)

    /// The longest rule in UTF-8 bytes.
    static let textLength = 64

    /// How far a variable is tried where a rule cannot be solved for it.
    public static let searchLimit = 65_535

    /// How far n is tried where a rule can be solved for neither variable.
    static let pairSearchLimit = 1023

    /// Reads a rule.
    ///
    /// - Throws: `BundleError` with what is wrong in it.
    public init(_ text: String) throws(BundleError) {
        self.text = text
        guard text.utf8.count <= Self.textLength else {
            throw BundleError(.limit, "a rule for a length has more than \(Self.textLength) bytes")
        }
        do {
            let parsed = try ExpressionParser.parse(Array(ConfigNode.stripped(text).unicodeScalars))
            expression = parsed.0
            var uses = (p: false, n: false)
            try Self.check(expression, uses: &uses)
            self.uses = uses
        } catch {
            throw BundleError(
                .metadata, "\(BundleError.quoted(text)) is no rule for a length: \(error.message)")
        }
    }

    /// The length, if the rule is nothing but digits.
    var literal: Int? {
        guard case .constant(.int(let length)) = expression.kind else { return nil }
        return length
    }

    /// Refuses everything that MONAI's allow-list does not have.
    private static func check(_ part: Expression, uses: inout (p: Bool, n: Bool)) throws(ExpressionError) {
        switch part.kind {
        case .constant(.int), .constant(.double): break
        case .name("p"): uses.p = true
        case .name("n"): uses.n = true
        case .name(let name): throw .invalid("it may use p and n, not \(BundleError.quoted(name))", at: part.position)
        case .unary("-", let operand), .unary("+", let operand): try check(operand, uses: &uses)
        case .binary("+", let left, let right), .binary("-", let left, let right), .binary("*", let left, let right),
            .binary("/", let left, let right), .binary("//", let left, let right), .binary("**", let left, let right),
            .binary("%", let left, let right):
            try check(left, uses: &uses)
            try check(right, uses: &uses)
        default: throw .invalid("it may use numbers, p, n, + - * / // ** % and parentheses", at: part.position)
        }
    }

    // MARK: Lengths

    /// The length for a choice of the variables.
    ///
    /// - Throws: `BundleError` where there is no such length: a division by zero, a negative one, one beyond 32 bits.
    public func length(p: Int, n: Int) throws(BundleError) -> Int {
        guard let line = line(p: Line(Fraction(p)), n: Line(Fraction(n))) else {
            throw BundleError(
                .metadata,
                "the rule \(BundleError.quoted(text)) gives no number of 64 bits for p = \(p) and n = \(n)")
        }
        let length = line.constant.truncated
        guard (0...Int(Int32.max)).contains(length) else {
            throw BundleError(
                .limit, "the rule \(BundleError.quoted(text)) gives the length \(length) for p = \(p) and n = \(n)")
        }
        return length
    }

    /// Whether some p and n from 0 on give a length, 1 or more.
    func admits(_ length: Int) -> Bool {
        guard length <= Int(Int32.max) else { return false }
        let variable = Line(constant: Fraction(0), slope: Fraction(1))
        let isLine = (p: Self.degree(of: expression, in: "p") < 2, n: Self.degree(of: expression, in: "n") < 2)
        // Most rules are a straight line in one variable whatever the other one is, and a line can be solved.
        if isLine.n, uses.n || !isLine.p {
            return (0...(uses.p ? Self.searchLimit : 0)).contains {
                line(p: Line(Fraction($0)), n: variable)?.reaches(length) == true
            }
        }
        if isLine.p {
            return (0...(uses.n ? Self.searchLimit : 0)).contains {
                line(p: variable, n: Line(Fraction($0)))?.reaches(length) == true
            }
        }
        // Powers of two beyond the 62nd do not fit.
        return (0...62).contains { p in
            (0...Self.pairSearchLimit).contains { n in
                line(p: Line(Fraction(p)), n: Line(Fraction(n)))?.constant.truncated == length
            }
        }
    }

    /// 0 for what does not vary with a variable, 1 for a straight line, 2 for everything else.
    private static func degree(of part: Expression, in variable: String) -> Int {
        switch part.kind {
        case .name(let name): return name == variable ? 1 : 0
        case .unary(_, let operand): return degree(of: operand, in: variable)
        case .binary(let operation, let left, let right):
            let (left, right) = (degree(of: left, in: variable), degree(of: right, in: variable))
            switch operation {
            case "+", "-": return max(left, right)
            case "*": return min(left + right, 2)
            case "/": return right == 0 ? left : 2
            default: return left + right == 0 ? 0 : 2
            }
        default: return 0
        }
    }

    private func line(p: Line, n: Line) -> Line? { Self.line(of: expression, p: p, n: n) }

    /// The value of a part as a line in the variable; nil where it is none, or does not fit into 64 bits.
    private static func line(of part: Expression, p: Line, n: Line) -> Line? {
        switch part.kind {
        case .constant(.int(let value)): return Line(Fraction(value))
        case .constant(.double(let value)): return Fraction(decimal: value).map { Line($0) }
        case .name("p"): return p
        case .name("n"): return n
        case .unary(let sign, let operand):
            let line = line(of: operand, p: p, n: n)
            return sign == "-" ? line.flatMap { Line(Fraction(-1)).times($0) } : line
        case .binary(let operation, let left, let right):
            guard let left = line(of: left, p: p, n: n), let right = line(of: right, p: p, n: n) else { return nil }
            return left.combined(with: right, operation)
        default: return nil
        }
    }
}

extension SpatialRule: Hashable {
    /// Whether two rules are written alike.
    public static func == (left: SpatialRule, right: SpatialRule) -> Bool { left.text == right.text }

    /// Hashes the text.
    public func hash(into hasher: inout Hasher) { hasher.combine(text) }
}
