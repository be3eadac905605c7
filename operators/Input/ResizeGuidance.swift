import ModelBundles
import Pipelines

/// Takes points along with an image that was resized (MONAI `ResizeGuidanceMultipleLabelDeepEditd`,
/// apps/deepedit/transforms.py:743-782): nothing to do without points.
struct ResizeGuidance: Operator {
    static let names: OperatorNames = ["ResizeGuidanceMultipleLabelDeepEditd"]

    private let id: String
    private let image: String
    private let guidance: String

    init(arguments: inout Arguments) throws(PipelineError) {
        id = arguments.id
        image = try arguments.key("ref_image")
        guidance = try arguments.key("guidance")
    }

    func apply(_ sample: inout Sample, in context: PipelineContext) throws {
        try Guidance.require(image, noPointsFor: [], in: sample, id: id)
        _ = try Guidance.labels(guidance, in: sample, id: id)
    }

    func follow(_ sample: inout SampleLayout) {
        Guidance.require(image, noPointsFor: [], in: &sample, id: id)
        _ = Guidance.labels(guidance, in: &sample, id: id)
    }
}
