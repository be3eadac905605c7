import Pipelines
import Voxels

/// Stretches the values of an image to a range, or multiplies them (MONAI `ScaleIntensity`,
/// intensity/array.py:443-495).
struct ScaleIntensity: Operator {
    static let names = OperatorNames("ScaleIntensity")

    private let images: KeyedImages
    private let lower: Double?
    private let upper: Double?
    private let factor: PythonNumber?
    private let isPerChannel: Bool
    private let type: ElementType?

    init(arguments: inout Arguments) throws(PipelineError) {
        images = try KeyedImages(&arguments)
        // Null is not the same as leaving them out: without both, `factor` counts.
        lower = try arguments.optionalNumber("minv", default: 0)
        upper = try arguments.optionalNumber("maxv", default: 1)
        factor = try arguments.pythonNumber("factor")
        isPerChannel = try arguments.bool("channel_wise", default: false)
        type = try arguments.resultType(default: .float32)
    }

    func apply(_ sample: inout Sample, in context: PipelineContext) throws {
        try images.update(&sample) { image, _ in
            let type = type ?? image.elementType
            if lower != nil || upper != nil {
                try stretch(&image, as: type)
            } else if let factor {
                try multiply(&image, by: factor, as: type)
            } else {
                try image.cast(to: type, id: images.id)
            }
        }
    }

    func follow(_ sample: inout SampleLayout) { images.follow(&sample) }

    /// MONAI casts the values first, then stretches them, then casts them again.
    private func stretch(_ image: inout ModelImage, as type: ElementType) throws(PipelineError) {
        try image.cast(to: type, id: images.id)
        try image.requireSingle(id: images.id, allowsTruth: false)
        if let range = type.integers, let (least, most) = image.tensor.extremes(),
            Int(most) - Int(least) > range.upperBound
        {
            throw PipelineError(
                .unfitImage,
                "\(images.id)::dtype: the values reach over more than \(type.rawValue) can hold, in which MONAI "
                    + "subtracts them; leave dtype at float32")
        }
        image.tensor.stretch(lower: lower, upper: upper, perChannel: isPerChannel)
        try image.take(as: type, id: images.id)
    }

    private func multiply(
        _ image: inout ModelImage, by factor: PythonNumber, as type: ElementType
    ) throws(PipelineError) {
        if image.elementType == .float64 { try image.requireSingle(id: images.id) }
        if let range = image.elementType.integers, let whole = factor.whole, image.elementType.isSmall {
            image.tensor.multiply(by: 1 &+ whole, wrappingIn: range)
        } else {
            image.tensor.multiply(by: 1 + factor.value)
        }
        try image.take(as: type, id: images.id)
    }
}
