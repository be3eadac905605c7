/// Gives `LoadImage` its images: a DICOM volume or a NIfTI file, the operator does not know which.
public protocol ImageSource {
    /// Loads the image of a key.
    ///
    /// - Returns: `[X, Y, Z]` (or `[X, Y, Z, C]` with `source.hasChannelAxis`), float32, the affine in RAS.
    func load(key: String) throws -> ModelImage
}

/// What a pipeline needs from outside and what it gives back, for one run over one sample.
public final class PipelineContext {
    /// Where images come from.
    public let source: any ImageSource

    /// Is told about each operator that ran.
    public let observer: (any StageObserver)?

    /// What `SaveImage` operators saved, first to last. Nothing is written by them.
    public internal(set) var savedImages: [SavedImage] = []

    /// Makes a context.
    public init(source: any ImageSource, observer: (any StageObserver)? = nil) {
        self.source = source
        self.observer = observer
    }

    /// Takes an image that a bundle wants to be saved.
    public func save(_ image: SavedImage) {
        savedImages.append(image)
    }
}

/// Is called after each operator of a pipeline.
public protocol StageObserver: AnyObject {
    /// An operator has run.
    ///
    /// - Throws: to end the pipeline with that error.
    func stageDidFinish(_ stage: Stage) throws
}

/// An operator's run over a sample.
public struct Stage: Sendable {
    /// The config id of the operator, such as `preprocessing::transforms::3`.
    public var operatorID: String

    /// The operator's name in the configuration, without its module path, such as `Spacingd`.
    public var name: String

    /// How long it took.
    public var duration: Duration

    /// The sample after it. Keeping it keeps its arrays: copy what is needed or let it go.
    public var sample: Sample
}

/// An image that a bundle asks to be saved (`SaveImaged`), with the arguments that concern the file.
public struct SavedImage: Sendable {
    /// The key of the image in the sample, such as `pred`.
    public var key: String

    /// The image, channel first, with its affine.
    public var image: ModelImage

    /// `output_postfix`: what is appended to the stem of the source's name.
    public var outputPostfix: String

    /// `output_ext`: the ending of the file with its dot, such as `.nii.gz`.
    public var outputExtension: String

    /// `output_dtype`: what the values are stored as.
    public var outputDType: ElementType

    /// `separate_folder`: whether each source gets a folder of its own.
    public var separateFolder: Bool

    /// `output_dir` as the configuration has it; the gateway decides where files go.
    public var outputDirectory: String?

    /// `squeeze_end_dims`: whether axes of length 1 at the end are dropped after the channel moved there.
    public var squeezesEndAxes: Bool

    /// The config id of the operator that asked for it.
    public var operatorID: String

    /// Makes a request to save an image.
    public init(
        key: String, image: ModelImage, outputPostfix: String, outputExtension: String, outputDType: ElementType,
        separateFolder: Bool, outputDirectory: String?, squeezesEndAxes: Bool, operatorID: String
    ) {
        self.key = key
        self.image = image
        self.outputPostfix = outputPostfix
        self.outputExtension = outputExtension
        self.outputDType = outputDType
        self.separateFolder = separateFolder
        self.outputDirectory = outputDirectory
        self.squeezesEndAxes = squeezesEndAxes
        self.operatorID = operatorID
    }
}

/// The type of the values of an array in a file or a configuration.
public enum ElementType: String, Sendable, CaseIterable {
    case bool, uint8, int8, uint16, int16, uint32, int32, uint64, int64, float16, float32, float64

    /// Understands NumPy's and torch's names, such as `numpy.float32`, `torch.uint8`, `float`, `torch.half`.
    public init?(name: String) {
        let bare = name.split(separator: ".").last.map(String.init) ?? name
        let aliases: [String: ElementType] = [
            "half": .float16, "float": name.hasPrefix("torch.") ? .float32 : .float64, "single": .float32,
            "double": .float64, "short": .int16, "int": name.hasPrefix("torch.") ? .int32 : .int64, "long": .int64,
            "bool_": .bool, "ubyte": .uint8, "byte": name.hasPrefix("torch.") ? .uint8 : .int8,
        ]
        guard let type = ElementType(rawValue: bare) ?? aliases[bare] else { return nil }
        self = type
    }
}
