import ModelBundles
import Pipelines
import Voxels

/// Turns a network's output into probabilities (MONAI `Activationsd`, post/array.py:69-137).
struct Activate: Operator {
    static let names = ["Activationsd", "ActivationsD", "ActivationsDict"]

    private let images: KeyedImages
    private let sigmoids: [Bool]
    private let softmaxes: [Bool]

    init(arguments: inout Arguments) throws(PipelineError) {
        images = try KeyedImages(&arguments)
        sigmoids = try arguments.bools("sigmoid", count: images.keys.count, default: false)
        softmaxes = try arguments.bools("softmax", count: images.keys.count, default: false)
        if zip(sigmoids, softmaxes).contains(where: { $0 && $1 }) {
            throw arguments.invalid("softmax", "sigmoid and softmax cannot both be true for one key")
        }
        try arguments.accept("other", only: "null") { value in value.listed.allSatisfy(\.isNull) }
        try arguments.acceptAxisZero()
    }

    func apply(_ sample: inout Sample, in context: PipelineContext) throws {
        try images.update(&sample) { image, index in
            if sigmoids[index] { image.tensor.sigmoid() }
            if softmaxes[index] { image.tensor.softmaxOverChannels() }
        }
    }
}
