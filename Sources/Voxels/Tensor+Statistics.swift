internal import CVoxels

extension Tensor {
    /// The least and the largest value; not a number where there is one among them, nil where there are no values.
    public func extremes() -> (least: Float, most: Float)? { extremes(0..<count) }

    /// The sum of a channel's values, added up in float64.
    public func sum(channel: Int) -> Double {
        let size = count / max(channels, 1)
        return sum(of: channel * size..<(channel + 1) * size).sum
    }

    /// The extremes of a part of the values.
    func extremes(_ part: Range<Int>) -> (least: Float, most: Float)? {
        guard !part.isEmpty else { return nil }
        return elements.withUnsafeBufferPointer { values in
            let found = Slabs.parts(part.count) { slab in
                let range = part.lowerBound + slab.lowerBound..<part.lowerBound + slab.upperBound
                return Self.extremes(UnsafeBufferPointer(rebasing: values[range]))
            }
            return found.dropFirst().reduce(found[0]) { known, next in
                (Self.less(known.least, next.least), Self.more(known.most, next.most))
            }
        }
    }

    private static func extremes(_ values: UnsafeBufferPointer<Float>) -> (least: Float, most: Float) {
        let width = Lanes.scalarCount
        var (least, most) = (values[0], values[0])
        let whole = values.count / width * width
        if whole > 0 {
            let raw = UnsafeRawPointer(values.baseAddress.unsafelyUnwrapped)
            var low = raw.loadUnaligned(as: Lanes.self)
            var high = low
            for i in stride(from: width, to: whole, by: width) {
                let next = raw.loadUnaligned(fromByteOffset: 4 * i, as: Lanes.self)
                // What is no number stays, because nothing is less than it or more.
                let isNoNumber = next .!= next
                low.replace(with: next, where: (next .< low) .| isNoNumber)
                high.replace(with: next, where: (next .> high) .| isNoNumber)
            }
            for lane in 0..<width { (least, most) = (less(least, low[lane]), more(most, high[lane])) }
        }
        for i in whole..<values.count { (least, most) = (less(least, values[i]), more(most, values[i])) }
        return (least, most)
    }

    private static func less(_ a: Float, _ b: Float) -> Float { b < a || b.isNaN ? b : a }

    private static func more(_ a: Float, _ b: Float) -> Float { b > a || b.isNaN ? b : a }

    /// Mean and deviation of the population, added up in float64; nil where there are no values to look at.
    func moments(_ part: Range<Int>, nonzero: Bool) -> (mean: Double, deviation: Double)? {
        let first = sum(of: part, skipsZeros: nonzero)
        guard first.number > 0 else { return nil }
        let mean = first.sum / first.number
        let second = sum(of: part, less: mean, squared: true, skipsZeros: nonzero)
        return (mean, (second.sum / first.number).squareRoot())
    }

    /// The number of values and their sum, of each slab and then of all.
    private func sum(
        of part: Range<Int>, less shift: Double = 0, squared: Bool = false, skipsZeros: Bool = false
    ) -> (number: Double, sum: Double) {
        elements.withUnsafeBufferPointer { buffer in
            guard let values = buffer.baseAddress else { return (0, 0) }
            let parts = Slabs.parts(part.count) { slab -> (number: Double, sum: Double) in
                var (number, sum) = (0.0, 0.0)
                pvx_sum(
                    values + part.lowerBound + slab.lowerBound, slab.count, shift, squared ? 1 : 0,
                    skipsZeros ? 1 : 0, &number, &sum)
                return (number, sum)
            }
            return parts.reduce(into: (0, 0)) { total, part in
                total.number += part.number
                total.sum += part.sum
            }
        }
    }
}

/// As many values as are compared at a time.
private typealias Lanes = SIMD16<Float>
