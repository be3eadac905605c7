/// Resizes images of two axes of space by cubic convolution with a = −0.75 (torch `upsample_bicubic2d`).
struct CubicResizer {
    private let from: [Int]
    private let to: [Int]
    private let axes: [Axis]

    /// For each place of an axis the four voxels around it and how much each counts.
    private struct Axis {
        var indices: [Int] = []
        var weights: [Float] = []

        init(from size: Int, to outSize: Int, alignsCorners: Bool) {
            let axis = ResizedAxis(from: size, to: outSize, alignsCorners: alignsCorners, isCubic: true)
            for (low, offset) in zip(axis.low, axis.offset) {
                for tap in -1...2 { indices.append(min(max(low + tap, 0), size - 1)) }
                let (behind, ahead) = (Double(offset), Double(1 - offset))
                weights += [Self.far(behind + 1), Self.near(behind), Self.near(ahead), Self.far(ahead + 1)]
            }
        }

        private static func near(_ x: Double) -> Float { Float((1.25 * x - 2.25) * x * x + 1) }
        private static func far(_ x: Double) -> Float { Float(((-0.75 * x + 3.75) * x - 6) * x + 3) }
    }

    init(from: [Int], to: [Int], alignsCorners: Bool) {
        self.from = from
        self.to = to
        axes = zip(from, to).map { Axis(from: $0, to: $1, alignsCorners: alignsCorners) }
    }

    func apply(_ tensor: Tensor) -> Tensor {
        let (height, width) = (to[0], to[1])
        let lines = tensor.elements.withUnsafeBufferPointer { buffer -> Tensor.Elements in
            guard let input = buffer.baseAddress else { return [] }
            return Slabs.fillLines(tensor.channels * from[0], length: width) { range, output in
                for line in range { alongLine(input + line * from[1], into: output + line * width) }
            }
        }
        let values = lines.withUnsafeBufferPointer { buffer -> Tensor.Elements in
            guard let input = buffer.baseAddress else { return [] }
            return Slabs.fillLines(tensor.channels * height, length: width) { range, output in
                for line in range {
                    let plane = input + line / height * from[0] * width
                    acrossLines(plane, line % height, into: output + line * width)
                }
            }
        }
        return Tensor(shape: [tensor.channels, height, width], elements: values)
    }

    private func alongLine(_ line: UnsafePointer<Float>, into output: UnsafeMutablePointer<Float>) {
        axes[1].indices.withUnsafeBufferPointer { indices in
            axes[1].weights.withUnsafeBufferPointer { weights in
                for place in 0..<to[1] {
                    let tap = place * 4
                    output[place] = Self.sum(
                        (line[indices[tap]], line[indices[tap + 1]], line[indices[tap + 2]], line[indices[tap + 3]]),
                        (weights[tap], weights[tap + 1], weights[tap + 2], weights[tap + 3]))
                }
            }
        }
    }

    private func acrossLines(_ plane: UnsafePointer<Float>, _ row: Int, into output: UnsafeMutablePointer<Float>) {
        let (axis, width, tap) = (axes[0], to[1], row * 4)
        let (first, second) = (plane + axis.indices[tap] * width, plane + axis.indices[tap + 1] * width)
        let (third, fourth) = (plane + axis.indices[tap + 2] * width, plane + axis.indices[tap + 3] * width)
        let weights = (axis.weights[tap], axis.weights[tap + 1], axis.weights[tap + 2], axis.weights[tap + 3])
        for place in 0..<width {
            output[place] = Self.sum((first[place], second[place], third[place], fourth[place]), weights)
        }
    }

    @inline(__always)
    private static func sum(
        _ values: (Float, Float, Float, Float), _ weights: (Float, Float, Float, Float)
    ) -> Float {
        let first = ResizedAxis.fused(values.0, weights.0, values.1 * weights.1)
        return ResizedAxis.fused(values.3, weights.3, ResizedAxis.fused(values.2, weights.2, first))
    }
}
