import ModelBundles
import Pipelines
import Voxels

/// Gives labels to what they enclose (MONAI `FillHoles`, post/array.py:485-577, and `fill_holes`,
/// transforms/utils.py:1567-1623).
struct FillHoles: Operator {
    static let names = OperatorNames("FillHoles")

    private let images: KeyedImages
    private let labels: [Double]?
    private let connectivity: Int?

    init(arguments: inout Arguments) throws(PipelineError) {
        images = try KeyedImages(&arguments)
        let given = try arguments.labels("applied_labels")
        // Neither nothing nor the label 0 alone is a list to MONAI, which tests it for truth.
        labels = given == [] || given == [0] ? nil : given
        connectivity = try arguments.optionalInteger("connectivity")
    }

    func apply(_ sample: inout Sample, in context: PipelineContext) throws {
        try images.update(&sample) { image, _ in
            let axes = try images.requireMask(image)
            // SciPy takes what is less than 1 for 1; MONAI takes 0 for all axes.
            let connectivity = connectivity.flatMap { $0 == 0 ? nil : max(1, $0) } ?? axes
            if image.tensor.channels > 1 {
                try fillChannels(&image.tensor, connectivity)
            } else {
                fillLabels(&image.tensor, connectivity)
            }
        }
    }

    func follow(_ sample: inout SampleLayout) {
        images.follow(&sample) { (image, _) throws(PipelineError) in
            try images.requireMask(image)
            guard let labels, let channels = image.channels, channels > 1 else { return }
            _ = try images.channels(labels.filter { $0 != 0 }, of: channels)
        }
    }

    /// Each channel is a mask; what is filled holds 0 and 1 afterwards.
    private func fillChannels(_ tensor: inout Tensor, _ connectivity: Int) throws(PipelineError) {
        let channels =
            try labels.map { (labels) throws(PipelineError) in
                try images.channels(labels.filter { $0 != 0 }, of: tensor.channels)
            } ?? (1..<tensor.channels).filter { tensor.sum(channel: $0) > 0 }
        for channel in channels {
            tensor.makeTruth(channel: channel)
            guard let box = tensor.labelBoxes(channel: channel)[1] else { continue }
            tensor.fillHoles(of: 1, channel: channel, box: box, connectivity: connectivity)
        }
    }

    /// The values are labels; one may take voxels of another, so their order counts: MONAI's is that of a Python set.
    private func fillLabels(_ tensor: inout Tensor, _ connectivity: Int) {
        let boxes = tensor.labelBoxes(channel: 0)
        // MONAI's own list has the background in it until it is made.
        let order = PythonSet.order(labels ?? [0] + boxes.keys.map { Double($0) }.sorted())
        for label in order where label != 0 {
            guard let box = boxes[Float(label)] else { continue }
            tensor.fillHoles(of: Float(label), channel: 0, box: box, connectivity: connectivity)
        }
    }
}
