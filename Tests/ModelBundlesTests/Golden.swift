@testable import ModelBundles

/// Values in the form of `golden/resolved`: `$component`, `$py`, `$lambda`, `$tuple`.
enum Golden {
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

    private static func object(_ members: [(String, String)]) -> String {
        "{" + members.map { quoted($0.0) + ": " + $0.1 }.joined(separator: ", ") + "}"
    }

    /// The full dotted name of a component's target.
    static func fullName(_ target: String) -> String {
        ComponentTable.fullName(of: target) ?? ComponentTable.located(target) ?? target
    }

    /// A value as JSON; `root` is printed as `<BUNDLE_ROOT>`.
    static func json(_ value: ConfigValue, root: String? = nil) -> String {
        switch value {
        case .null: return "null"
        case .bool(let value): return value ? "true" : "false"
        case .int(let value): return String(value)
        case .double(let value): return ConfigNode(.double(value)).json
        case .string(let text):
            guard let root else { return quoted(text) }
            return quoted(text.replacing(root, with: "<BUNDLE_ROOT>"))
        case .list(let values): return "[" + values.map { json($0, root: root) }.joined(separator: ", ") + "]"
        case .tuple(let values):
            return object([("$tuple", "[" + values.map { json($0, root: root) }.joined(separator: ", ") + "]")])
        case .mapping(let members): return object(members.map { ($0.key, json($0.value, root: root)) })
        case .component(let component):
            let arguments = component.arguments.map { ($0.name, json($0.value, root: root)) }
            var members = [("$component", quoted(fullName(component.target))), ("args", object(arguments))]
            if component.mode != .standard { members.append(("$mode", quoted(component.mode.rawValue))) }
            return object(members)
        case .symbol(let name): return object([("$py", quoted(name))])
        case .device(let name): return object([("$py", quoted("torch.device:" + name))])
        case .lambda(let source): return object([("$lambda", quoted("$" + source))])
        }
    }
}
