import Foundation
import ImageFiles
import ModelBundles
import Operators
import Pipelines
import TestSupport
import Testing
import Voxels

/// MONAI's results for cases beside the usual road, made by `make_golden.py`.
@Suite("MONAI's vectors")
struct GoldenVectorTests {
    typealias Arguments = KeyValuePairs<String, ConfigValue>

    /// A case: the transforms as in `make_golden.py`, and whether the inverse takes the nearest voxel.
    struct Case: Sendable, CustomTestStringConvertible {
        var name: String
        var transforms: [(String, Arguments)]
        var nearest: Bool?
        var testDescription: String { name }

        init(_ name: String, _ transforms: [(String, Arguments)], nearest: Bool? = nil) {
            self.name = name
            self.transforms = transforms
            self.nearest = nearest
        }

        /// A case of Spacing alone.
        static func spacing(
            _ name: String, _ pixdim: [Double], _ others: [(String, ConfigValue)] = [], nearest: Bool? = nil
        ) -> Case {
            var arguments: [(String, ConfigValue)] = [("pixdim", .list(pixdim.map { .double($0) }))]
            arguments += others
            return Case(name, [("Spacingd", with(arguments))], nearest: nearest)
        }

        /// Adds the key to arguments of any number.
        private static func with(_ arguments: [(String, ConfigValue)]) -> Arguments {
            switch arguments.count {
            case 1: ["keys": "image", arguments[0].0: arguments[0].1]
            case 2: ["keys": "image", arguments[0].0: arguments[0].1, arguments[1].0: arguments[1].1]
            default:
                [
                    "keys": "image", arguments[0].0: arguments[0].1, arguments[1].0: arguments[1].1,
                    arguments[2].0: arguments[2].1,
                ]
            }
        }
    }

    static let grids: [Case] = [
        .spacing("sheared", [1.5, 1.5, 2], nearest: false),
        .spacing("oblique", [1.5, 1.1, 2], nearest: false),
        .spacing("oblique_nearest", [1.5, 1.1, 2], [("mode", "nearest")], nearest: true),
        .spacing("ties_0.5", [1.5, 1.5, 1.5], [("mode", "nearest")], nearest: true),
        .spacing("ties_0.75", [1.5, 1.5, 1.5], [("mode", "nearest")], nearest: true),
        .spacing("ties_1.0", [1.5, 1.5, 1.5], [("mode", "nearest")], nearest: true),
        .spacing("ties_3.0", [1.5, 1.5, 1.5], [("mode", "nearest")], nearest: true),
        Case(
            "ties_flipped",
            [
                ("Orientationd", ["keys": "image", "axcodes": "RAS"]),
                ("Spacingd", ["keys": "image", "pixdim": [1.5, 1.5, 1.5], "mode": "nearest"]),
            ], nearest: true),
        .spacing("slice", [1, 1, 1], nearest: false),
        .spacing("row", [1, 2, 1], nearest: true),
        .spacing("zeros", [1.2, 0.7, 2.2], [("padding_mode", "zeros")], nearest: false),
        .spacing("reflection", [1.2, 0.7, 2.2], [("padding_mode", "reflection")], nearest: false),
        .spacing(
            "zeros_aligned", [1.2, 0.7, 2.2], [("padding_mode", "zeros"), ("align_corners", true)], nearest: false),
        .spacing(
            "reflection_aligned", [1.2, 0.7, 2.2], [("padding_mode", "reflection"), ("align_corners", true)],
            nearest: false),
        .spacing("aligned", [1.2, 0.7, 2.2], [("align_corners", true)], nearest: false),
        .spacing("aligned_nearest", [1.2, 0.7, 1.5], [("align_corners", true), ("mode", "nearest")]),
        .spacing("extent", [1.2, 0.7, 2.2], [("scale_extent", true), ("align_corners", true)]),
        .spacing("diagonal", [1.2, 0.9, 2.2], [("diagonal", true)], nearest: false),
        Case("one_pixdim", [("Spacingd", ["keys": "image", "pixdim": 1])]),
        .spacing("two_pixdims", [1, 2]),
        .spacing("kept_axis", [1, -1, 3.0005]),
        .spacing("bounds", [1, 1, 1], [("min_pixdim", [0.7, 1, 1]), ("max_pixdim", [1, 2, 2])]),
        .spacing("unchanged", [0.7505, 1.2495, 3], nearest: false),
        .spacing("channels", [1, 1, 2], nearest: false),
        .spacing("half_shape", [1.5, 1.5, 1.5], nearest: false),
        Case("orient_RAS", [("Orientationd", ["keys": "image", "axcodes": "RAS"])], nearest: true),
        Case("orient_LPS", [("OrientationD", ["keys": "image", "axcodes": "LPS"])], nearest: true),
        Case("orient_PIR", [("monai.transforms.Orientationd", ["keys": "image", "axcodes": "PIR"])], nearest: true),
        Case("orient_SLA", [("OrientationDict", ["keys": "image", "axcodes": ["S", "L", "A"]])], nearest: true),
        Case("closest", [("Orientationd", ["keys": "image", "as_closest_canonical": true])], nearest: true),
    ]

