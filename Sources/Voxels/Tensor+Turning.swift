extension Tensor {
    /// Flips and permutes the axes of space of `[C, X, Y, Z]` or `[C, X, Y]`, every channel alike; in place where axes
    /// only flip.
    ///
    /// - Parameter orientation: for each axis of space the one that it becomes and whether it is flipped.
    /// - Precondition: there are two or three axes of space, and as many in `orientation`.
    public mutating func turn(by orientation: Orientation) {
        let rank = shape.count - 1
        precondition((2...3).contains(rank) && orientation.axes.count == rank, "\(shape) by \(orientation)")
        guard rank == 3 else {
            reshape([channels, 1] + spatialShape)
            turn(by: Orientation(axes: [0] + orientation.axes.map { $0 + 1 }, flips: [false] + orientation.flips))
            return reshape([channels] + spatialShape.dropFirst())
        }
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
        let strides = Self.strides(of: shape)
        var outStrides = strides
        var origin = 0
        for axis in 0..<3 {
            let step = strides[axis + 1]
            outStrides[orientation.axes[axis] + 1] = orientation.flips[axis] ? -step : step
            if orientation.flips[axis] { origin += (shape[axis + 1] - 1) * step }
        }
        return arranged(
            shape: [channels] + orientation.turned(spatialShape), origin: origin, strides: outStrides)
    }
}
