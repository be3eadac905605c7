internal import CVoxels

extension Tensor {
    /// Turns the channels of each voxel into probabilities that add up to one (torch `softmax` over axis 0).
    public mutating func softmaxOverChannels() { softmax(over: 0) }

    /// Turns the values along an axis into probabilities that add up to one (torch `softmax`).
    ///
    /// - Precondition: there is such an axis.
    public mutating func softmax(over axis: Int) {
        precondition(shape.indices.contains(axis), "\(shape) has no axis \(axis)")
        guard count > 0 else { return }
        let (length, inner) = (shape[axis], shape[(axis + 1)...].reduce(1, *))
        let outer = count / (length * inner)
        elements.withUnsafeMutableBufferPointer { buffer in
            guard let base = buffer.baseAddress else { return }
            for group in 0..<outer {
                Self.softmax(base + group * length * inner, channels: length, voxels: inner)
            }
        }
    }

    private static func softmax(_ base: UnsafeMutablePointer<Float>, channels: Int, voxels: Int) {
        Slabs.perform(voxels, grain: 1 << 14) { range in
            withUnsafeTemporaryAllocation(of: Float.self, capacity: 2 * tileSize) { scratch in
                guard let scratch = scratch.baseAddress else { return }
                for start in stride(from: range.lowerBound, to: range.upperBound, by: tileSize) {
                    let count = min(tileSize, range.upperBound - start)
                    pvx_softmax(base + start, channels, voxels, count, scratch, scratch + tileSize)
                }
            }
        }
    }

    /// Turns each value into one between 0 and 1 (torch `sigmoid`).
    public mutating func sigmoid() {
        Slabs.change(&elements) { range, values in
            pvx_sigmoid(values + range.lowerBound, range.count)
        }
    }

    /// The channel with the largest value at each voxel, the first of equals; not a number is the largest (torch
    /// `argmax` over axis 0 with `keepdim`).
    ///
    /// - Precondition: there is a channel.
    public func argmaxOverChannels() -> Tensor { argmax(over: 0) }

    /// The place along an axis of the largest value, the first of equals; not a number is the largest (torch `argmax`
    /// with `keepdim`).
    ///
    /// - Precondition: there is such an axis, and it has a length.
    public func argmax(over axis: Int) -> Tensor {
        precondition(shape.indices.contains(axis) && shape[axis] > 0, "\(shape) has nothing along axis \(axis)")
        let (length, inner) = (shape[axis], shape[(axis + 1)...].reduce(1, *))
        let total = count / length
        let labels = elements.withUnsafeBufferPointer { buffer -> Tensor.Elements in
            guard let values = buffer.baseAddress, total > 0 else { return [] }
            return Slabs.fill(total) { range, labels in
                var start = range.lowerBound
                while start < range.upperBound {
                    // A tile ends where the values along the axis cease to lie `inner` apart.
                    let (group, within) = start.quotientAndRemainder(dividingBy: inner)
                    let tile = within..<min(within + tileSize, inner, within + range.upperBound - start)
                    withUnsafeTemporaryAllocation(of: Float.self, capacity: tile.count) { best in
                        guard let best = best.baseAddress else { return }
                        pvx_argmax(
                            values + group * length * inner + within, length, inner, tile.count, best, labels + start)
                    }
                    start += tile.count
                }
            }
        }
        var reduced = shape
        reduced[axis] = 1
        return Tensor(shape: reduced, elements: labels)
    }

    /// Spreads labels over as many places along an axis as there are classes, 1 where the label is the place (MONAI
    /// `one_hot`, networks/utils.py:167-217).
    ///
    /// - Returns: nil where a value is no label, that is no integer from 0 below `classes` once its fraction is cut off
    ///   (as torch's `long()` does before it scatters).
    /// - Precondition: there is such an axis, of length 1.
    public func oneHot(classes: Int, axis: Int = 0) -> Tensor? {
        precondition(shape.indices.contains(axis) && shape[axis] == 1, "\(shape) has no axis \(axis) of length 1")
        guard elements.withUnsafeBufferPointer({ areLabels($0, below: classes) }) else { return nil }
        let inner = shape[(axis + 1)...].reduce(1, *)
        let outer = inner > 0 ? count / inner : 0
        let spread = elements.withUnsafeBufferPointer { labels in
            // By lines of the result, so that each is written in one go.
            Tensor.Elements(unsafeUninitializedCapacity: classes * count) { buffer, initialized in
                guard let base = buffer.baseAddress, let labels = labels.baseAddress else { return }
                for group in 0..<outer {
                    let (from, to) = (labels + group * inner, base + group * classes * inner)
                    Slabs.perform(inner, grain: 1 << 14) { range in
                        Self.spread(from, range, classes: classes, voxels: inner, into: to)
                    }
                }
                initialized = classes * count
            }
        }
        var shape = shape
        shape[axis] = classes
        return Tensor(shape: shape, elements: spread)
    }

    private static func spread(
        _ labels: UnsafePointer<Float>, _ range: Range<Int>, classes: Int, voxels: Int,
        into base: UnsafeMutablePointer<Float>
    ) {
        for start in stride(from: range.lowerBound, to: range.upperBound, by: tileSize) {
            let tile = start..<min(start + tileSize, range.upperBound)
            for label in 0..<classes {
                // What lies above −1 is cut off to 0.
                let (least, most) = (label == 0 ? -1 : Float(label).nextDown, Float(label + 1))
                let line = base + label * voxels
                for i in tile { line[i] = labels[i] > least && labels[i] < most ? 1 : 0 }
            }
        }
    }

    private func areLabels(_ values: UnsafeBufferPointer<Float>, below classes: Int) -> Bool {
        let limit = Float(classes)
        return Slabs.parts(values.count) { range in
            var others = 0
            for i in range { others &+= values[i] > -1 && values[i] < limit ? 0 : 1 }
            return others == 0
        }.allSatisfy { $0 }
    }

    /// Sets each value to 1 where it is at least `threshold`, to 0 elsewhere.
    ///
    /// - Parameter threshold: compared in float32, as torch compares a float32 tensor with a Python number.
    public mutating func discretise(atLeast threshold: Double) {
        let limit = Float(threshold)
        Slabs.change(&elements) { range, values in
            for i in range { values[i] = values[i] >= limit ? 1 : 0 }
        }
    }

    /// Rounds each value to the nearest integer, half to even (torch `round`).
    public mutating func roundToEven() {
        Slabs.change(&elements) { range, values in
            for i in range { values[i] = Rounding.halfToEven(values[i]) }
        }
    }
}

/// As many voxels as are worked on at a time, so that all their channels stay in the cache.
private let tileSize = 512
