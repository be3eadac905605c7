/// What a bundle says of itself in `configs/metadata.json`.
public struct BundleMetadata: Sendable {
    /// Where the metadata lies in a bundle.
    public static let path = "configs/metadata.json"

    /// The bundle's name; the folder's where the metadata has none.
    public let name: String

    /// The name in the metadata.
    public let declaredName: String?

    /// The version of the bundle.
    public let version: String

    /// The version of MONAI that it was made for.
    public let monaiVersion: String?

    /// What the network does.
    public let task: String?

    /// What the bundle is, in a sentence.
    public let description: String?

    /// Who made it; several are joined by commas.
    public let authors: String?

    /// Whose it is.
    public let copyright: String?

    /// What it may be used for.
    public let intendedUse: String?

    /// What goes into the network, in the order of the file.
    public let inputs: [NetworkPort]

    /// What comes out of the network, in the order of the file.
    public let outputs: [NetworkPort]

    /// Every field of the file, the unknown ones among them, as a mapping.
    public let fields: ConfigValue

    init(_ node: ConfigNode, folderName: String) throws(BundleError) {
        guard node.mapping != nil else {
            throw BundleError(.metadata, "the file holds \(node.kind) instead of a mapping", file: Self.path)
        }
        let field = MetadataField(node: node, path: "")
        declaredName = try field.text("name")
        name = declaredName ?? folderName
        guard let version = try field.text("version") else {
            throw BundleError(.metadata, "the version is missing", id: "version", file: Self.path)
        }
        self.version = version
        monaiVersion = try field.text("monai_version")
        task = try field.text("task")
        description = try field.text("description")
        authors = try field.text("authors")
        copyright = try field.text("copyright")
        intendedUse = try field.text("intended_use")
        let format = try field.mapping("network_data_format")
        inputs = try NetworkPort.ports(try format?.mapping("inputs"))
        outputs = try NetworkPort.ports(try format?.mapping("outputs"))
        fields = MetadataField.value(node)
    }
}

/// An input or output of a bundle's network, an entry of `network_data_format`.
public struct NetworkPort: Sendable {
    /// The length of an axis.
    public enum Extent: Sendable, Hashable {
        /// This many voxels.
        case fixed(Int)
        /// A rule such as `16*n`, `2**p*n`, or `*` for any.
        case rule(String)
    }

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
    public let spatialShape: [Extent]

    /// The least and the greatest value, or all values of a label map, as the file gives them.
    public let valueRange: [Double]

    /// Whether the network takes patches rather than whole images.
    public let isPatchData: Bool

    /// The meaning of each channel, or of each label (`channel_def`, or `label_def`).
    public let channelDefinition: [Int: String]

    /// Reads the tensors among the entries; plain arguments of a network are none.
    static func ports(_ field: MetadataField?) throws(BundleError) -> [NetworkPort] {
        var ports: [NetworkPort] = []
        for (name, node) in field?.node.mapping?.entries ?? [] where node.mapping != nil {
            let path = ReferencePattern.child(name, of: field?.path ?? "")
            ports.append(try NetworkPort(name, MetadataField(node: node, path: path)))
        }
        return ports
    }

    private init(_ name: String, _ field: MetadataField) throws(BundleError) {
        self.name = name
        type = try field.text("type")
        format = try field.text("format")
        modality = try field.text("modality")
        dtype = try field.text("dtype")
        numChannels = try field.integer("num_channels")
        spatialShape = try field.members("spatial_shape") { member throws(BundleError) in
            switch member.node.content {
            case .int(let length): return .fixed(length)
            case .string(let text): return Int(text).map(Extent.fixed) ?? .rule(text)
            default: throw member.error("a length is an integer or a rule such as 16*n")
            }
        }
        valueRange = try field.members("value_range") { member throws(BundleError) in
            switch member.node.content {
            case .int(let number): return Double(number)
            case .double(let number): return number
            default: throw member.error("a bound of a range is a number")
            }
        }
        isPatchData = try field.bool("is_patch_data") ?? false
        let channelField = try field.mapping("channel_def")
        let labelField = try field.mapping("label_def")
        let definition = channelField ?? labelField
        var channels: [Int: String] = [:]
        for (key, node) in definition?.node.mapping?.entries ?? [] {
            let member = MetadataField(node: node, path: ReferencePattern.child(key, of: definition?.path ?? ""))
            guard let index = Int(key), index >= 0 else { throw member.error("a channel is numbered from 0") }
            guard let meaning = node.text else { throw member.error("the meaning of a channel is a string") }
            guard channels.updateValue(meaning, forKey: index) == nil else { throw member.error("a channel twice") }
        }
        channelDefinition = channels
    }
}

/// A node of the metadata with its path for messages.
struct MetadataField {
    let node: ConfigNode
    let path: String

    func error(_ message: String) -> BundleError {
        BundleError(.metadata, "\(message), not \(node.kind)", id: path, file: BundleMetadata.path)
    }

    private func member(_ key: String) -> MetadataField? {
        guard let child = node.mapping?[key] else { return nil }
        if case .null = child.content { return nil }
        return MetadataField(node: child, path: ReferencePattern.child(key, of: path))
    }

    /// A string; a list of strings is joined.
    func text(_ key: String) throws(BundleError) -> String? {
        guard let member = member(key) else { return nil }
        switch member.node.content {
        case .string(let text): return text
        case .list(let nodes):
            let texts = nodes.compactMap(\.text)
            guard texts.count == nodes.count else { throw member.error("it is a string") }
            return texts.joined(separator: ", ")
        default: throw member.error("it is a string")
        }
    }

    func integer(_ key: String) throws(BundleError) -> Int? {
        guard let member = member(key) else { return nil }
        guard case .int(let number) = member.node.content, number >= 0 else {
            throw member.error("it is a number of channels")
        }
        return number
    }

    func bool(_ key: String) throws(BundleError) -> Bool? {
        guard let member = member(key) else { return nil }
        guard case .bool(let value) = member.node.content else { throw member.error("it is true or false") }
        return value
    }

    func mapping(_ key: String) throws(BundleError) -> MetadataField? {
        guard let member = member(key) else { return nil }
        guard member.node.mapping != nil else { throw member.error("it is a mapping") }
        return member
    }

    func members<T>(
        _ key: String, _ body: (MetadataField) throws(BundleError) -> T
    ) throws(BundleError) -> [T] {
        guard let member = member(key) else { return [] }
        guard case .list(let nodes) = member.node.content else { throw member.error("it is a list") }
        var result: [T] = []
        for (index, node) in nodes.enumerated() {
            result.append(
                try body(MetadataField(node: node, path: ReferencePattern.child(String(index), of: member.path))))
        }
        return result
    }

    /// The node as plain data.
    static func value(_ node: ConfigNode) -> ConfigValue {
        switch node.content {
        case .null: .null
        case .bool(let value): .bool(value)
        case .int(let value): .int(value)
        case .double(let value): .double(value)
        case .string(let text): .string(text)
        case .list(let nodes): .list(nodes.map(value))
        case .mapping(let mapping): .mapping(mapping.entries.map { ($0.key, value($0.node)) })
        }
    }
}
