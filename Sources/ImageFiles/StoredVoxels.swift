/// A number type that voxels are stored in.
protocol StoredNumber: BitwiseCopyable, AdditiveArithmetic {
    /// The value as numpy's `astype(float32)` gives it.
    var float: Float { get }
    var double: Double { get }
    var swapped: Self { get }
    /// The value cut towards zero as numpy's `astype` does, or nothing where the type can't hold it.
    static func make(_ value: Float) -> Self?
}

extension StoredNumber where Self: FixedWidthInteger {
    @inline(__always) var float: Float { Float(self) }
    @inline(__always) var double: Double { Double(self) }
    @inline(__always) var swapped: Self { byteSwapped }

    @inline(__always) static func make(_ value: Float) -> Self? {
        // What is cut to `min` lies above `min − 1`, which a float32 can't tell from `min` in the wide types.
        let least = Float(min)
        let end = Float(sign: .plus, exponent: bitWidth - (isSigned ? 1 : 0), significand: 1)
        guard value >= least || value > least - 1, value < end else { return nil }
        return Self(value)
    }
}

extension Int8: StoredNumber {}
extension Int16: StoredNumber {}
extension Int32: StoredNumber {}
extension Int64: StoredNumber {}
extension UInt8: StoredNumber {}
extension UInt16: StoredNumber {}
extension UInt32: StoredNumber {}
extension UInt64: StoredNumber {}

extension Float: StoredNumber {
    @inline(__always) var float: Float { self }
    @inline(__always) var double: Double { Double(self) }
    @inline(__always) var swapped: Float { Float(bitPattern: bitPattern.byteSwapped) }
    @inline(__always) static func make(_ value: Float) -> Float? { value }
}

extension Double: StoredNumber {
    @inline(__always) var float: Float { Float(self) }
    @inline(__always) var double: Double { self }
    @inline(__always) var swapped: Double { Double(bitPattern: bitPattern.byteSwapped) }
    @inline(__always) static func make(_ value: Float) -> Double? { Double(value) }
}
