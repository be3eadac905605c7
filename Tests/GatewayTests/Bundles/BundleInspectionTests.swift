import Foundation
import TestSupport
import Testing

@testable import Gateway

@Suite("Inspecting bundles")
struct BundleInspectionTests {
    private func inspection(
        _ made: MadeFolder, _ change: (inout BundleReference) -> Void = { _ in }
    ) async throws -> BundleInspection {
        try await Scratch.with { scratch in
            var reference = try made.write(to: scratch.path("bundle"))
            change(&reference)
            return BundleInspection(try reference.open(cache: nil))
        }
    }

    @Test("a bundle without weights runs after export, and says which command exports it")
    func afterExport() async throws {
        let found = try await inspection(.plain)
        #expect(found.verdict == .afterExport && found.reasons.isEmpty)
        #expect(found.export?.command.hasPrefix("python -m monai.bundle ckpt_export network_def") == true)
        #expect(found.table.contains("runs after export") && found.table.contains("ckpt_export"))
    }

    @Test("a bundle whose list names the weights runs once they are there, and one that has them runs")
    func weights() async throws {
        var made = MadeFolder.plain
        made.files["large_files.yml"] = "large_files: [{path: models/model.ts, url: 'https://x.y/z.ts'}]"
        let found = try await inspection(made)
        #expect(found.verdict == .afterWeights && found.download?.url == "https://x.y/z.ts")
        made.files["models/model.ts"] = "weights"
        let there = try await inspection(made)
        #expect(there.verdict == .runs && there.weights?.count == 64 && there.download == nil)
    }

