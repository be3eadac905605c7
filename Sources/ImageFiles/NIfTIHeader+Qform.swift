internal import Voxels

extension NIfTIHeader {
    /// Puts an affine into the qform, with its shear taken out: nibabel's `set_qform`.
    mutating func setQform(_ affine: Affine) {
        let zooms = affine.spacing
        var columns = (0..<3).map { column in
            (0..<3).map { affine[$0, column] / (zooms[column] == 0 ? 1 : zooms[column]) }
        }
        let sign = Self.determinant(columns) > 0 ? 1.0 : -1.0
        if sign < 0 { columns[2] = columns[2].map { -$0 } }
        let (b, c, d) = Self.quaternion(Self.nearestRotation(columns))
        quaternion = [b, c, d].map { isVersion2 ? $0 : Double(Float($0)) }
        offset = (0..<3).map { isVersion2 ? affine[$0, 3] : Double(Float(affine[$0, 3])) }
        pixdim[0] = sign
        for axis in 0..<3 { pixdim[axis + 1] = isVersion2 ? zooms[axis] : Double(Float(zooms[axis])) }
    }

    private static func determinant(_ m: [[Double]]) -> Double {
        m[0][0] * (m[1][1] * m[2][2] - m[1][2] * m[2][1])
            - m[0][1] * (m[1][0] * m[2][2] - m[1][2] * m[2][0])
            + m[0][2] * (m[1][0] * m[2][1] - m[1][1] * m[2][0])
    }

    /// The orthogonal factor of the polar decomposition, by Newton's iteration `X ← (X + X⁻ᵀ) / 2`.
    ///
    /// The columns come in and go out. A singular matrix is handed back as it is.
    private static func nearestRotation(_ columns: [[Double]]) -> [[Double]] {
        var x = columns
        for _ in 0..<60 {
            let scale = determinant(x)
            guard abs(scale) > 1e-12 else { return columns }
            var change = 0.0
            var next = x
            for i in 0..<3 {
                for j in 0..<3 {
                    let (i1, i2, j1, j2) = ((i + 1) % 3, (i + 2) % 3, (j + 1) % 3, (j + 2) % 3)
                    let cofactor = x[i1][j1] * x[i2][j2] - x[i1][j2] * x[i2][j1]
                    next[i][j] = (x[i][j] + cofactor / scale) / 2
                    change = max(change, abs(next[i][j] - x[i][j]))
                }
            }
            x = next
            if change < 1e-15 { break }
        }
        return x
    }

    /// The vector part of a rotation's unit quaternion whose scalar part isn't negative.
    private static func quaternion(_ columns: [[Double]]) -> (Double, Double, Double) {
        func r(_ row: Int, _ column: Int) -> Double { columns[column][row] }
        let trace = r(0, 0) + r(1, 1) + r(2, 2)
        // The largest of the four components is taken first: the others are divided by it.
        let squares = [1 + trace] + (0..<3).map { 1 + 2 * r($0, $0) - trace }
        let largest = squares.indices.max { squares[$0] < squares[$1] } ?? 0
        let root = max(squares[largest], 0).squareRoot() / 2
        guard root > 0 else { return (0, 0, 0) }
        let differences = [r(2, 1) - r(1, 2), r(0, 2) - r(2, 0), r(1, 0) - r(0, 1)]
        if largest == 0 {
            return (differences[0] / (4 * root), differences[1] / (4 * root), differences[2] / (4 * root))
        }
        let axis = largest - 1
        var vector = (0..<3).map { $0 == axis ? root : (r($0, axis) + r(axis, $0)) / (4 * root) }
        if differences[axis] < 0 { vector = vector.map { -$0 } }
        return (vector[0], vector[1], vector[2])
    }
}
