// libyaml itself comes with Yams. Yams' own `compose` hashes whole keys and refuses repeated ones, so an alias bomb
// in a key hangs it and a file that MONAI takes is an error; on the events neither happens.
internal import CYaml

/// Reads YAML as MONAI does with PyYAML: YAML 1.1 scalars, the last of two equal keys wins, `<<` is an error.
///
/// An alias is the very node of its anchor; what it would unfold to counts towards the limits.
struct YAMLReader {
    /// An anchor's node with the number of values and levels below and with it.
    private struct Composed {
        var node: ConfigNode
        var count = 1
        var height = 1
    }

    private let events: YAMLEvents
    private let budget: NodeBudget
    private var anchors: [ExactString: Composed] = [:]

    /// Reads a file with one document.
    static func read(_ bytes: [UInt8], budget: NodeBudget = NodeBudget()) throws(BundleError) -> ConfigNode {
        guard String(validating: bytes, as: UTF8.self) != nil else {
            throw BundleError(.malformed, "the file is not UTF-8")
        }
        var reader = YAMLReader(events: YAMLEvents(bytes), budget: budget)
        guard try reader.events.next().kind == YAML_STREAM_START_EVENT,
            try reader.events.next().kind == YAML_DOCUMENT_START_EVENT
        else { throw BundleError(.malformed, "the file is empty") }
        let root = try reader.compose(try reader.events.next(), depth: 0)
        _ = try reader.events.next()
        guard try reader.events.next().kind == YAML_STREAM_END_EVENT else {
            throw BundleError(.malformed, "the file has more than one document")
        }
        return root.node
    }

    private init(events: YAMLEvents, budget: NodeBudget) {
        self.events = events
        self.budget = budget
    }

    private mutating func compose(_ event: YAMLEvents.Event, depth: Int) throws(BundleError) -> Composed {
        guard depth <= Limits.depth else { throw event.error("nested deeper than \(Limits.depth) levels", .limit) }
        if event.kind == YAML_ALIAS_EVENT { return try alias(event, depth: depth) }
        try budget.take()
        let composed: Composed
        switch event.kind {
        case YAML_SCALAR_EVENT:
            composed = Composed(node: ConfigNode(try YAMLScalar.content(of: event)))
        case YAML_SEQUENCE_START_EVENT:
            composed = try sequence(event, depth: depth)
        case YAML_MAPPING_START_EVENT:
            composed = try mapping(event, depth: depth)
        default:
            throw event.error("a value should be here")
        }
        if let anchor = event.anchor { anchors[ExactString(anchor)] = composed }
        return composed
    }

    private func alias(_ event: YAMLEvents.Event, depth: Int) throws(BundleError) -> Composed {
        guard let anchor = event.anchor, let composed = anchors[ExactString(anchor)] else {
            throw event.error("an alias without an anchor before it")
        }
        guard depth + composed.height - 1 <= Limits.depth else {
            throw event.error("aliases nest deeper than \(Limits.depth) levels", .limit)
        }
        try budget.take(composed.count)
        switch composed.node.content {
        case .list, .mapping: return composed
        // A scalar is a value, not an object: each place is rewritten on its own.
        default: return Composed(node: ConfigNode(composed.node.content))
        }
    }

    private mutating func sequence(_ start: YAMLEvents.Event, depth: Int) throws(BundleError) -> Composed {
        try start.requireTag("tag:yaml.org,2002:seq")
        var nodes: [ConfigNode] = []
        var result = Composed(node: ConfigNode(.null))
        while true {
            let event = try events.next()
            if event.kind == YAML_SEQUENCE_END_EVENT { break }
            let member = try compose(event, depth: depth + 1)
            nodes.append(member.node)
            result.count += member.count
            result.height = max(result.height, member.height + 1)
        }
        result.node.content = .list(nodes)
        return result
    }

    private mutating func mapping(_ start: YAMLEvents.Event, depth: Int) throws(BundleError) -> Composed {
        try start.requireTag("tag:yaml.org,2002:map")
        var mapping = ConfigMapping()
        var result = Composed(node: ConfigNode(.null))
        while true {
            let event = try events.next()
            if event.kind == YAML_MAPPING_END_EVENT { break }
            let key = try self.key(event, depth: depth + 1)
            let member = try compose(try events.next(), depth: depth + 1)
            if mapping[key] != nil { budget.noteRepeated(key, line: event.line) }
            mapping.set(key, member.node)
            result.count += member.count + 1
            result.height = max(result.height, member.height + 1)
        }
        result.node.content = .mapping(mapping)
        return result
    }

