import ModelBundles
import Pipelines
import Voxels

/// Puts the channel axis first, or adds one (MONAI `EnsureChannelFirstd`, utility/array.py:175-234).
struct EnsureChannelFirst: Operator {
    static let names = OperatorNames("EnsureChannelFirst")

    /// Where `channel_dim` says that the channels are.
    enum ChannelAxis: Sendable, Equatable {
        case none
        case at(Int)
    }

    private let images: KeyedImages
    private let axis: ChannelAxis?

    init(arguments: inout Arguments) throws(PipelineError) {
        images = try KeyedImages(&arguments)
        // It decides what happens without metadata; images here always have theirs.
        arguments.ignore("strict_check")
        switch arguments.take("channel_dim") {
        case nil, .null: axis = nil
        case .string("no_channel"): axis = ChannelAxis.none
        case .int(let index): axis = .at(index)
        case .double(let value) where value.isNaN: axis = ChannelAxis.none
        case let value:
            throw arguments.mismatch("channel_dim", expected: "an axis, 'no_channel' or null", found: value)
        }
    }

    func apply(_ sample: inout Sample, in context: PipelineContext) throws {
        try images.update(&sample) { image, _ in try Self.move(&image, axis: axis, id: images.id) }
    }

    func follow(_ sample: inout SampleLayout) {
        images.follow(&sample) { (image, _) throws(PipelineError) in try Self.move(&image, axis: axis, id: images.id) }
    }

    /// Moves or adds the channel axis of a layout.
    ///
    /// - Parameter axis: where it is; nil to follow what the image says about itself.
    static func move(_ image: inout ImageLayout, axis: ChannelAxis?, id: String) throws(PipelineError) {
        guard let axes = image.axes else { return image.channels = nil }
        switch axis ?? image.channelAxis.map(ChannelAxis.at) ?? ChannelAxis.none {
        case .none:
            image.axes = axes + 1
            image.channels = 1
        case .at(let index):
            guard (-axes..<axes).contains(index) else { throw lacking(index, "\(axes) axes", id: id) }
            if index != 0, index != -axes { image.channels = nil }
        }
    }

    private static func lacking(_ axis: Int, _ found: String, id: String) -> PipelineError {
        PipelineError(.unfitImage, "\(id)::channel_dim: the image has no axis \(axis): \(found)")
    }

    /// Moves or adds the channel axis.
    ///
    /// - Parameter axis: where it is; nil to follow what the image says about itself.
    static func move(_ image: inout ModelImage, axis: ChannelAxis?, id: String) throws(PipelineError) {
        switch axis ?? image.source.channelAxis.map(ChannelAxis.at) ?? ChannelAxis.none {
        case .none:
            image.tensor.reshape([1] + image.tensor.shape)
        case .at(let index):
            let rank = image.tensor.shape.count
            guard (-rank..<rank).contains(index) else { throw lacking(index, "\(image.tensor.shape)", id: id) }
            image.tensor = image.tensor.movingAxisToFront(index < 0 ? index + rank : index)
        }
    }
}
