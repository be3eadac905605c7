import Foundation
import Yams

extension Node {
    /// The value as JSON; nil where JSON has no form of it.
    var jsonText: String? {
        switch self {
        case .scalar(let scalar):
            if isNull { return "null" }
            guard scalar.style == .plain else { return Self.quoted(scalar.string) }
            if let flag = bool { return flag ? "true" : "false" }
            if let number = int { return String(number) }
            if let number = float { return number.isFinite ? "\(number)" : nil }
            return Self.quoted(scalar.string)
        case .sequence(let items):
            let texts = items.map(\.jsonText)
            guard !texts.contains(nil) else { return nil }
            return "[" + texts.compactMap { $0 }.joined(separator: ", ") + "]"
        case .mapping(let entries):
            var texts: [String] = []
            for (key, value) in entries {
                guard let name = key.scalar?.string, let text = value.jsonText else { return nil }
                texts.append(Self.quoted(name) + ": " + text)
            }
            return "{" + texts.joined(separator: ", ") + "}"
        case .alias: return nil
        }
    }

    private static func quoted(_ text: String) -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = .withoutEscapingSlashes
        return (try? encoder.encode(text)).map { String(decoding: $0, as: UTF8.self) } ?? "\"\""
    }
}
