import Pipelines
import Voxels

/// Subtracts the mean and divides by the standard deviation (MONAI `NormalizeIntensityd`,
/// intensity/array.py:837-946).
struct NormalizeIntensity: Operator {
    static let names = ["NormalizeIntensityd", "NormalizeIntensityD", "NormalizeIntensityDict"]

    private let images: KeyedImages
    private let subtrahends: [Double]?
    private let divisors: [Double]?
    private let skipsZeros: Bool
    private let isPerChannel: Bool

    init(arguments: inout Arguments) throws(PipelineError) {
        images = try KeyedImages(&arguments)
        subtrahends = try arguments.optionalNumbers("subtrahend")
        divisors = try arguments.optionalNumbers("divisor")
        skipsZeros = try arguments.bool("nonzero", default: false)
        isPerChannel = try arguments.bool("channel_wise", default: false)
        try arguments.acceptFloat32("dtype")
        guard !isPerChannel else { return }
        for (name, values) in [("subtrahend", subtrahends), ("divisor", divisors)] where (values?.count ?? 1) != 1 {
            throw arguments.unsupported(name, "Portico takes several values only where channel_wise is true")
        }
    }

    func apply(_ sample: inout Sample, in context: PipelineContext) throws {
        try images.update(&sample) { image, _ in
            for values in [subtrahends, divisors] where isPerChannel {
                guard let values, values.count != image.tensor.channels else { continue }
                throw PipelineError(
                    .unfitImage,
                    "\(images.id): \(values.count) values are given for \(image.tensor.channels) channels")
            }
            image.tensor.normalize(
                subtrahends: subtrahends, divisors: divisors, nonzero: skipsZeros, perChannel: isPerChannel)
        }
    }
}
