/// Computes the voxels around an image that lies within a larger array, as `numpy.pad` does: axis by axis, each along
/// lines that hold what the axes before added.
struct PaddedFrame {
    private let channels: Int
    private let inner: [Int]
    private let before: [Int]
    private let outer: [Int]
    private let holdsIntegers: Bool

    init(channels: Int, inner: [Int], before: [Int], outer: [Int], holdsIntegers: Bool) {
        let missing = Array(repeating: 1, count: 3 - inner.count)
        self.channels = channels
        self.inner = missing + inner
        self.before = missing.map { _ in 0 } + before
        self.outer = missing + outer
        self.holdsIntegers = holdsIntegers
    }

    /// Fills what is around the image.
    func fill(_ values: inout Tensor.Elements, _ padding: Padding) {
        for axis in 0..<3 where outer[axis] > inner[axis] {
            values.withUnsafeMutableBufferPointer { buffer in
                guard let base = buffer.baseAddress else { return }
                switch padding {
                case .statistic(let statistic): fill(base, axis, statistic)
                case .linearRamp:
                    ramp(base, axis, from: before[axis], outwards: -1, width: before[axis])
                    let last = before[axis] + inner[axis] - 1
                    ramp(base, axis, from: last, outwards: 1, width: outer[axis] - 1 - last)
                case .constant, .reflect, .symmetric, .replicate, .circular: break
                }
            }
        }
    }

    private func stride(_ axis: Int) -> Int { outer[(axis + 1)...].reduce(1, *) }

    /// The number of lines along an axis, and where each begins.
    private func lines(_ axis: Int) -> (count: Int, start: (Int) -> Int) {
        let leading = channels * outer[..<axis].reduce(1, *)
        let later = Array(axis + 1..<3)
        let trailing = later.reduce(1) { $0 * inner[$1] }
        let stride = stride(axis)
        return (
            leading * trailing,
            { line in
                var (start, rest) = (line / trailing * outer[axis] * stride, line % trailing)
                for other in later.reversed() {
                    start += (rest % inner[other] + before[other]) * self.stride(other)
                    rest /= inner[other]
                }
                return start
            }
        )
    }

    private func fill(_ base: UnsafeMutablePointer<Float>, _ axis: Int, _ statistic: Padding.Statistic) {
        // NumPy adds float32 values in pairs where they lie side by side, and one by one where they do not.
        let isTogether = inner[(axis + 1)...].allSatisfy { $0 == 1 }
        if axis < 2, !isTogether, statistic != .median, statistic != .mean || !holdsIntegers {
            return fillRows(base, axis, statistic)
        }
        let stride = stride(axis)
        let (count, start) = lines(axis)
        let length = inner[axis]
        Slabs.perform(count, grain: max(1, (1 << 14) / length)) { range in
            withUnsafeTemporaryAllocation(of: Float.self, capacity: length) { line in
                for index in range {
                    let first = base + start(index)
                    let image = first + before[axis] * stride
                    for place in 0..<length { line[place] = image[place * stride] }
                    let value = Self.value(line, statistic, inPairs: isTogether, holdsIntegers: holdsIntegers)
                    for place in 0..<before[axis] { first[place * stride] = value }
                    for place in before[axis] + length..<outer[axis] { first[place * stride] = value }
                }
            }
        }
    }

    /// Does the same for lines along the first or second axis, as many at a time as lie side by side.
    private func fillRows(_ base: UnsafeMutablePointer<Float>, _ axis: Int, _ statistic: Padding.Statistic) {
        let (stride, width) = (stride(axis), inner[2])
        let (count, start) = lines(axis)
        Slabs.perform(count / width) { range in
            withUnsafeTemporaryAllocation(of: Float.self, capacity: width) { values in
                for index in range {
                    let first = base + start(index * width)
                    for column in 0..<width { values[column] = first[before[axis] * stride + column] }
                    for place in before[axis] + 1..<before[axis] + inner[axis] {
                        Self.combine(values, first + place * stride, statistic)
                    }
                    if statistic == .mean {
                        for column in 0..<width { values[column] /= Float(inner[axis]) }
                    }
                    for place in 0..<outer[axis] where place < before[axis] || place >= before[axis] + inner[axis] {
                        for column in 0..<width { first[place * stride + column] = values[column] }
                    }
                }
            }
        }
    }

