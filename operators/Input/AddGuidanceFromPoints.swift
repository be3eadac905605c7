import ModelBundles
import Pipelines

/// Makes guidance of clicks (MONAI `AddGuidanceFromPointsDeepEditd`, apps/deepedit/transforms.py:667-740), of which there
/// are none: no points for each label.
struct AddGuidanceFromPoints: Operator {
    static let names: OperatorNames = ["AddGuidanceFromPointsDeepEditd"]

    private let id: String
    private let image: String
    private let guidance: String
    private let labels: [String]

    init(arguments: inout Arguments) throws(PipelineError) {
        id = arguments.id
        image = try arguments.key("ref_image")
        guidance = try arguments.key("guidance", default: "guidance")
        labels = try arguments.labelNames(isOptional: true)
        // They concern dictionaries of metadata.
        arguments.ignore("meta_keys", "meta_key_postfix")
    }

    func apply(_ sample: inout Sample, in context: PipelineContext) throws {
        try Guidance.require(image, noPointsFor: labels, in: sample, id: id)
        sample.groups[guidance] = Guidance.none(for: labels)
    }

    func follow(_ sample: inout SampleLayout) {
        Guidance.require(image, noPointsFor: labels, in: &sample, id: id)
        sample.groups[guidance] = labels
    }
}
