extension Affine {
    /// The inverse with the roundings of `numpy.linalg.inv`; nil where the matrix is singular.
    public var inverse: Affine? {
        LinearAlgebra.inverse(elements, n: 4).map(Affine.init)
    }

    /// The map from voxels of `other` to voxels of this grid, `numpy.linalg.solve(self, other)`; nil where singular.
    ///
    /// - Parameter rank: how many axes of space there are, two or three; the third of two stays as it is.
    public func voxelMap(from other: Affine, rank: Int = 3) -> Affine? {
        LinearAlgebra.solve(reduced(rank: rank), other.reduced(rank: rank), n: rank + 1, columns: rank + 1)
            .map { Affine(reduced: $0, rank: rank) }
    }

    /// Whether every value is finite.
    public var isFinite: Bool { elements.allSatisfy(\.isFinite) }

    /// Whether all values agree within `atol + 1e-5 · |other|`, as `numpy.allclose` and `torch.allclose` have it.
    func isClose(to other: Affine, atol: Double) -> Bool {
        zip(elements, other.elements).allSatisfy { ($0 - $1).magnitude <= atol + 1e-5 * $1.magnitude }
    }
}
