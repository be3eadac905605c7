/// How the axes of a file, first axis fastest, lie in a tensor, last axis fastest.
///
/// The first two axes make a plane; planes are taken in shares of sixteen, so that what is written next to each other
/// fills whole cache lines.
struct VoxelLayout {
    /// The planes that are converted together.
    static let share = 16

    let width: Int
    let height: Int
    /// The number of planes.
    let planes: Int
    /// The place in the tensor of each plane's first voxel.
    let places: [Int]
    /// The steps in the tensor from one voxel to the next along the plane's axes.
    let stepX: Int
    let stepY: Int

    /// The layout of an array of one axis or more.
    init(shape: [Int]) {
        let shape = shape + Array(repeating: 1, count: max(0, 2 - shape.count))
        width = shape[0]
        height = shape[1]
        let rest = Array(shape.dropFirst(2))
        planes = rest.reduce(1, *)
        stepY = planes
        stepX = height * planes
        var places = [0]
        places.reserveCapacity(planes)
        var steps = Array(repeating: 1, count: rest.count)
        for axis in rest.indices.dropLast().reversed() { steps[axis] = steps[axis + 1] * rest[axis + 1] }
        for (length, step) in zip(rest, steps) {
            let before = places
            places = (0..<length).flatMap { index in before.map { $0 + index * step } }
        }
        self.places = places
    }

    /// The voxels of one plane.
    var plane: Int { width * height }

    /// Calls `body` for each tile of a row with a buffer for `tileWidth` voxels of `share` planes.
    ///
    /// - Parameter body: the buffer, the first column, the number of columns, the row.
    @inline(__always)
    func forEachTile(_ body: (UnsafeMutablePointer<Float>, Int, Int, Int) -> Void) {
        withUnsafeTemporaryAllocation(of: Float.self, capacity: Self.tileWidth * Self.share) { buffer in
            guard let tile = buffer.baseAddress else { return }
            for y in 0..<height {
                for x in stride(from: 0, to: width, by: Self.tileWidth) {
                    body(tile, x, min(Self.tileWidth, width - x), y)
                }
            }
        }
    }

    /// The voxels of a row that are converted together.
    static let tileWidth = 32
}
