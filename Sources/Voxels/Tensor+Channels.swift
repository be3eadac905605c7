extension Tensor {
    /// Turns the channels of each voxel into probabilities that add up to one (torch `softmax` over axis 0).
    public mutating func softmaxOverChannels() {
        guard count > 0 else { return }
        let (channels, voxels) = (channels, count / channels)
        elements.withUnsafeMutableBufferPointer { buffer in
            guard let base = buffer.baseAddress else { return }
            Slabs.perform(voxels, grain: 1 << 14) { range in
                withUnsafeTemporaryAllocation(of: Float.self, capacity: 2 * tileSize) { scratch in
                    guard let scratch = scratch.baseAddress else { return }
                    for start in stride(from: range.lowerBound, to: range.upperBound, by: tileSize) {
                        Self.softmax(
                            base + start, channels: channels, voxels: voxels,
                            count: min(tileSize, range.upperBound - start), largest: scratch,
                            sums: scratch + tileSize)
                    }
                }
            }
        }
    }

    private static func softmax(
        _ values: UnsafeMutablePointer<Float>, channels: Int, voxels: Int, count: Int,
        largest: UnsafeMutablePointer<Float>, sums: UnsafeMutablePointer<Float>
    ) {
        for i in 0..<count { (largest[i], sums[i]) = (values[i], 0) }
        for channel in 1..<max(channels, 1) {
            let line = values + channel * voxels
            // What is no number stays so.
            for i in 0..<count {
                let (value, known) = (line[i], largest[i])
                largest[i] = value > known || value.isNaN ? value : known
            }
        }
        for channel in 0..<channels {
            let line = values + channel * voxels
            for i in 0..<count {
                let value = Exponential.of(line[i] - largest[i])
                line[i] = value
                sums[i] += value
            }
        }
        for channel in 0..<channels {
            let line = values + channel * voxels
            for i in 0..<count { line[i] /= sums[i] }
        }
    }

    /// Turns each value into one between 0 and 1 (torch `sigmoid`).
    public mutating func sigmoid() {
        Slabs.change(&elements) { range, values in
            for i in range { values[i] = 1 / (1 + Exponential.of(0 - values[i])) }
        }
    }

    /// The channel with the largest value at each voxel, the first of equals; not a number is the largest (torch
    /// `argmax` over axis 0 with `keepdim`).
    ///
    /// - Precondition: there is a channel.
    public func argmaxOverChannels() -> Tensor {
        precondition(channels > 0, "\(shape) has no channels")
        let voxels = count / channels
        let labels = elements.withUnsafeBufferPointer { buffer -> [Float] in
            guard let values = buffer.baseAddress else { return [] }
            return Slabs.fill(voxels) { range, labels in
                for start in stride(from: range.lowerBound, to: range.upperBound, by: tileSize) {
                    let tile = start..<min(start + tileSize, range.upperBound)
                    Self.argmax(values, channels: channels, voxels: voxels, tile: tile, into: labels)
                }
            }
        }
        return Tensor(shape: [1] + spatialShape, elements: labels)
    }

    private static func argmax(
        _ values: UnsafePointer<Float>, channels: Int, voxels: Int, tile: Range<Int>,
        into labels: UnsafeMutablePointer<Float>
    ) {
        let chosen = labels + tile.lowerBound
        withUnsafeTemporaryAllocation(of: Float.self, capacity: tile.count) { best in
            for i in 0..<tile.count { (best[i], chosen[i]) = (values[tile.lowerBound + i], 0) }
            for channel in 1..<max(channels, 1) {
                let (line, label) = (values + channel * voxels + tile.lowerBound, Float(channel))
                for i in 0..<tile.count {
                    let (value, known) = (line[i], best[i])
                    // Not at most: true for what is no number too, unless that was met before.
                    let isLarger = !(value <= known) && known == known
                    best[i] = isLarger ? value : known
                    chosen[i] = isLarger ? label : chosen[i]
                }
            }
        }
    }

    /// Spreads one channel of labels over as many channels as there are classes, 1 where the label is the channel.
    ///
    /// - Returns: nil where a value is no label, that is no integer from 0 below `classes` once its fraction is cut off
    ///   (as torch's `long()` does before it scatters).
    /// - Precondition: there is one channel.
    public func oneHot(classes: Int) -> Tensor? {
        precondition(channels == 1, "\(shape) has more than one channel")
        // Cutting off takes what lies above −1 to 0.
        guard elements.allSatisfy({ $0 > -1 && $0 < Float(classes) }) else { return nil }
        var spread = Tensor(shape: [classes] + spatialShape)
        for (voxel, label) in elements.enumerated() { spread.elements[Int(label) * count + voxel] = 1 }
        return spread
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
            for i in range { values[i].round(.toNearestOrEven) }
        }
    }
}

/// As many voxels as are worked on at a time, so that all their channels stay in the cache.
private let tileSize = 512
