import Foundation
import TestSupport
import Testing

@testable import Gateway

@Suite("What a bundle needs of a run, and why serve may not run it")
struct BundleNeedsTests {
    private func plan(_ made: MadeFolder) async throws -> BundlePlan {
        try await Scratch.with { scratch in
            try BundlePlan(try made.write(to: scratch.path("bundle")).open(cache: nil))
        }
    }

    private static func several(_ channels: Int, _ loader: String) -> MadeFolder {
        MadeFolder.plain.replacing(
            "{\"_target_\": \"LoadImaged\", \"keys\": \"@image\"}, {\"_target_\": \"EnsureChannelFirstd\", "
                + "\"keys\": \"@image\"}", with: loader
        ).replacing("\"num_channels\": 1", with: "\"num_channels\": \(channels)", in: "configs/metadata.json")
    }

    @Test("one volume and labels by argmax: nothing is in the way")
    func plain() async throws {
        let plan = try await plan(.plain)
        #expect(plan.needs.isEmpty && plan.segmentationProblem == nil && plan.deploymentProblem == nil)
    }

    @Test("several series run, and are not deployed")
    func channels() async throws {
        let plan = try await plan(Self.several(4, "{\"_target_\": \"LoadImaged\", \"keys\": \"image\"}"))
        #expect(plan.segmentationProblem == nil)
        #expect(plan.deploymentProblem?.contains("gives a bundle one series, and this one takes 4 images") == true)
        #expect(plan.needs.first == "takes 4 images on one grid: one --input for each, or one --series of a folder")
        #expect(plan.needs.last?.hasPrefix("cannot be deployed: ") == true)
    }

    @Test(
        "labels that are not the channels' numbers make no segments",
        arguments: [
            ("\"argmax\": true", "\"threshold\": 0.5", "no AsDiscreted with argmax"),
            ("\"argmax\": true", "\"argmax\": [false]", "no AsDiscreted with argmax"),
            ("\"argmax\": true", "\"argmax\": true, \"to_onehot\": 2", "to_onehot"),
            (
                "\"argmax\": true},",
                "\"argmax\": true}, {\"_target_\": \"Lambdad\", \"keys\": \"pred\", \"func\": \"$lambda x: x * 2\"},",
                "postprocessing::transforms::1 (Lambdad) changes the labels"
            ),
        ])
    func labels(old: String, new: String, words: String) async throws {
        let plan = try await plan(MadeFolder.plain.replacing(old, with: new))
        #expect(plan.segmentationProblem?.contains(words) == true, "\(plan.segmentationProblem ?? "nothing")")
        #expect(plan.deploymentProblem?.contains(words) == true)
    }

    @Test("a step on another key leaves the labels alone")
    func otherKey() async throws {
        let plan = try await plan(
            MadeFolder.plain.replacing(
                "\"argmax\": true},",
                with: "\"argmax\": true}, {\"_target_\": \"Lambdad\", \"keys\": \"image\", \"func\": "
                    + "\"$lambda x: x * 2\"},"))
        #expect(plan.segmentationProblem == nil)
    }

    private static var classifier: MadeFolder {
        MadeFolder.plain.replacing("SaveImaged", with: "Activationsd")
            .replacing(", \"output_dir\": \"$@bundle_root + '/eval'\"", with: ", \"softmax\": true")
            .replacing(
                "\"segmentation\", \"num_channels\": 2,\n   \"spatial_shape\": [\"8*n\", \"8*n\", \"8*n\"]",
                with: "\"classes\", \"num_channels\": 2, \"spatial_shape\": [1, 2]", in: "configs/metadata.json")
    }

    @Test("a classification that saves nothing gives scores")
    func scores() async throws {
        let plan = try await plan(Self.classifier)
        #expect(plan.savesScores && plan.namesProblem == nil)
        #expect(plan.segmentationProblem?.contains("scores") == true)
        #expect(plan.needs.contains { $0.contains("predictions.csv") })
        let image = Self.classifier.replacing("[1, 2]", with: "[2, 2]", in: "configs/metadata.json")
        await #expect(throws: RunError.self) { try await self.plan(image) }
    }

    @Test("a network of two axes takes a picture, unless it sees slices of a volume")
    func planar() async throws {
        let made = MadeFolder.plain.replacing(
            "\"num_channels\": 1,\n   \"spatial_shape\": [\"8*n\", \"8*n\", \"8*n\"]",
            with: "\"num_channels\": 1, \"spatial_shape\": [64, 64]", in: "configs/metadata.json"
        ).replacing("\"SlidingWindowInferer\", \"roi_size\": [16, 16, 24], \"overlap\": 0.5", with: "\"SimpleInferer\"")
        let plan = try await plan(made)
        #expect(plan.inputs.isPlanar && plan.deploymentProblem?.contains("two axes") == true)
        #expect(plan.needs.first?.contains(".png") == true)
    }
}
