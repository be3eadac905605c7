import Foundation
import Testing

@testable import ModelBundles

@Suite("Where a bundle comes from")
struct BundleSourcesTests {
    /// The small bundle below a folder's name, as a zip has it.
    private func zipped(_ top: String, deflating: Bool = false, _ extra: [String: String] = [:]) -> ZipFixture {
        var fixture = ZipFixture()
        for (path, text) in smallBundle.merging(extra, uniquingKeysWith: { $1 }).sorted(by: { $0.key < $1.key }) {
            if deflating {
                fixture.addDeflated(top + "/" + path, Array(text.utf8))
            } else {
                fixture.add(top + "/" + path, text)
            }
        }
        return fixture
    }

    /// A TorchScript archive as MONAI's `ckpt_export` lays it out.
    private func torchScript(_ top: String, _ extras: [String: String]) -> ZipFixture {
        var fixture = ZipFixture([top + "/constants.pkl": "x", top + "/code/net.py": "y", top + "/version": "3\n"])
        for (name, text) in extras.sorted(by: { $0.key < $1.key }) { fixture.add(top + "/extra/" + name, text) }
        return fixture
    }

    private func put(_ fixture: ZipFixture, _ folder: URL, as name: String) throws -> URL {
        let file = folder.appending(path: name)
        try Data(fixture.bytes).write(to: file)
        return file
    }

    @Test("a zip is the bundle that the folder in it is, with the same digest", arguments: [false, true])
    func zip(deflating: Bool) throws {
        try withTemporaryFolder { folder in
            try write(smallBundle, to: folder.appending(path: "spleen"))
            let file = try put(zipped("spleen", deflating: deflating), folder, as: "spleen.zip")
            let bundle = try ModelBundle(opening: file)
            let plain = try ModelBundle(opening: folder.appending(path: "spleen"))
            #expect(bundle.metadata.name == "Small" && bundle.hasWeights)
            #expect(try bundle.digest == plain.digest && bundle.digest.weights != nil)
            #expect(bundle.root == RealPath.of(file.path))
            #expect(try bundle.resolve("x").stringValue == bundle.root + "/a")
        }
    }

    @Test("weights in a zip are lent as a file that leaves nothing behind")
    func weights() throws {
        try withTemporaryFolder { folder in
            let bundle = try ModelBundle(opening: try put(zipped("spleen", deflating: true), folder, as: "spleen.zip"))
            var lent = ""
            try bundle.withWeights { path in
                lent = path
                let contents = try Data(contentsOf: URL(filePath: path))
                #expect(contents == Data("weights".utf8))
            }
            #expect(lent.hasPrefix("/proc/self/fd/"))
            #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path) == ["spleen.zip"])
        }
    }

    @Test("a TorchScript archive carries its configuration, whatever its root is called")
    func torchScript() throws {
        try withTemporaryFolder { folder in
            let extras = [
                "metadata.json": try #require(smallBundle["configs/metadata.json"]),
                "inference.json": try #require(smallBundle["configs/inference.json"]),
                "other.json": #"{"preprocessing": 7}"#,
            ]
            let file = try put(torchScript("anything", extras), folder, as: "renamed.ts")
            let bundle = try ModelBundle(opening: file)
            #expect(bundle.configurations == ["extra/inference.json"] && bundle.metadata.version == "1.2.3")
            #expect(bundle.hasWeights)
            let lent = try bundle.withWeights { $0 }
            #expect(lent == bundle.root)
            let weights = try #require(try bundle.digest.weights)
            let command = [
                "python3", "-c", "import hashlib,sys;print(hashlib.sha256(open(sys.argv[1],'rb').read()).hexdigest())",
            ]
            #expect(try output(command + [file.path]) == weights + "\n")
            // A configuration is known by the file that it was made of.
            for name in ["other", "other.yaml", "configs/other.json"] {
                let other = try ModelBundle(opening: file, configurations: [name])
                #expect(try other.resolve("preprocessing").intValue == 7, "\(name)")
            }
            #expect(bundleError { _ = try ModelBundle(opening: file, configurations: ["none"]) }?.code == .notFound)
        }
    }

    @Test("a zip behind a link is known by the name that was given")
    func linkedZip() throws {
        try withTemporaryFolder { folder in
            _ = try put(zipped("spleen"), folder, as: "0a1b2c")
            let link = folder.appending(path: "spleen.zip")
            try FileManager.default.createSymbolicLink(atPath: link.path, withDestinationPath: "0a1b2c")
            #expect(try ModelBundle(opening: link).metadata.version == "1.2.3")
            #expect(try ModelBundle(opening: link).folderName == "spleen")
        }
    }

