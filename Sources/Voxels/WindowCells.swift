/// The parts that the edges of all windows cut an image into: each lies as a whole within a window or outside of it.
///
/// Whatever the order of windows, it keeps the order along each axis where the places on the others are the same. So the
/// last window over a cell is the last one on each axis: after it, nothing more is added to the cell.
struct WindowCells: Sendable {
    /// Along each axis, where the cells begin, and at the end where the last one ends.
    let edges: [[Int]]
    /// Along each axis, the places of the windows over each cell.
    let windows: [[ClosedRange<Int>]]
    /// Along each axis, the cells within each window.
    let cells: [[Range<Int>]]

    init(_ grid: WindowGrid) {
        var edges: [[Int]] = []
        var windows: [[ClosedRange<Int>]] = []
        var cells: [[Range<Int>]] = []
        for (starts, size) in zip(grid.starts, grid.size) {
            let cuts = Set(starts + starts.map { $0 + size }).sorted()
            edges.append(cuts)
            // Both lists are sorted, so both ends of the range only ever move on.
            var (first, last) = (0, 0)
            windows.append(
                cuts.dropLast().map { cut in
                    while starts[first] + size <= cut { first += 1 }
                    while last + 1 < starts.count, starts[last + 1] <= cut { last += 1 }
                    return first...last
                })
            var cell = 0
            cells.append(
                starts.map { start in
                    while cuts[cell] < start { cell += 1 }
                    var end = cell
                    while cuts[end] < start + size { end += 1 }
                    return cell..<end
                })
        }
        self.edges = edges
        self.windows = windows
        self.cells = cells
    }

    /// The number of cells along an axis.
    func count(_ axis: Int) -> Int { edges[axis].count - 1 }

    /// What a cell covers along an axis.
    func span(_ cell: Int, _ axis: Int) -> Range<Int> { edges[axis][cell]..<edges[axis][cell + 1] }

    /// The cells within a window, one range along each axis.
    func cells(of window: (Int, Int, Int)) -> (Range<Int>, Range<Int>, Range<Int>) {
        (cells[0][window.0], cells[1][window.1], cells[2][window.2])
    }

    /// The number of windows over a cell.
    func windowCount(_ cell: (Int, Int, Int)) -> Int {
        windows[0][cell.0].count * windows[1][cell.1].count * windows[2][cell.2].count
    }

    /// The number of voxels of a cell.
    func voxels(_ cell: (Int, Int, Int)) -> Int {
        span(cell.0, 0).count * span(cell.1, 1).count * span(cell.2, 2).count
    }

    /// Whether a window is the first one over a cell.
    func isFirst(_ window: (Int, Int, Int), over cell: (Int, Int, Int)) -> Bool {
        windows[0][cell.0].lowerBound == window.0 && windows[1][cell.1].lowerBound == window.1
            && windows[2][cell.2].lowerBound == window.2
    }

    /// Whether a window is the last one over a cell.
    func isLast(_ window: (Int, Int, Int), over cell: (Int, Int, Int)) -> Bool {
        windows[0][cell.0].upperBound == window.0 && windows[1][cell.1].upperBound == window.1
            && windows[2][cell.2].upperBound == window.2
    }

    /// Calls `body` with every cell of a window.
    func forEach(in window: (Int, Int, Int), _ body: ((Int, Int, Int)) -> Void) {
        let (xs, ys, zs) = cells(of: window)
        for x in xs {
            for y in ys {
                for z in zs { body((x, y, z)) }
            }
        }
    }

    /// The most voxels whose sums wait for another window at a time.
    func mostWaiting(in grid: WindowGrid) -> Int {
        var (waiting, most) = (0, 0)
        for number in 0..<grid.count {
            let window = grid.place(of: number)
            var ended = 0
            forEach(in: window) { cell in
                let (isFirst, isLast) = (isFirst(window, over: cell), isLast(window, over: cell))
                guard isFirst != isLast else { return }
                if isFirst { waiting += voxels(cell) } else { ended += voxels(cell) }
            }
            most = max(most, waiting)
            waiting -= ended
        }
        return most
    }
}

extension WindowGrid {
    /// The order of windows in which the least waits among those that run slowest along one axis.
    ///
    /// Windows that lie less than half a window apart, as the last two of an axis often do, run together: their long
    /// overlap then waits for a moment and not for a whole layer.
    func sequence(slowestAlong slow: Int) -> [Int] {
        let others = [0, 1, 2].filter { $0 != slow }
        let (middle, fast) = (others[0], others[1])
        var sequence: [Int] = []
        sequence.reserveCapacity(count)
        var place = [0, 0, 0]
        for layers in neighbours(slow) {
            for rows in neighbours(middle) {
                for along in starts[fast].indices {
                    place[fast] = along
                    for row in rows {
                        place[middle] = row
                        for layer in layers {
                            place[slow] = layer
                            sequence.append((place[0] * starts[1].count + place[1]) * starts[2].count + place[2])
                        }
                    }
                }
            }
        }
        return sequence
    }

    /// The windows of an axis by position, those together that lie less than half a window apart.
    private func neighbours(_ axis: Int) -> [Range<Int>] {
        var groups: [Range<Int>] = []
        for (position, start) in starts[axis].enumerated() {
            if let last = groups.last, 2 * (start - starts[axis][last.lowerBound]) < size[axis] {
                groups[groups.count - 1] = last.lowerBound..<position + 1
            } else {
                groups.append(position..<position + 1)
            }
        }
        return groups
    }
}
