import ModelBundles
import Pipelines

/// Takes an image apart into its values and its metadata (MONAI `FromMetaTensord`, meta_utility/dictionary.py:42-86).
///
/// MONAI keeps the metadata under keys of their own, from where later transforms and the inverse take it; here it stays
/// with the image.
struct FromMetaTensor: InvertibleOperator {
    static let names = OperatorNames(dictionary: "FromMetaTensor")

    private let images: KeyedImages

    init(arguments: inout Arguments) throws(PipelineError) {
        images = try KeyedImages(&arguments)
        // A tensor where it says 'tensor', an array of NumPy for any other text; neither changes a number.
        let kinds = arguments.take("data_type")?.listed ?? []
        for kind in kinds where kind.stringValue == nil {
            throw arguments.mismatch("data_type", expected: "'tensor' or 'numpy'", found: kind)
        }
    }

    func apply(_ sample: inout Sample, in context: PipelineContext) throws {
        try images.update(&sample) { image, _ in
            image.trace.append(TraceEntry(operatorID: images.id, state: true))
        }
    }

    func follow(_ sample: inout SampleLayout) { images.follow(&sample) }

    func invert(
        _ image: inout ModelImage, entry: TraceEntry, interpolation: InverseInterpolation
    ) throws(PipelineError) {}
}
