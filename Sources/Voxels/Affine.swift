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
    public var spacing: [Double] {
        (0..<3).map { column in
            (0..<3).reduce(0.0) { $0 + self[$1, column] * self[$1, column] }.squareRoot()
        }
    }
}
