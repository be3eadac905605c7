/// How a bundle's files lie: where its metadata, its configurations and its weights are, and under which names.
///
/// Names are those of the bundle specification, relative to the bundle (MONAI docs/source/mb_specification.rst); in a
/// TorchScript archive MONAI keeps copies of them as "extra files" (data/torchscript_utils.py:56-100).
struct BundleLayout: Sendable {
    /// Where the files come from.
    enum Container: Sendable {
        /// A folder by its real path.
        case folder(String)
        /// A zip by its real path, with the name of its top folder and a slash.
        case zip(path: String, ZipArchive, prefix: String)
        /// A TorchScript archive by its real path, with the name of its top folder and a slash.
        case torchScript(path: String, ZipArchive, prefix: String)
    }

    let container: Container

    /// The name of the folder or the file as it was given: behind a link the file itself may have any name.
    private let givenName: String

    /// Looks at what lies at a path.
    ///
    /// - Throws: `BundleError` that says what a bundle looks like where this is none.
    init(_ path: String) throws(BundleError) {
        let root = RealPath.of(path)
        let given = Self.lastPart(of: RealPath.resolvingText(of: path))
        givenName = given.isEmpty || path.utf8.first != UInt8(ascii: "/") ? Self.lastPart(of: root) : given
        guard !RealPath.isFolder(root) else {
            container = .folder(root)
            return
        }
        let name = givenName
        let source: FileSource
        do { source = try FileSource(root, named: name) } catch {
            throw error.code == .notFound ? BundleError(.notFound, "there is no bundle at \(path)") : error
        }
        guard ZipArchive.isArchive(try source.bytes(at: 0, count: min(4, source.size))) else {
            throw BundleError(
                .malformed,
                "it is neither a folder nor an archive; a bundle is a folder, a .zip of one, or a TorchScript file that "
                    + "`python -m monai.bundle ckpt_export` wrote", file: name)
        }
        do { container = try Self.archive(try ZipArchive(source), path: root, name: name) } catch {
            throw error.file == nil ? error.at(file: name) : BundleError(error.code, error.description, file: name)
        }
    }

    private static func archive(_ archive: ZipArchive, path: String, name: String) throws(BundleError) -> Container {
        let stem = name.lastIndex(of: ".").map { String(name[..<$0]) } ?? name
        if archive[stem + "/" + BundleMetadata.path] != nil {
            return .zip(path: path, archive, prefix: stem + "/")
        }
        let suffix = "/extra/metadata.json"
        let extras = archive.members.filter { $0.name.hasSuffix(suffix) && depth($0.name) == 3 }
        if let extra = extras.first {
            guard extras.count == 1 else {
                throw BundleError(.malformed, "it holds the metadata of \(extras.count) networks")
            }
            return .torchScript(path: path, archive, prefix: String(extra.name.dropLast(suffix.utf8.count - 1)))
        }
        let others = archive.members.filter { $0.name.hasSuffix("/" + BundleMetadata.path) && depth($0.name) == 3 }
        if let other = others.first, let folder = other.name.split(separator: "/").first {
            throw BundleError(
                .malformed,
                "its top folder is \(BundleError.quoted(folder)), which MONAI wants to be named as the file: call the "
                    + "file \(folder).zip")
        }
        if archive.members.contains(where: { $0.name.hasSuffix("/constants.pkl") }) {
            throw BundleError(
                .notFound,
                "it is a TorchScript file without extra/metadata.json, so it does not say what it is; export it with "
                    + "`python -m monai.bundle ckpt_export`, or put it into a bundle's folder as models/model.ts")
        }
        throw BundleError(
            .notFound, "it holds neither \(stem)/\(BundleMetadata.path) nor */extra/metadata.json, so it is no bundle")
    }

    private static func depth(_ name: String) -> Int { name.split(separator: "/").count }

    private static func lastPart(of path: String) -> String { path.split(separator: "/").last.map(String.init) ?? "" }

    // MARK: Names

    /// The real path of the folder or the archive, which `bundle_root` becomes.
    var root: String {
        switch container {
        case .folder(let path), .zip(let path, _, _), .torchScript(let path, _, _): path
        }
    }

    /// What the bundle is called where its metadata has no name: the folder's name, or the file's without its suffix.
    var name: String {
        if case .folder = container { return givenName }
        return givenName.lastIndex(of: ".").map { String(givenName[..<$0]) } ?? givenName
    }

    /// Where the metadata lies.
    var metadataPath: String { isTorchScript ? "extra/metadata.json" : BundleMetadata.path }

    /// The configurations that are looked for when none is named.
    var standardConfigurations: [String] {
        isTorchScript ? ["extra/inference.json"] : ModelBundle.standardConfigurations
    }

    /// Where the weights lie; a TorchScript archive is its own weights, under the name that a folder would give it.
    static let weightsPath = ModelBundle.weightsPath

    /// Whether the bundle is one TorchScript file.
    var isTorchScript: Bool {
        if case .torchScript = container { true } else { false }
    }

    /// The paths under which a configuration that somebody named may lie: as it stands, and where configurations are.
    func candidates(for configuration: String) -> [String] {
        guard isTorchScript else {
            return configuration.contains("/") ? [configuration] : ["configs/" + configuration, configuration]
        }
        let file = Self.lastPart(of: configuration)
        let stem = file.lastIndex(of: ".").map { String(file[..<$0]) } ?? file
        // MONAI writes YAML into the archive as JSON, under the same stem (bundle/scripts.py:1318-1330).
        return ["extra/" + stem + ".json"]
    }

    // MARK: Files

    /// The member of the archive at a path of the bundle; nil where there is none, and for a folder.
    func member(_ path: String) -> (archive: ZipArchive, member: ZipArchive.Member)? {
        switch container {
        case .folder: return nil
        case .zip(_, let archive, let prefix), .torchScript(_, let archive, let prefix):
            return archive[prefix + path].map { (archive, $0) }
        }
    }

    /// Whether there is a file at a path of the bundle.
    func contains(_ path: String) -> Bool {
        if case .folder(let root) = container { return (try? RegularFile(root + "/" + path, named: path)) != nil }
        return member(path) != nil
    }

    /// The bytes of a file of at most `Limits.fileSize` bytes.
    func read(_ path: String) throws(BundleError) -> [UInt8] {
        if case .folder(let root) = container { return try BundleFiles.read(root + "/" + path, named: path) }
        guard let (archive, member) = member(path) else {
            throw BundleError(.notFound, "there is no such file in \(givenName)", file: path)
        }
        do { return try archive.contents(of: member, limit: Limits.fileSize) } catch {
            throw BundleError(error.code, error.message, file: path)
        }
    }
}
