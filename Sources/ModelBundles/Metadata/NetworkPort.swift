/// A tensor that goes into a bundle's network or comes out of it, an entry of a `…_data_format`.
public struct NetworkPort: Sendable {
    /// The key that transforms know it by, such as `image` or `pred`.
    public let name: String

    /// What it is, such as `image`.
    public let type: String?

    /// What its values mean, such as `hounsfield` or `segmentation`.
    public let format: String?

    /// The modality that the image comes from, such as `CT`.
    public let modality: String?

    /// The type of its values, such as `float32`.
    public let dtype: String?

    /// The number of channels.
    public let numChannels: Int?

    /// The lengths of the spatial axes as the file gives them.
    public let spatialShape: [SpatialExtent]

    /// What values it has.
    public let valueRange: ValueRange

    /// Whether the network takes patches rather than whole images.
    public let isPatchData: Bool

    /// The meaning of each channel, or of each label of a map in one channel (`channel_def`).
    public let declaredChannels: [Int: String]

    /// The meaning of each label (`label_def`, which no schema describes).
    public let declaredLabels: [Int: String]

    /// The fields that MONAI's specification does not name, in the order of the file.
    public let unknownFields: [UnknownField]

    /// The meaning of each channel, or of each label: `channel_def`, or `label_def` where that is missing.
    public var channelDefinition: [Int: String] { declaredChannels.isEmpty ? declaredLabels : declaredChannels }

    private static let knownFields: Set<String> = [
        "type", "format", "modality", "dtype", "num_channels", "spatial_shape", "value_range", "is_patch_data",
        "channel_def", "label_def",
    ]

    init(_ name: String, _ field: MetadataField) {
        self.name = name
        type = field.text("type")
        format = field.text("format")
        modality = field.text("modality")
        dtype = field.text("dtype")
        numChannels = field.count("num_channels")
        spatialShape = (field.list("spatial_shape") ?? []).map(Self.extent)
        valueRange = Self.range(field)
        isPatchData = field.bool("is_patch_data") ?? false
        declaredChannels = Self.meanings(field.mapping("channel_def"))
        declaredLabels = Self.meanings(field.mapping("label_def"))
        unknownFields = field.others(than: Self.knownFields)
        field.notes.check(self, at: field.path)
    }

    private static func extent(_ field: MetadataField) -> SpatialExtent {
        switch field.node.content {
        case .string(let text): return SpatialExtent(text)
        case .int(let length) where length >= 0: return .fixed(length)
        case .double(let length) where length >= 0:
            if let length = Int(exactly: length) { return .fixed(length) }
            return .unreadable("\(length)")
        case .int(let length): return .unreadable(String(length))
        case .double(let length): return .unreadable("\(length)")
        default: return .unreadable(field.node.kind)
        }
    }

    private static func range(_ field: MetadataField) -> ValueRange {
        guard let members = field.list("value_range") else { return .unspecified }
        let range = ValueRange(members.map(\.node))
        if range == .unspecified, !members.isEmpty {
            field.notes.add(
                .ignored, ReferencePattern.child("value_range", of: field.path),
                "its members are neither all numbers nor all strings, so Portico does not read it")
        }
        return range
    }

    /// The entries of a `channel_def` whose keys are numbers.
    private static func meanings(_ field: MetadataField?) -> [Int: String] {
        var meanings: [Int: String] = [:]
        for (key, member) in field?.children ?? [] {
            guard let index = Int(key), index >= 0 else {
                member.notes.add(
                    .ignored, member.path, "channels are numbered from 0, so Portico does not read the entry")
                continue
            }
            guard let meaning = member.node.text else {
                member.ignore("a string, the meaning of a channel")
                continue
            }
            if meanings.updateValue(meaning, forKey: index) != nil {
                member.notes.add(.ignored, member.path, "the number \(index) is there twice; the last one counts")
            }
        }
        return meanings
    }
}
