/// A node of the metadata with its path, read leniently: what is of another kind counts as missing and is noted.
struct MetadataField {
    let node: ConfigNode
    let path: String
    let notes: MetadataNotes

    /// Notes that the field is not read because it is not what it should be.
    func ignore(_ expectation: String) {
        notes.add(.ignored, path, "expected \(expectation), found \(node.kind), which Portico does not read")
    }

    /// The member under a key; nil where it is missing or null.
    func member(_ key: String) -> MetadataField? {
        guard let child = node.mapping?[key] else { return nil }
        if case .null = child.content { return nil }
        return MetadataField(node: child, path: ReferencePattern.child(key, of: path), notes: notes)
    }

    /// A string; a list of strings is joined.
    func text(_ key: String) -> String? {
        guard let member = member(key) else { return nil }
        switch member.node.content {
        case .string(let text): return text
        case .list(let nodes) where nodes.allSatisfy({ $0.text != nil }):
            return nodes.compactMap(\.text).joined(separator: ", ")
        default:
            member.ignore("a string")
            return nil
        }
    }

    /// A count; `1.0` is one, too, as the newest schema has it.
    func count(_ key: String) -> Int? {
        guard let member = member(key) else { return nil }
        guard let count = member.node.number.flatMap(Int.init(exactly:)), count >= 0 else {
            member.ignore("a number from 0 on")
            return nil
        }
        return count
    }

    func bool(_ key: String) -> Bool? {
        guard let member = member(key) else { return nil }
        guard case .bool(let value) = member.node.content else {
            member.ignore("true or false")
            return nil
        }
        return value
    }

    func mapping(_ key: String) -> MetadataField? {
        guard let member = member(key) else { return nil }
        guard member.node.mapping != nil else {
            member.ignore("a mapping")
            return nil
        }
        return member
    }

    /// The members of a list.
    func list(_ key: String) -> [MetadataField]? {
        guard let member = member(key) else { return nil }
        guard case .list = member.node.content else {
            member.ignore("a list")
            return nil
        }
        return member.children.map(\.field)
    }

    /// The entries of a mapping or the members of a list.
    var children: [(key: String, field: MetadataField)] {
        node.children.map {
            ($0.key, MetadataField(node: $0.node, path: ReferencePattern.child($0.key, of: path), notes: notes))
        }
    }

    /// The members of a mapping whose keys are none of these, as plain data.
    func others(than known: Set<String>) -> [UnknownField] {
        (node.mapping?.entries ?? []).filter { !known.contains($0.key) }
            .map { UnknownField(name: $0.key, value: $0.node.value) }
    }
}

/// A field that MONAI's specification does not name; it is kept as the file has it.
public struct UnknownField: Sendable {
    /// The key in the file.
    public let name: String

    /// What the file has under it.
    public let value: ConfigValue
}

extension ConfigNode {
    /// The number of an integer or a number node; a boolean is none.
    var number: Double? {
        switch content {
        case .int(let value): Double(value)
        case .double(let value): value
        default: nil
        }
    }

    /// The node as plain data, nothing in it resolved.
    var value: ConfigValue {
        switch content {
        case .null: .null
        case .bool(let value): .bool(value)
        case .int(let value): .int(value)
        case .double(let value): .double(value)
        case .string(let text): .string(text)
        case .list(let nodes): .list(nodes.map(\.value))
        case .mapping(let mapping): .mapping(mapping.entries.map { ($0.key, $0.node.value) })
        }
    }
}
