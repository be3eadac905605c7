import ModelBundles
import Pipelines
import Voxels

/// Makes a tensor of an image (MONAI `ToTensor`, utility/array.py:388-428).
///
/// As in MONAI what the image went through before cannot be undone afterwards, and without `track_meta` it is forgotten
/// where the image lies.
struct ToTensor: InvertibleOperator {
    static let names = OperatorNames("ToTensor")

    private let images: KeyedImages
    private let type: ElementType?
    private let keepsPlace: Bool
    private let isArray: Bool

    init(arguments: inout Arguments) throws(PipelineError) {
        images = try KeyedImages(&arguments)
        isArray = arguments.isArray
        type = try arguments.take("dtype").flatMap {
            (value) throws(PipelineError) in try arguments.castType(value, "dtype")
        }
        keepsPlace = try arguments.tracksMetadata()
        // Where an array lies and how lists are wrapped concerns Python.
        arguments.ignore("device", "wrap_sequence")
    }

    func apply(_ sample: inout Sample, in context: PipelineContext) throws {
        try images.update(&sample) { image, _ in
            try image.cast(to: type ?? image.elementType, id: images.id)
            if keepsPlace {
                image.forgetTrace(id: images.id + ToTensor.end)
            } else {
                image.forgetPlace(id: images.id + ToTensor.end)
            }
            // The spelling for dictionaries alone records itself.
            if !isArray { image.trace.append(TraceEntry(operatorID: images.id, state: true)) }
        }
    }

    func follow(_ sample: inout SampleLayout) { images.follow(&sample) }

    func invert(
        _ image: inout ModelImage, entry: TraceEntry, interpolation: InverseInterpolation
    ) throws(PipelineError) {
        // MONAI's inverse makes an array of NumPy, which lies nowhere.
        image.affine = .identity
    }

    /// Tells the entry that stands for the loss of all before it from the operator's own.
    private static let end = "::track_meta"
}
