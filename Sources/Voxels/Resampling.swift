/// How values between voxels are found, with the arithmetic of torch's `affine_grid` and `grid_sample` in float64.
///
/// MONAI resamples through them (networks/layers/spatial_transforms.py:560-600): the map between voxels becomes one
/// between coordinates from −1 to 1, and its roundings decide which of two voxels is nearest where both are equally
/// near. So coordinates are made here by the same additions in the same order, and the eight weighted corners are
/// added in the same order too: the float32 results are the same to the bit.
public struct Resampling: Sendable, Equatable {
    /// Which voxels make up a value.
    public enum Interpolation: String, Sendable, CaseIterable {
        /// The eight around, by their distances along each axis.
        case linear = "bilinear"
        /// The nearest one; half-way, the one with the even index.
        case nearest
    }

    /// What lies outside of the array.
    public enum Padding: String, Sendable, CaseIterable {
        /// The nearest voxel of the array.
        case border
        /// Zero.
        case zeros
        /// The array, mirrored.
        case reflection
    }

    /// Which voxels make up a value.
    public var interpolation: Interpolation

    /// What lies outside.
    public var padding: Padding

    /// Whether −1 and 1 are the centres of the outer voxels rather than their faces.
    public var alignsCorners: Bool

    /// Makes a way of resampling; MONAI's `Spacing` has these as its defaults.
    public init(_ interpolation: Interpolation = .linear, padding: Padding = .border, alignsCorners: Bool = false) {
        self.interpolation = interpolation
        self.padding = padding
        self.alignsCorners = alignsCorners
    }

    /// Samples every channel of `[C, X, Y, Z]` or `[C, X, Y]` on another grid.
    ///
    /// - Parameters:
    ///   - voxelMap: takes voxels of the result to voxels of `tensor`.
    ///   - shape: the result's spatial shape.
    /// - Precondition: the tensor has two or three axes of space, as many as `shape`, and voxels.
    public func apply(_ tensor: Tensor, voxelMap: Affine, shape: [Int]) -> Tensor {
        precondition(
            (2...3).contains(shape.count) && tensor.shape.count == shape.count + 1 && tensor.count > 0,
            "\(tensor.shape) to \(shape)")
        let outShape = [tensor.channels] + shape
        guard !shape.contains(0) else { return Tensor(shape: outShape, elements: []) }
        let grid = SamplingGrid(
            voxelMap: voxelMap, from: tensor.spatialShape, to: shape, alignsCorners: alignsCorners, padding: padding)
        let count = outShape.reduce(1, *)
        let values = tensor.elements.withUnsafeBufferPointer { buffer in
            Tensor.Elements(unsafeUninitializedCapacity: count) { out, initialized in
                guard let input = buffer.baseAddress, let output = out.baseAddress else { return }
                if shape.count == 3 {
                    sample(input, channels: tensor.channels, grid: grid, into: output)
                } else {
                    samplePictures(input, channels: tensor.channels, grid: grid, into: output)
                }
                initialized = count
            }
        }
        return Tensor(shape: outShape, elements: values)
    }

    private func samplePictures(
        _ input: UnsafePointer<Float>, channels: Int, grid: SamplingGrid, into output: UnsafeMutablePointer<Float>
    ) {
        let sampler = PictureSampler(grid)
        let (rows, columns, size) = (grid.to[0], grid.to[1], grid.from[0] * grid.from[1])
        Slabs.perform(channels * rows, grain: max(1, (1 << 12) / columns)) { items in
            for item in items {
                let (source, target) = (input + item / rows * size, output + item * columns)
                switch interpolation {
                case .linear: sampler.linear(source, item % rows, into: target)
                case .nearest: sampler.nearest(source, item % rows, into: target)
                }
            }
        }
    }

    private func sample(
        _ input: UnsafePointer<Float>, channels: Int, grid: SamplingGrid, into output: UnsafeMutablePointer<Float>
    ) {
        let plane = grid.to[1] * grid.to[2]
        let (volume, outVolume) = (grid.from.reduce(1, *), grid.to[0] * plane)
        // All channels of a plane in one go, because they share their coordinates.
        let axes = padding == .border ? grid.axisCoordinates.map { AxisSampler($0, grid.from) } : nil
        Slabs.perform(grid.to[0] * channels) { items in
            for item in items {
                let (channel, x) = (item / grid.to[0], item % grid.to[0])
                let source = input + channel * volume
                let target = output + channel * outVolume + x * plane
                switch (interpolation, axes) {
                case (.linear, let axes?): axes.linear(source, x, into: target)
                case (.nearest, let axes?): axes.nearest(source, x, into: target)
                case (.linear, nil): GridSampler(grid).linear(source, x, into: target)
                case (.nearest, nil): GridSampler(grid).nearest(source, x, into: target)
                }
            }
        }
    }
}
