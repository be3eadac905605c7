import ModelBundles
import Pipelines

/// Moves an image to a device (MONAI `ToDevice`, utility/array.py): nothing to do here, where the back end does that.
struct ToDevice: Operator {
    static let names = OperatorNames("ToDevice")

    private let images: KeyedImages

    init(arguments: inout Arguments) throws(PipelineError) {
        images = try KeyedImages(&arguments)
        guard let device = arguments.take("device"), !device.isNull else {
            throw arguments.mismatch("device", expected: "a device such as 'cpu'", found: nil)
        }
        // They concern how torch copies.
        arguments.ignore("non_blocking", "copy", "memory_format")
    }

    func apply(_ sample: inout Sample, in context: PipelineContext) throws {
        _ = try images.present(in: sample)
    }

    func follow(_ sample: inout SampleLayout) { images.follow(&sample) }
}
