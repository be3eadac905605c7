extension Tensor {
    /// Maps one range of values to another (MONAI `ScaleIntensityRange`, intensity/array.py:980-1034).
    ///
    /// Each step is rounded to float32: minus `from.lower`, over the range's length, times the other's length, plus its
    /// beginning. The lengths are differences of float64. Where the first range is a point, values are moved to the
    /// other's beginning and not clipped.
    ///
    /// - Parameters:
    ///   - lower, upper: the other range; the last two steps are left out where one is nil.
    ///   - clips: whether values end at those of `lower` and `upper` that are given.
    public mutating func scale(
        from range: (lower: Double, upper: Double), lower: Double?, upper: Double?, clips: Bool
    ) {
        let (start, length) = (Float(range.lower), Float(range.upper - range.lower))
        guard range.upper - range.lower != 0 else {
            let target = Float(lower ?? 0)
            return change { $0 - start + target }
        }
        let floor = clips ? lower.map { Float($0) } ?? -.infinity : -.infinity
        let ceiling = clips ? upper.map { Float($0) } ?? .infinity : .infinity
        // What is no number compares as false and stays so; the upper end counts where both ends are crossed.
        if let lower, let upper {
            let (factor, offset) = (Float(upper - lower), Float(lower))
            change { value in
                let scaled = (value - start) / length * factor + offset
                let raised = scaled < floor ? floor : scaled
                return raised > ceiling ? ceiling : raised
            }
        } else {
            change { value in
                let scaled = (value - start) / length
                let raised = scaled < floor ? floor : scaled
                return raised > ceiling ? ceiling : raised
            }
        }
    }

    /// Stretches the values of the whole tensor, or of each channel, to a range (MONAI `rescale_array`,
    /// transforms/utils.py:232-260).
    ///
    /// Values that are all equal are multiplied by `lower`, or left alone where it is nil.
    public mutating func stretch(lower: Double?, upper: Double?, perChannel: Bool) {
        for part in parts(perChannel: perChannel) {
            guard let (least, most) = extremes(part) else { continue }
            if least == most {
                guard let lower else { continue }
                let factor = Float(lower)
                change(part) { $0 * factor }
            } else if let lower, let upper {
                let (factor, offset) = (Float(upper - lower), Float(lower))
                change(part) { ($0 - least) / (most - least) * factor + offset }
            } else {
                change(part) { ($0 - least) / (most - least) }
            }
        }
    }

    /// Multiplies every value.
    public mutating func multiply(by factor: Double) {
        let factor = Float(factor)
        change { $0 * factor }
    }

    /// Subtracts the mean and divides by the standard deviation of the population (MONAI `NormalizeIntensity`,
    /// intensity/array.py:837-946).
    ///
    /// Mean and deviation are found in float64, where torch adds float32 in an order of its own: results agree to 1e-6.
    ///
    /// - Parameters:
    ///   - subtrahends: what is subtracted instead of the mean, a value for each channel or one for all.
    ///   - divisors: what is divided by instead of the deviation, likewise; 0 counts as 1.
    ///   - nonzero: whether zeros are neither counted nor changed.
    public mutating func normalize(
        subtrahends: [Double]?, divisors: [Double]?, nonzero: Bool, perChannel: Bool
    ) {
        for (index, part) in parts(perChannel: perChannel).enumerated() {
            guard let (mean, deviation) = moments(part, nonzero: nonzero) else { continue }
            let subtrahend = Float(subtrahends.map { $0.count == 1 ? $0[0] : $0[index] } ?? mean)
            let given = Float(divisors.map { $0.count == 1 ? $0[0] : $0[index] } ?? deviation)
            let divisor = given == 0 ? 1 : given
            if nonzero {
                change(part) { $0 == 0 ? $0 : ($0 - subtrahend) / divisor }
            } else {
                change(part) { ($0 - subtrahend) / divisor }
            }
        }
    }

    /// The ranges of values that are looked at together.
    private func parts(perChannel: Bool) -> [Range<Int>] {
        guard perChannel, channels > 0 else { return [0..<count] }
        let size = count / channels
        return (0..<channels).map { $0 * size..<($0 + 1) * size }
    }

    /// The least and the largest value; not a number where there is one among them, nil where there are no values.
    private func extremes(_ part: Range<Int>) -> (Float, Float)? {
        guard !part.isEmpty else { return nil }
        return elements.withUnsafeBufferPointer { values in
            var (least, most) = (values[part.lowerBound], values[part.lowerBound])
            for i in part {
                let value = values[i]
                least = value < least || value.isNaN ? value : least
                most = value > most || value.isNaN ? value : most
            }
            return (least, most)
        }
    }

    private func moments(_ part: Range<Int>, nonzero: Bool) -> (mean: Double, deviation: Double)? {
        elements.withUnsafeBufferPointer { values in
            var (number, sum, squares) = (0.0, 0.0, 0.0)
            for i in part where !(nonzero && values[i] == 0) {
                number += 1
                sum += Double(values[i])
            }
            guard number > 0 else { return nil }
            let mean = sum / number
            for i in part where !(nonzero && values[i] == 0) {
                squares += (Double(values[i]) - mean) * (Double(values[i]) - mean)
            }
            return (mean, (squares / number).squareRoot())
        }
    }

    @inline(__always)
    private mutating func change(_ body: (Float) -> Float) {
        change(0..<count, body)
    }

    @inline(__always)
    private mutating func change(_ part: Range<Int>, _ body: (Float) -> Float) {
        elements.withUnsafeMutableBufferPointer { buffer in
            guard let base = buffer.baseAddress else { return }
            Slabs.perform(part.count, grain: 1 << 14) { range in
                for i in part.lowerBound + range.lowerBound..<part.lowerBound + range.upperBound {
                    base[i] = body(base[i])
                }
            }
        }
    }
}
