public import Voxels

/// MONAI's `SliceInferer`: a network of two axes sees each slice of a volume (`monai/inferers/inferer.py:744`).
///
/// It is a sliding window with a length of one on the axis across the slices; the network gets its batches without
/// that axis, `[B, C, roi0, roi1]`, and its outputs get it back.
public struct SliceInferer: Inferer, Equatable {
    /// The axis across the slices, 0 to 2.
    public let axis: Int

    /// What the pass over the volume is set to, with the axis across the slices in the window; `overlap`, `sigma_scale`
    /// and `buffer_dim` count it too, as in MONAI.
    public let settings: SlidingWindowInferer.Settings

    /// Makes an inferer.
    ///
    /// - Parameters:
    ///   - axis: `spatial_dim`.
    ///   - settings: the other arguments; the window has the two lengths within a slice.
    /// - Throws: `InferenceError` when the axis is none of a volume, or the window has not two lengths.
    public init(axis: Int, _ settings: SlidingWindowInferer.Settings) throws {
        guard (0...2).contains(axis) else {
            throw InferenceError(.badArgument, "spatial_dim must be 0, 1 or 2, not \(axis)")
        }
        guard case .perAxis(var lengths) = settings.window, lengths.count == 2 else {
            throw InferenceError(
                .badArgument, "SliceInferer needs a roi_size of 2 values, the lengths within a slice")
        }
        lengths.insert(1, at: axis)
        var settings = settings
        settings.window = .perAxis(lengths)
        try settings.check()
        self.axis = axis
        self.settings = settings
    }

    /// Finds what fits no volume; an image of two axes of space is none.
    public func check(rank: Int) throws(WindowError) {
        guard rank == 3 else {
            throw WindowError(
                "SliceInferer takes a volume, and the image has \(rank) spatial axes", argument: "spatial_dim")
        }
        try settings.check(rank: rank)
    }

    /// Takes the volume through the network slice by slice.
    ///
    /// - Parameter image: `[C, X, Y, Z]`.
    /// - Returns: `[C′, X, Y, Z]`.
    /// - Throws: `InferenceError` when the image is no volume, and as `SlidingWindowInferer` does.
    public func infer(
        _ image: Tensor, with network: any Network, progress: (WindowProgress) throws -> Void
    ) throws -> Tensor {
        guard image.shape.count == 4 else {
            throw InferenceError(
                .badArgument, "inferer: SliceInferer takes a volume [C, X, Y, Z], not an image of shape \(image.shape)")
        }
        return try SlidingWindowInferer(settings).infer(
            image, with: SliceNetwork(network, axis: axis), progress: progress)
    }
}

/// A network of two axes seen as one of three, one of which has the length 1.
private final class SliceNetwork: Network {
    private let network: any Network
    private let axis: Int

    var engine: String { network.engine }

    init(_ network: any Network, axis: Int) {
        self.network = network
        self.axis = axis
    }

    func forward(_ batch: Tensor) throws -> Tensor {
        var output = Tensor(shape: [0])
        try forward(batch) { output = Tensor(shape: $1, elements: Array($0)) }
        return output
    }

    func forward(_ batch: Tensor, reading body: (UnsafeBufferPointer<Float>, [Int]) throws -> Void) throws {
        var slices = batch
        var shape = batch.shape
        shape.remove(at: axis + 2)
        slices.reshape(shape)
        try network.forward(slices) { values, shape in
            guard shape.count == 4 else {
                throw InferenceError(
                    .outputRefused,
                    "the network gave an output of shape \(shape) for slices of shape \(slices.shape); expected "
                        + "[B, channels] and two axes")
            }
            var whole = shape
            whole.insert(1, at: axis + 2)
            try body(values, whole)
        }
    }
}
