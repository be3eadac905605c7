/// The connected components of a mask, or of several at once, over the last axes of a tensor.
///
/// A mask is kept as runs of voxels along the last axis, so that memory and time go with its surface and not with its
/// volume. Components are in the order of their first voxels in memory, as those of scikit-image and SciPy.
public struct Components {
    /// Voxels of one line that follow one another and belong together.
    struct Run {
        var lower: Int32
        var upper: Int32
        /// Runs of different classes are never connected.
        var group: UInt32
    }

    /// Where the lines are.
    let grid: LineGrid
    /// All runs, line by line.
    private(set) var runs: [Run] = []
    /// The position of each line's first run, and the number of all runs.
    private(set) var starts: [Int32] = [0]
    /// For each run the component that it belongs to.
    private(set) var component: [Int32] = []
    /// The class of each component.
    public private(set) var groups: [UInt32] = []
    /// How many voxels each component has.
    public private(set) var sizes: [Int] = []

    /// Finds the components.
    ///
    /// - Parameters:
    ///   - tensor: the values; at most 2³¹ of them belong to a mask.
    ///   - box: the part to look at.
    ///   - connectivity: how many axes a step to a neighbour may change at most.
    ///   - classify: the class of a value, nil for what is in no mask. Values of one class that touch are connected.
    init(of tensor: Tensor, in box: LineGrid, connectivity: Int, classify: (Float) -> UInt32?) {
        grid = box
        tensor.elements.withUnsafeBufferPointer { values in
            guard let values = values.baseAddress, box.lines > 0, box.length > 0 else { return }
            collect(values, classify)
        }
        guard !runs.isEmpty else { return }
        number(joined(connectivity))
    }

    /// Finds the runs of all lines.
    private mutating func collect(_ values: UnsafePointer<Float>, _ classify: (Float) -> UInt32?) {
        let grid = grid
        // As many lines as make up 2¹⁶ voxels are worth a thread.
        let parts = Slabs.parts(grid.lines, grain: max(1, (1 << 16) / grid.length)) { lines in
            var (runs, counts): ([Run], [Int32]) = ([], [])
            counts.reserveCapacity(lines.count)
            for line in lines {
                let before = runs.count
                Self.append(values + grid.offset(line), grid.length, classify, to: &runs)
                counts.append(Int32(runs.count - before))
            }
            return (runs, counts)
        }
        runs.reserveCapacity(parts.reduce(0) { $0 + $1.0.count })
        starts.reserveCapacity(grid.lines + 1)
        for (more, counts) in parts {
            runs += more
            for count in counts { starts.append(starts[starts.count - 1] + count) }
        }
    }

    @inline(__always)
    private static func append(
        _ values: UnsafePointer<Float>, _ length: Int, _ classify: (Float) -> UInt32?, to runs: inout [Run]
    ) {
        var (i, open) = (0, Run?.none)
        while i < length {
            let value = values[i]
            let start = i
            i += 1
            while i < length, values[i] == value { i += 1 }
            let group = classify(value)
            if let known = open {
                if group == known.group {
                    open?.upper = Int32(i)
                    continue
                }
                runs.append(known)
            }
            open = group.map { Run(lower: Int32(start), upper: Int32(i), group: $0) }
        }
        if let open { runs.append(open) }
    }

    /// Gives each component a number, in the order of the first runs.
    private mutating func number(_ parents: [Int32]) {
        component = parents
        for run in runs.indices {
            // A run's parent comes before it, so it has its number already.
            let parent = Int(parents[run])
            if parent == run {
                component[run] = Int32(sizes.count)
                groups.append(runs[run].group)
                sizes.append(0)
            } else {
                component[run] = component[parent]
            }
            sizes[Int(component[run])] += Int(runs[run].upper - runs[run].lower)
        }
    }
}
