import Foundation
import Testing

@testable import ModelBundles

@Suite("A bundle's digest and Device UID")
struct BundleDigestTests {
    private func digest(of folder: URL, _ overlays: BundleOverlays = BundleOverlays()) throws -> BundleDigest {
        try ModelBundle(opening: folder, overlays: overlays).digest
    }

    @Test("a copy in another folder has the same digest, opened by a link or with other names above it too")
    func copies() throws {
        try withTemporaryFolder { folder in
            let (one, other) = (folder.appending(path: "one"), folder.appending(path: "a #deeper@place/other"))
            try write(smallBundle, to: one)
            try write(smallBundle, to: other)
            let link = folder.appending(path: "link")
            try FileManager.default.createSymbolicLink(at: link, withDestinationURL: one)
            #expect(try digest(of: one) == digest(of: other))
            #expect(try digest(of: one) == digest(of: link))
            #expect(try ModelBundle(opening: one).deviceUID == ModelBundle(opening: other).deviceUID)
            let root = RealPath.of(other.path)
            #expect(try ModelBundle(opening: other).resolve("x").stringValue == root + "/a")
        }
    }

    @Test("without a name in the metadata the folder names the bundle and does not count")
    func foldersName() throws {
        try withTemporaryFolder { folder in
            var files = smallBundle
            files["configs/metadata.json"] = #"{"version": "1", "authors": "A"}"#
            try write(files, to: folder.appending(path: "one"))
            try write(files, to: folder.appending(path: "two"))
            #expect(try ModelBundle(opening: folder.appending(path: "one")).metadata.name == "one")
            #expect(
                try digest(of: folder.appending(path: "one")) == digest(of: folder.appending(path: "two")))
        }
    }

    @Test(
        "one byte of any file that counts makes another UID",
        arguments: ["configs/metadata.json", "configs/inference.json", "models/model.ts"])
    func oneByte(path: String) throws {
        try withTemporaryFolder { folder in
            try write(smallBundle, to: folder)
            let before = try ModelBundle(opening: folder).deviceUID
            // White space means nothing to JSON and everything to a digest.
            try write([path: (smallBundle[path] ?? "") + " "], to: folder)
            #expect(try ModelBundle(opening: folder).deviceUID != before)
            try write([path: smallBundle[path] ?? ""], to: folder)
            #expect(try ModelBundle(opening: folder).deviceUID == before)
        }
    }

    @Test("what is not read does not count, and what an expression or a macro reads does")
    func filesRead() throws {
        try withTemporaryFolder { folder in
            var files = smallBundle
            files["configs/inference.json"] = """
                {"i": "$import json", "j": "$from pathlib import Path", "m": "%configs/part.yaml::a",
                 "postprocessing": {"_target_": "Compose",
                    "transforms": "$json.loads(Path(@bundle_root + '/data/labels.json').read_text())['t']"}}
                """
            files["configs/part.yaml"] = "a: [1, yes, 1e-5]\n"
            files["data/labels.json"] = #"{"t": [1, "$2"]}"#
            files["configs/train.json"] = "{}"
            try write(files, to: folder)
            let bundle = try ModelBundle(opening: folder)
            #expect(
                try Golden.json(bundle.resolve("postprocessing::transforms")) == #"[1, "$2"]"#,
                "the text of a file is data, not expressions")
            #expect(try Golden.json(bundle.resolve("m")) == #"[1, true, "1e-5"]"#)
            #expect(
                try bundle.digest.files.map(\.path) == [
                    "configs/inference.json", "configs/metadata.json", "configs/part.yaml", "data/labels.json",
                ])
            let before = try bundle.digest
            try write(["configs/train.json": "{} "], to: folder)
            #expect(try digest(of: folder) == before)
            for path in ["configs/part.yaml", "data/labels.json"] {
                try write([path: (files[path] ?? "") + "\n"], to: folder)
                #expect(try digest(of: folder) != before, "\(path)")
                try write([path: files[path] ?? ""], to: folder)
            }
            #expect(try digest(of: folder) == before)
        }
    }

    @Test("overlays and settings count, in their order")
    func overlays() throws {
        try withTemporaryFolder { folder in
            try write(smallBundle, to: folder)
            try write(["a.json": #"{"x": 1}"#, "b.json": #"{"x": 2}"#, "c.json": #"{"x": 1}"#], to: folder)
            func with(_ names: [String], _ settings: [(String, String)] = []) throws -> BundleDigest {
                try digest(
                    of: folder,
                    BundleOverlays(
                        files: names.map { folder.appending(path: $0) },
                        settings: settings.map { (id: $0.0, text: $0.1) }))
            }
            let digests = try [
                with([]), with(["a.json"]), with(["b.json"]), with(["a.json", "b.json"]), with(["b.json", "a.json"]),
                with([], [("x", "1")]), with([], [("x", "2")]), with([], [("x", "1"), ("x", "2")]),
            ]
            #expect(Set(digests).count == digests.count)
            #expect(try with(["a.json"]) == with(["c.json"]), "an overlay counts by its bytes")
        }
    }

    @Test("the construction is the documented one")
    func construction() throws {
        try withTemporaryFolder { folder in
            try write(smallBundle, to: folder)
            let script = """
                import hashlib, sys, struct
                root = sys.argv[1]
                h = lambda p: hashlib.sha256(open(root + '/' + p, 'rb').read()).digest()
                n = lambda c: struct.pack('>Q', c)
                f = lambda b: n(len(b)) + b
                c, m = 'configs/inference.json', 'configs/metadata.json'
                data = f(b'portico-bundle-digest-1') + f(b'Small') + f(b'1.2.3') + f(h('models/model.ts'))
                data += n(1) + f(c.encode()) + n(2) + b''.join(f(p.encode()) + f(h(p)) for p in (c, m)) + n(0) + n(0)
                d = bytearray(hashlib.sha256(data).digest())
                print(d.hex())
                d[6] = d[6] & 15 | 128
                d[8] = d[8] & 63 | 128
                print('2.25.%d' % int.from_bytes(d[:16], 'big'))
                """
            let process = Process()
            process.executableURL = URL(filePath: "/usr/bin/env")
            process.arguments = ["python3", "-c", script, folder.path]
            let pipe = Pipe()
            process.standardOutput = pipe
            try process.run()
            let output = String(decoding: pipe.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
            process.waitUntilExit()
            let digest = try digest(of: folder)
            #expect(output == digest.hex + "\n" + digest.deviceUID + "\n")
            let named = try ModelBundle(opening: folder, configurations: ["configs/inference.json"])
            #expect(try named.digest == digest, "naming the standard configuration changes nothing")
            let number = digest.deviceUID.dropFirst(5)
            #expect(digest.deviceUID.hasPrefix("2.25.") && !number.hasPrefix("0") && digest.deviceUID.utf8.count <= 44)
        }
    }

    @Test("a bundle without weights has a digest that says so, and asking for them says what to do")
    func withoutWeights() throws {
        try withTemporaryFolder { folder in
            var files = smallBundle
            files["models/model.ts"] = nil
            try write(files, to: folder)
            let bundle = try ModelBundle(opening: folder)
            #expect(try bundle.digest.weights == nil)
            let error = bundleError { try bundle.requireWeights() }
            #expect(error?.code == .weightsMissing)
            #expect(error?.description.contains("ckpt_export") == true)
        }
    }
}
