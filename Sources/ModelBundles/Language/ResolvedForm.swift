/// Resolved values as JSON, with marks for what JSON has no form of.
///
/// A component is `{"$component": full dotted name, "args": {…}}`, with `$mode` where `_mode_` is not the default; a
/// Python object `{"$py": name}` (`torch.float32`, `torch.device:cpu`), a lambda `{"$lambda": source}`, a tuple
/// `{"$tuple": […]}`. Numbers are written as Python writes them, `NaN` and `Infinity` among them.
public struct ResolvedForm {
    /// The bundle's folder or file, which is written as `<BUNDLE_ROOT>`; nil writes it out.
    public var root: String?
    /// How many blanks a level is indented by; nil puts everything on one line.
    public var indentation: Int?

    /// Makes a form.
    public init(root: String? = nil, indentation: Int? = nil) {
        self.root = root
        self.indentation = indentation
    }

    /// The text of a value on one line.
    public static func text(of value: ConfigValue, root: String? = nil) -> String {
        ResolvedForm(root: root).text(of: value)
    }

    /// The text of a value.
    public func text(of value: ConfigValue) -> String {
        var writer = Writer(form: self)
        writer.write(value, depth: 0)
        return writer.text
    }

    /// The full dotted name of a component's target: bare names by MONAI's table, dotted ones as MONAI locates them.
    public static func fullName(of target: String) -> String {
        ComponentTable.fullName(of: target) ?? ComponentTable.located(target) ?? target
    }

    /// A text as a JSON string.
    static func quoted(_ text: String) -> String {
        var result = "\""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\"": result += "\\\""
            case "\\": result += "\\\\"
            case "\n": result += "\\n"
            case "\t": result += "\\t"
            case "\r": result += "\\r"
            default:
                if scalar.value < 0x20 {
                    let digits = String(scalar.value, radix: 16)
                    result += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
                } else {
                    result.unicodeScalars.append(scalar)
                }
            }
        }
        return result + "\""
    }

    /// A number as Python's `json` writes it.
    static func number(_ value: Double) -> String {
        value.isFinite ? "\(value)" : value.isNaN ? "NaN" : value < 0 ? "-Infinity" : "Infinity"
    }

    /// The text with the bundle's place taken out, where it stands as a whole path or the start of one.
    func placed(_ text: String) -> String {
        guard let root, !root.isEmpty, root != "/" else { return text }
        var result = ""
        var rest = text[...]
        while let range = rest.firstRange(of: root) {
            result += rest[..<range.lowerBound]
            let isWhole = range.upperBound == rest.endIndex || "/.".contains(rest[range.upperBound])
            result += isWhole ? "<BUNDLE_ROOT>" : root
            rest = rest[range.upperBound...]
        }
        return result + rest
    }
}

/// Writes one value.
private struct Writer {
    let form: ResolvedForm
    private(set) var text = ""

    init(form: ResolvedForm) { self.form = form }

    mutating func write(_ value: ConfigValue, depth: Int) {
        switch value {
        case .null: text += "null"
        case .bool(let value): text += value ? "true" : "false"
        case .int(let value): text += String(value)
        case .double(let value): text += ResolvedForm.number(value)
        case .string(let string): write(quoted: form.placed(string))
        case .list(let values): write(list: values, depth: depth)
        case .tuple(let values): write(["$tuple": .list(values)], depth: depth)
        case .mapping(let members): write(members: members, depth: depth)
        case .component(let component):
            var members: [(key: String, value: ConfigValue)] = [
                ("$component", .string(ResolvedForm.fullName(of: component.target))),
                ("args", .mapping(component.arguments.map { ($0.name, $0.value) })),
            ]
            if component.mode != .standard { members.append(("$mode", .string(component.mode.rawValue))) }
            write(members: members, depth: depth)
        case .symbol(let name): write(["$py": .string(name)], depth: depth)
        case .device(let name): write(["$py": .string("torch.device:" + name)], depth: depth)
        case .lambda(let source): write(["$lambda": .string("$" + source.text)], depth: depth)
        }
    }

    private mutating func write(_ mark: KeyValuePairs<String, ConfigValue>, depth: Int) {
        write(members: mark.map { ($0.key, $0.value) }, depth: depth)
    }

    private mutating func write(quoted string: String) { text += ResolvedForm.quoted(string) }

    private mutating func write(list values: [ConfigValue], depth: Int) {
        // A list of plain values stays on one line, as people write a shape.
        let isFlat = values.allSatisfy(\.isScalar)
        text += "["
        for (index, value) in values.enumerated() {
            if index > 0 { text += isFlat || form.indentation == nil ? ", " : "," }
            if !isFlat { breakLine(depth + 1) }
            write(value, depth: depth + 1)
        }
        if !isFlat { breakLine(depth) }
        text += "]"
    }

    private mutating func write(members: [(key: String, value: ConfigValue)], depth: Int) {
        text += "{"
        for (index, member) in members.enumerated() {
            if index > 0 { text += form.indentation == nil ? ", " : "," }
            breakLine(depth + 1)
            write(quoted: member.key)
            text += ": "
            write(member.value, depth: depth + 1)
        }
        if !members.isEmpty { breakLine(depth) }
        text += "}"
    }

    private mutating func breakLine(_ depth: Int) {
        guard let indentation = form.indentation else { return }
        text += "\n" + String(repeating: " ", count: depth * indentation)
    }
}

extension ConfigValue {
    fileprivate var isScalar: Bool {
        switch self {
        case .null, .bool, .int, .double, .string: true
        default: false
        }
    }
}
