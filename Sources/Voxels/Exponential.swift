/// e to the power of a float32, with the roundings of SLEEF's `expf`, which torch calls for softmax and sigmoid on
/// processors that fuse multiplications with additions (error below one unit in the last place).
///
/// The power of two nearest to the result is split off, ln 2 being subtracted in two parts, and a polynomial of the
/// sixth degree gives the rest.
enum Exponential {
    @inline(__always)
    static func of(_ x: Float) -> Float {
        let (magic, logTwoE) = (Float(0x1.8p23), Float(1.442695040888963407))
        let shifted = x * logTwoE + magic
        let power = Int32(truncatingIfNeeded: shifted.bitPattern) &- Int32(truncatingIfNeeded: magic.bitPattern)
        let whole = shifted - magic
        let first = fused(whole, -0.693145751953125, x)
        let rest = fused(whole, -1.428606765330187045e-06, first)
        var sum = fused(0.000198527617612853646278381, rest, 0.00139304355252534151077271)
        sum = fused(sum, rest, 0.00833336077630519866943359)
        sum = fused(sum, rest, 0.0416664853692054748535156)
        sum = fused(sum, rest, 0.166666671633720397949219)
        sum = fused(sum, rest, 0.5)
        let mantissa = 1 + fused(rest * rest, sum, rest)
        // Two factors, because one alone could not hold the powers of the smallest and largest results.
        let half = power >> 1
        let scaled = (mantissa * powerOfTwo(half)) * powerOfTwo(power &- half)
        return x < -104 ? 0 : x > 100 ? .infinity : scaled
    }

    /// `a · b + c` with one rounding but for one case in 10⁹: the product of two float32 values is exact in float64.
    ///
    /// Without the processor's instruction, which the build does not assume, `fmaf` is a call into the library.
    @inline(__always)
    private static func fused(_ a: Float, _ b: Float, _ c: Float) -> Float {
        Float(Double(a) * Double(b) + Double(c))
    }

    @inline(__always)
    private static func powerOfTwo(_ power: Int32) -> Float {
        Float(bitPattern: UInt32(truncatingIfNeeded: (power &+ 127) << 23))
    }
}
