internal import CVoxels
internal import Synchronization

/// Where the values of volumes lie: memory of volumes that are gone is kept for those to come.
///
/// The first touch of new memory takes longer than most loops that fill it, above all in a virtual machine, whose host
/// takes back what is returned to the system. Steps that follow one another therefore hand their memory on.
///
/// What is kept never makes a program's volumes need more than they did at their most: where new memory is taken, as
/// much of what is kept goes back to the system first.
public enum VoxelMemory {
    /// Gives what is kept for volumes to come back to the system: before something else needs memory, or for long none
    /// will be needed.
    public static func release() {
        kept.withLock { $0.removeAll() }.forEach(unmap)
    }

    /// Smaller arrays are the allocator's, which keeps memory of its own.
    static let leastBytes = 8 << 20

    /// The size of a large page; what is taken is as long as a number of them.
    static let page = 2 << 20

    private static let kept = Mutex(KeptMemory(limit: 512 << 20))

    /// Memory that begins at a large page; what it holds is not known.
    ///
    /// - Returns: `bytes` or more, up to the end of a large page.
    static func take(_ bytes: Int) -> UnsafeMutableRawBufferPointer {
        let count = (bytes + page - 1) / page * page
        let (found, unneeded) = kept.withLock { $0.take(count) }
        unneeded.forEach(unmap)
        if let found {
            return UnsafeMutableRawBufferPointer(start: UnsafeMutableRawPointer(bitPattern: found), count: count)
        }
        guard let start = pvx_map(count, page) else {
            fatalError("the system has no memory for \(bytes) bytes of voxels")
        }
        return UnsafeMutableRawBufferPointer(start: start, count: count)
    }

    /// Hands memory on that `take` gave.
    static func give(_ memory: UnsafeMutableRawBufferPointer) {
        let start = UInt(bitPattern: memory.baseAddress)
        kept.withLock { $0.give(start..<start + UInt(memory.count)) }.forEach(unmap)
    }

    private static func unmap(_ range: Range<UInt>) {
        guard let start = UnsafeMutableRawPointer(bitPattern: range.lowerBound) else { return }
        pvx_unmap(start, range.count)
    }
}

/// The ranges of memory that are kept, by address alone, so that it can be tested without any.
struct KeptMemory {
    /// The latest last; no two touch.
    private(set) var ranges: [Range<UInt>] = []

    /// How many bytes are kept at most.
    let limit: Int

    init(limit: Int) {
        self.limit = limit
    }

    var count: Int { ranges.reduce(0) { $0 + $1.count } }

    /// Finds a place: the beginning of the smallest range that has room, of equals the latest.
    ///
    /// - Returns: where it begins, or nil where new memory is needed, and what goes back to the system for that.
    mutating func take(_ count: Int) -> (start: UInt?, unneeded: [Range<UInt>]) {
        let fitting = ranges.indices.reversed().filter { ranges[$0].count >= count }
        guard let place = fitting.min(by: { ranges[$0].count < ranges[$1].count }) else {
            return (nil, shed(count))
        }
        let range = ranges[place]
        if range.count == count {
            ranges.remove(at: place)
        } else {
            ranges[place] = range.lowerBound + UInt(count)..<range.upperBound
        }
        return (range.lowerBound, [])
    }

    /// Keeps a range, joined with those that it touches.
    ///
    /// - Returns: what goes back to the system, for more than the limit would be kept.
    mutating func give(_ range: Range<UInt>) -> [Range<UInt>] {
        var joined = range
        ranges.removeAll { other in
            guard other.upperBound == joined.lowerBound || other.lowerBound == joined.upperBound else { return false }
            joined = min(joined.lowerBound, other.lowerBound)..<max(joined.upperBound, other.upperBound)
            return true
        }
        ranges.append(joined)
        return shed(max(0, count - limit))
    }

    mutating func removeAll() -> [Range<UInt>] {
        defer { ranges = [] }
        return ranges
    }

    /// Takes so many bytes, or all there are, off the ranges that are kept the longest.
    private mutating func shed(_ count: Int) -> [Range<UInt>] {
        var unneeded: [Range<UInt>] = []
        var rest = count
        while rest > 0, let oldest = ranges.first {
            if oldest.count <= rest {
                unneeded.append(ranges.removeFirst())
            } else {
                let middle = oldest.upperBound - UInt(rest)
                unneeded.append(middle..<oldest.upperBound)
                ranges[0] = oldest.lowerBound..<middle
            }
            rest -= unneeded[unneeded.count - 1].count
        }
        return unneeded
    }
}
