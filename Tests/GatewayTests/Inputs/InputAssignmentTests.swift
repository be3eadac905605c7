import Foundation
import ModelBundles
import TestSupport
import Testing

@testable import Gateway

@Suite("Which image is loaded under which key")
struct InputAssignmentTests {
    /// The inputs of a bundle whose preprocessing loads `keys`, with `channels` channels in the network's input.
    private func bundle(_ loader: String, channels: Int = 1, names: [String] = []) async throws -> BundleInputs {
        let definition = names.enumerated().map { "\"\($0)\": \"\($1)\"" }.joined(separator: ", ")
        let made = MadeFolder.plain.replacing(
            "{\"_target_\": \"LoadImaged\", \"keys\": \"@image\"}, {\"_target_\": \"EnsureChannelFirstd\", "
                + "\"keys\": \"@image\"}", with: loader
        ).replacing(
            "\"modality\": \"CT\", \"num_channels\": 1",
            with: "\"modality\": \"CT\", \"channel_def\": {\(definition)}, \"num_channels\": \(channels)",
            in: "configs/metadata.json")
        return try await Scratch.with { scratch in
            let opened = try made.write(to: scratch.path("bundle")).open(cache: nil)
            return BundleInputs(
                steps: try opened.preprocessing?.steps ?? [], input: opened.metadata.inputs[0],
                inferer: "SlidingWindowInferer")
        }
    }

    private func inputs(_ texts: String...) -> [RunInput] {
        texts.map { text in
            let (key, path) = RunInput.parts(of: text) { _ in false }
            return RunInput(key: key, url: URL(fileURLWithPath: "/x/" + path), kind: .nifti)
        }
    }

    private static let four = ["T1c", "T1", "T2", "FLAIR"]

    @Test("four images become channels in the order of the command line")
    func channels() async throws {
        let bundle = try await bundle(
            "{\"_target_\": \"LoadImaged\", \"keys\": \"image\"}", channels: 4, names: Self.four)
        #expect(bundle.slots == [.init(key: "image", counts: [4], channels: Self.four, isOptional: false)])
        let assignment = try InputAssignment(inputs("a", "image=b", "c", "d"), to: bundle)
        #expect(assignment.images["image"]?.map(\.url.lastPathComponent) == ["a", "b", "c", "d"])
        #expect(assignment.absentKeys == ["label"])
        for wrong in [inputs("a"), inputs("a", "b", "c"), inputs("a", "b", "c", "d", "e")] {
            let error = #expect(throws: CommandFailure.self) { try InputAssignment(wrong, to: bundle) }
            #expect(error?.description.contains("4 images on one grid, in the order T1c, T1, T2, FLAIR") == true)
            #expect(error?.description.contains("/x/a") == true)
        }
    }

    @Test("a step that puts channels first takes one file of all channels as well as a file for each")
    func either() async throws {
        let bundle = try await bundle(
            "{\"_target_\": \"LoadImaged\", \"keys\": \"image\"}, {\"_target_\": \"EnsureChannelFirstd\", "
                + "\"keys\": \"image\"}", channels: 4)
        #expect(bundle.slots[0].counts == [1, 4])
        #expect(throws: Never.self) { try InputAssignment(inputs("a"), to: bundle) }
        #expect(throws: Never.self) { try InputAssignment(inputs("a", "b", "c", "d"), to: bundle) }
        #expect(throws: CommandFailure.self) { try InputAssignment(inputs("a", "b"), to: bundle) }
    }

    @Test("a step that is told the channels' axis takes one file, and so does colour")
    func one() async throws {
        let told = try await bundle(
            "{\"_target_\": \"LoadImaged\", \"keys\": \"image\"}, {\"_target_\": \"EnsureChannelFirstd\", "
                + "\"keys\": \"image\", \"channel_dim\": -1}", channels: 3)
        #expect(told.slots[0].counts == [1])
    }

    @Test("several keys need their names, the label need not be there, and nothing is guessed")
    func keys() async throws {
        let bundle = try await bundle(
            "{\"_target_\": \"LoadImaged\", \"keys\": [\"artery\", \"vein\", \"label\"]}", channels: 3)
        #expect(bundle.required.map(\.key) == ["artery", "vein"])
        let assignment = try InputAssignment(inputs("vein=v", "artery=a"), to: bundle)
        #expect(assignment.principal.url.lastPathComponent == "a" && assignment.principalKey == "artery")
        #expect(assignment.absentKeys == ["label"])
        let labelled = try InputAssignment(inputs("vein=v", "artery=a", "label=l"), to: bundle)
        #expect(labelled.absentKeys.isEmpty && labelled.images["label"]?.count == 1)
        for (wrong, word) in [
            (inputs("a", "v"), "not said what this is"), (inputs("artery=a"), "nothing is given for 'vein'"),
            (inputs("artery=a", "vein=v", "bone=b"), "loads nothing under 'bone'"),
            (inputs("artery=a", "artery=b", "vein=v"), "2 images are given for 'artery'"),
        ] {
            let error = #expect(throws: CommandFailure.self) { try InputAssignment(wrong, to: bundle) }
            #expect(error?.description.contains(word) == true, "\(error?.description ?? "")")
            #expect(error?.description.contains("--input artery=PATH, --input vein=PATH") == true)
        }
    }
}
