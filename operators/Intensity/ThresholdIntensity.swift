import Pipelines
import Voxels

/// Keeps the values above a threshold, or those below it, and sets the others to a value (MONAI `ThresholdIntensity`,
/// intensity/array.py:949-977).
struct ThresholdIntensity: Operator {
    static let names = OperatorNames("ThresholdIntensity")

    private let images: KeyedImages
    private let threshold: Double
    private let keepsAbove: Bool
    private let filler: Double

    init(arguments: inout Arguments) throws(PipelineError) {
        images = try KeyedImages(&arguments)
        threshold = try arguments.number("threshold")
        keepsAbove = try arguments.bool("above", default: true)
        filler = try arguments.optionalNumber("cval", default: 0, allowsInfinity: true) ?? 0
    }

    func apply(_ sample: inout Sample, in context: PipelineContext) throws {
        try images.update(&sample) { image, _ in
            try image.requireSingle(id: images.id)
            let type = image.elementType
            image.tensor.keep(above: keepsAbove, threshold: threshold, filler: filler)
            try image.take(as: type, id: images.id)
        }
    }

    func follow(_ sample: inout SampleLayout) { images.follow(&sample) }
}
