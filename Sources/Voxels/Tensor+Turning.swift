extension Tensor {
    /// Flips and permutes the three spatial axes of `[C, X, Y, Z]`, every channel alike; in place where axes only flip.
    ///
    /// - Parameter orientation: for each axis the axis that it becomes and whether it is flipped.
    /// - Precondition: there are four axes.
    public mutating func turn(by orientation: Orientation) {
        precondition(shape.count == 4, "\(shape) is not [C, X, Y, Z]")
        guard count > 0 else { return reshape([channels] + orientation.turned(spatialShape)) }
        if orientation.axes == [0, 1, 2] {
            if orientation.flips.contains(true) { flip(orientation.flips) }
        } else {
            self = permuted(by: orientation)
        }
    }

    /// Exchanges each line along Z with its mirror image; every pair is handled where its first line is met.
    private mutating func flip(_ flips: [Bool]) {
        let (rows, length) = (shape[1] * shape[2], shape[3])
        let (sizeX, sizeY) = (shape[1], shape[2])
        let lines = channels * rows
        elements.withUnsafeMutableBufferPointer { buffer in
            guard let base = buffer.baseAddress else { return }
            Slabs.perform(lines, grain: max(1, (1 << 14) / length)) { range in
                for line in range {
                    let (channel, row) = (line / rows, line % rows)
                    let (x, y) = (row / sizeY, row % sizeY)
                    let mirrored = (flips[0] ? sizeX - 1 - x : x) * sizeY + (flips[1] ? sizeY - 1 - y : y)
                    guard row <= mirrored else { continue }
                    let first = base + line * length
                    let second = base + (channel * rows + mirrored) * length
                    if row == mirrored {
                        if flips[2] { Self.exchange(first, first, length / 2, last: length - 1) }
                    } else if flips[2] {
                        Self.exchange(first, second, length, last: length - 1)
                    } else {
                        for z in 0..<length { (first[z], second[z]) = (second[z], first[z]) }
                    }
                }
            }
        }
    }

    /// Exchanges the first values of a line with the last ones of another.
    private static func exchange(
        _ first: UnsafeMutablePointer<Float>, _ second: UnsafeMutablePointer<Float>, _ count: Int, last: Int
    ) {
        for z in 0..<count { (first[z], second[last - z]) = (second[last - z], first[z]) }
    }

    private func permuted(by orientation: Orientation) -> Tensor {
        let sizes = spatialShape
        let outSizes = orientation.turned(sizes)
        let strides = [sizes[1] * sizes[2], sizes[2], 1]
        var outStrides = [0, 0, 0]
        var origin = 0
        for axis in 0..<3 {
            let step = orientation.flips[axis] ? -strides[axis] : strides[axis]
            outStrides[orientation.axes[axis]] = step
            if orientation.flips[axis] { origin += (sizes[axis] - 1) * strides[axis] }
        }
        let values = Tensor.gathered(
            elements, channels: channels, volume: sizes[0] * sizes[1] * sizes[2], shape: outSizes,
            origin: origin, strides: outStrides)
        return Tensor(shape: [channels] + outSizes, elements: values)
    }

    /// Reads values at regular strides.
    private static func gathered(
        _ values: [Float], channels: Int, volume: Int, shape: [Int], origin: Int, strides: [Int]
    ) -> [Float] {
        let (n0, n1, n2) = (shape[0], shape[1], shape[2])
        let (s0, s1, s2) = (strides[0], strides[1], strides[2])
        // A tile keeps the cache lines of a column that lies across memory until its neighbours are read too.
        let tile = 32
        return values.withUnsafeBufferPointer { buffer in
            guard let input = buffer.baseAddress else { return [] }
            return [Float](unsafeUninitializedCapacity: channels * volume) { out, initialized in
                guard let output = out.baseAddress else { return }
                Slabs.perform(channels * n0) { planes in
                    for plane in planes {
                        let source = input + (plane / n0) * volume + origin + plane % n0 * s0
                        let target = output + plane * n1 * n2
                        for start in stride(from: 0, to: n2, by: tile) {
                            let end = min(start + tile, n2)
                            for row in 0..<n1 {
                                let line = source + row * s1
                                for column in start..<end { target[row * n2 + column] = line[column * s2] }
                            }
                        }
                    }
                }
                initialized = channels * volume
            }
        }
    }
}
