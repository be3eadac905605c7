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
        _ image: Tensor, with network: any Network, options: PassOptions, progress: (WindowProgress) throws -> Void
    ) throws -> InferredImage {
        guard image.shape.count == 4 else {
            throw InferenceError(
                .badArgument, "inferer: SliceInferer takes a volume [C, X, Y, Z], not an image of shape \(image.shape)")
        }
        return try SlidingWindowInferer(settings).infer(
            image, with: SliceNetwork(network, axis: axis), options: options, progress: progress)
    }

    /// `sw_batch_size`.
    public var batchSize: Int { settings.batchSize }

    /// Slices, or windows of them, from the middle of the volume on: `[N, C, X, Y]`.
    public func someWindows(of image: Tensor, atMost most: Int) throws -> Tensor {
        var windows = try SlidingWindowInferer(settings).someWindows(of: image, atMost: most)
        var shape = windows.shape
        shape.remove(at: axis + 2)
        windows.reshape(shape)
        return windows
    }

    /// The lengths within a slice; nil where one is that of the image.
    public func windowShape(rank: Int) -> [Int]? {
        guard var lengths = SlidingWindowInferer(settings).windowShape(rank: rank) else { return nil }
        lengths.remove(at: axis)
        return lengths
    }
}

/// A network of two axes seen as one of three, one of which has the length 1.
private final class SliceNetwork: Network {
    private let network: any Network
    private let axis: Int

    var engine: String { network.engine }
    var streams: Int { network.streams }
    var fastestBatch: Int? { network.fastestBatch }

    init(_ network: any Network, axis: Int) {
        self.network = network
        self.axis = axis
    }

    func output(of batch: Tensor) throws -> NetworkOutput {
        var slices = batch
        var shape = batch.shape
        shape.remove(at: axis + 2)
        slices.reshape(shape)
        let output = try network.output(of: slices)
        guard output.shape.count == 4 else {
            throw InferenceError(
                .outputRefused,
                "the network gave an output of shape \(output.shape) for slices of shape \(slices.shape); expected "
                    + "[B, channels] and two axes")
        }
        var whole = output.shape
        whole.insert(1, at: axis + 2)
        return output.reshaped(whole)
    }
}
