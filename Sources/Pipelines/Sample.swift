public import Voxels

/// An image on its way through a pipeline: what MONAI's `MetaTensor` is.
public struct ModelImage: Sendable {
    /// `[C, X, Y, Z]` or `[C, X, Y]` once the channel is there; right after loading it has no channel, or it has it at
    /// its end.
    public var tensor: Tensor

    /// Takes voxel indices of `tensor`'s grid to millimetres in RAS.
    public var affine: Affine

    /// The grid that the image was loaded on.
    public var source: SourceGrid

    /// What invertible operators did so far, first to last.
    public var trace: [TraceEntry]

    /// What MONAI holds the values as; Portico keeps them as float32 all the same.
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
    /// The number of voxels along X, Y and, for a volume, Z.
    public var shape: [Int]

    /// Takes voxel indices to millimetres in RAS.
    public var affine: Affine

    /// Where the loaded array carries its channels (MONAI's `original_channel_dim`): −1 at its end, as the files that
    /// hold several have them; 0 in front, where several files were stacked; nil where it has no such axis.
    public var channelAxis: Int?

    /// Whether the loaded array carries a channel axis.
    public var hasChannelAxis: Bool { channelAxis != nil }

    /// Makes a grid.
    ///
    /// - Parameter hasChannelAxis: whether the channels are at the end of the loaded array.
    public init(shape: [Int], affine: Affine, hasChannelAxis: Bool = false) {
        self.init(shape: shape, affine: affine, channelAxis: hasChannelAxis ? -1 : nil)
    }

    /// Makes a grid of an array whose channels are at an axis.
    public init(shape: [Int], affine: Affine, channelAxis: Int?) {
        self.shape = shape
        self.affine = affine
        self.channelAxis = channelAxis
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

    /// Dictionaries of images by key, as a network of several outputs gives.
    public var groups: [String: [String: ModelImage]] = [:]

    /// The key of the image that array transforms work on, which in MONAI are handed the image itself.
    public var arrayKey: String

    /// Keys of what only training and validation have, such as `label`: no study brings it, so operators pass over
    /// these keys as if `allow_missing_keys` were set.
    public var absentKeys: Set<String> = []

    /// Makes a sample.
    public init(images: [String: ModelImage] = [:], arrayKey: String = "image") {
        self.images = images
        self.arrayKey = arrayKey
    }
}
