import Foundation
import Yams

/// Reads values out of a YAML mapping, remembers every problem and goes on, so that all are reported at once.
final class ConfigurationReader {
    /// What is wrong so far, in the order of reading.
    private(set) var problems: [ConfigurationProblem] = []
    private let file: String

    init(file: String) {
        self.file = file
    }

    /// Records a problem at a path of the file.
    func report(_ message: String, path: String, mark: Mark? = nil) {
        problems.append(ConfigurationProblem(file: file, line: mark?.line, path: path, message: message))
    }

    /// The mapping at a path, after its keys are checked against the known ones.
    func section(_ node: Node?, path: String, keys: Set<String>) -> Section? {
        guard let node, !node.isNull else { return nil }
        guard let mapping = node.mapping else {
            report(
                "expected a mapping with the keys \(keys.sorted().joined(separator: ", "))", path: path, mark: node.mark
            )
            return nil
        }
        var values: [String: Node] = [:]
        for (key, value) in mapping {
            let name = key.string ?? "?"
            if !keys.contains(name) {
                let known = keys.sorted().joined(separator: ", ")
                report("unknown key; known here: \(known)", path: join(path, name), mark: key.mark)
            } else if values[name] != nil {
                report("this key stands twice", path: join(path, name), mark: key.mark)
            }
            values[name] = value
        }
        return Section(reader: self, path: path, values: values, mark: node.mark)
    }

    /// Puts a key behind a path.
    func join(_ path: String, _ key: String) -> String {
        path.isEmpty ? key : path + "." + key
    }
}

/// One mapping of the file, with typed access that reports what doesn't fit.
struct Section {
    let reader: ConfigurationReader
    let path: String
    let values: [String: Node]
    let mark: Mark?

    /// Records a problem at one of the section's keys.
    func report(_ message: String, key: String) {
        reader.report(message, path: reader.join(path, key), mark: values[key]?.mark ?? mark)
    }

    /// The section below a key.
    func section(_ key: String, keys: Set<String>) -> Section? {
        reader.section(values[key], path: reader.join(path, key), keys: keys)
    }

    /// The items of a list below a key; nothing where the key is absent.
    func list(_ key: String) -> [(path: String, node: Node)] {
        guard let node = values[key], !node.isNull else { return [] }
        guard let items = node.sequence else {
            report("expected a list", key: key)
            return []
        }
        return items.enumerated().map { ("\(reader.join(path, key))[\($0.offset)]", $0.element) }
    }

    /// A text below a key.
    func string(_ key: String) -> String? {
        guard let node = values[key], !node.isNull else { return nil }
        guard let text = node.scalar?.string, !text.isEmpty else {
            report("expected a text", key: key)
            return nil
        }
        return text
    }

    /// A text that must be there.
    func required(_ key: String, _ what: String) -> String? {
        if values[key] == nil || values[key]?.isNull == true {
            report("missing: \(what)", key: key)
            return nil
        }
        return string(key)
    }

    /// A whole number within a range.
    func integer(_ key: String, in range: ClosedRange<Int>) -> Int? {
        guard let node = values[key], !node.isNull else { return nil }
        guard let number = node.int, range.contains(number) else {
            report("expected a whole number from \(range.lowerBound) to \(range.upperBound)", key: key)
            return nil
        }
        return number
    }

    /// A switch.
    func flag(_ key: String) -> Bool? {
        guard let node = values[key], !node.isNull else { return nil }
        guard let flag = node.bool else {
            report("expected true or false", key: key)
            return nil
        }
        return flag
    }

    /// The texts of a list below a key; whatever is no text is reported. `nil` where the key is absent.
    func strings(_ key: String, _ what: String) -> [String]? {
        guard let node = values[key], !node.isNull else { return nil }
        guard node.sequence != nil else {
            report("expected a list of \(what)", key: key)
            return []
        }
        return list(key).compactMap { path, item in
            if let text = item.scalar?.string, !text.isEmpty { return text }
            reader.report("expected \(what)", path: path, mark: item.mark)
            return nil
        }
    }

    /// Seconds: a number, or a number with `ms`, `s`, `m` or `h` behind it.
    func duration(_ key: String, atLeast least: Double = 0) -> Double? {
        guard let node = values[key], !node.isNull else { return nil }
        let units: [(String, Double)] = [("ms", 0.001), ("s", 1), ("m", 60), ("h", 3600), ("", 1)]
        if let text = node.scalar?.string {
            for (suffix, factor) in units where text.hasSuffix(suffix) {
                if let number = Double(text.dropLast(suffix.count)), (least...Self.longest).contains(number * factor) {
                    return number * factor
                }
            }
        }
        report("expected a duration such as 500ms, 10s, 5m or 1h, at least \(least) s, at most a year", key: key)
        return nil
    }

    /// A year: more is a slip of the pen, and far more would not fit the clocks.
    private static let longest = 31_622_400.0

    /// Bytes: a number, or a number with `kB`, `MB`, `GB` or `TB` behind it.
    func bytes(_ key: String) -> Int64? {
        guard let node = values[key], !node.isNull else { return nil }
        let units: [(String, Double)] = [("kB", 1e3), ("MB", 1e6), ("GB", 1e9), ("TB", 1e12), ("", 1)]
        if let text = node.scalar?.string {
            for (suffix, factor) in units where text.hasSuffix(suffix) {
                let digits = text.dropLast(suffix.count).trimmingCharacters(in: .whitespaces)
                if let number = Double(digits), number >= 0, number * factor < 9e18 { return Int64(number * factor) }
            }
        }
        report("expected a size such as 500MB or 2GB", key: key)
        return nil
    }

    /// An AE title as PS3.5 §6.2 has it: 1 to 16 printable ASCII characters without a backslash.
    func aeTitle(_ key: String, required isRequired: Bool = false) -> String? {
        guard let text = isRequired ? required(key, "an AE title") : string(key) else { return nil }
        let fits = text.utf8.count <= 16 && text.utf8.allSatisfy { (0x20..<0x7F).contains($0) && $0 != 0x5C }
        guard fits, !text.trimmingCharacters(in: .whitespaces).isEmpty else {
            report("expected an AE title: 1 to 16 printable ASCII characters without a backslash", key: key)
            return nil
        }
        return text.trimmingCharacters(in: .whitespaces)
    }
}

extension Node {
    /// Whether the node is YAML's null, or a key with nothing behind it.
    var isNull: Bool { null != nil }
}

/// One thing that is wrong with a configuration.
public struct ConfigurationProblem: Sendable, Equatable, CustomStringConvertible {
    /// The file as it was named.
    public var file: String
    /// The line, from 1, where it is known.
    public var line: Int?
    /// The keys that lead there, such as `deployments[0].bundle`.
    public var path: String
    /// What is wrong and what would be right.
    public var message: String

    /// The problem in one line, as compilers print theirs.
    public var description: String {
        let place = line.map { "\(file):\($0)" } ?? file
        return path.isEmpty ? "\(place): \(message)" : "\(place): \(path): \(message)"
    }
}

/// All that is wrong with a configuration, at once.
public struct ConfigurationError: Error, Sendable, CustomStringConvertible {
    /// The problems, never none.
    public var problems: [ConfigurationProblem]

    /// One problem a line.
    public var description: String { problems.map(\.description).joined(separator: "\n") }
}
