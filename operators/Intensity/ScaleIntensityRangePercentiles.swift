import ModelBundles
import Pipelines
import Voxels

/// Maps the range between two percentiles to another one (MONAI `ScaleIntensityRangePercentiles`,
/// intensity/array.py:1322-1441).
struct ScaleIntensityRangePercentiles: Operator {
    static let names = OperatorNames("ScaleIntensityRangePercentiles")

    private let images: KeyedImages
    private let percents: (lower: Double, upper: Double)
    private let lower: Double?
    private let upper: Double?
    private let clips: Bool
    private let isPerChannel: Bool
    private let type: ElementType?

    init(arguments: inout Arguments) throws(PipelineError) {
        images = try KeyedImages(&arguments)
        percents = (try arguments.number("lower"), try arguments.number("upper"))
        for (name, percent) in [("lower", percents.lower), ("upper", percents.upper)]
        where !(0...100).contains(percent) {
            throw arguments.invalid(name, "a percentile lies between 0 and 100, found \(percent)")
        }
        let least = try Self.end("b_min", &arguments)
        let most = try Self.end("b_max", &arguments)
        clips = try arguments.bool("clip", default: false)
        guard !clips || least != nil || most != nil else {
            throw arguments.invalid("clip", "there is nothing to clip to without b_min and b_max")
        }
        if try arguments.bool("relative", default: false) {
            guard let least, let most else {
                throw arguments.invalid("relative", "b_min and b_max have to be given where it is true")
            }
            lower = (most - least) * (percents.lower / 100) + least
            upper = (most - least) * (percents.upper / 100) + least
        } else {
            (lower, upper) = (least, most)
        }
        isPerChannel = try arguments.bool("channel_wise", default: false)
        type = try arguments.resultType(default: .float32)
    }

    /// An end of the range of results, which has to be given, if only as null.
    private static func end(_ name: String, _ arguments: inout Arguments) throws(PipelineError) -> Double? {
        guard let value = arguments.take(name) else {
            throw arguments.mismatch(name, expected: "a number or null", found: nil)
        }
        if value.isNull { return nil }
        guard let number = value.doubleValue else {
            throw arguments.mismatch(name, expected: "a number or null", found: value)
        }
        return try arguments.finite(number, name)
    }

    func apply(_ sample: inout Sample, in context: PipelineContext) throws {
        try images.update(&sample) { image, _ in
            guard image.elementType == .float32 else {
                throw PipelineError(
                    .unfitImage,
                    "\(images.id): the image holds \(image.elementType.rawValue), and torch finds percentiles of "
                        + "floating point numbers only; a CastToType with torch.float32 before it helps")
            }
            image.tensor.scale(
                percents: percents, lower: lower, upper: upper, clips: clips, perChannel: isPerChannel)
            try image.cast(to: type ?? .float32, id: images.id)
        }
    }

    func follow(_ sample: inout SampleLayout) { images.follow(&sample) }
}
