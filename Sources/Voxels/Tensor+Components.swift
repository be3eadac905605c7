extension Tensor {
    /// Which values make up masks whose components are looked for.
    public enum MaskRule: Sendable {
        /// What is larger than 0.
        case positive
        /// What is one of some labels.
        case labels(Set<Float>)
        /// What is not 0 and a number.
        case everyLabel

        /// - Parameter together: whether all of it is one mask, or each label one of its own.
        func classify(together: Bool) -> (Float) -> UInt32? {
            switch self {
            case .positive: return { $0 > 0 ? 0 : nil }
            case .labels(let labels): return { labels.contains($0) ? (together ? 0 : $0.bitPattern) : nil }
            case .everyLabel: return { $0 == 0 || $0.isNaN ? nil : (together ? 0 : $0.bitPattern) }
            }
        }
    }

    /// Sets all components of masks but the largest ones to 0 (MONAI `KeepLargestConnectedComponent`,
    /// post/array.py:247-362).
    ///
    /// Of components of one size the later one in memory counts as larger.
    ///
    /// - Parameters:
    ///   - number: how many components of each mask are kept.
    ///   - channel: the channel to work on.
    ///   - together: whether all values that the rule names are one mask, or each label is one of its own.
    ///   - connectivity: how many axes a step to a neighbouring voxel may change, 1 to the number of axes of space.
    public mutating func keepLargestComponents(
        _ number: Int, channel: Int, of rule: MaskRule, together: Bool, connectivity: Int
    ) {
        let components = Components(
            of: self, in: LineGrid(self, channel: channel), connectivity: connectivity,
            classify: rule.classify(together: together))
        set(components.runs(of: components.isSmall(besides: number)), of: components, to: 0)
    }

    /// Sets all components but the largest ones of the mask in which any of some channels is 1 to 0 in those channels.
    ///
    /// - Parameters: as above.
    public mutating func keepLargestComponents(_ number: Int, channels chosen: [Int], connectivity: Int) {
        guard channels > 0, let first = chosen.first else { return }
        let size = count / channels
        let mask = elements.withUnsafeBufferPointer { values in
            Slabs.fill(size) { range, mask in
                for i in range { mask[i] = values[first * size + i] == 1 ? 1 : 0 }
                for channel in chosen.dropFirst() {
                    for i in range { mask[i] = values[channel * size + i] == 1 ? 1 : mask[i] }
                }
            }
        }
        let union = Tensor(shape: [1] + spatialShape, elements: mask)
        let components = Components(
            of: union, in: LineGrid(union, channel: 0), connectivity: connectivity,
            classify: MaskRule.positive.classify(together: true))
        let runs = components.runs(of: components.isSmall(besides: number))
        for channel in Set(chosen) { set(runs, of: components, to: 0, from: channel * size) }
    }

    /// Sets the voxels of small components to 0 (MONAI `RemoveSmallObjects`, transforms/utils.py:1465-1538).
    ///
    /// As in MONAI the channels are an axis like the others: voxels at one place in neighbouring channels touch.
    ///
    /// - Parameters:
    ///   - limit: components of so many voxels or fewer become 0.
    ///   - connectivity: how many axes a step to a neighbouring voxel may change, that of the channels among them.
    ///   - keepsValues: whether the components are those of what is larger than 0, and all that is not becomes 0; else
    ///     they are those of what is not 0, and that becomes 1.
    public mutating func removeComponents(upTo limit: Double, connectivity: Int, keepsValues: Bool) {
        if keepsValues { keep(above: true, threshold: 0, filler: 0) } else { makeTruth() }
        let components = Components(
            of: self, in: LineGrid(self, channel: nil), connectivity: connectivity,
            classify: MaskRule.positive.classify(together: true))
        set(components.runs(of: components.sizes.map { Double($0) <= limit }), of: components, to: 0)
    }

    /// Sets labels that few voxels have to 0.
    ///
    /// - Parameters:
    ///   - limit: labels of so many voxels or fewer become 0.
    ///   - most: the largest label.
    /// - Precondition: all values are integers from 0 to `most`.
    public mutating func removeLabels(ofUpTo limit: Double, most: Int) {
        let counts = elements.withUnsafeBufferPointer { values in
            // Tables of many labels are not worth one for each thread.
            let parts = Slabs.parts(values.count, grain: most < 1 << 16 ? 1 << 20 : values.count) { range in
                var counts = [Int](repeating: 0, count: most + 1)
                for i in range { counts[Int(values[i])] += 1 }
                return counts
            }
            return parts.dropFirst().reduce(into: parts[0]) { sum, part in
                for label in part.indices { sum[label] += part[label] }
            }
        }
        Slabs.change(&elements) { range, values in
            for i in range where Double(counts[Int(values[i])]) <= limit { values[i] = 0 }
        }
    }

    /// Sets the voxels of runs.
    ///
    /// - Parameter start: what is added to the place of a run in memory.
    mutating func set(_ isChosen: [Bool], of components: Components, to value: Float, from start: Int = 0) {
        guard isChosen.contains(true) else { return }
        elements.withUnsafeMutableBufferPointer { buffer in
            guard let values = buffer.baseAddress else { return }
            Slabs.perform(components.grid.lines, grain: 1 << 10) { lines in
                for line in lines {
                    let place = values + start + components.grid.offset(line)
                    for run in Int(components.starts[line])..<Int(components.starts[line + 1]) where isChosen[run] {
                        let (lower, upper) = (Int(components.runs[run].lower), Int(components.runs[run].upper))
                        (place + lower).update(repeating: value, count: upper - lower)
                    }
                }
            }
        }
    }
}

extension Components {
    /// For each component whether it is none of the largest ones of its class.
    func isSmall(besides number: Int) -> [Bool] {
        var isSmall = [Bool](repeating: false, count: sizes.count)
        let classes = Dictionary(grouping: sizes.indices) { groups[$0] }
        for members in classes.values where members.count > number {
            let ranked = members.sorted { (sizes[$0], $0) > (sizes[$1], $1) }
            for component in ranked.dropFirst(number) { isSmall[component] = true }
        }
        return isSmall
    }

    /// For each run whether its component is chosen.
    func runs(of isChosen: [Bool]) -> [Bool] {
        guard isChosen.contains(true) else { return [] }
        return component.map { isChosen[Int($0)] }
    }
}
