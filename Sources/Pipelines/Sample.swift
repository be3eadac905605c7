public import Voxels

/// An image on its way through a pipeline: what MONAI's `MetaTensor` is.
public struct ModelImage: Sendable {
    /// `[C, X, Y, Z]` once the channel is there, `[X, Y, Z]` right after loading.
    public var tensor: Tensor

    /// Takes voxel indices of `tensor`'s grid to millimetres in RAS.
    public var affine: Affine

    /// The grid that the image was loaded on.
    public var source: SourceGrid

    /// What invertible operators did so far, first to last.
    public var trace: [TraceEntry]

    /// What MONAI holds the values as once a `Lambdad` made other values than float32 of them; Portico keeps them as
    /// float32 all the same.
    ///
    /// It stays when an operator behind it makes float32 of them again in MONAI.
    public var elementType = ElementType.float32

    /// Makes an image that was just loaded, with the grid it lies on as its source.
    public init(tensor: Tensor, affine: Affine, source: SourceGrid) {
        self.tensor = tensor
        self.affine = affine
        self.source = source
        trace = []
    }
}

/// The grid of an image as it was loaded.
public struct SourceGrid: Sendable, Equatable {
    /// The number of voxels along X, Y and Z.
    public var shape: [Int]

    /// Takes voxel indices to millimetres in RAS.
    public var affine: Affine

    /// Whether the loaded array carries a channel axis at its end (MONAI's `original_channel_dim` −1).
    public var hasChannelAxis: Bool

    /// Makes a grid.
    public init(shape: [Int], affine: Affine, hasChannelAxis: Bool = false) {
        self.shape = shape
        self.affine = affine
        self.hasChannelAxis = hasChannelAxis
    }
}

/// What one invertible operator did to an image and needs to undo it.
public struct TraceEntry: Sendable {
    /// The config id of the operator, such as `preprocessing::transforms::3`.
    public var operatorID: String

    /// What the operator itself recorded.
    public var state: any Sendable

    /// Makes an entry.
    public init(operatorID: String, state: any Sendable) {
        self.operatorID = operatorID
        self.state = state
    }
}

/// The dictionary that dictionary transforms work on: images by key.
public struct Sample: Sendable {
    /// The images by key, such as `image` and `pred`.
    public var images: [String: ModelImage]

    /// Makes a sample.
    public init(images: [String: ModelImage] = [:]) {
        self.images = images
    }
}
