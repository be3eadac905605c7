/// A field of the metadata that the schema does not allow as it is.
public struct MetadataViolation: Sendable, Hashable, CustomStringConvertible {
    /// The field's path as an id, such as `network_data_format::outputs::pred::num_channels`; the file itself is `""`.
    public let path: String

    /// What the schema asks for, in words.
    public let expected: String

    /// What the file has there, in words; a missing field is `nothing`.
    public let found: String

    /// What is found where a required field is missing.
    static let nothing = "nothing"

    /// The path, what should be there and what is.
    public var description: String {
        let place = path.isEmpty ? BundleMetadata.path : path
        return found == Self.nothing
            ? "\(place): missing; expected \(expected)" : "\(place): expected \(expected), found \(found)"
    }
}
