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
        let text = stripped(key)
        // Python reads `1_0` as 10, as long as each underscore stands between digits.
        let parts = text.split(separator: "_", omittingEmptySubsequences: false)
        let digits = parts.dropFirst().allSatisfy { $0.utf8.first.map { (0x30...0x39).contains($0) } == true }
        guard digits, !parts[0].isEmpty, let number = Int(parts.joined()), (-count..<count).contains(number) else {
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
        if var mapping = parent.takeMapping() {
            mapping.set(key, node)
            parent.content = .mapping(mapping)
            return
        }
        switch parent.content {
        case .list(var nodes):
            nodes[try Self.index(key, count: nodes.count, of: id)] = node
            parent.content = .list(nodes)
        default:
            throw BundleError(.unknownID, "\(BundleError.quoted(key)) cannot be set in \(parent.kind)", id: id)
        }
    }

    /// Takes the mapping out of the node, since one that is held twice would be copied for every key of a file.
    private func takeMapping() -> ConfigMapping? {
        guard case .mapping(let mapping) = content else { return nil }
        content = .null
        return mapping
    }

    /// Merges one entry of a configuration file: a key with `+` extends what is there, any other replaces it whole.
    private func merge(_ key: String, _ node: ConfigNode, visits: NodeBudget) throws(BundleError) {
        let isExtension = key.utf8.first == UInt8(ascii: "+")
        let id = isExtension ? String(key.unicodeScalars.dropFirst()) : key
        guard isExtension, let target = try? self.node(at: id) else {
            let parts = ReferencePattern.parts(of: ReferencePattern.normalized(id))
            // Nothing but the root itself can be the place of a key without a separator.
            if parts.count > 1 {
                let above = parts.dropLast().joined(separator: ReferencePattern.separator)
                try node.requireWithout(try self.node(at: above), visits: visits, id: id)
            }
            return try set(id, to: node)
        }
        try node.requireWithout(target, visits: visits, id: id)
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
        let visits = NodeBudget()
        for (key, node) in mapping.entries {
            do { try merge(key, node, visits: visits) } catch { throw error.at(file: name) }
        }
    }

    /// Throws where another node lies below this one, or is it: an alias of a place cannot be put into that place.
    private func requireWithout(_ other: ConfigNode, visits: NodeBudget, id: String) throws(BundleError) {
        var pending = [self]
        while let node = pending.popLast() {
            guard node !== other else {
                throw BundleError(.circular, "the alias names what it is put into", id: ReferencePattern.normalized(id))
            }
            try visits.take()
            pending += node.children.lazy.map(\.node)
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
