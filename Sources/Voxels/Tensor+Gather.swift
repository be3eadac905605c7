internal import CVoxels

extension Tensor {
    /// Makes an image of voxels of this one, chosen along each axis of space: crops, pads and nearest neighbours.
    ///
    /// - Parameters:
    ///   - sources: for each axis of space the index that each place of the result takes its voxels from; −1 where there
    ///     is none.
    ///   - value: what stands where there is no voxel.
    /// - Precondition: the tensor is `[C, X]`, `[C, X, Y]` or `[C, X, Y, Z]` with lines of less than 2³¹ voxels, and
    ///   indices are −1 or within it.
    public func gathering(_ sources: [[Int]], filling value: Float = 0) -> Tensor {
        precondition((1...3).contains(sources.count) && sources.count == spatialShape.count, "\(shape) and \(sources)")
        for (source, size) in zip(sources, spatialShape) {
            precondition(source.allSatisfy { $0 >= -1 && $0 < size }, "an index is outside of \(shape)")
        }
        let outShape = [channels] + sources.map(\.count)
        let total = outShape.reduce(1, *)
        guard total > 0 else { return Tensor(shape: outShape, elements: []) }
        let sizes = Array(repeating: 1, count: 3 - sources.count) + spatialShape
        let maps = Array(repeating: [0], count: 3 - sources.count) + sources
        let line = PickedLine(maps[2])
        let values = elements.withUnsafeBufferPointer { buffer -> Tensor.Elements in
            guard let input = buffer.baseAddress else { return Elements(repeating: value, count: total) }
            let (planes, rows, length) = (maps[0].count, maps[1].count, maps[2].count)
            return Slabs.fillLines(channels * planes * rows, length: length) { range, output in
                for index in range {
                    let (channel, place) = (index / (planes * rows), index % (planes * rows))
                    let (x, y) = (maps[0][place / rows], maps[1][place % rows])
                    let target = output + index * length
                    if x < 0 || y < 0 {
                        target.update(repeating: value, count: length)
                    } else {
                        line.copy(
                            input + ((channel * sizes[0] + x) * sizes[1] + y) * sizes[2], into: target, filling: value)
                    }
                }
            }
        }
        return Tensor(shape: outShape, elements: values)
    }

    /// Cuts a box out of an image, or puts the image into a larger one; both at once where the box lies across an edge.
    ///
    /// - Parameters:
    ///   - start: the box's first voxel along each axis of space; negative before the image.
    ///   - size: the box's shape.
    ///   - value: what stands outside of the image.
    /// - Precondition: the tensor has as many axes of space as there are starts, from one to three.
    public func window(from start: [Int], shape size: [Int], filling value: Float = 0) -> Tensor {
        if start.allSatisfy({ $0 == 0 }) && size == spatialShape { return self }
        return gathering(
            zip(zip(start, size), spatialShape).map { window, length in
                (0..<window.1).map { place in
                    let index = place + window.0
                    return index >= 0 && index < length ? index : -1
                }
            }, filling: value)
    }
}

/// Which voxels of a line are taken, with the longest stretch that lies together in memory at its middle.
private struct PickedLine {
    private let sources: [Int32]
    private let together: Range<Int>

    init(_ sources: [Int]) {
        self.sources = sources.map { Int32($0) }
        var best = 0..<0
        var start = 0
        for place in sources.indices {
            let follows = place > 0 && sources[place] > 0 && sources[place] == sources[place - 1] + 1
            if !follows { start = place }
            if sources[place] >= 0 && place + 1 - start > best.count { best = start..<place + 1 }
        }
        // Many short stretches are picked faster than copied.
        together = best.count * 2 > sources.count ? best : 0..<0
    }

    func copy(_ line: UnsafePointer<Float>, into target: UnsafeMutablePointer<Float>, filling value: Float) {
        sources.withUnsafeBufferPointer { sources in
            guard let sources = sources.baseAddress else { return }
            if !together.isEmpty {
                (target + together.lowerBound).update(
                    from: line + Int(sources[together.lowerBound]), count: together.count)
            }
            pvx_pick(line, sources, together.lowerBound, value, target)
            let behind = together.upperBound
            pvx_pick(line, sources + behind, self.sources.count - behind, value, target + behind)
        }
    }
}
