/// Gives `LoadImage` its images: a DICOM volume or a NIfTI file, the operator does not know which.
public protocol ImageSource {
    /// Loads the image of a key.
    ///
    /// - Returns: `[X, Y, Z]` or `[X, Y]`, or with `source.hasChannelAxis` the channels at the end as well; float32, the
    ///   affine in RAS, the identity for an image of two axes.
    func load(_ request: LoadRequest) throws -> ModelImage
}

/// What a `LoadImage` asks its source for.
public struct LoadRequest: Sendable {
    /// The readers of MONAI that Portico reads like.
    public enum Reader: String, Sendable, CaseIterable {
        case nibabel = "NibabelReader"
        case itk = "ITKReader"
        case pydicom = "PydicomReader"
        case pil = "PILReader"
    }

    /// The key in the sample, such as `image`.
    public var key: String

    /// The reader that the configuration names; nil leaves it to the file's kind.
    public var reader: Reader?

    /// Whether colour is made of whatever the file holds (`converter: $lambda x: x.convert('RGB')`).
    public var convertsToRGB = false

    /// Makes a request.
    public init(key: String, reader: Reader? = nil) {
        self.key = key
        self.reader = reader
    }
}

/// What a pipeline needs from outside and what it gives back, for one run over one sample.
public final class PipelineContext {
    /// Where images come from.
    public let source: any ImageSource

    /// Is told about each operator that ran.
    public let observer: (any StageObserver)?

    /// What `SaveImage` operators saved, first to last. Nothing is written by them.
    public internal(set) var savedImages: [SavedImage] = []

    /// What `SaveClassification` operators saved, first to last. Nothing is written by them.
    public internal(set) var savedScores: [SavedScores] = []

    /// Makes a context.
    public init(source: any ImageSource, observer: (any StageObserver)? = nil) {
        self.source = source
        self.observer = observer
    }

    /// Takes an image that a bundle wants to be saved.
    public func save(_ image: SavedImage) {
        savedImages.append(image)
    }

    /// Takes scores that a bundle wants to be saved.
    public func save(_ scores: SavedScores) {
        savedScores.append(scores)
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

    /// `scale`: 255 or 65535, what values from 0 to 1 are multiplied by in a picture; nil leaves values alone.
    public var scale: Int?

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

/// Scores that a bundle asks to be saved (`SaveClassificationd`): a line of a table for each image.
public struct SavedScores: Sendable {
    /// The key of the scores in the sample, such as `pred`.
    public var key: String

    /// The scores, one for each class, or what was made of them.
    public var values: [Float]

    /// `filename`: the name of the table.
    public var fileName: String

    /// `delimiter`: what stands between two values of a line.
    public var delimiter: String

    /// `output_dir` as the configuration has it; the gateway decides where files go.
    public var outputDirectory: String?

    /// The config id of the operator that asked for it.
    public var operatorID: String

    /// Makes a request to save scores.
    public init(
        key: String, values: [Float], fileName: String, delimiter: String, outputDirectory: String?,
        operatorID: String
    ) {
        self.key = key
        self.values = values
        self.fileName = fileName
        self.delimiter = delimiter
        self.outputDirectory = outputDirectory
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
