/// A node of a configuration as the files spell it, before macros and references are resolved.
///
/// It is a class because MONAI rewrites the configuration in place and a YAML alias is the very object of its anchor.
final class ConfigNode {
    enum Content {
        case null
        case bool(Bool)
        case int(Int)
        case double(Double)
        case string(String)
        case list([ConfigNode])
        case mapping(ConfigMapping)
    }

    var content: Content

    /// Whether the text of a string is to be taken as it is: `bundle_root`, whose path may hold any character.
    let isVerbatim: Bool

    init(_ content: Content, isVerbatim: Bool = false) {
        self.content = content
        self.isVerbatim = isVerbatim
    }

    /// Frees what lies below one by one: files that merge into each other's aliases can make a chain of any depth.
    deinit {
        var pending = children.map(\.node)
        content = .null
        while var node = pending.popLast() {
            guard isKnownUniquelyReferenced(&node) else { continue }
            pending += node.children.map(\.node)
            node.content = .null
        }
    }

    /// The text of a string node.
    var text: String? {
        if case .string(let text) = content { text } else { nil }
    }

    /// The mapping of a mapping node.
    var mapping: ConfigMapping? {
        if case .mapping(let mapping) = content { mapping } else { nil }
    }

    /// The nodes below this one with their keys; list members have their index as key.
    var children: [(key: String, node: ConfigNode)] {
        switch content {
        case .list(let nodes): nodes.enumerated().map { (String($0.offset), $0.element) }
        case .mapping(let mapping): mapping.entries
        default: []
        }
    }

    /// Whether MONAI would make a component of it.
    var isComponent: Bool { mapping?["_target_"] != nil }

    /// Whether it is a string that MONAI would evaluate.
    var isExpression: Bool { text?.utf8.first == UInt8(ascii: "$") }

    /// The kind in words, for messages.
    var kind: String {
        switch content {
        case .null: "null"
        case .bool: "a boolean"
        case .int: "an integer"
        case .double: "a number"
        case .string: "a string"
        case .list: "a list"
        case .mapping: "a mapping"
        }
    }
}

/// Key-value pairs in the order of the file; a key that is set again keeps its place, as in Python.
struct ConfigMapping {
    private(set) var entries: [(key: String, node: ConfigNode)] = []
    private var places: [ExactString: Int] = [:]

    subscript(_ key: String) -> ConfigNode? { places[ExactString(key)].map { entries[$0].node } }

    mutating func set(_ key: String, _ node: ConfigNode) {
        if let place = places[ExactString(key)] {
            entries[place].node = node
        } else {
            places[ExactString(key)] = entries.count
            entries.append((key, node))
        }
    }

    @discardableResult
    mutating func remove(_ key: String) -> ConfigNode? {
        guard let place = places.removeValue(forKey: ExactString(key)) else { return nil }
        let node = entries.remove(at: place).node
        for index in place..<entries.count { places[ExactString(entries[index].key)] = index }
        return node
    }
}

/// What the files of one configuration may still add to it.
final class NodeBudget {
    private var left: Int
    private var textLeft = Limits.relativeText

    /// Keys that stand twice in one mapping, each with its line and, once that is known, its file.
    private(set) var repeatedKeys: [String] = []

    init(_ limit: Int = Limits.nodes) { left = limit }

    /// Remembers that a key stands twice: MONAI warns of it and takes the last one.
    func noteRepeated(_ key: String, line: @autoclosure () -> Int) {
        guard repeatedKeys.count < 100 else { return }
        repeatedKeys.append("line \(line()): \(BundleError.quoted(key))")
    }

    /// Puts the file before the keys that were found in it.
    func locateRepeatedKeys(from start: Int, in file: String) {
        for index in start..<repeatedKeys.count { repeatedKeys[index] = file + ": " + repeatedKeys[index] }
    }

    func take(_ count: Int = 1) throws(BundleError) {
        guard count <= left else {
            throw BundleError(.limit, "the configuration has more than \(Limits.nodes) values with its macros expanded")
        }
        left -= count
    }

    /// Takes bytes by which texts grow beyond what the files hold.
    func takeText(_ count: Int) throws(BundleError) {
        guard count <= textLeft else {
            throw BundleError(.limit, "relative ids make more than \(Limits.relativeText) bytes of text")
        }
        textLeft -= count
    }
}

extension ConfigNode {
    /// A copy that shares nothing with the original, as Python's `deepcopy`.
    ///
    /// `depth` is how deep the copy will lie.
    func copied(at depth: Int, budget: NodeBudget) throws(BundleError) -> ConfigNode {
        guard depth <= Limits.depth else {
            throw BundleError(.limit, "macros nest deeper than \(Limits.depth) levels")
        }
        try budget.take()
        let copy = ConfigNode(content, isVerbatim: isVerbatim)
        switch content {
        case .list(let nodes):
            var copies: [ConfigNode] = []
            for node in nodes { copies.append(try node.copied(at: depth + 1, budget: budget)) }
            copy.content = .list(copies)
        case .mapping(var mapping):
            for (key, node) in mapping.entries { mapping.set(key, try node.copied(at: depth + 1, budget: budget)) }
            copy.content = .mapping(mapping)
        default: break
        }
        return copy
    }
}
