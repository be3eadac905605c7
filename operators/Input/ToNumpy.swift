import ModelBundles
import Pipelines

/// Makes an array of NumPy of an image (MONAI `ToNumpy`, utility/array.py:484-508).
///
/// As in MONAI it is forgotten where the image lies and what it went through.
struct ToNumpy: Operator {
    static let names = OperatorNames("ToNumpy")

    private let images: KeyedImages
    private let type: ElementType?

    init(arguments: inout Arguments) throws(PipelineError) {
        images = try KeyedImages(&arguments)
        type = try arguments.take("dtype").flatMap {
            (value) throws(PipelineError) in try arguments.castType(value, "dtype")
        }
        // How lists are wrapped concerns Python.
        arguments.ignore("wrap_sequence")
    }

    func apply(_ sample: inout Sample, in context: PipelineContext) throws {
        try images.update(&sample) { image, _ in
            try image.cast(to: type ?? image.elementType, id: images.id)
            image.forgetPlace(id: images.id)
        }
    }

    func follow(_ sample: inout SampleLayout) { images.follow(&sample) }
}
