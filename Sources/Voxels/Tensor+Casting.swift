extension Tensor {
    /// Cuts the fraction off each value (torch `to` with a type of integers).
    ///
    /// - Parameter range: the integers that the type holds. torch leaves it open what becomes of values beyond them, and
    ///   of what is no number.
    /// - Throws: `ComputationError.integer` where a value does not fit; the tensor is as it was then.
    public mutating func truncate(to range: ClosedRange<Int>) throws(ComputationError) {
        let (fits, isWhole) = compare(with: range)
        guard fits else { throw .integer(range) }
        // Most images that are cast hold whole numbers already.
        guard !isWhole else { return }
        Slabs.change(&elements) { range, values in
            for i in range { values[i] = Rounding.towardZero(values[i]) }
        }
    }

    /// Makes 1 of each value that is not 0, also of what is no number (torch `to` with `bool`).
    public mutating func makeTruth() {
        Slabs.change(&elements) { range, values in
            for i in range { values[i] = values[i] == 0 ? 0 : 1 }
        }
    }

    /// Multiplies integers by another one, and goes round where the product leaves their type, as torch does.
    ///
    /// - Parameter range: the integers that the type holds, a power of two in number.
    public mutating func multiply(by factor: Int, wrappingIn range: ClosedRange<Int>) {
        wrap(in: range) { $0 &* factor }
    }

    /// Subtracts an integer from integers, and goes round where the difference leaves their type, as torch does.
    ///
    /// - Parameter range: the integers that the type holds, a power of two in number.
    public mutating func subtract(_ number: Int, wrappingIn range: ClosedRange<Int>) {
        wrap(in: range) { $0 &- number }
    }

    private mutating func wrap(in range: ClosedRange<Int>, _ body: (Int) -> Int) {
        let (lower, mask) = (range.lowerBound, range.count - 1)
        Slabs.change(&elements) { slab, values in
            for i in slab { values[i] = Float((body(Int(values[i])) &- lower) & mask &+ lower) }
        }
    }

    /// Whether each value is one of the range once its fraction is cut off, and whether none has a fraction.
    private func compare(with range: ClosedRange<Int>) -> (fits: Bool, isWhole: Bool) {
        // Exact in float32: the limits are powers of two, or one less than those up to 2²⁴.
        let (lower, upper) = (Float(range.lowerBound - 1), Float(range.upperBound + 1))
        return elements.withUnsafeBufferPointer { values in
            let parts = Slabs.parts(values.count) { slab in
                Self.compare(UnsafeBufferPointer(rebasing: values[slab]), lower, upper)
            }
            return (parts.allSatisfy(\.fits), parts.allSatisfy(\.isWhole))
        }
    }

    private static func compare(
        _ values: UnsafeBufferPointer<Float>, _ lower: Float, _ upper: Float
    ) -> (fits: Bool, isWhole: Bool) {
        var (misfits, fractions) = (SIMD16<Int32>.zero, SIMD16<Int32>.zero)
        let (width, limit) = (Lanes.scalarCount, Float(0x1p23))
        let whole = values.count / width * width
        let bytes = UnsafeRawBufferPointer(values)
        for i in stride(from: 0, to: whole, by: width) {
            let lanes = bytes.loadUnaligned(fromByteOffset: 4 * i, as: Lanes.self)
            misfits.replace(with: 1, where: .!((lanes .> lower) .& (lanes .< upper)))
            // From 2²³ on there are no fractions; below, adding that much rounds them away.
            let bits = unsafeBitCast(lanes, to: SIMD16<UInt32>.self) & 0x7FFF_FFFF
            let magnitudes = unsafeBitCast(bits, to: Lanes.self)
            let rounded = (magnitudes + limit) - limit
            fractions.replace(with: 1, where: (rounded .!= magnitudes) .& (magnitudes .< limit))
        }
        var (fits, isWhole) = (misfits == .zero, fractions == .zero)
        for value in values[whole...] {
            if !(value > lower && value < upper) { fits = false }
            if Rounding.towardZero(value) != value { isWhole = false }
        }
        return (fits, isWhole)
    }
}

/// As many values as are compared at a time.
private typealias Lanes = SIMD16<Float>
