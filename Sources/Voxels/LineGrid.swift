/// The lines along the last axis of a tensor, or of a box in it.
///
/// There are three axes across the lines; a tensor with fewer has lengths of 1 before its own.
struct LineGrid {
    /// A way from a line to one before it.
    struct Step {
        var offsets: (Int, Int, Int)
        /// Whether a step along the line may go with it: 1 or 0.
        var slack: Int32
    }

    /// How many lines lie along each axis across them.
    let across: (Int, Int, Int)
    /// How many voxels a line has.
    let length: Int
    private let strides: (Int, Int, Int)
    private let origin: Int

    /// How many lines there are.
    var lines: Int { across.0 * across.1 * across.2 }

    /// The grid of one channel, or of all of them as an axis of its own.
    ///
    /// - Precondition: the tensor has one to three axes behind that of the channels.
    init(_ tensor: Tensor, channel: Int?) {
        let shape = Self.padded(tensor.spatialShape)
        let size = shape.reduce(1, *)
        across = (channel == nil ? tensor.channels : 1, shape[0], shape[1])
        length = shape[2]
        strides = (size, shape[1] * shape[2], shape[2])
        origin = (channel ?? 0) * size
    }

    /// A box in one channel.
    ///
    /// - Parameter box: a range for each of the three axes of space; axes that are missing count as 0..<1 before the
    ///   others.
    init(_ tensor: Tensor, channel: Int, box: [Range<Int>]) {
        let shape = Self.padded(tensor.spatialShape)
        across = (1, box[0].count, box[1].count)
        length = box[2].count
        strides = (shape.reduce(1, *), shape[1] * shape[2], shape[2])
        origin =
            channel * strides.0 + box[0].lowerBound * strides.1 + box[1].lowerBound * strides.2 + box[2].lowerBound
    }

    /// Lengths of 1 before those of space, three together.
    static func padded(_ shape: [Int]) -> [Int] {
        precondition((1...3).contains(shape.count), "\(shape) has not one to three axes of space")
        return Array(repeating: 1, count: 3 - shape.count) + shape
    }

    /// Where a line begins in memory.
    @inline(__always)
    func offset(_ line: Int) -> Int {
        let (i, j, k) = place(line)
        return origin + i * strides.0 + j * strides.1 + k * strides.2
    }

    @inline(__always)
    func place(_ line: Int) -> (Int, Int, Int) {
        let rest = line / across.2
        return (rest / across.1, rest % across.1, line % across.2)
    }

    /// The line that lies a step away, nil where there is none.
    @inline(__always)
    func neighbour(of place: (Int, Int, Int), _ step: Step) -> Int? {
        let (i, j, k) = (place.0 + step.offsets.0, place.1 + step.offsets.1, place.2 + step.offsets.2)
        guard i >= 0, j >= 0, j < across.1, k >= 0, k < across.2 else { return nil }
        return (i * across.1 + j) * across.2 + k
    }

    /// The steps to neighbours that come before a line.
    ///
    /// - Parameter connectivity: how many axes a step may change at most, that along the line among them.
    func steps(_ connectivity: Int) -> [Step] {
        var steps: [Step] = []
        for i in -1...0 {
            for j in -1...1 {
                for k in -1...1 {
                    let hops = abs(i) + abs(j) + abs(k)
                    let isBefore = i < 0 || (i == 0 && (j < 0 || (j == 0 && k < 0)))
                    guard isBefore, hops <= connectivity else { continue }
                    steps.append(Step(offsets: (i, j, k), slack: hops < connectivity ? 1 : 0))
                }
            }
        }
        return steps
    }

    /// How many lines the longest of some steps goes back.
    func reach(_ steps: [Step]) -> Int {
        steps.map { -(($0.offsets.0 * across.1 + $0.offsets.1) * across.2 + $0.offsets.2) }.max() ?? 0
    }
}
