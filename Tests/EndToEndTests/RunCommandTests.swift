import Foundation
import TestSupport
import Testing

extension EndToEnd {
    /// `portico run` beside what MONAI made of the same input.
    @Suite(.serialized, .timeLimit(EndToEnd.guardTime))
    struct RunCommandTests {
        @Test("The unmodified spleen bundle gives MONAI's label image and preprocessed tensor", .needsSharedData)
        func spleen() async throws {
            try await Scratch.with { scratch in
                let golden = try Samples.spleenRun
                let output = scratch.path("out")
                let stages = scratch.path("stages")
                let result = try await Portico.run([
                    "run", "--engine", "torch", "--bundle", golden.path, "--input",
                    golden.appendingPathComponent("in/imagesTs/case0.nii.gz").path, "--output", output.path, "--stages",
                    stages.path, "--format", "json",
                ]).checked().json(RunView.self)
                let place = "case0/case0_trans.nii.gz"
                #expect(result.files == [output.appendingPathComponent(place).path])
                #expect(!result.nothingFound)
                #expect(result.stages.contains { $0.name == "inference" && $0.seconds > 0 })

                let images = try await ImageComparison(
                    output.appendingPathComponent(place), golden.appendingPathComponent("out/" + place))
                print(images)
                #expect(images.differing == 0)
                #expect(images.foreground > 0)
                #expect(images.affine <= 1e-5)
                #expect(images.types == ["float32", "float32"])

                let comparison = try await Self.compare(
                    stages, golden.appendingPathComponent("golden.npz"), ["EnsureTyped=pre/pre_affine"])
                let pre = try #require(comparison["pre"])
                print(pre)
                #expect(pre.sameShape)
                #expect(pre.differing == 0)
                #expect(pre.affine <= 1e-5)
            }
        }

        @Test("Each stage on each geometry is MONAI's in every voxel", .needsSharedData)
        func geometry() async throws {
            try await Scratch.with { scratch in
                let bundle = try await MadeBundle.withoutWeights("waves", in: scratch)
                for name in ["axial_LPS", "near_pixdim", "oblique", "sagittal", "slice1"] {
                    let stages = scratch.path("stages-\(name)")
                    let input = try SharedData.url("golden/geometry/\(name).nii.gz")
                    try await Portico.run([
                        "run", "--engine", "torch", "--bundle", bundle.path, "--input", input.path, "--output",
                        scratch.path("out").path,
                        "--stages", stages.path,
                    ]).checked()
                    let comparison = try await Self.compare(
                        stages, SharedData.url("golden/geometry/\(name).npz"),
                        [
                            "Orientationd=orient/orient_aff", "Spacingd=spacing/spacing_aff",
                            "ScaleIntensityRanged=final", "AsDiscreted=post_label/post_aff",
                        ])
                    #expect(comparison.count == 4)
                    for (key, stage) in comparison {
                        #expect(stage.sameShape, "\(key) of \(name)")
                        #expect(stage.differing == 0, "\(key) of \(name)")
                        #expect(stage.affine <= 1e-5, "\(key) of \(name)")
                    }
                }
            }
        }

        private static func compare(
            _ stages: URL, _ golden: URL, _ pairs: [String]
        ) async throws -> [String: StageComparison] {
            try await Peers.run(script: "same_stages.py", [stages.path, golden.path] + pairs).checked()
                .json([String: StageComparison].self)
        }
    }
}
