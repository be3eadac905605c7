/// What a field of the metadata may hold: the few kinds of rule that MONAI's schemas use.
indirect enum MetadataRule: Sendable {
    case string
    case number
    case boolean
    /// Draft-04 takes `1` alone for an integer; the drafts from 06 on take `1.0` as well.
    case integer(orWholeNumber: Bool)
    /// A list; nil where the schema says nothing of the members.
    case array(of: MetadataRule?)
    case object(Fields)
    case anyOf([MetadataRule])

    /// The rules for the fields of a mapping; a field that no rule names may hold anything.
    struct Fields: Sendable {
        var required: [String] = []
        var properties: [(name: String, rule: MetadataRule)] = []
        /// The rule for all fields whose names are of a form.
        var pattern: (names: NamePattern, rule: MetadataRule)?
    }

    /// The forms of names in MONAI's schemas, as Python's `re.search` understands them.
    enum NamePattern: Sendable {
        /// `^.+$`
        case anyText
        /// `^[_a-zA-Z0-9]+_data_format$`
        case dataFormat

        func matches(_ name: String) -> Bool {
            // Python's `$` matches before a line feed at the end, too, and its `.` matches all but a line feed.
            let bytes = Array(name.utf8)
            let line = bytes.last == UInt8(ascii: "\n") ? bytes.dropLast() : bytes[...]
            switch self {
            case .anyText: return !line.isEmpty && !line.contains(UInt8(ascii: "\n"))
            case .dataFormat:
                let suffix = "_data_format".utf8
                return line.count > suffix.count && line.suffix(suffix.count).elementsEqual(suffix)
                    && line.allSatisfy(Self.isWord)
            }
        }

        private static func isWord(_ byte: UInt8) -> Bool {
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"):
                true
            default: false
            }
        }
    }

    /// A mapping of which nothing is asked.
    static let anyObject = object(Fields())

    /// What the rule asks for, in words.
    var expectation: String {
        switch self {
        case .string: return "a string"
        case .number: return "a number"
        case .boolean: return "true or false"
        case .integer: return "an integer"
        case .array: return "a list"
        case .object: return "a mapping"
        case .anyOf(let rules):
            let words = rules.map(\.expectation)
            return words.dropLast().joined(separator: ", ") + (words.count > 1 ? " or " : "") + (words.last ?? "")
        }
    }

    /// Adds everything in a node that breaks the rule.
    func check(_ node: ConfigNode, at path: String, into violations: inout [MetadataViolation]) {
        guard admitsKind(of: node) else {
            violations.append(MetadataViolation(path: path, expected: expectation, found: node.kind))
            return
        }
        switch (self, node.content) {
        case (.array(let rule?), .list):
            for (key, member) in node.children {
                rule.check(member, at: ReferencePattern.child(key, of: path), into: &violations)
            }
        case (.object(let fields), .mapping(let mapping)): fields.check(mapping, at: path, into: &violations)
        case (.anyOf(let rules), _):
            // The rules of one choice are for different kinds, so the first for this kind says what is wrong inside.
            rules.first { $0.admitsKind(of: node) }?.check(node, at: path, into: &violations)
        default: break
        }
    }

    /// Whether a node is of the kind that the rule asks for, whatever lies inside of it.
    private func admitsKind(of node: ConfigNode) -> Bool {
        switch (self, node.content) {
        case (.string, .string), (.boolean, .bool), (.array, .list), (.object, .mapping): true
        case (.integer, .int), (.number, .int), (.number, .double): true
        case (.integer(let orWholeNumber), .double(let value)):
            orWholeNumber && value.isFinite && value.rounded() == value
        case (.anyOf(let rules), _): rules.contains { $0.admitsKind(of: node) }
        default: false
        }
    }
}

extension MetadataRule.Fields {
    fileprivate func check(_ mapping: ConfigMapping, at path: String, into violations: inout [MetadataViolation]) {
        for name in required where mapping[name] == nil {
            violations.append(
                MetadataViolation(
                    path: ReferencePattern.child(name, of: path), expected: rule(of: name)?.expectation ?? "a value",
                    found: MetadataViolation.nothing))
        }
        for (name, node) in mapping.entries {
            rule(of: name)?.check(node, at: ReferencePattern.child(name, of: path), into: &violations)
        }
    }

    private func rule(of name: String) -> MetadataRule? {
        let name = ExactString(name)
        if let property = properties.first(where: { ExactString($0.name) == name }) { return property.rule }
        guard let pattern, pattern.names.matches(name.text) else { return nil }
        return pattern.rule
    }
}
