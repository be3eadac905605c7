extension Affine {
    /// Below this MONAI takes two spacings or affines for one (`AFFINE_TOL`, data/utils.py).
    static let tolerance = 1e-3

    /// The affine of a grid with the same axes and another spacing, without shear and translation (`zoom_affine`,
    /// MONAI data/utils.py:800-849); nil where the columns of the axes are linearly dependent.
    ///
    /// - Parameters:
    ///   - spacing: in millimetres, for each of two or three axes of space; the present one where it is not positive.
    ///   - diagonal: drops the rotation too: the grid lies along the world's axes.
    public func zoomed(to spacing: [Double], diagonal: Bool = false) -> Affine? {
        let rank = spacing.count
        let current = self.spacing(rank: rank).map { $0 == 0 ? 1 : $0 }
        let target = zip(spacing, current).map { $0 > 0 ? $0 : $1 }
        var zoomed = Affine.identity
        guard !diagonal else {
            for axis in 0..<rank { zoomed[axis, axis] = target[axis] }
            return zoomed
        }
        let rzs = linearPart(rank)
        let transposed = rzs.indices.map { rzs[$0 % rank * rank + $0 / rank] }
        let square = LinearAlgebra.fusedProduct(transposed, rzs, n: rank, columns: rank)
        guard let lower = LinearAlgebra.cholesky(square, n: rank),
            let unzoom = LinearAlgebra.inverse(lower.indices.map { lower[$0 % rank * rank + $0 / rank] }, n: rank)
        else { return nil }
        let rotation = LinearAlgebra.fusedProduct(rzs, unzoom, n: rank, columns: rank)
        // A Cholesky factor has a positive diagonal, so no sign is carried over.
        for row in 0..<rank {
            for column in 0..<rank { zoomed[row, column] = rotation[row * rank + column] * target[column] }
        }
        return zoomed
    }

    /// The values that concern the directions of the first axes, row by row.
    private func linearPart(_ rank: Int) -> [Double] {
        (0..<rank * rank).map { self[$0 / rank, $0 % rank] }
    }

    /// The shape that a grid of this affine's volume gets under another affine, and where its first voxel lies
    /// (`compute_shape_offset`, MONAI data/utils.py:852-912); nil where `zoomed` is singular.
    ///
    /// - Parameters:
    ///   - shape: the number of voxels along the two or three axes here.
    ///   - zoomed: the other grid; its translation counts only for where the corners come to lie.
    ///   - scaleExtent: whether the outer faces of the voxels are kept rather than their centres.
    /// - Returns: the shape, rounded half to even, and the translation in millimetres.
    public func shapeAndOffset(
        shape: [Int], zoomed: Affine, scaleExtent: Bool = false
    ) -> (shape: [Double], offset: [Double])? {
        let (rank, count) = (shape.count, 1 << shape.count)
        let here = reduced(rank: rank)
        guard let map = LinearAlgebra.solve(zoomed.reduced(rank: rank), here, n: rank + 1, columns: rank + 1)
        else { return nil }
        let ends = shape.map { scaleExtent ? [-0.5, Double($0) - 0.5] : [0, Double($0) - 1] }
        var corners = [Double](repeating: 1, count: (rank + 1) * count)
        for corner in 0..<count {
            for axis in 0..<rank { corners[axis * count + corner] = ends[axis][corner >> (rank - 1 - axis) & 1] }
        }
        let mapped = LinearAlgebra.fusedProduct(map, corners, n: rank + 1, columns: count)
        let world = LinearAlgebra.fusedProduct(here, corners, n: rank + 1, columns: count)
        let rows = (0..<rank).map { axis in (0..<count).map { mapped[axis * count + $0] } }
        let scaled = rows.map { row in (0..<count).map { row[$0] / mapped[rank * count + $0] } }
        let outShape = scaled.map { row -> Double in
            let extent = (row.max() ?? 0) - (row.min() ?? 0)
            return (scaleExtent ? extent : extent + 1).rounded(.toNearestOrEven)
        }
        var offset = (0..<count).first { corner in
            rows.allSatisfy { row in ((row.min() ?? 0) - row[corner]).magnitude <= 1e-8 }
        }.map { corner in (0..<rank).map { world[$0 * count + corner] } }
        if offset == nil { offset = centred(shape: shape, zoomed: zoomed, outShape: outShape) }
        guard var found = offset else { return nil }
        if scaleExtent {
            let shift = (0..<rank).map { 0.5 * (Double(shape[$0]) / outShape[$0] - 1) }
            let moved = LinearAlgebra.fusedProduct(here, shift + [1], n: rank + 1, columns: 1)
            for axis in 0..<rank { found[axis] = moved[axis].magnitude * found[axis].signum }
        }
        return (outShape, found)
    }

    /// The translation that puts the middles of both grids at one point.
    private func centred(shape: [Int], zoomed: Affine, outShape: [Double]) -> [Double] {
        let middle = turn(shape.map { Double($0) / 2 })
        let outMiddle = zoomed.turn(outShape.map { $0 / 2 })
        return shape.indices.map { middle[$0] + self[$0, 3] - outMiddle[$0] }
    }

    /// The linear part times a vector, in the order in which OpenBLAS fuses two or three products.
    private func turn(_ vector: [Double]) -> [Double] {
        vector.indices.map { row in
            let first = (self[row, 1] * vector[1]).addingProduct(self[row, 0], vector[0])
            return vector.count == 2 ? first : first.addingProduct(self[row, 2], vector[2])
        }
    }
}

extension Affine {
    /// Takes voxels of a resized image to voxels of the one before (`scale_affine`, MONAI transforms/utils.py:2145-2177).
    ///
    /// - Parameters:
    ///   - shape: the shape before, for two or three axes of space.
    ///   - resized: the shape after.
    ///   - alignsCorners: whether the centres of the outer voxels stayed where they are, rather than their faces.
    public static func resizing(_ shape: [Int], to resized: [Int], alignsCorners: Bool) -> Affine {
        var affine = Affine.identity
        for (axis, (before, after)) in zip(shape, resized).enumerated() {
            let scale =
                alignsCorners
                ? (after == 1 ? 0 : Double(before - 1) / Double(after - 1)) : Double(before) / Double(max(after, 1))
            affine[axis, axis] = scale
            if !alignsCorners { affine[axis, 3] = (scale - 1) / 2 }
        }
        return affine
    }
}

extension Double {
    /// −1, 0 or 1.
    fileprivate var signum: Double { self > 0 ? 1 : self < 0 ? -1 : 0 }
}