    private static let vectors = Result {
        try NPZ.read(
            URL(fileURLWithPath: #filePath).deletingLastPathComponent().appendingPathComponent("Golden/vectors.npz")
                .path)
    }

    private func array(_ name: String) throws -> NPYArray { try #require(try Self.vectors.get()[name], "\(name)") }

    @Test("a change of the grid and its inverse equal MONAI's in every voxel", arguments: grids)
    func grid(_ one: Case) throws {
        let affine = try #require(array("\(one.name).A").affine)
        let input = Bench.image(try array("\(one.name).x").tensor, affine)
        let compose = Bench.compose("preprocessing", one.transforms)
        let builder = PipelineBuilder(catalog: Catalog.operators)
        let context = PipelineContext(source: NoImages())
        var sample = Sample(images: ["image": input])
        try builder.pipeline(.component(compose), at: "preprocessing").apply(&sample, in: context)
        let result = try #require(sample.images["image"])
        #expect(Bench.differences(result.tensor, try array("\(one.name).y").tensor) == 0)
        #expect(Bench.distance(result.affine, try array("\(one.name).B").affine) <= 1e-12)
        #expect(result.trace.count == one.transforms.count)

        guard let nearest = one.nearest else { return }
        var prediction = Bench.image(result.tensor)
        prediction.tensor.multiply(by: -1)
        sample.images["pred"] = prediction
        let invert = Bench.component(
            "Invertd", id: "postprocessing",
            [
                "keys": "pred", "transform": .component(compose), "orig_keys": "image",
                "nearest_interp": .bool(nearest),
            ])
        try builder.pipeline(.component(invert), at: "postprocessing").apply(&sample, in: context)
        let back = try #require(sample.images["pred"])
        #expect(Bench.differences(back.tensor, try array("\(one.name).z").tensor) == 0, "inverse")
        #expect(Bench.distance(back.affine, try array("\(one.name).C").affine) <= 1e-12, "inverse")
        #expect(back.trace.isEmpty)
        #expect(Bench.differences(try #require(sample.images["image"]).tensor, result.tensor) == 0)
    }

    static let intensities: [Case] = [
        Case(
            "range",
            [
                (
                    "ScaleIntensityRanged",
                    [
                        "keys": "image", "a_min": -963.8247715525971, "a_max": 1053.678477684517, "b_min": 0,
                        "b_max": 1, "clip": true,
                    ]
                )
            ]),
        Case("range_open", [("ScaleIntensityRanged", ["keys": "image", "a_min": -175, "a_max": 250])]),
        Case(
            "range_below",
            [
                (
                    "ScaleIntensityRangeD",
                    ["keys": "image", "a_min": -175, "a_max": 250, "b_min": 0.1, "clip": true]
                )
            ]),
        Case(
            "range_point",
            [
                (
                    "ScaleIntensityRanged",
                    ["keys": "image", "a_min": 40, "a_max": 40, "b_min": 1.5, "b_max": 2, "clip": true]
                )
            ]),
        Case("stretch", [("ScaleIntensityd", ["keys": "image"])]),
        Case(
            "stretch_channels",
            [("ScaleIntensityd", ["keys": "image", "minv": -1, "maxv": 1, "channel_wise": true])]),
        Case(
            "factor", [("ScaleIntensityd", ["keys": "image", "minv": .null, "maxv": .null, "factor": 0.3])]),
    ]

    @Test("intensities equal MONAI's in every voxel", arguments: intensities)
    func intensity(_ one: Case) throws {
        let input = Bench.image(try array("intensity.x").tensor)
        let result = try Bench.apply(one.transforms[0].0, one.transforms[0].1, to: input)
        #expect(Bench.differences(result.tensor, try array("\(one.name).y").tensor) == 0)
    }

    static let activations: [Case] = [
        Case("softmax", [("Activationsd", ["keys": "image", "softmax": true])]),
        Case("sigmoid", [("Activationsd", ["keys": "image", "sigmoid": true])]),
        Case("argmax", [("AsDiscreted", ["keys": "image", "argmax": true])]),
        Case("argmax_onehot", [("AsDiscreted", ["keys": "image", "argmax": true, "to_onehot": 5])]),
        Case("threshold", [("AsDiscreted", ["keys": "image", "threshold": 0.5])]),
        Case("rounding", [("AsDiscreted", ["keys": "image", "rounding": "torchrounding"])]),
    ]

    @Test("probabilities agree with MONAI's and labels equal them", arguments: activations)
    func activation(_ one: Case) throws {
        let input = Bench.image(try array("logits.x").tensor)
        let result = try Bench.apply(one.transforms[0].0, one.transforms[0].1, to: input).tensor
        let expected = try array("\(one.name).y").tensor
        guard one.name == "softmax" || one.name == "sigmoid" else {
            #expect(Bench.differences(result, expected) == 0)
            return
        }
        // torch takes another exponential for what is left when a thread's share is no multiple of its vectors, so
        // single values differ in the last bit with the number of threads.
        #expect(result.shape == expected.shape)
        #expect(zip(result.elements, expected.elements).allSatisfy { ($0 - $1).magnitude <= 2.4e-7 * $1 })
        #expect(Bench.differences(result, expected) <= 12)
    }
}
