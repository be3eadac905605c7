internal import CVoxels

/// Resizes images by the two voxels around along each axis, the last axis first, as torch nests them.
struct LinearResizer {
    private let from: [Int]
    private let to: [Int]
    private let axes: [Axis]
    private let isFlat: Bool

    /// For each place of an axis the two voxels that it lies between and how much each counts.
    private struct Axis {
        var low: [Int32]
        var high: [Int32]
        var lowWeight: [Float]
        var highWeight: [Float]

        init(from size: Int, to outSize: Int, alignsCorners: Bool) {
            let axis = ResizedAxis(from: size, to: outSize, alignsCorners: alignsCorners)
            low = axis.low.map { Int32($0) }
            high = size == outSize ? low : low.map { min($0 + 1, Int32(size) - 1) }
            lowWeight = axis.offset.map { 1 - $0 }
            highWeight = axis.offset
        }
    }

    init(from: [Int], to: [Int], alignsCorners: Bool) {
        // The lines of a picture are planes of one line, so that they are shared among the cores.
        isFlat = from.count == 2
        self.from = isFlat ? [from[0], 1, from[1]] : from
        self.to = isFlat ? [to[0], 1, to[1]] : to
        axes = zip(self.from, self.to).map { Axis(from: $0, to: $1, alignsCorners: alignsCorners) }
    }

    func apply(_ tensor: Tensor) -> Tensor {
        let plane = to[1] * to[2]
        let values = tensor.elements.withUnsafeBufferPointer { buffer -> Tensor.Elements in
            guard let input = buffer.baseAddress else { return [] }
            return Slabs.fillLines(tensor.channels * to[0], length: plane) { range, output in
                resize(input, range, into: output)
            }
        }
        return Tensor(shape: [tensor.channels] + (isFlat ? [to[0], to[2]] : to), elements: values)
    }

    /// Makes planes of the result; planes and lines of the input are resized once for all that lie between them.
    private func resize(
        _ input: UnsafePointer<Float>, _ range: Range<Int>, into output: UnsafeMutablePointer<Float>
    ) {
        let plane = to[1] * to[2]
        withUnsafeTemporaryAllocation(of: Float.self, capacity: 2 * plane + 2 * to[2]) { scratch in
            guard let base = scratch.baseAddress else { return }
            var planes = Pair(base, plane)
            var lines = Pair(base + 2 * plane, to[2])
            for item in range {
                let (channel, x) = (item / to[0], item % to[0])
                // Planes are numbered through all channels, so that one is not taken for another's.
                let (low, high) = (channel * from[0] + Int(axes[0].low[x]), channel * from[0] + Int(axes[0].high[x]))
                for index in [low, high] {
                    planes.hold(index, beside: low) { resizePlane(input, index, &lines, into: $0) }
                }
                pvx_mix(
                    planes.buffer(low), planes.buffer(high), axes[0].lowWeight[x], axes[0].highWeight[x], plane,
                    output + item * plane)
            }
        }
    }

    private func resizePlane(
        _ input: UnsafePointer<Float>, _ plane: Int, _ lines: inout Pair, into output: UnsafeMutablePointer<Float>
    ) {
        guard !isFlat else { return resizeLine(input + plane * from[2], into: output) }
        for y in 0..<to[1] {
            let (low, high) = (plane * from[1] + Int(axes[1].low[y]), plane * from[1] + Int(axes[1].high[y]))
            for index in [low, high] {
                lines.hold(index, beside: low) { resizeLine(input + index * from[2], into: $0) }
            }
            pvx_mix(
                lines.buffer(low), lines.buffer(high), axes[1].lowWeight[y], axes[1].highWeight[y], to[2],
                output + y * to[2])
        }
    }

    private func resizeLine(_ line: UnsafePointer<Float>, into output: UnsafeMutablePointer<Float>) {
        let axis = axes[2]
        pvx_mix_picked(line, axis.low, axis.high, axis.lowWeight, axis.highWeight, to[2], output)
    }
}

/// Two buffers that each hold what was made for an index.
private struct Pair {
    private let buffers: (UnsafeMutablePointer<Float>, UnsafeMutablePointer<Float>)
    private var indices = (-1, -1)

    init(_ base: UnsafeMutablePointer<Float>, _ count: Int) {
        buffers = (base, base + count)
    }

    /// Makes what belongs to an index unless it is there, in the place of what belongs to no index needed.
    mutating func hold(_ index: Int, beside needed: Int, _ make: (UnsafeMutablePointer<Float>) -> Void) {
        guard indices.0 != index && indices.1 != index else { return }
        if indices.0 != needed {
            indices.0 = index
            make(buffers.0)
        } else {
            indices.1 = index
            make(buffers.1)
        }
    }

    func buffer(_ index: Int) -> UnsafePointer<Float> {
        UnsafePointer(indices.0 == index ? buffers.0 : buffers.1)
    }
}
