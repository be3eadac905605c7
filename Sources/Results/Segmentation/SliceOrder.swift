/// Changes between the order of a label map, in which slices are the fastest axis, and that of frames, in which columns
/// are.
///
/// It goes by tiles through a buffer: planes of 512 × 512 lie a power of two apart, and touching a pixel of each in turn
/// would use one set of the cache only.
enum SliceOrder {
    private static let side = 32

    /// `planes[(k · rows + j) · columns + i] = labels[(i · rows + j) · depth + k]`
    static func planes(_ labels: [UInt16], columns: Int, rows: Int, depth: Int) -> [UInt16] {
        transposed(labels, from: (columns, rows * depth), to: (depth, rows * columns), rows, (depth, columns))
    }

    /// `labels[(i · rows + j) · depth + k] = planes[(k · rows + j) · columns + i]`
    static func labels(_ planes: [UInt16], columns: Int, rows: Int, depth: Int) -> [UInt16] {
        transposed(planes, from: (depth, rows * columns), to: (columns, rows * depth), rows, (columns, depth))
    }

    /// For each row, a matrix of `from.count` lines, `from.step` apart, becomes one of `to.count` lines.
    private static func transposed(
        _ source: [UInt16], from: (count: Int, step: Int), to: (count: Int, step: Int), _ rows: Int,
        _ run: (source: Int, target: Int)
    ) -> [UInt16] {
        [UInt16](unsafeUninitializedCapacity: source.count) { target, filled in
            source.withUnsafeBufferPointer { source in
                withUnsafeTemporaryAllocation(of: UInt16.self, capacity: side * side) { tile in
                    for row in 0..<rows {
                        for line in stride(from: 0, to: from.count, by: side) {
                            let lines = min(side, from.count &- line)
                            for start in stride(from: 0, to: to.count, by: side) {
                                let length = min(side, to.count &- start)
                                for a in 0..<lines {
                                    let at = (line &+ a) &* from.step &+ row &* run.source &+ start
                                    for b in 0..<length { tile[b &* side &+ a] = source[at &+ b] }
                                }
                                for b in 0..<length {
                                    let at = (start &+ b) &* to.step &+ row &* run.target &+ line
                                    for a in 0..<lines { target[at &+ a] = tile[b &* side &+ a] }
                                }
                            }
                        }
                    }
                }
            }
            filled = source.count
        }
    }
}
