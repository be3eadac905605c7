import ModelBundles
import Pipelines
import Voxels

/// Turns a network's output into probabilities (MONAI `Activations`, post/array.py:69-137).
struct Activate: VoxelwiseOperator {
    static let names = OperatorNames("Activations")

    private let images: KeyedImages
    private let sigmoids: [Bool]
    private let softmaxes: [Bool]
    private let axis: Int

    init(arguments: inout Arguments) throws(PipelineError) {
        images = try KeyedImages(&arguments)
        sigmoids = try arguments.bools("sigmoid", count: images.count, default: false)
        softmaxes = try arguments.bools("softmax", count: images.count, default: false)
        // The array spelling does one after the other: MONAI looks only at what a call is given.
        if !arguments.isArray, zip(sigmoids, softmaxes).contains(where: { $0 && $1 }) {
            throw arguments.invalid("softmax", "sigmoid and softmax cannot both be true for one key")
        }
        try arguments.accept("other", only: "null") { value in value.listed.allSatisfy(\.isNull) }
        axis = try arguments.axis()
    }

    func apply(_ sample: inout Sample, in context: PipelineContext) throws {
        try images.update(&sample) { image, index in
            let type = image.elementType
            if sigmoids[index] { image.tensor.sigmoid() }
            if softmaxes[index] { image.tensor.softmax(over: try images.axis(axis, of: image)) }
            // MONAI computes in float32 and takes the result back into the image's own type.
            try image.take(as: type, id: images.id)
        }
    }

    func steps(on key: String, arrayKey: String) -> [VoxelDecision.Step]? {
        guard axis == 0, images.keys(arrayKey: arrayKey) == [key] else { return nil }
        return (sigmoids[0] ? [.sigmoid] : []) + (softmaxes[0] ? [.softmax] : [])
    }

    func follow(_ sample: inout SampleLayout) {
        images.follow(&sample) { (image, index) throws(PipelineError) in
            guard softmaxes[index], let axes = image.axes else { return }
            _ = try images.axis(axis, of: axes, found: "it has \(axes)")
        }
    }
}
