import Foundation
import Testing

@testable import ModelBundles

@Suite("Files that a bundle's list names")
struct LargeFileTests {
    private func bundle(_ list: String, named name: String = "large_files.yml", _ body: (ModelBundle) throws -> Void)
        throws
    {
        try withTemporaryFolder { folder in
            var files = smallBundle
            files[name] = list
            try write(files, to: folder)
            try body(try ModelBundle(opening: folder))
        }
    }

    @Test("digests of every kind are compared")
    func digests() throws {
        // Of the seven bytes "weights", by coreutils.
        let list = """
            large_files:
            - {path: models/model.ts, url: a, hash_val: 63F4F1E9B725370F459720575CD5F953, hash_type: md5}
            - {path: models/model.ts, url: b, hash_val: 5cab97f5a209481481ceb0b3c9dab9cba6bd17ce, hash_type: sha1}
            - path: models/model.ts
              hash_val: "9a129038d9a00aed0cf6a7ea059ca50a813449061ab87848cf1a13eafdf33b2c"
            - path: models/model.ts
              hash_val: "2c6b173a7c008034f687a474635645dfce6eb43f1d0d67a18334454b38a8c1b9\
            8d452382d0ab519a977dbf4b2d13c2dba864f2a9cad52169a4e94552e0184482"
              hash_type: sha512
            - {path: models/model.ts, url: c, hash_val: 5cab97f5a209481481ceb0b3c9dab9cba6bd17cf, hash_type: sha1}
            - {path: models/model.ts, hash_val: "", hash_type: ""}
            - {path: models/model.pt, hash_val: null, hash_type: null}
            """
        try bundle(list) { bundle in
            let states = try bundle.largeFiles.files.map { try bundle.state(of: $0) }
            #expect(
                states == [
                    .equal, .equal, .equal, .equal, .different(found: "5cab97f5a209481481ceb0b3c9dab9cba6bd17ce"),
                    .unchecked, .missing,
                ])
            #expect(bundle.largeFiles.files[2].digestText?.hasPrefix("sha256 9a12") == true)
        }
    }

    @Test(
        "an entry that is wrong is told with its place",
        arguments: [
            ("large_files: 3", "large_files"), ("large_files: [{url: x}]", "large_files::0"),
            ("large_files: [{path: ../secret}]", "large_files::0"),
            ("large_files: [{path: /etc/passwd}]", "large_files::0"),
            ("large_files: [{path: a}, {path: b, hash_val: '12', hash_type: md5}]", "large_files::1"),
            ("large_files: [{path: a, hash_val: '12', hash_type: crc}]", "large_files::0"),
        ])
    func wrong(list: String, id: String) throws {
        try bundle(list, named: "large_files.yaml") { bundle in
            let problems = bundle.largeFiles.problems
            #expect(problems.map(\.id) == [id] && problems[0].file == "large_files.yaml", "\(problems)")
        }
    }

    @Test("an entry that is wrong leaves the others, and one without a URL offers nothing")
    func others() throws {
        let list = """
            large_files: [{path: models/model.ts, hash_val: 63f4f1e9b725370f459720575cd5f954, hash_type: md5}, {path: ../x}]
            """
        try bundle(list) { bundle in
            let listed = bundle.largeFiles
            #expect(listed.files.map(\.path) == ["models/model.ts"] && listed.problems.map(\.id) == ["large_files::1"])
            let state = try bundle.state(of: listed.files[0])
            #expect(state == .different(found: "63f4f1e9b725370f459720575cd5f953"))
            guard case .export = bundle.weightsOrigin else {
                Issue.record("an entry without a URL counts as an origin")
                return
            }
        }
    }

    @Test("missing weights say where they come from")
    func origin() throws {
        try withTemporaryFolder { folder in
            var files = smallBundle
            files["models/model.ts"] = nil
            files["large_files.yml"] = "large_files: [{path: models/model.ts, url: 'https://x.y/m.ts'}]"
            try write(files, to: folder)
            let error = bundleError { try ModelBundle(opening: folder).requireWeights() }
            #expect(error?.message.contains("https://x.y/m.ts") == true)
        }
    }

    @Test("what is laid over the bundle is part of the command that exports it")
    func exportWithOverlay() throws {
        try withTemporaryFolder { folder in
            try write(smallBundle.merging(["over.yaml": "a: 1"], uniquingKeysWith: { $1 }), to: folder)
            let overlays = BundleOverlays(files: [folder.appending(path: "over.yaml")], settings: [("b", "2")])
            let command = ExportCommand(try ModelBundle(opening: folder, overlays: overlays))
            #expect(command.text.contains("--config_file configs/inference.json,\(folder.path)/over.yaml"))
            #expect(command.text.hasSuffix("--b 2"))
            let packed = folder.appending(path: "b.zip")
            var fixture = ZipFixture()
            for (path, text) in smallBundle { fixture.add("b/" + path, text) }
            try Data(fixture.bytes).write(to: packed)
            let place = ExportCommand(try ModelBundle(opening: packed)).place
            #expect(place.contains("unpacks"))
        }
    }

    @Test("the command that exports is made of the bundle's own words")
    func export() throws {
        try withTemporaryFolder { folder in
            var files = smallBundle
            files["models/model.ts"] = nil
            files["configs/inference.json"] = #"""
                {"network_def": {"_target_": "scripts.net.Net"}, "inferer": {"_target_": "SimpleInferer"},
                 "handlers": [{"_target_": "CheckpointLoader", "load_path": "$@bundle_root + '/models/it's.pt'"}]}
                """#.replacing("it's", with: "its own")
            files["configs/metadata.json"] = #"""
                {"version": "1", "monai_version": "1.4.0", "network_data_format": {"outputs": {}, "inputs": {"image":
                 {"num_channels": 2, "spatial_shape": [64, 32]}}}}
                """#
            try write(files, to: folder)
            let command = ExportCommand(try ModelBundle(opening: folder))
            #expect(
                command.text == "python -m monai.bundle ckpt_export network_def --filepath models/model.ts --ckpt_file "
                    + "'models/its own.pt' --meta_file configs/metadata.json --config_file configs/inference.json "
                    + "--bundle_root . --use_trace True --input_shape '[1,2,64,32]'")
            #expect(command.notes.count == 4 && command.notes.contains { $0.contains("--key_in_ckpt") })
        }
    }
}
