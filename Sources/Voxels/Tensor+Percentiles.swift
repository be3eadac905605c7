extension Tensor {
    /// The value below which a part of all values lies (MONAI `percentile`,
    /// transforms/utils_pytorch_numpy_unification.py:104-136).
    ///
    /// MONAI asks NumPy, which interpolates in float64, for more than a million values and torch, which does so in
    /// float32, for others.
    ///
    /// - Parameters:
    ///   - percents: from 0 to 100.
    ///   - channel: the channel to look at; nil for all values.
    /// - Returns: a value for each of `percents`, not a number where there is such a value among those looked at; nil
    ///   where there are no values.
    public func percentiles(_ percents: [Double], channel: Int? = nil) -> [Float]? {
        let size = count / max(channels, 1)
        let part = channel.map { $0 * size..<($0 + 1) * size } ?? 0..<count
        guard !part.isEmpty else { return nil }
        let places = percents.map { percent in
            part.count > 1_000_000
                ? Place(numpy: percent, count: part.count) : Place(torch: percent, count: part.count)
        }
        let ranks = Set(places.flatMap { [$0.below, $0.above] }).sorted()
        guard let values = elements.withUnsafeBufferPointer({ ordered($0, part, ranks: ranks) }) else {
            return percents.map { _ in .nan }
        }
        let known = Dictionary(uniqueKeysWithValues: zip(ranks, values))
        return places.map { $0.value(known[$0.below] ?? .nan, known[$0.above] ?? .nan) }
    }

    /// The values at ranks of the order of all values in a part; nil where one of those is not a number.
    ///
    /// Two passes count values by the upper and the lower half of their bits, so nothing is sorted or copied.
    private func ordered(
        _ values: UnsafeBufferPointer<Float>, _ part: Range<Int>, ranks: [Int]
    ) -> [Float]? {
        let upper = histogram(part.count, bins: halfBins) { range, bins in
            for i in range { bins[Int(Self.key(values[part.lowerBound + i]) >> 16)] &+= 1 }
        }
        // Beyond the infinities, there are only values that are not numbers.
        let (least, most) = (Int(Self.key(-.infinity) >> 16), Int(Self.key(.infinity) >> 16))
        guard upper[..<least].allSatisfy({ $0 == 0 }), upper[(most + 1)...].allSatisfy({ $0 == 0 }) else { return nil }

        var places: [(bin: Int, rank: Int)] = []
        var (bin, before) = (0, 0)
        for rank in ranks {
            while before + upper[bin] <= rank {
                before += upper[bin]
                bin += 1
            }
            places.append((bin, rank - before))
        }
        let wanted = Array(Set(places.map(\.bin))).sorted()
        var slots = [UInt8](repeating: .max, count: halfBins)
        for (slot, bin) in wanted.enumerated() { slots[bin] = UInt8(slot) }
        let lower = slots.withUnsafeBufferPointer { slots in
            histogram(part.count, bins: wanted.count * halfBins) { range, bins in
                for i in range {
                    let key = Self.key(values[part.lowerBound + i])
                    let slot = slots[Int(key >> 16)]
                    if slot != .max { bins[Int(slot) * halfBins + Int(key & 0xFFFF)] &+= 1 }
                }
            }
        }
        // What shares its upper half with an infinity is not a number.
        for end in [-Float.infinity, .infinity] {
            guard upper[Int(Self.key(end) >> 16)] > 0 else { continue }
            guard !values[part].contains(where: \.isNaN) else { return nil }
        }
        return places.map { place in
            let slot = wanted.firstIndex(of: place.bin) ?? 0
            var (low, rest) = (0, place.rank)
            while rest >= lower[slot * halfBins + low] {
                rest -= lower[slot * halfBins + low]
                low += 1
            }
            return Self.value(UInt32(place.bin) << 16 | UInt32(low))
        }
    }

    /// Adds up the counts of all slabs.
    private func histogram(
        _ count: Int, bins: Int, _ body: (Range<Int>, UnsafeMutablePointer<UInt32>) -> Void
    ) -> [Int] {
        let parts = Slabs.parts(count, grain: 1 << 20) { range in
            var counts = [UInt32](repeating: 0, count: bins)
            counts.withUnsafeMutableBufferPointer { counts in
                if let counts = counts.baseAddress { body(range, counts) }
            }
            return counts
        }
        var sum = [Int](repeating: 0, count: bins)
        for part in parts {
            for bin in 0..<bins { sum[bin] += Int(part[bin]) }
        }
        return sum
    }

    /// An integer that is the greater the greater the value is.
    @inline(__always)
    private static func key(_ value: Float) -> UInt32 {
        let bits = value.bitPattern
        return bits ^ (UInt32(bitPattern: Int32(bitPattern: bits) >> 31) | 0x8000_0000)
    }

    private static func value(_ key: UInt32) -> Float {
        Float(bitPattern: key & 0x8000_0000 == 0 ? ~key : key ^ 0x8000_0000)
    }
}

/// How many values half of a float32's bits have.
private let halfBins = 1 << 16

/// Where a percentile lies between two values of the order of all.
private struct Place {
    var below: Int
    var above: Int
    private var weight: Double
    private var isDouble: Bool

    /// NumPy's rule (lib/_function_base_impl.py:4714, `_quantile` with `linear`).
    init(numpy percent: Double, count: Int) {
        let rank = Double(count - 1) * (percent / 100)
        let isLast = rank >= Double(count - 1)
        below = isLast ? count - 1 : Int(rank)
        above = isLast ? count - 1 : below + 1
        weight = isLast ? 0 : rank - Double(below)
        isDouble = true
    }

    /// torch's rule (aten/src/ATen/native/Sorting.cpp, `quantile_compute`).
    init(torch percent: Double, count: Int) {
        let rank = Float(percent / 100) * Float(count - 1)
        below = Int(rank)
        above = Int(rank.rounded(.up))
        weight = Double(rank - Float(below))
        isDouble = false
    }

    func value(_ below: Float, _ above: Float) -> Float {
        let step = above - below
        if isDouble {
            let (a, b, d) = (Double(below), Double(above), Double(step))
            return Float(weight >= 0.5 ? b - d * (1 - weight) : a + d * weight)
        }
        let weight = Float(weight)
        return weight < 0.5 ? below + weight * step : above - step * (1 - weight)
    }
}
