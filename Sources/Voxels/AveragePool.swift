/// Makes each voxel the mean of those that it covers (torch `adaptive_avg_pool`, which `interpolate` takes for `area`).
struct AveragePool {
    private let from: [Int]
    private let to: [Int]
    private let ranges: [[Range<Int>]]
    private let rank: Int

    init(from: [Int], to: [Int]) {
        rank = from.count
        let missing = Array(repeating: 1, count: 3 - from.count)
        self.from = missing + from
        self.to = missing + to
        ranges = zip(self.from, self.to).map { size, outSize in
            (0..<outSize).map { $0 * size / outSize..<(($0 + 1) * size + outSize - 1) / outSize }
        }
    }

    func apply(_ tensor: Tensor) -> Tensor {
        let plane = to[1] * to[2]
        let values = tensor.elements.withUnsafeBufferPointer { buffer -> Tensor.Elements in
            guard let input = buffer.baseAddress else { return [] }
            let volume = from[0] * from[1] * from[2]
            return Tensor.Elements(unsafeUninitializedCapacity: tensor.channels * to[0] * plane) { out, initialized in
                guard let output = out.baseAddress else { return }
                Slabs.perform(tensor.channels * to[0]) { items in
                    for item in items {
                        let xs = ranges[0][item % to[0]]
                        pool(input + item / to[0] * volume, xs, into: output + item * plane)
                    }
                }
                initialized = tensor.channels * to[0] * plane
            }
        }
        return Tensor(shape: [tensor.channels] + to.suffix(rank), elements: values)
    }

    /// Makes a plane; values are added in float32 one after another, and divided by each length, as torch does.
    private func pool(_ volume: UnsafePointer<Float>, _ xs: Range<Int>, into output: UnsafeMutablePointer<Float>) {
        let columns = ranges[2]
        columns.withUnsafeBufferPointer { columns in
            for y in 0..<to[1] {
                let ys = ranges[1][y]
                let line = output + y * to[2]
                for z in 0..<to[2] { line[z] = 0 }
                for x in xs {
                    for row in ys {
                        let source = volume + (x * from[1] + row) * from[2]
                        for z in 0..<to[2] {
                            var sum = line[z]
                            for place in columns[z] { sum += source[place] }
                            line[z] = sum
                        }
                    }
                }
                let (depth, height) = (Float(xs.count), Float(ys.count))
                for z in 0..<to[2] {
                    let mean = rank == 3 ? line[z] / depth / height : line[z] / height
                    line[z] = mean / Float(columns[z].count)
                }
            }
        }
    }
}
