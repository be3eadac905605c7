import ModelBundles
import Pipelines

/// Takes points along with an image that was reoriented (`scripts.transforms.OrientationGuidanceMultipleLabelDeepEditd`
/// of the zoo's spleen_deepedit_annotation): nothing to do without points.
struct OrientGuidance: Operator {
    static let names: OperatorNames = ["scripts.transforms.OrientationGuidanceMultipleLabelDeepEditd"]

    private let id: String
    private let image: String
    private let labels: [String]

    init(arguments: inout Arguments) throws(PipelineError) {
        id = arguments.id
        image = try arguments.key("ref_image", default: "image")
        labels = try arguments.labelNames(isOptional: false)
    }

    func apply(_ sample: inout Sample, in context: PipelineContext) throws {
        try Guidance.require(image, noPointsFor: labels, in: sample, id: id)
    }

    func follow(_ sample: inout SampleLayout) {
        Guidance.require(image, noPointsFor: labels, in: &sample, id: id)
    }
}
