import ModelBundles
import Pipelines
import Voxels

/// Keeps the largest connected components of labels (MONAI `KeepLargestConnectedComponent`, post/array.py:247-362).
///
/// Of components of one size the last one in memory is kept, as scikit-image's order and NumPy's `argsort` have it for up
/// to 16 labels with the background. For more, NumPy's order of equals is another on each kind of processor.
struct KeepLargestComponent: Operator {
    static let names = OperatorNames("KeepLargestConnectedComponent")

    private let images: KeyedImages
    private let labels: [Double]?
    private let isOneHot: Bool?
    private let isIndependent: Bool
    private let connectivity: Int?
    private let number: Int

    init(arguments: inout Arguments) throws(PipelineError) {
        images = try KeyedImages(&arguments)
        labels = try arguments.labels("applied_labels")
        if let value = arguments.take("is_onehot"), !value.isNull {
            isOneHot = try arguments.truth(value, "is_onehot")
        } else {
            isOneHot = nil
        }
        isIndependent = try arguments.bool("independent", default: true)
        connectivity = try arguments.optionalInteger("connectivity")
        guard (1...3).contains(connectivity ?? 1) else {
            throw arguments.invalid(
                "connectivity", "expected 1 to 3, for images of as many axes of space, found \(connectivity ?? 1)")
        }
        number = try arguments.optionalInteger("num_components") ?? 1
        guard number >= 0 else {
            throw arguments.invalid("num_components", "expected the number of components to keep, found \(number)")
        }
    }

    func apply(_ sample: inout Sample, in context: PipelineContext) throws {
        try images.update(&sample) { image, _ in
            let connectivity = try requireConnectivity(try images.requireMask(image))
            if isOneHot ?? (image.tensor.channels > 1) {
                try keepChannels(&image.tensor, connectivity)
            } else {
                try keepLabels(&image.tensor, connectivity)
            }
        }
    }

    func follow(_ sample: inout SampleLayout) {
        images.follow(&sample) { (image, _) throws(PipelineError) in
            if let axes = try images.requireMask(image) { try requireConnectivity(axes) }
            guard let channels = image.channels else { return }
            guard isOneHot ?? (channels > 1) else { return try requireLabels(channels) }
            if let labels { _ = try images.channels(labels, of: channels) }
        }
    }

    /// How many axes two neighbours may differ in: all of them where nothing is said.
    @discardableResult
    private func requireConnectivity(_ axes: Int) throws(PipelineError) -> Int {
        let connectivity = connectivity ?? axes
        guard (1...axes).contains(connectivity) else {
            throw PipelineError(
                .unfitImage,
                "\(images.id)::connectivity: expected 1 to \(axes), the image's axes of space, found \(connectivity)")
        }
        return connectivity
    }

    /// Refuses several channels where their values would be taken for labels.
    private func requireLabels(_ channels: Int) throws(PipelineError) {
        guard labels == nil, channels != 1 else { return }
        throw PipelineError(
            .unfitImage,
            "\(images.id)::is_onehot: \(channels) channels that are not one-hot, where labels are looked for")
    }

    /// Each channel is a mask.
    private func keepChannels(_ tensor: inout Tensor, _ connectivity: Int) throws(PipelineError) {
        // The background is no label unless it is named.
        let channels =
            try labels.map { (labels) throws(PipelineError) in try images.channels(labels, of: tensor.channels) }
            ?? (0..<tensor.channels).dropFirst().filter { tensor.sum(channel: $0) > 0 }
        guard isIndependent else {
            return tensor.keepLargestComponents(number, channels: channels, connectivity: connectivity)
        }
        for channel in channels {
            tensor.keepLargestComponents(
                number, channel: channel, of: .positive, together: true, connectivity: connectivity)
        }
    }

    /// The values of the first channel are labels.
    private func keepLabels(_ tensor: inout Tensor, _ connectivity: Int) throws(PipelineError) {
        try requireLabels(tensor.channels)
        let rule = labels.map { Tensor.MaskRule.labels(Set($0.map { Float($0) })) } ?? .everyLabel
        tensor.keepLargestComponents(
            number, channel: 0, of: rule, together: !isIndependent, connectivity: connectivity)
    }
}

extension Arguments {
    /// Labels: a list of numbers, or one alone; nil for null.
    mutating func labels(_ name: String) throws(PipelineError) -> [Double]? {
        guard let value = take(name), !value.isNull else { return nil }
        let labels = value.listed.compactMap(\.doubleValue)
        guard labels.count == value.listed.count else {
            throw mismatch(name, expected: "a label or a list of labels", found: value)
        }
        for label in labels { _ = try finite(label, name) }
        return labels
    }
}

extension KeyedImages {
    /// The channels that labels name, counted from the end where they are negative.
    func channels(_ labels: [Double], of count: Int) throws(PipelineError) -> [Int] {
        var channels: [Int] = []
        for label in labels {
            guard let index = Int(exactly: label), (-count..<count).contains(index) else {
                throw PipelineError(
                    .unfitImage,
                    "\(id)::applied_labels: the image has \(count) channels and none for the label \(label)")
            }
            channels.append(index < 0 ? index + count : index)
        }
        return channels
    }
}
