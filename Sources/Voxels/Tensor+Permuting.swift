extension Tensor {
    /// Puts the axes into another order (NumPy `transpose`).
    ///
    /// - Parameter order: for each axis of the result the axis of this tensor that it is.
    /// - Precondition: `order` holds each axis once.
    public func permuted(_ order: [Int]) -> Tensor {
        precondition(order.sorted() == Array(shape.indices), "\(order) is no order of the axes of \(shape)")
        let strides = Self.strides(of: shape)
        return arranged(shape: order.map { shape[$0] }, origin: 0, strides: order.map { strides[$0] })
    }

    /// How many values lie between two steps along each axis of values in row-major order.
    static func strides(of shape: [Int]) -> [Int] {
        var strides = Array(repeating: 1, count: shape.count)
        for axis in shape.indices.dropLast().reversed() { strides[axis] = strides[axis + 1] * shape[axis + 1] }
        return strides
    }

    /// Reads the values in another order.
    ///
    /// - Parameters:
    ///   - shape: the result's shape, of as many values.
    ///   - origin: the index of the value that comes first.
    ///   - strides: how many values to go on for a step along each axis of the result; negative to go back.
    func arranged(shape: [Int], origin: Int, strides: [Int]) -> Tensor {
        guard count > 0, shape.count > 0 else { return Tensor(shape: shape, elements: elements) }
        // The axis along which the input lies together is walked in tiles with the one that the result lies along.
        let last = shape.count - 1
        let long = shape.indices.filter { shape[$0] > 1 }
        let near = long.min { strides[$0].magnitude < strides[$1].magnitude } ?? last
        let crossed = near == last ? max(0, last - 1) : near
        let others = shape.indices.filter { $0 != crossed && $0 != last }
        let outStrides = Self.strides(of: shape)
        let plane = TiledPlane(
            rows: last == crossed ? 1 : shape[crossed], columns: shape[last], rowStride: strides[crossed],
            columnStride: strides[last], outRowStride: outStrides[crossed])
        let values = elements.withUnsafeBufferPointer { buffer in
            Tensor.Elements(unsafeUninitializedCapacity: count) { out, initialized in
                guard let input = buffer.baseAddress, let output = out.baseAddress else { return }
                let planes = others.reduce(1) { $0 * shape[$1] }
                // Strips of rows of a plane, so that one large plane is shared among the cores too.
                let strips = (plane.rows + TiledPlane.side - 1) / TiledPlane.side
                let strip = TiledPlane.side * plane.columns
                Slabs.perform(planes * strips, grain: max(1, (1 << 14) / strip)) { range in
                    for item in range {
                        var (rest, from, to) = (item / strips, origin, 0)
                        for axis in others.reversed() {
                            from += rest % shape[axis] * strides[axis]
                            to += rest % shape[axis] * outStrides[axis]
                            rest /= shape[axis]
                        }
                        plane.copy(input + from, into: output + to, strip: item % strips)
                    }
                }
                initialized = count
            }
        }
        return Tensor(shape: shape, elements: values)
    }
}

/// Copies a plane of values whose columns lie together in the result and, it may be, whose rows do in the input.
private struct TiledPlane {
    let rows: Int
    let columns: Int
    let rowStride: Int
    let columnStride: Int
    let outRowStride: Int

    /// A tile keeps the cache lines of a row that lies across memory until its neighbours are read too.
    static let side = 32

    func copy(_ input: UnsafePointer<Float>, into output: UnsafeMutablePointer<Float>, strip: Int) {
        let range = strip * Self.side..<min((strip + 1) * Self.side, rows)
        if columnStride == 1 {
            for row in range {
                (output + row * outRowStride).update(from: input + row * rowStride, count: columns)
            }
            return
        }
        if columns < 8 {
            // Colours that come last: lines of the input are longer than those of the result.
            for column in 0..<columns {
                let line = input + column * columnStride
                for row in range { output[row * outRowStride + column] = line[row * rowStride] }
            }
            return
        }
        for start in stride(from: 0, to: columns, by: Self.side) {
            let end = min(start + Self.side, columns)
            for row in range {
                let line = input + row * rowStride
                let target = output + row * outRowStride
                for column in start..<end { target[column] = line[column * columnStride] }
            }
        }
    }
}
