extension Tensor {
    /// Ways to make one value of those of all channels.
    public enum Reduction: Sendable {
        case sum, mean
        /// What is no number is the largest and the smallest value.
        case maximum, minimum
    }

    /// Makes one channel of all, as torch's `sum`, `mean`, `amax` and `amin` over axis 0 do.
    ///
    /// - Precondition: there is a channel.
    /// - Returns: `[1, …]`.
    public func reducedOverChannels(_ reduction: Reduction) -> Tensor {
        precondition(channels > 0, "\(shape) has no channels")
        let (channels, voxels) = (channels, count / channels)
        let values = elements.withUnsafeBufferPointer { buffer -> Tensor.Elements in
            guard let base = buffer.baseAddress else { return [] }
            return Slabs.fill(voxels) { range, out in
                switch reduction {
                case .sum, .mean:
                    Self.sum(base, channels: channels, voxels: voxels, range, out)
                    guard case .mean = reduction else { return }
                    for i in range { out[i] /= Float(channels) }
                case .maximum:
                    Self.combine(base, channels: channels, voxels: voxels, range, out) {
                        $1 > $0 || $1 != $1 ? $1 : $0
                    }
                case .minimum:
                    Self.combine(base, channels: channels, voxels: voxels, range, out) {
                        $1 < $0 || $1 != $1 ? $1 : $0
                    }
                }
            }
        }
        return Tensor(shape: [1] + spatialShape, elements: values)
    }

    @inline(__always)
    private static func combine(
        _ values: UnsafePointer<Float>, channels: Int, voxels: Int, _ range: Range<Int>,
        _ out: UnsafeMutablePointer<Float>, _ body: (Float, Float) -> Float
    ) {
        for i in range { out[i] = values[i] }
        for channel in 1..<max(channels, 1) {
            let line = values + channel * voxels
            for i in range { out[i] = body(out[i], line[i]) }
        }
    }

    /// Adds channels in the order in which torch does: sixteen, which are then added to those before.
    ///
    /// torch 2.13 aten/src/ATen/native/cpu/SumKernel.cpp, `multi_row_sum`, for up to 65536 channels, whose groups of
    /// groups are added up in the same way.
    private static func sum(
        _ values: UnsafePointer<Float>, channels: Int, voxels: Int, _ range: Range<Int>,
        _ out: UnsafeMutablePointer<Float>
    ) {
        let group = 16
        withUnsafeTemporaryAllocation(of: Float.self, capacity: 4) { levels in
            for i in range {
                levels.update(repeating: 0)
                var channel = 0
                while channel + group <= channels {
                    for _ in 0..<group {
                        levels[0] += values[channel * voxels + i]
                        channel += 1
                    }
                    var (level, mask) = (1, (group - 1) << 4)
                    while level < 4 {
                        levels[level] += levels[level - 1]
                        levels[level - 1] = 0
                        if channel & mask != 0 { break }
                        mask <<= 4
                        level += 1
                    }
                }
                while channel < channels {
                    levels[0] += values[channel * voxels + i]
                    channel += 1
                }
                for level in 1..<4 { levels[0] += levels[level] }
                out[i] = levels[0]
            }
        }
    }
}
