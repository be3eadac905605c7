/// The rotation (or reflection) nearest to the directions of an affine's axes.
enum NearestRotation {
    /// The product `P Qᵀ` of a singular value decomposition `P S Qᵀ` of the affine's columns at length one; directions
    /// whose singular value is nothing beside the largest are left out (nibabel `io_orientation`).
    ///
    /// - Returns: nine values, row by row; nil where the affine is not finite.
    static func of(_ affine: Affine) -> [Double]? {
        let zooms = affine.spacing.map { $0 == 0 ? 1 : $0 }
        let columns = (0..<3).map { column in (0..<3).map { affine[$0, column] / zooms[column] } }
        guard columns.allSatisfy({ $0.allSatisfy(\.isFinite) }) else { return nil }
        let (turned, basis) = orthogonalised(columns)
        let lengths = turned.map(length)
        let least = (lengths.max() ?? 0) * 3 * Double.ulpOfOne
        var rotation = [Double](repeating: 0, count: 9)
        for index in 0..<3 where lengths[index] > least {
            for row in 0..<3 {
                for column in 0..<3 {
                    rotation[row * 3 + column] += turned[index][row] / lengths[index] * basis[index][column]
                }
            }
        }
        return rotation
    }

    /// Turns pairs of columns into each other until all are at right angles (one-sided Jacobi).
    ///
    /// - Returns: the columns `P S`, and the columns of `Q`.
    private static func orthogonalised(_ columns: [[Double]]) -> (turned: [[Double]], basis: [[Double]]) {
        var turned = columns
        var basis: [[Double]] = [[1, 0, 0], [0, 1, 0], [0, 0, 1]]
        for _ in 0..<60 {
            var changed = false
            for (first, second) in [(0, 1), (0, 2), (1, 2)] {
                let overlap = dot(turned[first], turned[second])
                let lengths = length(turned[first]) * length(turned[second])
                guard overlap.magnitude > Double.ulpOfOne * lengths, overlap != 0 else { continue }
                changed = true
                let difference = dot(turned[second], turned[second]) - dot(turned[first], turned[first])
                let zeta = difference / (2 * overlap)
                let root = (1 + zeta * zeta).squareRoot()
                let tangent = (zeta < 0 ? -1 : 1) / (zeta.magnitude + root)
                let cosine = 1 / (1 + tangent * tangent).squareRoot()
                rotate(&turned, first, second, cosine, cosine * tangent)
                rotate(&basis, first, second, cosine, cosine * tangent)
            }
            if !changed { break }
        }
        return (turned, basis)
    }

    private static func rotate(
        _ columns: inout [[Double]], _ first: Int, _ second: Int, _ cosine: Double, _ sine: Double
    ) {
        for row in 0..<3 {
            let (a, b) = (columns[first][row], columns[second][row])
            columns[first][row] = cosine * a - sine * b
            columns[second][row] = sine * a + cosine * b
        }
    }

    private static func dot(_ a: [Double], _ b: [Double]) -> Double {
        a[0] * b[0] + a[1] * b[1] + a[2] * b[2]
    }

    private static func length(_ a: [Double]) -> Double { dot(a, a).squareRoot() }
}
