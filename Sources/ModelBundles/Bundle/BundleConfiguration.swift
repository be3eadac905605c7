public import FoundationEssentials
internal import Synchronization

/// A configuration in MONAI's language: files merged, macros expanded, ids resolved when they are asked for.
///
/// Nothing in it is ever executed: `$` expressions are evaluated over a closed grammar. Whatever the text, a thread
/// with a stack of 1 MB is enough.
public final class BundleConfiguration: Sendable {
    private let resolver: Mutex<ConfigResolver>

    /// Reads one configuration from the text of a JSON or YAML file that stands for itself.
    ///
    /// The suffix of `name` says which of the two it is. Without a bundle around it no other file can be read.
    ///
    /// - Throws: `BundleError` with the line and column, or with the id.
    public convenience init(
        parsing text: String, named name: String, overlays: BundleOverlays = BundleOverlays(),
        context: EvaluationContext = EvaluationContext()
    ) throws(BundleError) {
        guard text.utf8.count <= Limits.fileSize else {
            throw BundleError(.limit, "the text is larger than \(Limits.fileSize >> 20) MB", file: name)
        }
        let budget = NodeBudget()
        let root = ConfigNode(.mapping(ConfigMapping()))
        try root.merge(file: try BundleFiles.parse(Array(text.utf8), named: name, budget: budget), named: name)
        try overlays.read(budget: budget).apply(to: root)
        try ConfigRewriter(root: root, files: nil, budget: budget).rewrite()
        self.init(resolver: try ConfigResolver(root: root, files: nil, context: context))
    }

    /// Reads one configuration file that stands alone; files that it names lie in its folder or below.
    ///
    /// - Throws: `BundleError` with the line and column, or with the id.
    public convenience init(
        contentsOf file: URL, overlays: BundleOverlays = BundleOverlays(),
        context: EvaluationContext = EvaluationContext()
    ) throws(BundleError) {
        let name = file.lastPathComponent
        let budget = NodeBudget()
        let bytes = try BundleFiles.read(file.path, named: name)
        let root = ConfigNode(.mapping(ConfigMapping()))
        try root.merge(file: try BundleFiles.parse(bytes, named: name, budget: budget), named: name)
        try overlays.read(budget: budget).apply(to: root)
        let files = BundleFiles(try BundleLayout(file.deletingLastPathComponent().path))
        try ConfigRewriter(root: root, files: files, budget: budget).rewrite()
        self.init(resolver: try ConfigResolver(root: root, files: files, context: context))
    }

    /// Takes a resolver that nobody else holds.
    init(resolver: sending ConfigResolver) { self.resolver = Mutex(resolver) }

    /// The value of an id such as `postprocessing::transforms::1`; `""` is the whole configuration.
    ///
    /// It is computed once; the components that other ids refer to are the same instances.
    ///
    /// - Throws: `BundleError` with the id, the expression and a caret where it cannot be evaluated, and with the
    ///   cycle where references go round.
    public func resolve(_ id: String) throws(BundleError) -> ConfigValue {
        try resolver.withLock { resolver throws(BundleError) in try resolver.value(of: id) }
    }

    /// The ids of the components of a target, in the order of the configuration; nothing of them is resolved.
    ///
    /// - Parameter target: the last part of the `_target_`, such as `CheckpointLoader`.
    public func components(named target: String) -> [String] { resolver.withLock { $0.components(named: target) } }

    /// The `_target_` of a component as the files spell it; nil where there is none. Nothing is resolved.
    public func target(at id: String) -> String? { resolver.withLock { $0.target(at: id) } }

    /// The ids directly below one, in order; nothing is resolved.
    public func children(of id: String) -> [String] { resolver.withLock { $0.children(of: id) } }

    /// Everything below an id, and below what it refers to, that cannot be resolved, each with its own id.
    public func problems(below id: String) -> [BundleError] { resolver.withLock { $0.problems(below: id) } }

    /// Whether there is an id, be its value `null`.
    public func contains(_ id: String) -> Bool { resolver.withLock { $0.contains(id) } }
}
