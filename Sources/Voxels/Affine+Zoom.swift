extension Affine {
    /// Below this MONAI takes two spacings or affines for one (`AFFINE_TOL`, data/utils.py).
    static let tolerance = 1e-3

    /// The affine of a grid with the same axes and another spacing, without shear and translation (`zoom_affine`,
    /// MONAI data/utils.py:800-849); nil where the first three columns are linearly dependent.
    ///
    /// - Parameter diagonal: drops the rotation too: the grid lies along the world's axes.
    public func zoomed(to spacing: [Double], diagonal: Bool = false) -> Affine? {
        let current = self.spacing.map { $0 == 0 ? 1 : $0 }
        let target = zip(spacing, current).map { $0 > 0 ? $0 : $1 }
        var zoomed = Affine.identity
        guard !diagonal else {
            for axis in 0..<3 { zoomed[axis, axis] = target[axis] }
            return zoomed
        }
        let rzs = linearPart
        let transposed = (0..<9).map { rzs[$0 % 3 * 3 + $0 / 3] }
        guard
            let lower = LinearAlgebra.cholesky(LinearAlgebra.fusedProduct(transposed, rzs, n: 3, columns: 3), n: 3),
            let unzoom = LinearAlgebra.inverse((0..<9).map { lower[$0 % 3 * 3 + $0 / 3] }, n: 3)
        else { return nil }
        let rotation = LinearAlgebra.fusedProduct(rzs, unzoom, n: 3, columns: 3)
        // A Cholesky factor has a positive diagonal, so no sign is carried over.
        for row in 0..<3 {
            for column in 0..<3 { zoomed[row, column] = rotation[row * 3 + column] * target[column] }
        }
        return zoomed
    }

    /// The upper left 3 × 3 values, row by row.
    var linearPart: [Double] { (0..<9).map { self[$0 / 3, $0 % 3] } }

    /// The shape that a grid of this affine's volume gets under another affine, and where its first voxel lies
    /// (`compute_shape_offset`, MONAI data/utils.py:852-912); nil where `zoomed` is singular.
    ///
    /// - Parameters:
    ///   - shape: the number of voxels along the three axes here.
    ///   - zoomed: the other grid; its translation counts only for where the corners come to lie.
    ///   - scaleExtent: whether the outer faces of the voxels are kept rather than their centres.
    /// - Returns: the shape, rounded half to even, and the translation in millimetres.
    public func shapeAndOffset(
        shape: [Int], zoomed: Affine, scaleExtent: Bool = false
    ) -> (shape: [Double], offset: [Double])? {
        guard let map = LinearAlgebra.solve(zoomed.elements, elements, n: 4, columns: 4) else { return nil }
        let ends = shape.map { scaleExtent ? [-0.5, Double($0) - 0.5] : [0, Double($0) - 1] }
        var corners = [Double](repeating: 1, count: 4 * 8)
        for corner in 0..<8 {
            for axis in 0..<3 { corners[axis * 8 + corner] = ends[axis][corner >> (2 - axis) & 1] }
        }
        let mapped = LinearAlgebra.fusedProduct(map, corners, n: 4, columns: 8)
        let world = LinearAlgebra.fusedProduct(elements, corners, n: 4, columns: 8)
        let rows = (0..<3).map { axis in (0..<8).map { mapped[axis * 8 + $0] } }
        let scaled = rows.map { row in (0..<8).map { row[$0] / mapped[24 + $0] } }
        let outShape = scaled.map { row -> Double in
            let extent = (row.max() ?? 0) - (row.min() ?? 0)
            return (scaleExtent ? extent : extent + 1).rounded(.toNearestOrEven)
        }
        var offset = (0..<8).first { corner in
            rows.allSatisfy { row in ((row.min() ?? 0) - row[corner]).magnitude <= 1e-8 }
        }.map { corner in (0..<3).map { world[$0 * 8 + corner] } }
        if offset == nil { offset = centred(shape: shape, zoomed: zoomed, outShape: outShape) }
        guard var found = offset else { return nil }
        if scaleExtent {
            let shift = (0..<3).map { 0.5 * (Double(shape[$0]) / outShape[$0] - 1) }
            let moved = LinearAlgebra.fusedProduct(elements, shift + [1], n: 4, columns: 1)
            for axis in 0..<3 { found[axis] = moved[axis].magnitude * found[axis].signum }
        }
        return (outShape, found)
    }

    /// The translation that puts the middles of both grids at one point.
    private func centred(shape: [Int], zoomed: Affine, outShape: [Double]) -> [Double] {
        let middle = turn(shape.map { Double($0) / 2 })
        let outMiddle = zoomed.turn(outShape.map { $0 / 2 })
        return (0..<3).map { middle[$0] + self[$0, 3] - outMiddle[$0] }
    }

    /// The linear part times a vector, in the order in which OpenBLAS fuses three products.
    private func turn(_ vector: [Double]) -> [Double] {
        (0..<3).map { row in
            (self[row, 1] * vector[1]).addingProduct(self[row, 0], vector[0])
                .addingProduct(self[row, 2], vector[2])
        }
    }
}

extension Double {
    /// −1, 0 or 1.
    fileprivate var signum: Double { self > 0 ? 1 : self < 0 ? -1 : 0 }
}
