extension Tensor {
    /// The boxes of a channel's labels.
    ///
    /// - Returns: for each value but 0 and what is no number, the range along each of three axes of space; axes that the
    ///   tensor lacks come first and are 0..<1.
    public func labelBoxes(channel: Int) -> [Float: [Range<Int>]] {
        let grid = LineGrid(self, channel: channel)
        return elements.withUnsafeBufferPointer { values -> [Float: [Range<Int>]] in
            guard let values = values.baseAddress, grid.length > 0 else { return [:] }
            let parts = Slabs.parts(grid.lines, grain: max(1, (1 << 16) / grid.length)) { lines in
                var boxes: [Float: Box] = [:]
                for line in lines { Self.add(values + grid.offset(line), grid, line, to: &boxes) }
                return boxes
            }
            return parts.reduce(into: [:]) { $0.merge($1) { $0.joined($1) } }.mapValues(\.ranges)
        }
    }

    private static func add(
        _ values: UnsafePointer<Float>, _ grid: LineGrid, _ line: Int, to boxes: inout [Float: Box]
    ) {
        let (_, j, k) = grid.place(line)
        var i = 0
        while i < grid.length {
            let (value, start) = (values[i], i)
            i += 1
            while i < grid.length, values[i] == value { i += 1 }
            guard value != 0, !value.isNaN else { continue }
            let box = Box(lower: SIMD3(j, k, start), upper: SIMD3(j + 1, k + 1, i))
            if boxes[value]?.join(box) == nil { boxes[value] = box }
        }
    }

    /// Gives a label to all voxels that it encloses (MONAI `fill_holes`, transforms/utils.py:1567-1623), whatever they
    /// hold.
    ///
    /// A voxel is enclosed where no way leads from it to the edge of the image but through the label.
    ///
    /// - Parameters:
    ///   - box: one that holds all voxels of the label, as `labelBoxes` gives it.
    ///   - connectivity: how many axes a step on such a way may change, 1 to the number of axes of space.
    public mutating func fillHoles(of label: Float, channel: Int, box: [Range<Int>], connectivity: Int) {
        let grid = LineGrid(self, channel: channel, box: box)
        let others = Components(of: self, in: grid, connectivity: connectivity) { $0 == label ? nil : 0 }
        // Outside of the box there is nothing of the label, so what reaches its faces reaches the image's edge.
        var isOpen = [Bool](repeating: false, count: others.sizes.count)
        let axes = spatialShape.count
        for line in 0..<grid.lines {
            let (_, j, k) = grid.place(line)
            let isEdge =
                (axes > 2 && (j == 0 || j == grid.across.1 - 1)) || (axes > 1 && (k == 0 || k == grid.across.2 - 1))
            for run in Int(others.starts[line])..<Int(others.starts[line + 1]) {
                let ends = others.runs[run].lower == 0 || others.runs[run].upper == grid.length
                if isEdge || ends { isOpen[Int(others.component[run])] = true }
            }
        }
        set(others.runs(of: isOpen.map { !$0 }), of: others, to: label)
    }

    /// Makes 1 of each value of a channel that is not 0.
    public mutating func makeTruth(channel: Int) {
        let size = count / max(channels, 1)
        elements.withUnsafeMutableBufferPointer { buffer in
            guard let base = buffer.baseAddress else { return }
            Slabs.perform(size, grain: 1 << 14) { range in
                let values = base + channel * size
                for i in range { values[i] = values[i] == 0 ? 0 : 1 }
            }
        }
    }
}

/// The smallest box that holds some voxels.
private struct Box {
    var lower: SIMD3<Int>
    var upper: SIMD3<Int>

    var ranges: [Range<Int>] { (0..<3).map { lower[$0]..<upper[$0] } }

    func joined(_ other: Box) -> Box {
        Box(lower: pointwiseMin(lower, other.lower), upper: pointwiseMax(upper, other.upper))
    }

    mutating func join(_ other: Box) { self = joined(other) }
}
