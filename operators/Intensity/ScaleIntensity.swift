import Pipelines
import Voxels

/// Stretches the values of an image to a range, or multiplies them (MONAI `ScaleIntensityd`,
/// intensity/array.py:443-495).
struct ScaleIntensity: Operator {
    static let names = ["ScaleIntensityd", "ScaleIntensityD", "ScaleIntensityDict"]

    private let images: KeyedImages
    private let lower: Double?
    private let upper: Double?
    private let factor: Double?
    private let isPerChannel: Bool

    init(arguments: inout Arguments) throws(PipelineError) {
        images = try KeyedImages(&arguments)
        // Null is not the same as leaving them out: without both, `factor` counts.
        lower = try arguments.optionalNumber("minv", default: 0)
        upper = try arguments.optionalNumber("maxv", default: 1)
        factor = try arguments.optionalNumber("factor")
        isPerChannel = try arguments.bool("channel_wise", default: false)
        try arguments.acceptFloat32("dtype")
    }

    func apply(_ sample: inout Sample, in context: PipelineContext) throws {
        try images.update(&sample) { image, _ in
            if lower != nil || upper != nil {
                image.tensor.stretch(lower: lower, upper: upper, perChannel: isPerChannel)
            } else if let factor {
                image.tensor.multiply(by: 1 + factor)
            }
        }
    }
}
