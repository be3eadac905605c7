/// The first pass over a configuration: relative ids become absolute, macros become copies of what they name.
///
/// It works in place and in the order of the file because MONAI does, and the order shows: a macro copies what its
/// target says at that moment (MONAI 1.6.1 bundle/config_parser.py:537-573).
struct ConfigRewriter {
    let root: ConfigNode
    /// Where files that macros name are read; nil where there is no bundle around the configuration.
    let files: BundleFiles?
    let budget: NodeBudget
    /// How many places may be visited: files that merge into each other's aliases can make more of them than nodes.
    private let visits = NodeBudget()

    init(root: ConfigNode, files: BundleFiles?, budget: NodeBudget) {
        self.root = root
        self.files = files
        self.budget = budget
    }

    /// Rewrites the whole configuration.
    func rewrite() throws(BundleError) {
        root.renameDeprecatedFields()
        try rewrite(root, id: "", depth: 0)
    }

    private func rewrite(_ node: ConfigNode, id: String, depth: Int) throws(BundleError) {
        guard depth <= Limits.depth else {
            throw BundleError(.limit, "the configuration nests deeper than \(Limits.depth) levels", id: id)
        }
        guard id.utf8.count <= Limits.idLength else {
            throw BundleError(.limit, "an id longer than \(Limits.idLength) bytes, from \(BundleError.quoted(id))")
        }
        // A text that many places share counts at each of them.
        try visits.take(1 + (node.text?.utf8.count ?? 0) / 256)
        for (key, child) in node.children {
            try rewrite(child, id: ReferencePattern.child(key, of: id), depth: depth + 1)
        }
        guard let text = node.text, !node.isVerbatim else { return }
        let absolute = try ReferencePattern.absolute(text, at: id, budget: budget)
        guard absolute.utf8.first == UInt8(ascii: "%") else {
            node.content = .string(absolute)
            return
        }
        do {
            let target = try self.target(of: String(absolute.dropFirst()))
            node.content = try target.copied(at: depth, budget: budget).content
        } catch {
            guard error.code == .unknownID else { throw error.at(id: id) }
            throw BundleError(
                .unknownID, "the macro \(BundleError.quoted(absolute)) names nothing: \(error.message)", id: id)
        }
    }

    private func target(of macro: String) throws(BundleError) -> ConfigNode {
        guard let (path, id) = Self.split(macro) else { return try root.node(at: macro) }
        guard let files else {
            throw BundleError(.unsupported, "the macro names a file, and only a bundle's folder has files")
        }
        return try files.configuration(path, budget: budget).node(at: id)
    }

    /// The path and the id of a macro that names a file; nil where it names none.
    ///
    /// The path is the longest start that ends with `.json`, `.yaml` or `.yml` before `::` or the end.
    static func split(_ macro: String) -> (path: String, id: String)? {
        let parts = ReferencePattern.parts(of: macro)
        let last = parts.lastIndex { part in
            let lower = part.lowercased()
            return [".json", ".yaml", ".yml"].contains(where: lower.hasSuffix)
        }
        guard let last else { return nil }
        return (
            parts[...last].joined(separator: ReferencePattern.separator),
            parts[(last + 1)...].joined(separator: ReferencePattern.separator)
        )
    }
}
