/// A 4 × 4 matrix of float64 that takes a voxel index `(i, j, k, 1)` to a point in millimetres.
///
/// The world is RAS (right, anterior and superior are positive), as in NIfTI and MONAI, unless the name of what holds
/// the matrix says LPS, as in DICOM (PS3.3 C.7.6.2.1.1).
public struct Affine: Sendable, Equatable {
    /// The sixteen values, row by row.
    public var elements: [Double]

    /// Makes an affine of sixteen values, row by row.
    ///
    /// - Precondition: there are sixteen.
    public init(_ elements: [Double]) {
        precondition(elements.count == 16, "an affine has 16 values, not \(elements.count)")
        self.elements = elements
    }

    /// The matrix that changes nothing.
    public static let identity = Affine([1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1])

    /// The value in a row and a column, both from 0.
    public subscript(row: Int, column: Int) -> Double {
        get { elements[row * 4 + column] }
        set { elements[row * 4 + column] = newValue }
    }

    /// The product: `rhs` is applied first.
    public static func * (lhs: Affine, rhs: Affine) -> Affine {
        var product = Affine(Array(repeating: 0, count: 16))
        for row in 0..<4 {
            for column in 0..<4 {
                var sum = 0.0
                for inner in 0..<4 { sum += lhs[row, inner] * rhs[inner, column] }
                product[row, column] = sum
            }
        }
        return product
    }

    /// Takes a point or a (fractional) voxel index through the matrix.
    public func apply(_ point: [Double]) -> [Double] {
        (0..<3).map { self[$0, 0] * point[0] + self[$0, 1] * point[1] + self[$0, 2] * point[2] + self[$0, 3] }
    }

    /// The same map with its world turned from LPS into RAS, or from RAS into LPS: the first two rows change sign.
    public var flippingLPSAndRAS: Affine {
        var flipped = self
        for column in 0..<4 {
            flipped[0, column] = -self[0, column]
            flipped[1, column] = -self[1, column]
        }
        return flipped
    }

    /// The distance between neighbouring voxels along each axis in millimetres: the lengths of the first three columns.
    public var spacing: [Double] { spacing(rank: 3) }

    /// The spacing of an image of two or three axes of space, whose world has as many (MONAI `affine_to_spacing`).
    public func spacing(rank: Int) -> [Double] {
        (0..<rank).map { column in
            (0..<rank).reduce(0.0) { $0 + self[$1, column] * self[$1, column] }.squareRoot()
        }
    }

    /// The matrix that moves by a vector.
    public static func translation(_ vector: [Double]) -> Affine {
        var affine = Affine.identity
        for (axis, value) in vector.enumerated() { affine[axis, 3] = value }
        return affine
    }

    /// The matrix for the first axes of space alone, row by row: 3 × 3 values for two axes (MONAI `to_affine_nd`).
    func reduced(rank: Int) -> [Double] {
        (0..<rank + 1).flatMap { row in
            (0..<rank + 1).map { column in
                row == rank ? (column == rank ? 1 : 0) : self[row, column == rank ? 3 : column]
            }
        }
    }

    /// The map with what lies beyond the first axes of space left alone.
    public func restricted(rank: Int) -> Affine { Affine(reduced: reduced(rank: rank), rank: rank) }

    /// The map without an axis of space and without the axis of the world of the same number (MONAI `SqueezeDim`,
    /// transforms/utility/array.py:639-647); those behind move up, and the last one is left alone.
    public func removing(axis: Int) -> Affine {
        let kept = (0..<3).filter { $0 != axis }
        var affine = Affine.identity
        for (row, oldRow) in kept.enumerated() {
            for (column, oldColumn) in kept.enumerated() { affine[row, column] = self[oldRow, oldColumn] }
            affine[row, 3] = self[oldRow, 3]
        }
        return affine
    }

    /// Makes an affine of a matrix for the first axes of space, which leaves the others alone.
    init(reduced values: [Double], rank: Int) {
        self = .identity
        for row in 0..<rank {
            for column in 0..<rank { self[row, column] = values[row * (rank + 1) + column] }
            self[row, 3] = values[row * (rank + 1) + rank]
        }
    }
}