    @Test("every reason of a refusal is told at once, each with its id")
    func refused() async throws {
        let made = MadeFolder.plain
            .replacing(
                #""ScaleIntensityd", "keys": "@image", "minv": 0"#,
                with: #""scripts.mine.Scale", "keys": "$open(@image)""#
            )
            .replacing(#""EnsureChannelFirstd""#, with: #""Resampled""#)
            .replacing("SlidingWindowInferer", with: "scripts.mine.Inferer")
            .replacing(
                #""AsDiscreted", "keys": "pred", "argmax": true"#, with: #""AsDiscreted", "keys": "pred", "spoon": 1"#)
        let found = try await inspection(made)
        #expect(found.verdict == .refused)
        let reasons = Set(found.reasons.map { "\($0.kind.rawValue) \($0.id)" })
        #expect(
            reasons == [
                "language preprocessing::transforms::1", "language preprocessing::transforms::2::keys",
                "inferer inferer",
                "argument postprocessing::transforms::0::spoon",
            ], "\(found.reasons)")
        let table = found.table
        #expect(table.contains("open") && table.contains("^") && table.contains("spoon"))
        #expect(!table.contains("is not there"), "weights would not help")
    }

    @Test("what is missing altogether is told too: a pipeline, something saved, names of segments, an author")
    func missing() async throws {
        let nothing = try await inspection(MadeFolder.plain.replacing("\"inferer\"", with: "\"other\""))
        #expect(nothing.reasons.map(\.kind) == [.missing])
        let unsaved = try await inspection(
            MadeFolder.plain.replacing("SaveImaged", with: "Activationsd").replacing(
                #", "output_dir": "$@bundle_root + '/eval'""#, with: ""))
        #expect(unsaved.reasons.map(\.kind) == [.result])
        let unnamed = try await inspection(
            MadeFolder.plain.replacing(#""1": "spleen""#, with: #""2": "x""#, in: "configs/metadata.json"))
        #expect(unnamed.reasons.map(\.id) == ["network_data_format::outputs::pred::channel_def"])
        let nobody = try await inspection(
            MadeFolder.plain.replacing("Somebody", with: "", in: "configs/metadata.json")
                .replacing(#""copyright": "c""#, with: #""copyright": """#, in: "configs/metadata.json"))
        #expect(nobody.reasons.map(\.id) == ["authors"])
    }

    @Test("an inferer of the bundle's own is told as such, whatever its arguments are")
    func ownInferer() async throws {
        let found = try await inspection(
            MadeFolder.plain.replacing(
                "\"SlidingWindowInferer\", \"roi_size\": [16, 16, 24]",
                with: "\"scripts.my.Inferer\", \"x\": \"$open(1)\""))
        #expect(Set(found.reasons.map(\.kind)) == [.language, .inferer])
    }

    @Test("a bundle that takes several images is told so, and one that loads none is refused")
    func sources() async throws {
        let several = try await inspection(
            MadeFolder.plain.replacing(
                "\"LoadImaged\", \"keys\": \"@image\"}",
                with: "\"LoadImaged\", \"keys\": [\"artery\", \"vein\"]}, {\"_target_\": \"Lambdad\", \"keys\": "
                    + "\"artery\", \"func\": \"$lambda x: x\", \"overwrite\": \"@image\"}"))
        #expect(several.verdict == .afterExport)
        #expect(several.needs.first == "takes 2 images, --input artery=PATH, --input vein=PATH")
        #expect(several.table.contains("takes 2 images") && several.table.contains("cannot be deployed"))
        let none = try await inspection(
            MadeFolder.plain.replacing("{\"_target_\": \"LoadImaged\", \"keys\": \"@image\"},", with: ""))
        #expect(none.reasons.map(\.kind) == [.source] && none.reasons[0].message.contains("nothing is loaded"))
    }

    @Test("overlays and settings change the pipeline, the digest, and nothing in the bundle")
    func overlays() async throws {
        let plain = try await inspection(.plain)
        let set = try await inspection(.plain) { $0.settings = [.init(id: "inferer#overlap", text: "0.25")] }
        let spelt = try await inspection(.plain) { $0.settings = [.init(id: "inferer::overlap", text: " 0.25 ")] }
        #expect(
            set.inferer?.inWords.contains("overlap=0.25") == true
                && plain.inferer?.inWords.contains("overlap=0.5") == true)
        #expect(set.digest != plain.digest && set.deviceUID != plain.deviceUID)
        #expect(spelt.digest == set.digest, "the same value, spelt otherwise")
        #expect(set.settings == ["inferer#overlap=0.25"] && set.table.contains("inferer#overlap=0.25"))
        let text = try await inspection(.plain) { $0.settings = [.init(id: "inferer#overlap", text: "\"0.25\"")] }
        #expect(text.digest != set.digest, "a string is no number")
    }

    @Test("fields that no schema names are kept and shown, violations are told with their paths")
    func metadata() async throws {
        let found = try await inspection(
            MadeFolder.plain.replacing(
                "\"num_channels\": 2", with: "\"num_channels\": \"2\"", in: "configs/metadata.json"))
        #expect(found.metadata.furtherFields.map(\.name) == ["site"])
        #expect(found.table.contains(#"site: {"ward": 3}"#))
        #expect(found.metadata.violations.contains { $0.contains("network_data_format::outputs::pred::num_channels") })
    }

    @Test(
        "the release of MONAI that a bundle was made with decides what is left out",
        arguments: [("1.4.0", "true"), ("1.5.0", "false")])
    func semantics(version: String, word: String) async throws {
        let found = try await inspection(
            MadeFolder.plain.replacing(
                "\"monai_version\": \"1.4.0\"", with: "\"monai_version\": \"\(version)\"", in: "configs/metadata.json"))
        #expect(found.semantics.count == 1)
        #expect(found.table.contains("Semantics      CropForeground: allow_smaller is \(word) unless given"))
    }

    @Test("a step names components in its arguments by their ids")
    func steps() async throws {
        let made = MadeFolder.plain.replacing(
            #"{"_target_": "AsDiscreted""#,
            with:
                #"{"_target_": "Invertd", "keys": "pred", "orig_keys": "image", "transform": "@preprocessing"}, {"_target_": "AsDiscreted""#
        )
        let found = try await inspection(made)
        #expect(
            found.postprocessing[0].arguments.contains { $0.name == "transform" && $0.value == #""@preprocessing""# })
        #expect(found.preprocessing.map(\.name) == ["LoadImaged", "EnsureChannelFirstd", "ScaleIntensityd"])
    }
}