    private static func combine(
        _ values: UnsafeMutableBufferPointer<Float>, _ row: UnsafePointer<Float>, _ statistic: Padding.Statistic
    ) {
        switch statistic {
        case .mean: for column in values.indices { values[column] += row[column] }
        case .maximum:
            for column in values.indices {
                let value = row[column]
                values[column] = value > values[column] || value != value ? value : values[column]
            }
        case .minimum:
            for column in values.indices {
                let value = row[column]
                values[column] = value < values[column] || value != value ? value : values[column]
            }
        case .median: preconditionFailure("a median needs all values at once")
        }
    }

    private static func value(
        _ line: UnsafeMutableBufferPointer<Float>, _ statistic: Padding.Statistic, inPairs: Bool, holdsIntegers: Bool
    ) -> Float {
        switch statistic {
        case .maximum: return line.reduce(line[0]) { $1 > $0 || $1.isNaN ? $1 : $0 }
        case .minimum: return line.reduce(line[0]) { $1 < $0 || $1.isNaN ? $1 : $0 }
        case .mean:
            if holdsIntegers {
                return Float((line.reduce(0.0) { $0 + Double($1) } / Double(line.count)).rounded(.toNearestOrEven))
            }
            let sum = inPairs ? pairwiseSum(line[...]) : line.reduce(0, +)
            return sum / Float(line.count)
        case .median:
            if line.contains(where: \.isNaN) { return .nan }
            var line = line
            line.sort()
            let (low, high) = (line[(line.count - 1) / 2], line[line.count / 2])
            guard !holdsIntegers else { return Float(((Double(low) + Double(high)) / 2).rounded(.toNearestOrEven)) }
            return line.count % 2 == 1 ? high : (low + high) / 2
        }
    }

    /// Adds values as NumPy's `pairwise_sum` does: halves of more than 128, eight sums within each.
    private static func pairwiseSum(_ values: Slice<UnsafeMutableBufferPointer<Float>>) -> Float {
        let (start, count) = (values.startIndex, values.count)
        guard count >= 8 else { return values.reduce(0, +) }
        guard count <= 128 else {
            let half = count / 2 - count / 2 % 8
            return pairwiseSum(values[start..<start + half]) + pairwiseSum(values[(start + half)...])
        }
        var sums = (0..<8).map { values[start + $0] }
        var place = 8
        while place + 8 <= count {
            for lane in 0..<8 { sums[lane] += values[start + place + lane] }
            place += 8
        }
        var sum = ((sums[0] + sums[1]) + (sums[2] + sums[3])) + ((sums[4] + sums[5]) + (sums[6] + sums[7]))
        while place < count {
            sum += values[start + place]
            place += 1
        }
        return sum
    }

    /// Writes a ramp from the image's edge to zero, with the arithmetic of `numpy.linspace` in float64.
    private func ramp(_ base: UnsafeMutablePointer<Float>, _ axis: Int, from edge: Int, outwards: Int, width: Int) {
        guard width > 0 else { return }
        let stride = stride(axis)
        let (count, start) = lines(axis)
        // One edge voxel whose step is zero makes NumPy divide before it multiplies, for all of them.
        let dividesFirst = (0..<count).contains { Double(base[start($0) + edge * stride]) / Double(width) == 0 }
        Slabs.perform(count, grain: max(1, (1 << 14) / width)) { range in
            for index in range {
                let line = base + start(index)
                let height = Double(line[edge * stride])
                for step in 0..<width {
                    let value =
                        dividesFirst ? Double(step) / Double(width) * height : Double(step) * (height / Double(width))
                    let place = edge + outwards * (width - step)
                    line[place * stride] = Float(holdsIntegers ? value.rounded(.down) : value)
                }
            }
        }
    }
}
