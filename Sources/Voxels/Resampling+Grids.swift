extension Resampling {
    /// Brings an image onto another grid as MONAI's `SpatialResample` does (transforms/spatial/functional.py:109-227).
    ///
    /// Where the shape stays and the grids agree within 1e-3, by their affines or by the map between their voxels, the
    /// image is given back as it is, with its old affine.
    ///
    /// - Parameters:
    ///   - affine: the grid of `tensor`, `[C, X, Y, Z]` or `[C, X, Y]`.
    ///   - target: the grid to bring it onto.
    ///   - shape: that grid's shape.
    /// - Returns: the image and its affine; nil where `affine` is singular or not finite.
    public func bring(
        _ tensor: Tensor, affine: Affine, onto target: Affine, shape: [Int]
    ) -> (tensor: Tensor, affine: Affine)? {
        guard affine.isFinite, target.isFinite, let map = affine.voxelMap(from: target, rank: shape.count), map.isFinite
        else { return nil }
        let (here, there) = (affine.restricted(rank: shape.count), target.restricted(rank: shape.count))
        let agrees =
            here.isClose(to: there, atol: Affine.tolerance)
            || map.isClose(to: .identity, atol: Affine.tolerance)
        if agrees && shape == tensor.spatialShape { return (tensor, affine) }
        return (apply(tensor, voxelMap: map, shape: shape), affine * map)
    }
}
