/// What a bundle says of itself in `configs/metadata.json`.
///
/// A field that is not what it should be counts as missing, except for the version; `report` says so strictly.
public struct BundleMetadata: Sendable {
    /// Where the metadata lies in a bundle.
    public static let path = "configs/metadata.json"

    /// The bundle's name; the folder's where the metadata has none.
    public let name: String

    /// The name in the metadata.
    public let declaredName: String?

    /// The version of the bundle; empty where the metadata have none, which is enough to look at it and not to run it.
    public let version: String

    /// The version of MONAI that it was made for.
    public let monaiVersion: String?

    /// The version of PyTorch that it was made for.
    public let pytorchVersion: String?

    /// The version of NumPy that it was made for.
    public let numpyVersion: String?

    /// The packages that it needs besides MONAI's own (`required_packages_version`), in the order of the file.
    public let requiredPackages: [PackageRequirement]

    /// The packages under the field's former name, `optional_packages_version`, in the order of the file.
    public let optionalPackages: [PackageRequirement]

    /// What changed from version to version, in the order of the file.
    public let changelog: [ChangelogEntry]

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

    /// What each network takes and gives (`network_data_format` and its like), in the order of the file.
    public let dataFormats: [NetworkDataFormat]

    /// The tensors that go into the network, in the order of the file.
    public let inputs: [NetworkPort]

    /// The tensors that come out of the network, in the order of the file.
    public let outputs: [NetworkPort]

    /// Every field of the file, the unknown ones among them, as a mapping.
    public let fields: ConfigValue

    /// The fields that neither a schema nor MONAI's specification names, in the order of the file.
    public let unknownFields: [UnknownField]

    /// What is wrong or remarkable in the file as it is written, overlays apart.
    public let report: MetadataReport

    /// The version of the bundle in a form that can be compared; nil where it is none of PEP 440.
    public var packageVersion: PackageVersion? { PackageVersion(version) }

    /// What MONAI's specification names and no schema describes; `…_data_format` besides.
    private static let specifiedFields: Set<String> = ["name", "supported_apps"]

    /// Reads the metadata as a configuration has it, once MONAI's renaming and the overlays are done.
    init(_ node: ConfigNode, folderName: String, report: MetadataReport) throws(BundleError) {
        try self.init(node, folderName: folderName, report: report, notes: MetadataNotes())
    }

    init(
        _ node: ConfigNode, folderName: String, report: MetadataReport, notes: MetadataNotes
    ) throws(BundleError) {
        guard node.mapping != nil else {
            throw BundleError(.metadata, "the file holds \(node.kind) instead of a mapping", file: Self.path)
        }
        let field = MetadataField(node: node, path: "", notes: notes)
        declaredName = field.text("name")
        name = declaredName ?? folderName
        monaiVersion = field.text("monai_version")
        pytorchVersion = field.text("pytorch_version")
        numpyVersion = field.text("numpy_version")
        let required = PackageRequirement.all(field.mapping("required_packages_version"))
        let wasRenamed = report.notes.contains { $0.kind == .deprecatedField }
        requiredPackages = wasRenamed ? [] : required
        optionalPackages =
            wasRenamed ? required : PackageRequirement.all(field.mapping("optional_packages_version"))
        changelog = ChangelogEntry.all(field.mapping("changelog"))
        task = field.text("task")
        description = field.text("description")
        authors = field.text("authors")
        copyright = field.text("copyright")
        intendedUse = field.text("intended_use")
        let names = field.children.map(\.key).filter(MetadataRule.NamePattern.dataFormat.matches)
        let formats = names.compactMap { name in field.mapping(name).map { NetworkDataFormat($0, named: name) } }
        dataFormats = formats
        let network = formats.first { $0.field == "network_data_format" }
        inputs = network?.inputs.compactMap(\.port) ?? []
        outputs = network?.outputs.compactMap(\.port) ?? []
        fields = node.value
        unknownFields = field.others(
            than: MetadataSchema.describedFields.union(Self.specifiedFields).union(names))
        self.report = report
        version = field.text("version") ?? ""
        if !version.isEmpty { notes.check(version, changelog: changelog) }
    }
}

/// A package that a bundle names, and the version that it was made with.
public struct PackageRequirement: Sendable {
    /// The package's name, such as `pytorch-ignite`.
    public let name: String

    /// The version as the file has it.
    public let versionText: String

    /// The version in a form that can be compared; nil where the text is none of PEP 440.
    public var version: PackageVersion? { PackageVersion(versionText) }

    static func all(_ field: MetadataField?) -> [PackageRequirement] {
        (field?.children ?? []).compactMap { key, member in
            field?.text(key).map { PackageRequirement(name: key, versionText: $0) }
        }
    }
}

/// What a bundle's changelog says of one version.
public struct ChangelogEntry: Sendable {
    /// The version as the file has it.
    public let version: String

    /// What changed.
    public let text: String

    static func all(_ field: MetadataField?) -> [ChangelogEntry] {
        (field?.children ?? []).map { key, _ in ChangelogEntry(version: key, text: field?.text(key) ?? "") }
    }
}
