/// What goes into a network and comes out of it: `network_data_format`, or another `…_data_format`.
public struct NetworkDataFormat: Sendable {
    /// The name of the field in the file, such as `autoencoder_data_format`.
    public let field: String

    /// What goes into the network, in the order of the file.
    public let inputs: [NetworkArgument]

    /// What comes out of the network, in the order of the file.
    public let outputs: [NetworkArgument]

    /// What comes out of the postprocessing, where the file says it.
    public let postProcessedOutputs: [NetworkArgument]

    /// The fields that MONAI's specification does not name, in the order of the file.
    public let unknownFields: [UnknownField]

    /// The name of the network, such as `autoencoder`, which is `network` where there is only one.
    public var network: String { String(field.dropLast(Self.suffix.count)) }

    /// What the names of such fields end with.
    static let suffix = "_data_format"

    init(_ field: MetadataField, named name: String) {
        self.field = name
        inputs = Self.arguments(field.mapping("inputs"))
        outputs = Self.arguments(field.mapping("outputs"))
        postProcessedOutputs = Self.arguments(field.mapping("post_processed_outputs"))
        unknownFields = field.others(than: ["inputs", "outputs", "post_processed_outputs"])
    }

    private static func arguments(_ field: MetadataField?) -> [NetworkArgument] {
        (field?.children ?? []).map { key, member in
            member.node.mapping == nil
                ? .value(name: key, member.node.value) : .tensor(NetworkPort(key, member))
        }
    }
}

/// What a network takes or gives: a tensor, or a plain value such as a number of steps.
public enum NetworkArgument: Sendable {
    /// A tensor, or another argument that the file describes by a mapping.
    case tensor(NetworkPort)
    /// A value that the file gives in the place of a description.
    case value(name: String, ConfigValue)

    /// The key that the file has it under.
    public var name: String {
        switch self {
        case .tensor(let port): port.name
        case .value(let name, _): name
        }
    }

    /// The description of a tensor, nil for a plain value.
    public var port: NetworkPort? {
        if case .tensor(let port) = self { port } else { nil }
    }
}
