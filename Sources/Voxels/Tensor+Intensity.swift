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
        let line = Line(
            start: Float(range.lower), length: Float(range.upper - range.lower),
            isPoint: range.upper - range.lower == 0)
        scale(0..<count, line, lower: lower, upper: upper, clips: clips)
    }

    /// Maps the range between two percentiles to another one, of the whole tensor or of each channel (MONAI
    /// `ScaleIntensityRangePercentiles`, intensity/array.py:1322-1441), as `scale` does.
    ///
    /// The percentiles are float32, and so is their difference. Where a value is not a number none of the result is.
    ///
    /// - Parameter percents: from 0 to 100.
    public mutating func scale(
        percents: (lower: Double, upper: Double), lower: Double?, upper: Double?, clips: Bool, perChannel: Bool
    ) {
        for (index, part) in parts(perChannel: perChannel).enumerated() {
            let channel = perChannel ? index : nil
            guard let ends = percentiles([percents.lower, percents.upper], channel: channel) else { continue }
            let line = Line(start: ends[0], length: ends[1] - ends[0], isPoint: ends[1] - ends[0] == 0)
            scale(part, line, lower: lower, upper: upper, clips: clips)
        }
    }

    /// A range of values that is mapped to another one.
    private struct Line {
        var start: Float
        var length: Float
        var isPoint: Bool
    }

    private mutating func scale(_ part: Range<Int>, _ line: Line, lower: Double?, upper: Double?, clips: Bool) {
        let (start, length) = (line.start, line.length)
        guard !line.isPoint else {
            guard let lower else { return change(part) { $0 - start } }
            let target = Float(lower)
            return change(part) { $0 - start + target }
        }
        let floor = clips ? lower.map { Float($0) } ?? -.infinity : -.infinity
        let ceiling = clips ? upper.map { Float($0) } ?? .infinity : .infinity
        // What is no number compares as false and stays so; the upper end counts where both ends are crossed.
        if let lower, let upper {
            let (factor, offset) = (Float(upper - lower), Float(lower))
            change(part) { value in
                let scaled = (value - start) / length * factor + offset
                let raised = scaled < floor ? floor : scaled
                return raised > ceiling ? ceiling : raised
            }
        } else {
            change(part) { value in
                let scaled = (value - start) / length
                let raised = scaled < floor ? floor : scaled
                return raised > ceiling ? ceiling : raised
            }
        }
    }

    /// Keeps the values above a threshold, or those below it, and sets the others (MONAI `ThresholdIntensity`,
    /// intensity/array.py:949-977).
    ///
    /// - Parameters:
    ///   - threshold: compared in float32; what equals it is not kept, nor is what is no number.
    ///   - filler: what the other values become.
    public mutating func keep(above isAbove: Bool, threshold: Double, filler: Double) {
        let (limit, filler) = (Float(threshold), Float(filler))
        if isAbove {
            change { $0 > limit ? $0 : filler }
        } else {
            change { $0 < limit ? $0 : filler }
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
    /// Mean and deviation are found in float64, where torch adds float32 in an order of its own: results agree to 1e-6
    /// where the mean is not large against the deviation. The larger it is, the more of torch's rounding stays: up to
    /// 2e-5 in images that are nearly constant, where the values here are the more exact ones.
    ///
    /// - Parameters:
    ///   - subtrahends: what is subtracted instead of the mean, a value for each channel or one for all.
    ///   - divisors: what is divided by instead of the deviation, likewise; 0 counts as 1.
    ///   - nonzero: whether zeros are neither counted nor changed.
    public mutating func normalize(
        subtrahends: [Double]?, divisors: [Double]?, nonzero: Bool, perChannel: Bool
    ) {
        for (index, part) in parts(perChannel: perChannel).enumerated() {
            // Nothing is to be found out where both are given.
            let isGiven = subtrahends != nil && divisors != nil
            guard let (mean, deviation) = isGiven ? (0, 1) : moments(part, nonzero: nonzero) else { continue }
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
    func parts(perChannel: Bool) -> [Range<Int>] {
        guard perChannel, channels > 0 else { return [0..<count] }
        let size = count / channels
        return (0..<channels).map { $0 * size..<($0 + 1) * size }
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
