/// Something in the metadata that its schema allows and that a reader had better know.
public struct MetadataNote: Sendable, Hashable, CustomStringConvertible {
    /// What the note is about, for code that has to tell one from another.
    public enum Kind: String, Sendable {
        /// The changelog does not list the version of the bundle.
        case changelogLacksVersion
        /// The changelog lists a version that is later than the bundle's.
        case changelogIsAhead
        /// The number of channels is not the number of entries of `channel_def`.
        case channelCount
        /// One channel whose values are labels: `channel_def` names the labels, as it often does.
        case labelsInOneChannel
        /// The least value of a range is not below the greatest.
        case valueRange
        /// The length of an axis is neither a number, nor `*`, nor a rule.
        case spatialShape
        /// The type of the values has a name that PyTorch does not know.
        case dtype
        /// A field has a name that MONAI has given up.
        case deprecatedField
        /// A field is of another kind than its meaning asks for, and is not read.
        case ignored
    }

    /// What the note is about.
    public let kind: Kind

    /// The field's path as an id, such as `network_data_format::outputs::pred::channel_def`.
    public let path: String

    /// What there is to know.
    public let message: String

    /// Whether it only explains; all others ask for a correction of the file.
    public var isExplanation: Bool { kind == .labelsInOneChannel || kind == .deprecatedField }

    /// The path and the message.
    public var description: String { "\(path): \(message)" }
}
