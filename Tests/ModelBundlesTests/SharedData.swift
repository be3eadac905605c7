import Foundation
import Testing

@testable import ModelBundles

/// The project's shared data, read in place.
enum SharedData {
    /// The folder that `PORTICO_SHARED` names, else `../shared` from the package's root.
    static let folder: URL = {
        if let path = ProcessInfo.processInfo.environment["PORTICO_SHARED"] { return URL(filePath: path) }
        var root = URL(filePath: RealPath.of(#filePath))
        for _ in 0..<4 { root.deleteLastPathComponent() }
        return root.appending(path: "shared")
    }()

    static var isThere: Bool { FileManager.default.fileExists(atPath: folder.appending(path: "golden").path) }

    static let missing: Comment = "the shared data is not there; set PORTICO_SHARED to its folder"

    static func node(_ path: String) throws -> ConfigNode {
        try JSONReader.read([UInt8](Data(contentsOf: folder.appending(path: path))))
    }

    /// The folders of the zoo's bundles, those that are newer than the snapshot apart.
    static func zoo() throws -> [URL] {
        let zoo = folder.appending(path: "zoo")
        return try FileManager.default.contentsOfDirectory(atPath: zoo.path).sorted()
            .filter { !$0.hasPrefix("_") }
            .map { zoo.appending(path: $0) }
            .filter { FileManager.default.fileExists(atPath: $0.appending(path: "configs").path) }
    }
}

/// A folder that is gone after the test.
func withTemporaryFolder<T>(_ body: (URL) throws -> T) throws -> T {
    let folder = FileManager.default.temporaryDirectory.appending(path: "portico-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    return try body(folder)
}

/// Writes the files of a bundle; a path with a text each.
func write(_ files: [String: String], to folder: URL) throws {
    for (path, text) in files {
        let file = folder.appending(path: path)
        try FileManager.default.createDirectory(at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
        try Data(text.utf8).write(to: file)
    }
}

/// A bundle with little in it.
let smallBundle = [
    "configs/metadata.json": """
    {"version": "1.2.3", "name": "Small", "monai_version": "1.6.1", "authors": "Somebody", "copyright": "Nobody"}
    """,
    "configs/inference.json": """
    {"bundle_root": ".", "preprocessing": {"_target_": "Compose", "transforms": []}, "x": "$@bundle_root + '/a'"}
    """,
    "models/model.ts": "weights",
]

/// The error that a piece of code ends with.
func bundleError(_ body: () throws -> Void) -> BundleError? {
    do {
        try body()
        return nil
    } catch {
        return error as? BundleError
    }
}

/// The error of resolving an id of a configuration given as JSON.
func failure(_ json: String, _ id: String) -> BundleError? {
    bundleError { _ = try BundleConfiguration(parsing: json, named: "test.json").resolve(id) }
}

/// The value of an id of a configuration given as JSON.
func value(_ json: String, _ id: String) throws -> ConfigValue {
    try BundleConfiguration(parsing: json, named: "test.json").resolve(id)
}

/// The value of one expression.
func evaluated(_ expression: String) throws -> String {
    let text = ConfigNode(.mapping(ConfigMapping([("e", ConfigNode(.string("$" + expression)))]))).json
    return try Golden.json(value(text, "e"))
}

extension ConfigMapping {
    init(_ entries: [(String, ConfigNode)]) {
        self.init()
        for (key, node) in entries { set(key, node) }
    }
}

extension ConfigNode {
    /// The node as JSON, keys in their order.
    var json: String {
        switch content {
        case .null: "null"
        case .bool(let value): value ? "true" : "false"
        case .int(let value): String(value)
        case .double(let value):
            value.isFinite ? "\(value)" : value.isNaN ? "NaN" : value < 0 ? "-Infinity" : "Infinity"
        case .string(let text): Golden.quoted(text)
        case .list(let nodes): "[" + nodes.map(\.json).joined(separator: ", ") + "]"
        case .mapping(let mapping):
            "{" + mapping.entries.map { Golden.quoted($0.key) + ": " + $0.node.json }.joined(separator: ", ") + "}"
        }
    }
}
