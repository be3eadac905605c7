/// Reading, setting and merging nodes of a configuration by id, as MONAI's `ConfigParser` does it.
///
/// MONAI 1.6.1 bundle/config_parser.py:263-330 and bundle/utils.py:241-262 (`merge_kv`).
extension ConfigNode {
    /// The node at an id; `""` is this node itself.
    func node(at id: String) throws(BundleError) -> ConfigNode {
        let id = ReferencePattern.normalized(id)
        guard !id.isEmpty else { return self }
        var node = self
        for key in ReferencePattern.parts(of: id) { node = try node.member(key, of: id) }
        return node
    }

    private func member(_ key: String, of id: String) throws(BundleError) -> ConfigNode {
        switch content {
        case .mapping(let mapping):
            if let node = mapping[key] ?? mapping[Self.stripped(key)] { return node }
            throw BundleError(.unknownID, "there is no \(BundleError.quoted(key)) in it", id: id)
        case .list(let nodes):
            return nodes[try Self.index(key, count: nodes.count, of: id)]
        default:
            throw BundleError(.unknownID, "\(BundleError.quoted(key)) is asked of \(kind)", id: id)
        }
    }

    /// A text without the white space around it, which MONAI ignores in ids.
    static func stripped(_ text: String) -> String {
        let scalars = text.unicodeScalars
        guard let first = scalars.firstIndex(where: { !$0.properties.isWhitespace }),
            let last = scalars.lastIndex(where: { !$0.properties.isWhitespace })
        else { return "" }
        return String(scalars[first...last])
    }

    /// Python's reading of a list index; negative ones count from the end.
    private static func index(_ key: String, count: Int, of id: String) throws(BundleError) -> Int {
        guard let number = Int(stripped(key)), (-count..<count).contains(number) else {
            throw BundleError(
                .unknownID, "\(BundleError.quoted(key)) is no index of a list of \(count)", id: id)
        }
        return number < 0 ? number + count : number
    }

    /// Puts a node at an id; everything above it has to be there already.
    func set(_ id: String, to node: ConfigNode) throws(BundleError) {
        let id = ReferencePattern.normalized(id)
        guard !id.isEmpty else {
            content = node.content
            return
        }
        var parts = ReferencePattern.parts(of: id)
        let key = parts.removeLast()
        let parent = try self.node(at: parts.joined(separator: ReferencePattern.separator))
        switch parent.content {
        case .mapping(var mapping):
            mapping.set(key, node)
            parent.content = .mapping(mapping)
        case .list(var nodes):
            nodes[try Self.index(key, count: nodes.count, of: id)] = node
            parent.content = .list(nodes)
        default:
            throw BundleError(.unknownID, "\(BundleError.quoted(key)) cannot be set in \(parent.kind)", id: id)
        }
    }

    /// Merges one entry of a configuration file: a key with `+` extends what is there, any other replaces it whole.
    func merge(_ key: String, _ node: ConfigNode) throws(BundleError) {
        guard key.utf8.first == UInt8(ascii: "+") else { return try set(key, to: node) }
        let id = String(key.dropFirst())
        guard let target = try? self.node(at: id) else { return try set(id, to: node) }
        switch (target.content, node.content) {
        case (.mapping(var mapping), .mapping(let other)):
            for (key, member) in other.entries { mapping.set(key, member) }
            target.content = .mapping(mapping)
        case (.list(let nodes), .list(let others)):
            target.content = .list(nodes + others)
        default:
            throw BundleError(
                .malformed,
                "\(BundleError.quoted(key)) merges \(node.kind) into \(target.kind); only two lists or two mappings "
                    + "merge, so leave out the + to replace the value", id: ReferencePattern.normalized(id))
        }
    }

    /// Merges a whole file, entry by entry in its order.
    func merge(file: ConfigNode, named name: String) throws(BundleError) {
        guard let mapping = file.mapping else {
            throw BundleError(.malformed, "the file holds \(file.kind); a configuration is a mapping", file: name)
        }
        for (key, node) in mapping.entries {
            do { try merge(key, node) } catch { throw error.at(file: name) }
        }
    }

    /// A copy of metadata that MONAI wrote into a TorchScript archive, with the field under both its names: MONAI had
    /// renamed it by then, and the schema that the file declares may ask for the former.
    func withFormerNames() -> ConfigNode {
        guard var mapping, mapping["optional_packages_version"] == nil,
            let packages = mapping["required_packages_version"]
        else { return self }
        mapping.set("optional_packages_version", packages)
        return ConfigNode(.mapping(mapping))
    }

    /// Renames the field that older bundles use (MONAI 1.6.1 bundle/utils.py:168).
    func renameDeprecatedFields() {
        guard case .mapping(var mapping) = content, let old = mapping.remove("optional_packages_version") else {
            return
        }
        mapping.set("required_packages_version", old)
        content = .mapping(mapping)
    }
}
