extension Components {
    /// Connects runs of neighbouring lines.
    ///
    /// - Returns: for each run one that it is connected with and that comes before it, or itself.
    func joined(_ connectivity: Int) -> [Int32] {
        let steps = grid.steps(connectivity)
        var parents = [Int32](unsafeUninitializedCapacity: runs.count) { buffer, initialized in
            for run in 0..<runs.count { buffer[run] = Int32(run) }
            initialized = runs.count
        }
        let lines = grid.lines
        parents.withUnsafeMutableBufferPointer { buffer in
            guard let parents = buffer.baseAddress else { return }
            let joiner = Joiner(parents: parents, runs: runs, starts: starts)
            // Each slab connects lines of its own, so threads never meet in a tree.
            let slabs = Slabs.parts(lines, grain: 1 << 10) { slab in
                joiner.join(slab, in: grid, steps: steps) { $0 >= slab.lowerBound }
                return slab
            }
            let reach = grid.reach(steps)
            for slab in slabs.dropFirst() {
                let first = slab.lowerBound..<min(slab.upperBound, slab.lowerBound + reach)
                joiner.join(first, in: grid, steps: steps) { $0 < slab.lowerBound }
            }
        }
        return parents
    }
}

/// Trees of runs; the root of each is its first run.
private struct Joiner {
    let parents: UnsafeMutablePointer<Int32>
    let runs: [Components.Run]
    let starts: [Int32]

    /// Connects the runs of lines with those of the neighbours before them that `isWanted`.
    func join(_ lines: Range<Int>, in grid: LineGrid, steps: [LineGrid.Step], isWanted: (Int) -> Bool) {
        for line in lines where starts[line] < starts[line + 1] {
            let place = grid.place(line)
            for step in steps {
                guard let other = grid.neighbour(of: place, step), isWanted(other) else { continue }
                join(line, other, slack: step.slack)
            }
        }
    }

    /// - Parameter slack: 1 where voxels that lie diagonally touch, 0 elsewhere.
    private func join(_ line: Int, _ other: Int, slack: Int32) {
        var first = Int(starts[other])
        let end = Int(starts[other + 1])
        for run in Int(starts[line])..<Int(starts[line + 1]) {
            let (lower, upper, group) = (runs[run].lower, runs[run].upper, runs[run].group)
            while first < end, runs[first].upper + slack <= lower { first += 1 }
            var next = first
            while next < end, runs[next].lower < upper + slack {
                if runs[next].group == group { join(run, with: next) }
                next += 1
            }
        }
    }

    private func join(_ run: Int, with other: Int) {
        let (a, b) = (root(run), root(other))
        if a < b { parents[b] = Int32(a) } else { parents[a] = Int32(b) }
    }

    private func root(_ run: Int) -> Int {
        var run = run
        while true {
            let parent = Int(parents[run])
            if parent == run { return run }
            let above = parents[parent]
            parents[run] = above
            run = Int(above)
        }
    }
}
