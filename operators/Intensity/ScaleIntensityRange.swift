import Pipelines
import Voxels

/// Maps one range of values to another (MONAI `ScaleIntensityRanged`, intensity/array.py:980-1034).
struct ScaleIntensityRange: Operator {
    static let names = ["ScaleIntensityRanged", "ScaleIntensityRangeD", "ScaleIntensityRangeDict"]

    private let images: KeyedImages
    private let from: (lower: Double, upper: Double)
    private let lower: Double?
    private let upper: Double?
    private let clips: Bool

    init(arguments: inout Arguments) throws(PipelineError) {
        images = try KeyedImages(&arguments)
        from = (try arguments.number("a_min"), try arguments.number("a_max"))
        lower = try arguments.optionalNumber("b_min")
        upper = try arguments.optionalNumber("b_max")
        clips = try arguments.bool("clip", default: false)
        try arguments.acceptFloat32("dtype")
        guard !clips || lower != nil || upper != nil || from.lower == from.upper else {
            throw arguments.invalid("clip", "there is nothing to clip to without b_min and b_max")
        }
    }

    func apply(_ sample: inout Sample, in context: PipelineContext) throws {
        try images.update(&sample) { image, _ in
            image.tensor.scale(from: from, lower: lower, upper: upper, clips: clips)
        }
    }
}
