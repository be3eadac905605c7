import Foundation
import ImageFiles
import ModelBundles
import Operators
import Pipelines
import TestSupport
import Testing
import Voxels

/// MONAI's own stages of five geometries (`golden/geometry`), voxel for voxel.
@Suite("Every stage of the golden geometries")
struct GeometryParityTests {
    static let volumes = ["axial_LPS", "near_pixdim", "oblique", "sagittal", "slice1"]

    /// The spleen bundle's preprocessing, with which the golden volumes were made.
    static let preprocessing = Bench.compose(
        "preprocessing",
        [
            ("LoadImaged", ["keys": .string("image")]),
            ("EnsureChannelFirstd", ["keys": .string("image")]),
            ("Orientationd", ["keys": .string("image"), "axcodes": .string("RAS")]),
            (
                "Spacingd",
                [
                    "keys": .string("image"), "pixdim": .list([.double(1.5), .double(1.5), .double(2)]),
                    "mode": .string("bilinear"),
                ]
            ),
            (
                "ScaleIntensityRanged",
                [
                    "keys": .string("image"), "a_min": .int(-57), "a_max": .int(164), "b_min": .int(0),
                    "b_max": .int(1), "clip": .bool(true),
                ]
            ),
            ("EnsureTyped", ["keys": .string("image")]),
        ])

    private static let postprocessing = Bench.compose(
        "postprocessing",
        [
            ("Activationsd", ["keys": .string("pred"), "softmax": .bool(true)]),
            (
                "Invertd",
                [
                    "keys": .string("pred"), "transform": .component(preprocessing), "orig_keys": .string("image"),
                    "nearest_interp": .bool(false), "to_tensor": .bool(true),
                ]
            ),
            ("AsDiscreted", ["keys": .string("pred"), "argmax": .bool(true)]),
            ("SaveImaged", ["keys": .string("pred"), "output_dtype": .symbol("numpy.float32")]),
        ])

    @Test("orientation, spacing, range and the inverted label map equal MONAI's", .needsSharedData, arguments: volumes)
    func stages(volume: String) throws {
        let golden = try NPZ.read(try SharedData.url("golden/geometry/\(volume).npz").path)
        func tensor(_ name: String) throws -> Tensor { try #require(golden[name]).tensor }
        func affine(_ name: String) throws -> Affine { try #require(golden[name]?.affine) }
        var loaded = try tensor("x0")
        loaded.reshape(loaded.spatialShape)
        let grid = SourceGrid(shape: loaded.shape, affine: try affine("A0"))
        let stages = Stages()
        let context = PipelineContext(
            source: OneImage(image: ModelImage(tensor: loaded, affine: grid.affine, source: grid)),
            observer: stages)

        let builder = PipelineBuilder(catalog: Catalog.operators)
        let pre = try builder.pipeline(.component(Self.preprocessing), at: "preprocessing")
        let post = try builder.pipeline(.component(Self.postprocessing), at: "postprocessing")
        var sample = Sample()
        try pre.apply(&sample, in: context)
        var row = Row(volume: volume)
        for (index, name) in [(2, "orient"), (3, "spacing"), (4, "final")] {
            let image = try #require(stages.images["preprocessing::transforms::\(index)"])
            #expect(row.differences(name, image.tensor, try tensor(name)) == 0, "\(name) of \(volume)")
        }
        for (index, name) in [(2, "orient_aff"), (3, "spacing_aff")] {
            let image = try #require(stages.images["preprocessing::transforms::\(index)"])
            #expect(row.distance(name, image.affine, try affine(name)) <= 1e-12, "\(name) of \(volume)")
        }

        let image = try #require(sample.images["image"])
        var logits = try tensor("sw_const")
        logits.reshape(Array(logits.shape.dropFirst()))
        sample.images["pred"] = ModelImage(tensor: logits, affine: image.affine, source: image.source)
        try post.apply(&sample, in: context)
        let saved = try #require(context.savedImages.first)
        #expect(context.savedImages.count == 1)
        let label = try tensor("post_label")
        #expect(row.differences("post_label", saved.image.tensor, label) == 0, "post_label of \(volume)")
        #expect(row.distance("post_aff", saved.image.affine, try affine("post_aff")) <= 1e-12, "post_aff of \(volume)")
        print(row.text)
        #expect(saved.operatorID == "postprocessing::transforms::3")
        let labels = saved.image.tensor
        #expect(labels.elements.contains(1))
    }

    @Test("the spleen bundle's input is preprocessed to MONAI's tensor in every voxel", .needsSharedData)
    func spleen() throws {
        let file = try NIfTI.read(try SharedData.url("golden/spleen_run/in/imagesTs/case0.nii.gz").path)
        let golden = try NPZ.read(try SharedData.url("golden/spleen_run/golden.npz").path)
        let grid = SourceGrid(shape: file.spatialShape, affine: file.affine, hasChannelAxis: file.hasChannelAxis)
        let loaded = ModelImage(tensor: file.tensor, affine: file.affine, source: grid)
        let builder = PipelineBuilder(catalog: Catalog.operators)
        var sample = Sample()
        try builder.pipeline(.component(Self.preprocessing), at: "preprocessing")
            .apply(&sample, in: PipelineContext(source: OneImage(image: loaded)))
        let image = try #require(sample.images["image"])
        #expect(Bench.differences(image.tensor, try #require(golden["pre"]).tensor) == 0)
        let affine = try #require(golden["pre_affine"]?.affine)
        #expect(Bench.distance(image.affine, affine) <= 1e-12)
    }

    @Test("NormalizeIntensity of non-zero voxels agrees with MONAI's", .needsSharedData, arguments: volumes)
    func normalize(volume: String) throws {
        let golden = try NPZ.read(try SharedData.url("golden/geometry/\(volume).npz").path)
        let input = Bench.image(try #require(golden["x0"]).tensor)
        let expected = try #require(golden["normalize"]).tensor
        let result = try Bench.apply(
            "NormalizeIntensityd",
            ["keys": .string("image"), "nonzero": .bool(true), "channel_wise": .bool(true)], to: input)
        let largest = expected.elements.map(\.magnitude).max() ?? 1
        let worst = zip(result.tensor.elements, expected.elements).map { ($0 - $1).magnitude }.max() ?? 1
        print("golden/geometry \(volume): normalize differs by up to \(worst) of \(largest)")
        #expect(worst <= 1e-6 * largest, "\(worst) of \(largest)")
    }
}

/// What is printed of one volume: how many values of each stage differ, and how far affines are off.
private struct Row {
    private(set) var text: String

    init(volume: String) {
        text = "golden/geometry \(volume):"
    }

    mutating func differences(_ name: String, _ a: Tensor, _ b: Tensor) -> Int {
        let count = Bench.differences(a, b)
        text += " \(name) \(count) of \(b.count) differ;"
        return count
    }

    mutating func distance(_ name: String, _ a: Affine, _ b: Affine) -> Double {
        let distance = Bench.distance(a, b)
        text += " \(name) \(distance);"
        return distance
    }
}

/// Keeps the image of each stage.
private final class Stages: StageObserver {
    var images: [String: ModelImage] = [:]

    func stageDidFinish(_ stage: Stage) {
        images[stage.operatorID] = stage.sample.images["pred"] ?? stage.sample.images["image"]
    }
}
