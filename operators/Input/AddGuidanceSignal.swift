import ModelBundles
import Pipelines
import Voxels

/// Puts a channel for each label behind those of an image (MONAI `AddGuidanceSignalDeepEditd`,
/// apps/deepedit/transforms.py:217-305): zeros, where there are no points.
struct AddGuidanceSignal: Operator {
    static let names: OperatorNames = ["AddGuidanceSignalDeepEditd"]

    private let images: KeyedImages
    private let guidance: String
    private let channels: Int

    init(arguments: inout Arguments) throws(PipelineError) {
        images = try KeyedImages(&arguments)
        guidance = try arguments.key("guidance", default: "guidance")
        channels = try arguments.optionalInteger("number_intensity_ch") ?? 1
        guard channels >= 0 else {
            throw arguments.invalid("number_intensity_ch", "expected a number of channels, found \(channels)")
        }
        // How far around a point its signal reaches.
        arguments.ignore("sigma")
    }

    func apply(_ sample: inout Sample, in context: PipelineContext) throws {
        let labels = try Guidance.labels(guidance, in: sample, id: images.id)
        let keys = images.keys(in: sample)
        try images.update(&sample) { image, index in
            // MONAI works on this key alone, whatever the image's is, and leaves the image as it is without labels.
            guard keys[index] == "image", !labels.isEmpty else { return }
            try images.requireImage(image)
            image.tensor = image.tensor.keepingChannels(
                min(channels, image.tensor.channels), addingZeros: labels.count)
        }
    }

    func follow(_ sample: inout SampleLayout) {
        let labels = Guidance.labels(guidance, in: &sample, id: images.id)
        let keys = images.keys(in: sample)
        images.follow(&sample) { (image, index) throws(PipelineError) in
            guard keys[index] == "image", labels != [] else { return }
            _ = try images.requireImage(image)
            guard let labels, let count = image.channels else { return image.channels = nil }
            image.channels = min(channels, count) + labels.count
        }
    }
}
