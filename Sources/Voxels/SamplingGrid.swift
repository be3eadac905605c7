/// The coordinates at which a resampling reads, as torch's `affine_grid` and `grid_sample` make them.
struct SamplingGrid {
    /// The spatial shape that is read.
    let from: [Int]

    /// The spatial shape that is written.
    let to: [Int]

    /// Takes normalised coordinates of the result to those of the input, 4 × 4 values; rows and columns in the order
    /// X, Y, Z, the last of which counts nothing in a picture.
    let theta: [Double]

    /// The normalised coordinates of the result's voxels along each axis.
    let bases: [[Double]]

    let alignsCorners: Bool
    let padding: Resampling.Padding

    init(voxelMap: Affine, from: [Int], to: [Int], alignsCorners: Bool, padding: Resampling.Padding) {
        self.from = from
        self.to = to
        self.alignsCorners = alignsCorners
        self.padding = padding
        let source = Self.normalisation(from, alignsCorners)
        let target = Self.normalisation(to, alignsCorners)
        let rank = from.count
        let unnormalise = LinearAlgebra.inverse(target.reduced(rank: rank), n: rank + 1).map {
            Affine(reduced: $0, rank: rank)
        }
        // Affine's product rounds each step and adds in ascending order, as torch's small products do.
        theta = (source * voxelMap * (unnormalise ?? .identity)).elements
        bases = to.map { Self.base($0, alignsCorners) }
    }

    /// Takes voxel indices to −1 … 1 (`normalize_transform`, MONAI networks/utils.py:240-284).
    private static func normalisation(_ shape: [Int], _ alignsCorners: Bool) -> Affine {
        var affine = Affine.identity
        for axis in shape.indices {
            let size = Double(shape[axis])
            if alignsCorners {
                affine[axis, axis] = 2 / ((size <= 1 ? 2 : size) - 1)
                affine[axis, 3] = -1
            } else {
                affine[axis, axis] = 2 / size
                affine[axis, 3] = 1 / size - 1
            }
        }
        return affine
    }

    /// Equal steps from −1 to 1 (torch `linspace`: fused, from both ends to the middle), drawn in by half a voxel at
    /// both ends where −1 and 1 are the outer faces.
    private static func base(_ count: Int, _ alignsCorners: Bool) -> [Double] {
        guard count > 1 else { return [0] }
        let step = 2 / Double(count - 1)
        return (0..<count).map { index in
            let value =
                index < count / 2
                ? (-1.0).addingProduct(step, Double(index)) : 1.0.addingProduct(-step, Double(count - index - 1))
            return alignsCorners ? value : value * Double(count - 1) / Double(count)
        }
    }

    /// What turns normalised coordinates along an axis of the input into voxel indices.
    func indexer(axis: Int) -> AxisIndexer {
        AxisIndexer(size: Double(from[axis]), alignsCorners: alignsCorners, padding: padding)
    }

    /// The voxel indices along each axis where no axis of the input depends on two of the result; nil elsewhere.
    ///
    /// An entry beside the diagonal counts from the first bit: even 1e-16 over 512 voxels moves some float32 results.
    var axisCoordinates: [[Double]]? {
        for row in 0..<3 {
            for column in 0..<3 where row != column && theta[row * 4 + column] != 0 { return nil }
        }
        return (0..<3).map { axis in
            let indexer = indexer(axis: axis)
            let (scale, shift) = (theta[axis * 4 + axis], theta[axis * 4 + 3])
            return bases[axis].map { indexer.index($0 * scale + shift) }
        }
    }
}

/// Turns normalised coordinates along one axis into voxel indices (torch `grid_sampler_compute_source_index`).
struct AxisIndexer {
    let size: Double
    let alignsCorners: Bool
    let padding: Resampling.Padding

    /// The voxel index of a coordinate; within the volume unless there are zeros around.
    @inline(__always)
    func index(_ coordinate: Double) -> Double {
        let shifted = coordinate + 1
        var index = alignsCorners ? (shifted / 2) * (size - 1) : (shifted * size - 1) / 2
        if padding == .zeros { return index }
        if padding == .reflection { index = reflected(index) }
        return min(size - 1, max(index, 0))
    }

    /// Mirrors an index at the faces of the outer voxels, or at their centres.
    private func reflected(_ index: Double) -> Double {
        let low = alignsCorners ? 0 : -0.5
        let span = alignsCorners ? size - 1 : size
        guard span > 0 else { return 0 }
        let distance = (index - low).magnitude
        let extra = distance.truncatingRemainder(dividingBy: span)
        let flips = (distance / span).rounded(.down)
        return flips.truncatingRemainder(dividingBy: 2) == 0 ? extra + low : span - extra + low
    }
}
