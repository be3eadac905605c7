import Foundation
import ModelBundles
import TestSupport
import Testing

@testable import Gateway

@Suite("Verifying bundles")
struct BundleVerificationTests {
    private func verification(
        _ made: MadeFolder, _ change: (inout BundleReference) -> Void = { _ in }
    ) async throws -> BundleVerification {
        try await Scratch.with { scratch in
            var reference = try made.write(to: scratch.path("bundle"))
            change(&reference)
            return BundleVerification(reference, network: nil)
        }
    }

    private func errors(_ verification: BundleVerification) -> [String] {
        verification.findings.filter { $0.level == .error }.map { "\($0.check) \($0.place ?? "-")" }
    }

    @Test("a bundle that is right passes, without its network")
    func passes() async throws {
        var made = MadeFolder.plain
        made.files["models/model.ts"] = "weights"
        let found = try await verification(made)
        #expect(found.passes && errors(found).isEmpty)
        #expect(found.table.hasSuffix("nothing is wrong"))
    }

    @Test("all that is wrong is found at once, files, metadata, configuration, pipeline and weights")
    func everything() async throws {
        var made = MadeFolder.plain
            .replacing(#""1.2.0", "monai_version""#, with: #""1.2.0", "monai_version2""#, in: "configs/metadata.json")
            .replacing("\"@image\", \"minv\": 0", with: "\"$[x for x in @image]\"")
            .replacing("\"pred\", \"argmax\": true", with: "\"pred\", \"argmax\": 3.5, \"spoon\": 1")
        made.files["LICENSE"] = nil
        made.files["large_files.yml"] = """
            large_files: [{path: models/other.pt, url: x, hash_val: 63f4f1e9b725370f459720575cd5f953, hash_type: md5}]
            """
        made.files["models/other.pt"] = "no weights"
        let found = try await verification(made)
        #expect(!found.passes)
        #expect(
            errors(found) == [
                "metadata monai_version", "configuration preprocessing::transforms::2::keys",
                "pipeline postprocessing::transforms::0::spoon", "weights models/model.ts", "weights models/other.pt",
            ])
        #expect(found.findings.contains { $0.level == .warning && $0.place == "LICENSE" })
        #expect(found.table.hasSuffix("5 errors"))
    }

    @Test("files that cannot be read are all told, each with its place")
    func unreadable() async throws {
        var made = MadeFolder.plain
        made.files["configs/metadata.json"] = "{"
        made.files["configs/inference.json"] = "[1]]"
        let found = try await verification(made) { reference in
            reference.overlays = [reference.path + "/none.json"]
            reference.settings = [.init(id: "a", text: "[1,")]
        }
        #expect(
            errors(found) == [
                "files configs/metadata.json", "files configs/inference.json", "files none.json", "files a",
            ])
    }

    @Test("pieces that are right alone and do not fit together are told")
    func unfitting() async throws {
        let found = try await verification(.plain) { $0.settings = [.init(id: "nowhere#x", text: "1")] }
        #expect(errors(found).count == 1)
    }

    @Test("a key that stands twice is a warning with its place")
    func twice() async throws {
        var made = MadeFolder.plain.replacing("\"image\": \"image\",", with: "\"image\": \"a\",\n\"image\": \"image\",")
        made.files["models/model.ts"] = "weights"
        let found = try await verification(made)
        #expect(found.passes)
        #expect(
            found.findings.contains { $0.level == .warning && $0.place == "configs/inference.json: line 2: 'image'" })
    }

    @Test("a missing version hides nothing else")
    func noVersion() async throws {
        let found = try await verification(
            MadeFolder.plain.replacing("\"version\": \"1.2.0\",", with: "", in: "configs/metadata.json")
                .replacing("\"pred\", \"argmax\": true", with: "\"pred\", \"spoon\": 1"))
        #expect(
            errors(found) == [
                "metadata version", "metadata configs/metadata.json: version",
                "pipeline postprocessing::transforms::0::spoon",
                "weights models/model.ts",
            ])
    }

    @Test(
        "whatever shape and channels a bundle declares, its network is tried on something bounded or not at all",
        .timeLimit(.minutes(1)),
        arguments: [
            ("[\"8*n\", \"8*n\", \"8*n\"]", "[4611686018427387904, 4, 4]"),
            ("[\"8*n\", \"8*n\", \"8*n\"]", "[100000, 100000, 100000]"),
            ("[\"8*n\", \"8*n\", \"8*n\"]", "[4000, 4000, 4000]"),
            ("[\"8*n\", \"8*n\", \"8*n\"]", "[\"2**(p*1000)*8192\", \"16*n\", \"n\"]"),
            ("[\"8*n\", \"8*n\", \"8*n\"]", "[1, 1, 1, 1]"),
            ("\"num_channels\": 1", "\"num_channels\": 4611686018427387904"),
            ("\"num_channels\": 1", "\"num_channels\": 0"), ("\"num_channels\": 1", "\"num_channels\": 1000000000"),
        ])
    func hostileShapes(old: String, new: String) async throws {
        try await Scratch.with { scratch in
            var made = MadeFolder.plain.replacing(old, with: new, in: "configs/metadata.json")
                .replacing("[16, 16, 24]", with: "96")
            made.files["models/model.ts"] = "no weights"
            let reference = try made.write(to: scratch.path("bundle"))
            let findings = NetworkTrial(device: "cpu", shape: nil).findings(of: try reference.open(cache: nil))
            #expect(findings.count == 1 && findings[0].level == .error)
            #expect(findings[0].message.hasPrefix("it was not run"), "\(findings)")
        }
    }

    @Test("the network is tried on a shape that the metadata admit")
    func shapes() async throws {
        try await Scratch.with { scratch in
            let bundle = try MadeFolder.plain.write(to: scratch.path("bundle")).open(cache: nil)
            let port = bundle.metadata.inputs[0]
            #expect(NetworkTrial.shape(of: port, window: [16, 16, 24]) == [16, 16, 24])
            // A window that a rule does not admit gives way to the least length from 32 on.
            #expect(NetworkTrial.shape(of: port, window: [16, 15, 24]) == [16, 32, 24])
            #expect(NetworkTrial.shape(of: port, window: nil) == [32, 32, 32])
        }
    }
}
