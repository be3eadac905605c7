/// What a result says of the bundle that made it, as values of the VR LO (PS3.5 §6.2).
///
/// Each has 1 to 64 characters, no backslash and no control characters; a longer text ends in three dots.
public struct BundleProvenance: Sendable, Hashable {
    /// Manufacturer (0008,0070): the authors, else the holder of the copyright.
    public let manufacturer: String

    /// Manufacturer's Model Name (0008,1090): the name of the bundle.
    public let modelName: String

    /// Software Versions (0018,1020): the version of the bundle.
    public let softwareVersion: String

    /// Device UID (0018,1002).
    public let deviceUID: String

    init(_ metadata: BundleMetadata, deviceUID: String) throws(BundleError) {
        let fitted = [metadata.authors, metadata.copyright].lazy.compactMap { $0 }.map(Self.fitted)
        guard let manufacturer = fitted.first(where: { !$0.isEmpty }) else {
            throw BundleError(
                .metadata, "neither authors nor copyright says who made the bundle, and a result has to",
                id: "authors", file: BundleMetadata.path)
        }
        modelName = Self.fitted(metadata.name)
        softwareVersion = Self.fitted(metadata.version)
        for (field, value) in [("name", modelName), ("version", softwareVersion)] where value.isEmpty {
            throw BundleError(
                .metadata, "it is missing or empty, and a result has to name it", id: field, file: BundleMetadata.path)
        }
        self.manufacturer = manufacturer
        self.deviceUID = deviceUID
    }

    /// A text that fits into LO.
    static func fitted(_ text: String) -> String {
        var words: [[Unicode.Scalar]] = [[]]
        for scalar in text.unicodeScalars {
            switch scalar.properties.generalCategory {
            case .control, .lineSeparator, .paragraphSeparator, .spaceSeparator: words.append([])
            case .format, .surrogate, .unassigned: continue
            default: words[words.count - 1].append(scalar == "\\" ? "/" : scalar)
            }
        }
        var scalars = Array(words.filter { !$0.isEmpty }.joined(separator: [" "]))
        if scalars.count > 64 {
            scalars = scalars.prefix(61) + ["." as Unicode.Scalar, ".", "."]
        }
        return String(String.UnicodeScalarView(scalars))
    }
}