    /// The text of a key; an integer key is taken by its digits, as ids and JSON have it.
    private mutating func key(_ event: YAMLEvents.Event, depth: Int) throws(BundleError) -> String {
        guard event.kind == YAML_SCALAR_EVENT || event.kind == YAML_ALIAS_EVENT else {
            throw event.error("a key that is a list or a mapping")
        }
        switch try compose(event, depth: depth).node.content {
        case .string(let text):
            guard text.utf8.count <= Limits.keyLength else {
                throw event.error("a key longer than \(Limits.keyLength) bytes", .limit)
            }
            return text
        case .int(let number) where depth > 1: return String(number)
        default: throw event.error("a key that is no string; write it in quotes")
        }
    }
}

/// The events of libyaml's parser over bytes in memory.
private final class YAMLEvents {
    /// An event with what matters of it copied out of C.
    struct Event {
        let kind: yaml_event_type_t
        var anchor: String?
        var tag: String?
        var text = ""
        /// Whether a scalar stands there without quotes and without a tag.
        var isPlain = false
        let line: Int
        let column: Int

        func error(_ message: String, _ code: BundleError.Code = .malformed) -> BundleError {
            BundleError(code, "line \(line), column \(column): \(message)")
        }

        func requireTag(_ name: String) throws(BundleError) {
            guard let tag, tag != "!", tag != name else { return }
            throw error("the tag \(BundleError.quoted(tag)) is not supported here")
        }
    }

    private let parser: UnsafeMutablePointer<yaml_parser_t>
    private let input: UnsafeMutableBufferPointer<UInt8>

    init(_ bytes: [UInt8]) {
        input = .allocate(capacity: max(bytes.count, 1))
        _ = input.initialize(from: bytes)
        parser = .allocate(capacity: 1)
        parser.initialize(to: yaml_parser_t())
        yaml_parser_initialize(parser)
        yaml_parser_set_encoding(parser, YAML_UTF8_ENCODING)
        yaml_parser_set_input_string(parser, input.baseAddress, bytes.count)
    }

    deinit {
        yaml_parser_delete(parser)
        parser.deallocate()
        input.deallocate()
    }

    func next() throws(BundleError) -> Event {
        var event = yaml_event_t()
        guard yaml_parser_parse(parser, &event) == 1 else {
            let mark = parser.pointee.problem_mark
            let problem = parser.pointee.problem.map { String(cString: $0) } ?? "no YAML"
            let place = "line \(mark.line + 1), column \(mark.column + 1)"
            // libyaml names a function of its own here, and leaves a bracket open.
            guard !problem.contains("max_nest_level") else {
                throw BundleError(.limit, "\(place): nested deeper than \(Limits.depth) levels")
            }
            throw BundleError(.malformed, "\(place): \(problem)")
        }
        defer { yaml_event_delete(&event) }
        let mark = event.start_mark
        var result = Event(kind: event.type, line: Int(mark.line) + 1, column: Int(mark.column) + 1)
        switch event.type {
        case YAML_ALIAS_EVENT:
            result.anchor = Self.text(event.data.alias.anchor)
        case YAML_SCALAR_EVENT:
            let scalar = event.data.scalar
            result.anchor = Self.text(scalar.anchor)
            result.tag = Self.text(scalar.tag)
            result.text = String(
                decoding: UnsafeBufferPointer(start: scalar.value, count: Int(scalar.length)), as: UTF8.self)
            // PyYAML resolves a scalar behind a lone `!` as if it stood there plain.
            result.isPlain = scalar.plain_implicit != 0 && result.tag == nil || result.tag == "!"
        case YAML_SEQUENCE_START_EVENT:
            result.anchor = Self.text(event.data.sequence_start.anchor)
            result.tag = Self.text(event.data.sequence_start.tag)
        case YAML_MAPPING_START_EVENT:
            result.anchor = Self.text(event.data.mapping_start.anchor)
            result.tag = Self.text(event.data.mapping_start.tag)
        default: break
        }
        return result
    }

    private static func text(_ pointer: UnsafeMutablePointer<yaml_char_t>?) -> String? {
        pointer.map { String(cString: $0) }
    }
}

extension YAMLScalar {
    /// The value of a scalar event: by its tag where it has one, else as YAML 1.1 reads a plain scalar.
    fileprivate static func content(of event: YAMLEvents.Event) throws(BundleError) -> ConfigNode.Content {
        do {
            if event.isPlain { return try plain(event.text) }
            guard let tag = event.tag else { return .string(event.text) }
            return try tagged(event.text, tag: tag)
        } catch {
            throw event.error(error.message, error.code)
        }
    }
}
