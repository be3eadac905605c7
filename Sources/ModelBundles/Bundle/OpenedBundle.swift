/// A bundle's files as they were read when it was opened.
struct OpenedBundle {
    let files: BundleFiles
    let configurations: [String]
    let metadata: ConfigNode
    let report: MetadataReport
    let overlays: BundleOverlays.Contents
    private let root: ConfigNode
    private let budget: NodeBudget

    /// Keys that stand twice in a file, each with its place.
    var repeatedKeys: [String] { budget.repeatedKeys }

    /// Reads and merges: the configurations left to right, `bundle_root`, the overlays, the settings.
    init(_ path: String, configurations: [String], overlays: BundleOverlays) throws(BundleError) {
        budget = NodeBudget()
        let layout = try BundleLayout(path)
        files = BundleFiles(layout)
        var paths: [String] = []
        for name in configurations { paths.append(try Self.place(of: name, in: files)) }
        if paths.isEmpty { paths = [try Self.standardConfiguration(in: layout)] }
        self.configurations = paths
        root = ConfigNode(.mapping(ConfigMapping()))
        try root.set("_meta_", to: ConfigNode(.mapping(ConfigMapping())))
        for path in paths {
            try root.merge(file: try files.layoutConfiguration(path, budget: budget), named: path)
        }
        let fields = try files.layoutConfiguration(layout.metadataPath, budget: budget)
        report = MetadataReport(fields, isExported: layout.isTorchScript)
        fields.renameDeprecatedFields()
        try root.set("_meta_", to: fields)
        try root.set("bundle_root", to: ConfigNode(.string(files.root), isVerbatim: true))
        self.overlays = try overlays.read(budget: budget)
        try self.overlays.apply(to: root)
        metadata = try root.node(at: "_meta_")
    }

    /// The path of a configuration that somebody named: it may lie deeper, or be known by its name below `configs/`.
    static func place(of name: String, in files: BundleFiles) throws(BundleError) -> String {
        let inside = try files.insideByText(name)
        let candidates = files.layout.candidates(for: inside)
        guard let found = candidates.first(where: files.layout.contains) else {
            throw BundleError(
                .notFound, "there is no such file in the bundle (looked for \(candidates.joined(separator: ", ")))",
                file: name)
        }
        return found
    }

    private static func standardConfiguration(in layout: BundleLayout) throws(BundleError) -> String {
        let standard = layout.standardConfigurations
        if let found = standard.first(where: layout.contains) { return found }
        throw BundleError(
            .notFound,
            "\(layout.root) holds none of \(standard.joined(separator: ", ")): it is no MONAI bundle, or its "
                + "configuration has another name, which --config gives")
    }

    /// The resolver of the configuration, and the SHA-256 of each file that belongs to the pipeline by its path.
    ///
    /// Files that expressions read are found by resolving the pipeline without CUDA, so they are the same everywhere.
    func resolver(
        context: EvaluationContext
    ) throws(BundleError) -> (resolver: ConfigResolver, digests: [(path: String, sha256: String)]) {
        // A run of MONAI rewrites twice, so a macro of a macro is expanded (MONAI 1.6.1 bundle/workflows.py:694 and
        // config_parser.py:480-505); a bare `ConfigParser` does it once.
        for _ in 0..<2 { try ConfigRewriter(root: root, files: files, budget: budget).rewrite() }
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