    @Test("a folder whose files are links, as in the cache of the Hugging Face hub, is a bundle like any other")
    func linkedFiles() throws {
        try withTemporaryFolder { folder in
            try write(
                smallBundle.merging(
                    ["large_files.yml": "large_files: [{path: models/model.ts}]"], uniquingKeysWith: { $1 }),
                to: folder.appending(path: "blobs"))
            let snapshot = folder.appending(path: "snapshot")
            for path in smallBundle.keys.sorted() + ["large_files.yml"] {
                let link = snapshot.appending(path: path)
                try FileManager.default.createDirectory(
                    at: link.deletingLastPathComponent(), withIntermediateDirectories: true)
                try FileManager.default.createSymbolicLink(
                    at: link, withDestinationURL: folder.appending(path: "blobs/" + path))
            }
            let plain = try ModelBundle(opening: snapshot)
            let named = try ModelBundle(opening: snapshot, configurations: ["configs/inference.json"])
            #expect(try plain.digest == named.digest && plain.hasWeights)
            #expect(plain.largeFiles.files.count == 1 && plain.largeFiles.problems.isEmpty)
            // The zoo's vista3d reads its own metadata; any other file behind a link that leads out stays closed.
            func read(_ path: String) throws -> ConfigValue {
                let text = "$json.loads(pathlib.Path(@bundle_root + '\(path)').read_text())['version']"
                let imports = BundleOverlays(settings: [
                    ("i", "$import json"), ("j", "$import pathlib"), ("y", text),
                ])
                return try ModelBundle(opening: snapshot, overlays: imports).resolve("y")
            }
            #expect(try read("/configs/metadata.json").stringValue == "1.2.3")
            try FileManager.default.createSymbolicLink(
                at: snapshot.appending(path: "configs/other.json"),
                withDestinationURL: folder.appending(path: "blobs/configs/metadata.json"))
            #expect(bundleError { _ = try read("/configs/other.json") }?.code == .escape)
        }
    }

    @Test("a macro that names a file finds it in a TorchScript archive too, and a macro of a macro is expanded")
    func macros() throws {
        try withTemporaryFolder { folder in
            let extras = [
                "metadata.json": try #require(smallBundle["configs/metadata.json"]),
                "inference.json": ##"{"x": "%configs/parts.yaml#a", "C": "%B", "B": "%A", "A": 1}"##,
                "parts.json": #"{"a": 7}"#,
            ]
            let bundle = try ModelBundle(opening: try put(torchScript("net", extras), folder, as: "net.ts"))
            #expect(try bundle.resolve("x").intValue == 7)
            // A run of MONAI's workflow gives 1; a bare ConfigParser, which rewrites once, gives the text "%A".
            #expect(try bundle.resolve("C").intValue == 1)
        }
    }

    @Test("what is no bundle says what it is and what to do")
    func others() throws {
        try withTemporaryFolder { folder in
            func message(_ fixture: ZipFixture, _ name: String) throws -> String {
                let file = try put(fixture, folder, as: name)
                return bundleError { _ = try ModelBundle(opening: file) }?.description ?? "opened"
            }
            #expect(try message(zipped("spleen"), "download (1).zip").contains("call the file spleen.zip"))
            #expect(try message(torchScript("net", [:]), "net.ts").contains("ckpt_export"))
            #expect(try message(ZipFixture(["a": "b"]), "a.zip").contains("it is no bundle"))
            #expect(try message(zipped("spleen", ["../x": "y"]), "spleen.zip").contains("leads out"))
            let text = folder.appending(path: "text.zip")
            try Data("no zip".utf8).write(to: text)
            #expect(
                bundleError { _ = try ModelBundle(opening: text) }?.description.contains("neither a folder nor") == true
            )
        }
    }

    @Test("inside an archive a path stays inside too")
    func escape() throws {
        try withTemporaryFolder { folder in
            try Data(#"{"a": 1}"#.utf8).write(to: folder.appending(path: "secret.json"))
            func open(_ configuration: String) throws -> ModelBundle {
                try ModelBundle(
                    opening: put(
                        zipped("b", ["configs/inference.json": configuration, "configs/part.json": #"{"a": [1, 2]}"#]),
                        folder, as: "b.zip"))
            }
            let inside = try open(
                ##"{"x": "%configs/part.json#a", "y": "$json.loads(pathlib.Path(@bundle_root + '/configs/part.json').read_text())['a'][1]", "i": ["$import json", "$import pathlib"]}"##
            )
            #expect(try ResolvedForm.text(of: inside.resolve("x")) == "[1, 2]")
            #expect(try inside.resolve("y").intValue == 2)
            for path in ["%../secret.json", "%" + folder.path + "/secret.json", "%configs/../../secret.json"] {
                #expect(bundleError { _ = try open(#"{"x": "\#(path)"}"#) }?.code == .escape, "\(path)")
            }
        }
    }

    private func output(_ words: [String]) throws -> String {
        let process = Process()
        process.executableURL = URL(filePath: "/usr/bin/env")
        process.arguments = words
        let pipe = Pipe()
        process.standardOutput = pipe
        try process.run()
        let output = String(decoding: pipe.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
        process.waitUntilExit()
        return output
    }
}
