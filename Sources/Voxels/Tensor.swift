/// A dense array of float32 values in row-major (C) order: the last axis is the fastest.
///
/// Images are channel first, `[C, X, Y, Z]`, as MONAI has them: `X` runs along the columns of a slice, `Y` along its
/// rows and `Z` along the slices, so one step along `Z` is one step in memory.
public struct Tensor: Sendable, Equatable {
    /// The length of each axis.
    public private(set) var shape: [Int]

    /// The values, `shape` multiplied out in number.
    public var elements: Elements

    /// Makes a tensor of values that lie in row-major order.
    ///
    /// - Precondition: `elements.count` is the product of `shape`.
    public init(shape: [Int], elements: Elements) {
        precondition(shape.reduce(1, *) == elements.count, "\(elements.count) values do not fill a shape of \(shape)")
        self.shape = shape
        self.elements = elements
    }

    /// Makes a tensor of an array, whose values are copied.
    ///
    /// - Precondition: `elements.count` is the product of `shape`.
    public init(shape: [Int], elements: [Float]) {
        self.init(shape: shape, elements: Elements(elements))
    }

    /// Makes a tensor in which every value is the same.
    public init(shape: [Int], repeating value: Float = 0) {
        self.init(shape: shape, elements: Elements(repeating: value, count: shape.reduce(1, *)))
    }

    /// The number of values.
    public var count: Int { elements.count }

    /// Whether a shape, whose lengths are not negative, has at most so many values; told without overflow.
    public static func holds(_ shape: [Int], atMost most: Int) -> Bool {
        guard !shape.contains(0) else { return true }
        var count = 1
        for length in shape {
            let (product, overflows) = count.multipliedReportingOverflow(by: length)
            guard !overflows, product <= most else { return false }
            count = product
        }
        return true
    }

    /// The lengths of all axes but the first.
    public var spatialShape: [Int] { Array(shape.dropFirst()) }

    /// The length of the first axis.
    public var channels: Int { shape.first ?? 0 }

    /// Gives the same values another shape.
    ///
    /// - Precondition: the product of `shape` is `count`.
    public mutating func reshape(_ shape: [Int]) {
        precondition(shape.reduce(1, *) == elements.count, "\(elements.count) values do not fill a shape of \(shape)")
        self.shape = shape
    }
}
