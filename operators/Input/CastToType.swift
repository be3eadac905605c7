import ModelBundles
import Pipelines

/// Changes the type of the values (MONAI `CastToType`, utility/array.py:342-385).
///
/// The fraction of a value is cut off. What a type of integers cannot hold is refused: torch's result depends on the
/// processor there.
struct CastToType: Operator {
    static let names = OperatorNames("CastToType")

    private let images: KeyedImages
    private let types: [ElementType?]

    init(arguments: inout Arguments) throws(PipelineError) {
        images = try KeyedImages(&arguments)
        types = try arguments.perKey("dtype", count: images.count, default: .float32) {
            (arguments, value, name) throws(PipelineError) in
            let type = try arguments.castType(value, name)
            // Null stands for float32 in the dictionary spelling, for the image's own type in the other.
            return type ?? (arguments.isArray ? nil : .float32)
        }
    }

    func apply(_ sample: inout Sample, in context: PipelineContext) throws {
        try images.update(&sample) { image, index in
            try image.cast(to: types[index] ?? image.elementType, id: images.id)
        }
    }

    func follow(_ sample: inout SampleLayout) { images.follow(&sample) }
}
