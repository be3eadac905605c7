import Foundation
import Testing

@testable import ModelBundles

@Suite("The schemas of the metadata")
struct MetadataSchemaTests {
    /// The lines of a block of `SchemaCases`; one that starts with `+` goes on with the one before.
    private static func lines(_ block: String) -> [String] {
        var lines: [String] = []
        for line in block.split(separator: "\n") {
            if line.hasPrefix("+ "), let last = lines.popLast() {
                lines.append(last + line.dropFirst())
            } else {
                lines.append(String(line))
            }
        }
        return lines
    }

    /// The names of schemas, and what is said of them: a line that starts with `@`.
    private static func statement(_ line: String) -> (schemas: [String], text: String)? {
        guard line.hasPrefix("@ "), let colon = line.range(of: " :") else { return nil }
        let names = line[..<colon.lowerBound].dropFirst(2)
        let schemas =
            names == "all"
            ? MetadataSchema.allCases.map { String($0.fileName.dropLast(5)) }
            : names.split(separator: " ").map { "meta_schema_" + $0 }
        return (schemas, line[colon.upperBound...].trimmingCharacters(in: .whitespaces))
    }

    /// A file for each schema with every field that it describes.
    private static let bases: [String: String] = {
        var texts: [String: String] = [:]
        var name = ""
        for line in SchemaCases.bases.split(separator: "\n") {
            if line.hasPrefix(" ") {
                texts[name, default: ""] += line.trimmingCharacters(in: .whitespaces) + " "
            } else {
                name = String(line)
            }
        }
        for (name, text) in texts {
            let formats = text.replacing(": T", with: ": " + SchemaCases.tensor)
                .replacing(": C", with: ": " + SchemaCases.choice)
            texts[name] = #"{"schema": "https://example.org/\#(name).json", \#(SchemaCases.common), \#(formats)}"#
        }
        return texts
    }()

    private static func base(_ schema: String) throws -> ConfigNode {
        try JSONReader.read(Array(#require(bases[schema]).utf8))
    }

    private static func roots() throws -> [String: ConfigNode] {
        var roots: [String: ConfigNode] = [:]
        for name in bases.keys { roots[name] = try base(name) }
        return roots
    }

    /// The paths that are refused while a field is replaced, or left out with nil.
    private func refused(_ root: ConfigNode, _ path: String, _ value: String?) throws -> Set<String> {
        let (parent, content) = try Self.replace(path, by: value, in: root)
        defer { parent.content = content }
        return Set(MetadataSchema.violations(in: root).map(\.path))
    }

    /// Replaces a field, or leaves it out with nil; the node that holds it is returned with what it held.
    @discardableResult
    private static func replace(
        _ path: String, by value: String?, in root: ConfigNode
    ) throws -> (parent: ConfigNode, content: ConfigNode.Content) {
        var keys = ReferencePattern.parts(of: path)
        let last = keys.removeLast()
        let parent = try keys.isEmpty ? root : root.node(at: keys.joined(separator: "::"))
        let content = parent.content
        guard case .mapping(var mapping) = content else { throw BundleError(.malformed, path) }
        if let value { mapping.set(last, try JSONReader.read(Array(value.utf8))) } else { mapping.remove(last) }
        parent.content = .mapping(mapping)
        return (parent, content)
    }

    @Test("a field left out or of another kind is refused where jsonschema refuses it")
    func changes() throws {
        var count = 0
        var at: [(schema: String, places: [String])] = []
        let roots = try Self.roots()
        var isFollowing = false
        for line in Self.lines(SchemaCases.changes) {
            if let statement = Self.statement(line) {
                if !isFollowing { at = [] }
                at += statement.schemas.map { ($0, statement.text.split(separator: " ").map(String.init)) }
                isFollowing = true
                continue
            }
            isFollowing = false
            let equals = try #require(line.range(of: " = "))
            let keys = line[..<equals.lowerBound].split(separator: " ")
            let outcomes = line[equals.upperBound...].split(separator: " ")
            for (schema, places) in at {
                let root = try #require(roots[schema])
                for place in places {
                    for key in keys {
                        let path = ReferencePattern.child(String(key), of: place == "." ? "" : place)
                        try #require(outcomes.count == SchemaCases.values.count, "\(line)")
                        for (value, outcome) in zip(SchemaCases.values, outcomes) {
                            let expected = outcome == "-" ? [] : outcome.split(separator: ",")
                            let paths = Set(expected.map { $0 == "." ? path : path + "::" + $0 })
                            let place = "\(schema) \(path) = \(value ?? "nothing")"
                            #expect(try refused(root, path, value) == paths, "\(place)")
                            count += 1
                        }
                    }
                }
            }
        }
        print("metadata schemas: \(count) changes")
        #expect(count == 5004)
    }

    @Test("lists, numbers and names at the edge are refused where jsonschema refuses them")
    func others() throws {
        var change = (path: "", value: "")
        var count = 0
        let roots = try Self.roots()
        for line in Self.lines(SchemaCases.others) {
            guard let statement = Self.statement(line) else {
                let equals = try #require(line.range(of: "\" = "))
                change.path = try Self.texts(line[..<equals.lowerBound] + "\"")[0]
                change.value = String(line[equals.upperBound...])
                continue
            }
            for schema in statement.schemas {
                let tensor = try #require(Self.tensors[schema]) + "::"
                let path = change.path.replacing("T::", with: tensor)
                let paths = try Self.texts(statement.text).map { $0.replacing("T::", with: tensor) }
                let root = try #require(roots[schema])
                #expect(
                    try refused(root, path, change.value) == Set(paths), "\(schema) \(path) = \(change.value)")
                count += 1
            }
        }
        #expect(count == 7 * 23)
    }

    /// The first tensor of each file.
    private static let tensors = [
        "meta_schema_20220324": "network_data_format::inputs::image",
        "meta_schema_20220729": "network_data_format::inputs::image",
        "meta_schema_20240725": "network_data_format::inputs::any",
        "meta_schema_generator_20220718": "network_data_format::inputs::latent",
        "meta_schema_generator_ldm_20230507": "autoencoder_data_format::inputs::image",
        "meta_schema_generator_ldm_20240318": "autoencoder_data_format::inputs::image",
        "meta_schema_hovernet_20221124": "network_data_format::inputs::image",
    ]

    /// JSON strings with spaces between them.
    private static func texts(_ list: String) throws -> [String] {
        let node = try JSONReader.read(Array("[\(list.replacing("\" \"", with: "\", \""))]".utf8))
        return node.children.compactMap(\.node.text)
    }

