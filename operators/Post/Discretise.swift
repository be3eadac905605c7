import ModelBundles
import Pipelines
import Voxels

/// Turns probabilities into labels (MONAI `AsDiscreted`, post/array.py:140-244): argmax, then one-hot, then threshold,
/// then rounding.
struct Discretise: Operator {
    static let names = ["AsDiscreted", "AsDiscreteD", "AsDiscreteDict"]

    private let images: KeyedImages
    private let argmaxes: [Bool]
    private let classes: [Int?]
    private let thresholds: [Double?]
    private let rounds: [Bool]

    init(arguments: inout Arguments) throws(PipelineError) {
        images = try KeyedImages(&arguments)
        let count = images.keys.count
        argmaxes = try arguments.bools("argmax", count: count, default: false)
        classes = try arguments.perKey("to_onehot", count: count, default: nil) {
            (arguments, value, name) throws(PipelineError) in
            switch value {
            case .null: return nil
            case .int(let number) where number > 0: return number
            default: throw arguments.mismatch(name, expected: "a number of classes or null", found: value)
            }
        }
        thresholds = try arguments.perKey("threshold", count: count, default: nil) {
            (arguments, value, name) throws(PipelineError) in
            switch value {
            case .null: return nil
            case .int(let number): return Double(number)
            case .double(let number): return number
            default: throw arguments.mismatch(name, expected: "a number or null", found: value)
            }
        }
        rounds = try arguments.perKey("rounding", count: count, default: false) {
            (arguments, value, name) throws(PipelineError) in
            switch value {
            case .null: return false
            case .string("torchrounding"): return true
            default: throw arguments.mismatch(name, expected: "'torchrounding' or null", found: value)
            }
        }
        try arguments.acceptAxisZero()
        try arguments.accept("keepdim", only: "true") { value in
            if case .bool(true) = value { true } else { false }
        }
        try arguments.acceptFloat32("dtype")
    }

    func apply(_ sample: inout Sample, in context: PipelineContext) throws {
        try images.update(&sample) { image, index in
            if argmaxes[index] {
                guard image.tensor.channels > 0 else {
                    throw PipelineError(.unfitImage, "\(images.id): the image has no channels")
                }
                image.tensor = image.tensor.argmaxOverChannels()
            }
            if let classes = classes[index] { image.tensor = try spread(image.tensor, classes) }
            if let threshold = thresholds[index] { image.tensor.discretise(atLeast: threshold) }
            if rounds[index] { image.tensor.roundToEven() }
        }
    }

    private func spread(_ tensor: Tensor, _ classes: Int) throws(PipelineError) -> Tensor {
        guard tensor.channels == 1 else {
            throw PipelineError(
                .unfitImage, "\(images.id)::to_onehot: expected one channel of labels, found \(tensor.channels)")
        }
        guard let spread = tensor.oneHot(classes: classes) else {
            throw PipelineError(
                .unfitImage, "\(images.id)::to_onehot: the image has values that are no labels below \(classes)")
        }
        return spread
    }
}
