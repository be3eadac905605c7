@testable import ModelBundles

/// Nodes written as JSON, as plainly as can be.
struct JSONText {
    private(set) var bytes: [UInt8] = []

    mutating func append(_ node: ConfigNode) {
        switch node.content {
        case .null: append("null")
        case .bool(let value): append(value ? "true" : "false")
        case .int(let value): append("\(value)")
        case .double(let value):
            append(value.isFinite ? "\(value)" : value.isNaN ? "NaN" : value < 0 ? "-Infinity" : "Infinity")
        case .string(let text): append(quoted: text)
        case .list(let nodes):
            append("[")
            for (place, node) in nodes.enumerated() {
                if place > 0 { append(",") }
                append(node)
            }
            append("]")
        case .mapping(let mapping):
            append("{")
            for (place, (key, node)) in mapping.entries.enumerated() {
                if place > 0 { append(",") }
                append(quoted: key)
                append(":")
                append(node)
            }
            append("}")
        }
    }

    private mutating func append(_ text: String) { bytes += text.utf8 }

    private mutating func append(quoted text: String) {
        append("\"")
        for byte in text.utf8 {
            switch byte {
            case UInt8(ascii: "\""), UInt8(ascii: "\\"): bytes += [UInt8(ascii: "\\"), byte]
            case 0..<0x20: append("\\u00" + (byte < 0x10 ? "0" : "") + String(byte, radix: 16))
            default: bytes.append(byte)
            }
        }
        append("\"")
    }
}
