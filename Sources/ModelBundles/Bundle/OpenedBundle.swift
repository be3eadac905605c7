/// A bundle's files as they were read when it was opened.
struct OpenedBundle {
    let files: BundleFiles
    let configurations: [String]
    let metadata: ConfigNode
    let overlays: BundleOverlays.Contents
    private let root: ConfigNode
    private let budget: NodeBudget

    /// Reads and merges: the configurations left to right, `bundle_root`, the overlays, the settings.
    init(_ folder: String, configurations: [String], overlays: BundleOverlays) throws(BundleError) {
        budget = NodeBudget()
        files = BundleFiles(root: folder)
        guard RealPath.isFolder(files.root) else {
            throw BundleError(.notFound, "there is no folder at \(folder)")
        }
        self.configurations = try configurations.isEmpty ? [Self.standardConfiguration(in: files)] : configurations
        root = ConfigNode(.mapping(ConfigMapping()))
        try root.set("_meta_", to: ConfigNode(.mapping(ConfigMapping())))
        for path in self.configurations {
            // A path that somebody typed may lie deeper or lead through a link, but not out of the bundle.
            let node = try files.layoutConfiguration(
                configurations.isEmpty ? path : try files.inside(path), budget: budget)
            try root.merge(file: node, named: path)
        }
        let fields = try files.layoutConfiguration(BundleMetadata.path, budget: budget)
        fields.renameDeprecatedFields()
        try root.set("_meta_", to: fields)
        try root.set("bundle_root", to: ConfigNode(.string(files.root), isVerbatim: true))
        self.overlays = try overlays.read(budget: budget)
        try self.overlays.apply(to: root)
        metadata = try root.node(at: "_meta_")
    }

    private static func standardConfiguration(in files: BundleFiles) throws(BundleError) -> String {
        for path in ModelBundle.standardConfigurations {
            do {
                _ = try RegularFile(files.root + "/" + path, named: path)
                return path
            } catch {
                guard error.code == .notFound else { throw error }
            }
        }
        throw BundleError(
            .notFound,
            "\(files.root) holds none of \(ModelBundle.standardConfigurations.joined(separator: ", ")), "
                + "so it is no folder of a MONAI bundle")
    }

    /// The resolver of the configuration, and the SHA-256 of each file that belongs to the pipeline by its path.
    ///
    /// Files that expressions read are found by resolving the pipeline without CUDA, so they are the same everywhere.
    func resolver(
        context: EvaluationContext
    ) throws(BundleError) -> (resolver: ConfigResolver, digests: [(path: String, sha256: String)]) {
        try ConfigRewriter(root: root, files: files, budget: budget).rewrite()
        let probe = try ConfigResolver(root: root, files: files, context: EvaluationContext())
        for id in [WellKnownID.device, .preprocessing, .inferer, .postprocessing] {
            guard let place = id.places.first(where: probe.contains) else { continue }
            // What cannot be resolved fails again, with its reason, for whoever asks for it.
            _ = try? probe.value(of: place)
        }
        let digests = files.digests.sorted { $0.key < $1.key }.map { (path: $0.key.text, sha256: $0.value) }
        return (try ConfigResolver(root: root, files: files, context: context), digests)
    }
}
