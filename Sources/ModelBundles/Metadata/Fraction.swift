/// An exact fraction; what does not fit into 64 bits is nil.
struct Fraction: Equatable {
    let numerator: Int
    /// 1 or more, without a common divisor.
    let denominator: Int

    init(_ value: Int) {
        numerator = value
        denominator = 1
    }

    init?(_ numerator: Int, over denominator: Int) {
        guard denominator != 0, numerator != .min, denominator != .min else { return nil }
        var (divisor, rest) = (abs(numerator), abs(denominator))
        while rest != 0 { (divisor, rest) = (rest, divisor % rest) }
        self.numerator = numerator / divisor * denominator.signum()
        self.denominator = abs(denominator) / divisor
    }

    /// A number of at most six digits behind the point.
    init?(decimal value: Double) {
        let scaled = value * 1e6
        guard let numerator = Int(exactly: scaled.rounded()), abs(scaled - scaled.rounded()) < 1e-3 else { return nil }
        self.init(numerator, over: 1_000_000)
    }

    /// The whole number without what is behind the point, as Python's `int` gives it.
    var truncated: Int { numerator / denominator }

    /// The next whole number below.
    var floor: Int { numerator / denominator - (numerator % denominator < 0 ? 1 : 0) }

    /// The next whole number above.
    var ceiling: Int { numerator / denominator + (numerator % denominator > 0 ? 1 : 0) }

    func plus(_ other: Fraction) -> Fraction? {
        guard let left = Self.product(numerator, other.denominator),
            let right = Self.product(other.numerator, denominator),
            let below = Self.product(denominator, other.denominator)
        else { return nil }
        let (sum, overflow) = left.addingReportingOverflow(right)
        return overflow ? nil : Fraction(sum, over: below)
    }

    func times(_ other: Fraction) -> Fraction? {
        guard let above = Self.product(numerator, other.numerator),
            let below = Self.product(denominator, other.denominator)
        else { return nil }
        return Fraction(above, over: below)
    }

    func divided(by other: Fraction) -> Fraction? {
        Fraction(other.denominator, over: other.numerator).flatMap(times)
    }

    /// The power of a whole number from 0 on; MONAI refuses negative ones.
    func power(_ exponent: Fraction) -> Fraction? {
        guard exponent.denominator == 1, exponent.numerator >= 0 else { return nil }
        var (result, square, rest) = (Fraction(1), self, exponent.numerator)
        while rest > 0 {
            if rest & 1 == 1 {
                guard let product = result.times(square) else { return nil }
                result = product
            }
            rest >>= 1
            guard rest > 0 else { break }
            guard let next = square.times(square) else { return nil }
            square = next
        }
        return result
    }

    private static func product(_ left: Int, _ right: Int) -> Int? {
        let (product, overflow) = left.multipliedReportingOverflow(by: right)
        return overflow ? nil : product
    }
}

/// A straight line over one variable, a constant where the slope is 0.
struct Line {
    var constant: Fraction
    var slope: Fraction

    init(constant: Fraction, slope: Fraction) {
        self.constant = constant
        self.slope = slope
    }

    init(_ constant: Fraction) { self.init(constant: constant, slope: Fraction(0)) }

    private var isConstant: Bool { slope.numerator == 0 }

    func times(_ other: Line) -> Line? {
        guard isConstant || other.isConstant, let constant = constant.times(other.constant),
            let slope = isConstant ? self.constant.times(other.slope) : slope.times(other.constant)
        else { return nil }
        return Line(constant: constant, slope: slope)
    }

    private func plus(_ other: Line) -> Line? {
        guard let constant = constant.plus(other.constant), let slope = slope.plus(other.slope) else { return nil }
        return Line(constant: constant, slope: slope)
    }

    /// What a Python operator makes of two lines; nil where that is no line or does not fit.
    func combined(with other: Line, _ operation: String) -> Line? {
        switch operation {
        case "+": return plus(other)
        case "-": return Line(Fraction(-1)).times(other).flatMap(plus)
        case "*": return times(other)
        case "/":
            guard other.isConstant else { return nil }
            return Fraction(1).divided(by: other.constant).flatMap { Line($0).times(self) }
        case "//", "%":
            guard isConstant, other.isConstant, let quotient = constant.divided(by: other.constant) else { return nil }
            let whole = Fraction(quotient.floor)
            guard operation == "%" else { return Line(whole) }
            return Fraction(-1).times(other.constant).flatMap(whole.times).flatMap(constant.plus).map { Line($0) }
        case "**":
            guard isConstant, other.isConstant else { return nil }
            return constant.power(other.constant).map { Line($0) }
        default: return nil
        }
    }

    /// Whether some whole value of the variable from 0 on gives a length, 1 or more, once its fraction is cut off.
    func reaches(_ length: Int) -> Bool {
        guard !isConstant else { return constant.truncated == length }
        guard let below = Fraction(-1).times(constant)?.plus(Fraction(length))?.divided(by: slope) else { return false }
        // The values from `length` up to the next whole number count, and the first of them lies nearest to it.
        let value = max(0, slope.numerator > 0 ? below.ceiling : below.floor)
        return slope.times(Fraction(value))?.plus(constant)?.truncated == length
    }
}
