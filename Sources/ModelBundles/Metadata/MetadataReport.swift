/// What is wrong or remarkable in a metadata file: the strict counterpart of `BundleMetadata`, which reads leniently.
public struct MetadataReport: Sendable {
    /// The schema that the file declares.
    public let schema: MetadataSchema.Declared

    /// Everything that breaks the schema; where Portico does not know the one declared, what breaks all seven.
    public let violations: [MetadataViolation]

    /// What the schema allows and a reader had better know.
    public let notes: [MetadataNote]

    /// Whether the file declares a schema that Portico knows and keeps to it.
    public var conforms: Bool { violations.isEmpty }

    /// Reads a metadata file from its text.
    ///
    /// - Throws: `BundleError` with the line where it is no JSON.
    public init(parsing text: String, named name: String = BundleMetadata.path) throws(BundleError) {
        guard text.utf8.count <= Limits.fileSize else {
            throw BundleError(.limit, "the text is larger than \(Limits.fileSize >> 20) MB", file: name)
        }
        self.init(try BundleFiles.parse(Array(text.utf8), named: name, budget: NodeBudget()))
    }

    /// Looks at a file with its fields as it spells them, so before MONAI's renaming.
    ///
    /// - Parameter isExported: whether MONAI wrote the file into a TorchScript archive; it had renamed a field by then
    ///   that the declared schema may ask for by its former name.
    init(_ node: ConfigNode, isExported: Bool = false) {
        let schema = MetadataSchema.declared(in: node)
        let violations = MetadataSchema.violations(in: isExported ? node.withFormerNames() : node)
        let notes = MetadataNotes()
        notes.checkNames(in: node)
        // Reading makes the notes.
        _ = try? BundleMetadata(
            node, folderName: "", report: MetadataReport(schema: schema, violations: [], notes: []), notes: notes)
        let broken = Set(violations.map(\.path))
        self.init(
            schema: schema, violations: violations,
            notes: notes.all.filter { $0.kind != .ignored || !broken.contains($0.path) })
    }

    private init(schema: MetadataSchema.Declared, violations: [MetadataViolation], notes: [MetadataNote]) {
        self.schema = schema
        self.violations = violations
        self.notes = notes
    }
}
