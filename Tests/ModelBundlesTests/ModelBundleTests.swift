import Foundation
import Testing

@testable import ModelBundles

@Suite("Opening a bundle")
struct ModelBundleTests {
    private func open(_ changes: [String: String?], configurations: [String] = []) throws -> ModelBundle {
        try withTemporaryFolder { folder in
            var files = smallBundle
            for (path, text) in changes {
                files.updateValue(text ?? "", forKey: path); if text == nil { files[path] = nil }
            }
            try write(files, to: folder)
            return try ModelBundle(opening: folder, configurations: configurations)
        }
    }

    @Test("what is missing or malformed is named with its file")
    func missing() {
        let cases: [([String: String?], BundleError.Code, String)] = [
            (["configs/metadata.json": nil as String?], .notFound, "configs/metadata.json"),
            (["configs/inference.json": nil as String?], .notFound, "configs/inference.json"),
            (["configs/metadata.json": "{"], .malformed, "configs/metadata.json: line 1, column 2"),
            (["configs/metadata.json": "[]"], .metadata, "configs/metadata.json"),
            (["configs/inference.json": "[1]"], .malformed, "configs/inference.json"),
            (["configs/inference.json": "{\n \"a\": 1,\n}"], .malformed, "line 3, column 1"),
            (["configs/inference.json": #"{"a::b": 1}"#], .unknownID, "a"),
            (["configs/inference.json": #"{"a": "%b"}"#], .unknownID, "%b"),
            (["configs/inference.json": #"{"a": "%b.json"}"#], .notFound, "b.json"),
            (["configs/inference.json": #"{"a": "$import 1"}"#], .evaluation, "import"),
        ]
        for (changes, code, text) in cases {
            let error = bundleError { _ = try open(changes) }
            #expect(error?.code == code, "\(changes): \(String(describing: error))")
            #expect(error?.description.contains(text) == true, "\(changes): \(String(describing: error))")
        }
        #expect(bundleError { _ = try ModelBundle(opening: URL(filePath: "/nonexistent")) }?.code == .notFound)
    }

    @Test("a bundle opens with a wrong field in its metadata, and its report has what the file itself says")
    func metadata() throws {
        let text = """
            {"version": "1", "schema": "https://example.org/meta_schema_20220324.json", "name": 3,
             "optional_packages_version": {"itk": "5.4.0"},
             "network_data_format": {"inputs": {"image": {"num_channels": "1"}}, "outputs": []}}
            """
        let metadata = try open(["configs/metadata.json": text]).metadata
        #expect(metadata.declaredName == nil && metadata.inputs.map(\.numChannels) == [nil])
        #expect(metadata.optionalPackages.map(\.name) == ["itk"] && metadata.report.schema == .known(.network20220324))
        let paths = metadata.report.violations.map(\.path)
        #expect(paths.contains("network_data_format::inputs::image::num_channels"))
        #expect(paths.contains("network_data_format::outputs") && !paths.contains("optional_packages_version"))
        #expect(metadata.report.notes.map(\.path) == ["optional_packages_version", "name"])
    }

    @Test("paths that a bundle names stay inside of it")
    func escapes() throws {
        try withTemporaryFolder { folder in
            let bundle = folder.appending(path: "bundle")
            try write(["secret.json": #"{"a": 1}"#, "bundle-2/x.json": #"{"a": 1}"#], to: folder)
            try write(smallBundle, to: bundle)
            try FileManager.default.createSymbolicLink(
                at: bundle.appending(path: "link.json"), withDestinationURL: folder.appending(path: "secret.json"))
            let paths = [
                "../secret.json", "configs/../../secret.json", folder.path + "/secret.json", "link.json",
                "../bundle-2/x.json", "/etc/hostname.json", "nowhere/../../secret.json",
            ]
            for path in paths {
                try write(["configs/inference.json": #"{"a": "%\#(path)"}"#], to: bundle)
                let macro = bundleError { _ = try ModelBundle(opening: bundle) }
                #expect(macro?.code == .escape, "\(path): \(String(describing: macro))")
                let text = #"$json.loads(pathlib.Path('\#(path)').read_text())"#
                try write(
                    ["configs/inference.json": #"{"i": ["$import json", "$import pathlib"], "a": "\#(text)"}"#],
                    to: bundle)
                let read = bundleError { _ = try ModelBundle(opening: bundle).resolve("a") }
                #expect(read?.code == .escape, "\(path): \(String(describing: read))")
            }
            try write(smallBundle, to: bundle)
            #expect(
                bundleError { _ = try ModelBundle(opening: bundle, configurations: ["../secret.json"]) }?.code
                    == .escape)
        }
    }

    @Test("a pipe or a folder in the place of a file is an error and holds nobody up")
    func noRegularFile() throws {
        try withTemporaryFolder { folder in
            try write(smallBundle, to: folder)
            try FileManager.default.removeItem(at: folder.appending(path: "configs/metadata.json"))
            #expect(mkfifo(folder.appending(path: "configs/metadata.json").path, 0o600) == 0)
            let error = bundleError { _ = try ModelBundle(opening: folder) }
            #expect(error?.code == .notFound && error?.description.contains("regular") == true)
        }
    }

    @Test("a bundle without a version can be looked at, and has no provenance")
    func noVersion() throws {
        for text in ["{}", #"{"version": 1, "authors": "a"}"#] {
            try withTemporaryFolder { folder in
                try write(smallBundle.merging(["configs/metadata.json": text], uniquingKeysWith: { $1 }), to: folder)
                let bundle = try ModelBundle(opening: folder)
                #expect(bundle.metadata.version.isEmpty)
                #expect(bundle.metadata.report.violations.contains { $0.path == "version" })
                #expect(bundleError { _ = try bundle.provenance }?.code == .metadata)
            }
        }
    }

    @Test("settings are JSON, Python literals or words, and reach inside")
    func settings() throws {
        try withTemporaryFolder { folder in
            try write(smallBundle, to: folder)
            func set(_ text: String) throws -> String {
                let overlays = BundleOverlays(settings: [(id: "x", text: text)])
                return try Golden.json(ModelBundle(opening: folder, overlays: overlays).resolve("x"))
            }
            let cases = [
                ("3", "3"), ("-2.5", "-2.5"), ("false", "false"), ("False", "false"), ("None", "null"),
                ("[1, 'a']", #"[1, "a"]"#), ("{'a': (1, 2)}", #"{"a": {"$tuple": [1, 2]}}"#), ("+1", "1"),
                ("{1: 2}", #"{"1": 2}"#), ("9223372036854775807", "9223372036854775807"), ("word", #""word""#),
                (#""3""#, #""3""#), ("$1 + 1", "2"), ("RAS", #""RAS""#), ("a b", #""a b""#),
            ]
            for (text, expected) in cases { #expect(try set(text) == expected, "\(text)") }
            #expect(bundleError { _ = try set("[1, a]") }?.code == .malformed)
            let inside = BundleOverlays(settings: [
                (id: "preprocessing#transforms", text: "[1]"), (id: "_meta_::version", text: "'9'"),
            ])
            let bundle = try ModelBundle(opening: folder, overlays: inside)
            #expect(try Golden.json(bundle.resolve("preprocessing::transforms")) == "[1]")
            #expect(bundle.metadata.version == "9")
            let nowhere = BundleOverlays(settings: [(id: "no::where", text: "1")])
            #expect(bundleError { _ = try ModelBundle(opening: folder, overlays: nowhere) }?.code == .unknownID)
        }
    }

    @Test("well-known ids fall back to where the evaluator and the data set name them")
    func defaults() throws {
        let bundle = try open([
            "configs/inference.json": """
            {"dataset": {"_target_": "Dataset", "data": "$glob.glob('x')", "transform": {"_target_": "Compose"}},
             "evaluator": {"_target_": "SupervisedEvaluator", "postprocessing": "@p",
                "inferer": {"_target_": "SimpleInferer"}, "val_data_loader": "$open('x')"},
             "p": {"_target_": "Compose", "transforms": []}}
            """
        ])
        #expect(try bundle.preprocessing?.component?.id == "dataset::transform")
        #expect(try bundle.postprocessing?.component?.id == "p")
        #expect(try bundle.inferer?.component?.name == "SimpleInferer")
        #expect(try bundle.device == nil)
        #expect(bundle.place(of: .inferer) == "evaluator::inferer" && bundle.place(of: .device) == nil)
    }

    @Test("provenance fits into LO, and never is empty")
    func provenance() throws {
        #expect(BundleProvenance.fitted("MONAI team") == "MONAI team")
        #expect(BundleProvenance.fitted(String(repeating: "a", count: 64)).count == 64)
        let long = BundleProvenance.fitted(String(repeating: "a", count: 65))
        #expect(long == String(repeating: "a", count: 61) + "...")
        #expect(BundleProvenance.fitted(" A\\B\n\tC\u{1B}[0m  D\u{2028}") == "A/B C [0m D")
        let copyright = #"{"version": "1", "authors": " ", "copyright": "(c) Some"}"#
        try withTemporaryFolder { folder in
            try write(smallBundle, to: folder)
            try write(["configs/metadata.json": copyright], to: folder)
            let provenance = try ModelBundle(opening: folder).provenance
            #expect(provenance.manufacturer == "(c) Some" && provenance.softwareVersion == "1")
            for (json, field) in [
                (#"{"version": "1"}"#, "authors"), (#"{"version": "\t", "authors": "A"}"#, "version"),
                (#"{"version": "1", "name": "", "authors": "A"}"#, "name"),
            ] {
                try write(["configs/metadata.json": json], to: folder)
                let error = bundleError { _ = try ModelBundle(opening: folder).provenance }
                #expect(error?.code == .metadata && error?.id == field)
            }
        }
    }
}