    @Test("a file with the required fields alone is accepted, for every schema")
    func minimal() throws {
        for schema in MetadataSchema.allCases {
            let name = String(schema.fileName.dropLast(5))
            let root = try Self.base(name)
            for (key, _) in root.children where try refused(root, key, nil).isEmpty {
                try Self.replace(key, by: nil, in: root)
            }
            #expect(MetadataSchema.violations(in: root).isEmpty, "\(name)")
            #expect(root.children.count == schema.fields.required.count, "\(name)")
        }
    }

    @Test("the schema is the last part of the URL, whatever the host; an unknown one is held to what all share")
    func declaration() throws {
        let known = "meta_schema_20240725.json"
        let urls = [
            "https://github.com/a/b/releases/download/0.8.1/" + known, known, "file:///x/\(known)?raw=1#top",
        ]
        for url in urls {
            let root = ConfigNode(.mapping(ConfigMapping([("schema", ConfigNode(.string(url)))])))
            #expect(MetadataSchema.declared(in: root) == .known(.network20240725), "\(url)")
        }
        let root = try Self.base("meta_schema_20220324")
        try Self.replace("schema", by: #""https://example.org/meta_schema_20990101.json""#, in: root)
        try Self.replace("network_data_format", by: "3", in: root)
        try Self.replace("task", by: "3", in: root)
        let report = MetadataReport(root)
        #expect(report.schema == .unknown("meta_schema_20990101.json") && !report.conforms)
        #expect(
            report.violations.map(\.description) == [
                "schema: expected the URL of a schema that Portico knows, found 'meta_schema_20990101.json'",
                "task: expected a string, found an integer",
            ])
        for value in [nil, "3", "null"] {
            try Self.replace("schema", by: value, in: root)
            let report = MetadataReport(root)
            #expect(report.schema == .missing && report.violations.map(\.path).sorted() == ["schema", "task"])
        }
    }

    @Test("a file that is no mapping, and one that is empty, break the schema")
    func nothing() throws {
        let list = try MetadataReport(parsing: "[]")
        #expect(list.violations.map(\.description) == ["configs/metadata.json: expected a mapping, found a list"])
        let empty = try MetadataReport(parsing: "{}").violations
        #expect(empty.count == 9 && empty.first?.description == "schema: missing; expected a string")
        #expect(bundleError { _ = try MetadataReport(parsing: "{") }?.code == .malformed)
    }
}
