/// Rounding of float32 without the processor's instruction for it, which the build does not assume: without it each value
/// is a call into the library.
///
/// Adding 2²³ to what is smaller leaves no bits for a fraction, and rounds it half to even.
enum Rounding {
    /// The nearest integer, half to even; −0 for what is rounded to 0 from below, as torch has it.
    @inline(__always)
    static func halfToEven(_ value: Float) -> Float {
        let magnitude = value.magnitude
        let rounded = (magnitude + limit) - limit
        return signed(magnitude < limit ? rounded : magnitude, as: value)
    }

    /// The value without its fraction.
    @inline(__always)
    static func towardZero(_ value: Float) -> Float {
        let magnitude = value.magnitude
        let rounded = (magnitude + limit) - limit
        let cut = rounded > magnitude ? rounded - 1 : rounded
        return signed(magnitude < limit ? cut : magnitude, as: value)
    }

    /// From here on there are no fractions. What is no number is not less.
    private static let limit = Float(0x1p23)

    @inline(__always)
    private static func signed(_ magnitude: Float, as value: Float) -> Float {
        Float(bitPattern: magnitude.bitPattern | value.bitPattern & 0x8000_0000)
    }
}
