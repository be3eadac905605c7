import ModelBundles
import Operators
import Pipelines
import TestSupport
import Testing
import Voxels

/// Operators that move images about in a sample, join them, and hand over scores.
@Suite("Operators of keys")
struct KeyOperatorTests {
    @Test("scores are handed over with the table they belong to")
    func scores() throws {
        let context = PipelineContext(source: NoImages())
        var sample = Sample(images: ["pred": Bench.image(Tensor(shape: [3], elements: [0.1, 0.7, 0.2]))])
        let pipeline = try Bench.pipeline(
            "SaveClassificationd",
            ["keys": "pred", "filename": "scores.csv", "output_dir": "./eval", "delimiter": ";", "overwrite": false])
        try pipeline.apply(&sample, in: context)
        let saved = try #require(context.savedScores.first)
        #expect(saved.key == "pred" && saved.values == [0.1, 0.7, 0.2] && saved.fileName == "scores.csv")
        #expect(saved.delimiter == ";" && saved.outputDirectory == "./eval")
        #expect(
            Bench.refusal("SaveClassificationd", ["keys": ["a", "b"]])?.contains("::keys: expected one key") == true)
        #expect(Bench.refusal("SaveClassificationd", ["keys": "a", "saver": "x"])?.contains("::saver: ") == true)
    }

    @Test("what cannot be deleted or flattened is refused by its name")
    func refusals() throws {
        #expect(Bench.refusal("DeleteItemsd", ["keys": "a.b.c"])?.contains("::keys: ") == true)
        #expect(Bench.refusal("DeleteItemsd", ["keys": "(", "use_re": true])?.contains("::keys: ") == true)
        #expect(Bench.refusal("FlattenSubKeysd", ["keys": "a", "sub_keys": "b"])?.contains("::sub_keys: ") == true)
        for (target, arguments) in [
            ("DeleteItemsd", ["keys": "pred.b"]), ("FlattenSubKeysd", ["keys": "pred", "sub_keys": ["b"]]),
        ] as [(String, KeyValuePairs<String, ConfigValue>)] {
            var sample = Sample()
            let error = #expect(throws: PipelineError.self) {
                try Bench.pipeline(target, arguments).apply(&sample, in: PipelineContext(source: NoImages()))
            }
            #expect(error?.code == .missingImage && error?.message.contains("'pred'") == true)
        }
    }

    @Test("series are joined on the first one's grid; one that lies elsewhere is refused with the distance")
    func joined() throws {
        let arguments: KeyValuePairs<String, ConfigValue> = ["keys_merge": ["a", "b"], "keys_out": "image"]
        let target = "scripts.my_transforms.ConcatImages"
        let first = Bench.image(Tensor(shape: [1, 2, 2, 2], repeating: 1))
        var second = Bench.image(Tensor(shape: [2, 2, 2, 2], repeating: 2))
        let sample = try Scripts.apply(target, arguments, to: Sample(images: ["a": first, "b": second]))
        let image = try #require(sample.images["image"])
        #expect(
            image.tensor
                == Tensor(
                    shape: [3, 2, 2, 2], elements: Array(repeating: 1, count: 8) + Array(repeating: 2, count: 16)))
        #expect(image.affine == first.affine && image.trace.count == 1 && sample.images.count == 3)

        second.affine[1, 3] = 0.5
        let error = #expect(throws: PipelineError.self) {
            _ = try Scripts.apply(target, arguments, to: Sample(images: ["a": first, "b": second]))
        }
        #expect(error?.message.contains("0.5 mm away from 'a'") == true)
        let other = Bench.image(Tensor(shape: [1, 2, 2, 3]))
        #expect(throws: PipelineError.self) {
            _ = try Scripts.apply(target, arguments, to: Sample(images: ["a": first, "b": other]))
        }
        #expect(throws: PipelineError.self) {
            _ = try Scripts.apply(target, arguments, to: Sample(images: ["a": first]))
        }
    }

    private static let labels = ConfigValue.mapping([("spleen", .int(1)), ("background", .int(0))])

    /// DeepEdit's steps as the zoo's bundle has them.
    private static func deepEdit(_ sample: Sample) throws -> Sample {
        let compose = Bench.compose(
            "pre",
            [
                (
                    "scripts.transforms.OrientationGuidanceMultipleLabelDeepEditd",
                    ["ref_image": "image", "label_names": labels]
                ),
                (
                    "AddGuidanceFromPointsDeepEditd",
                    ["ref_image": "image", "guidance": "guidance", "label_names": labels]
                ),
                ("ResizeGuidanceMultipleLabelDeepEditd", ["guidance": "guidance", "ref_image": "image"]),
                ("AddGuidanceSignalDeepEditd", ["keys": "image", "guidance": "guidance", "number_intensity_ch": 1]),
            ])
        var sample = sample
        let builder = PipelineBuilder(catalog: Catalog.operators, refusal: { _ in nil })
        try builder.pipeline(.component(compose), at: "pre").apply(&sample, in: PipelineContext(source: NoImages()))
        return sample
    }

    @Test("without clicks DeepEdit's image gets a channel of zeros for each label")
    func deepEdit() throws {
        let image = Bench.image(Tensor(shape: [1, 2, 2, 2], elements: (1...8).map { Float($0) }))
        let result = try #require(try Self.deepEdit(Sample(images: ["image": image])).images["image"])
        #expect(
            result.tensor
                == Tensor(shape: [3, 2, 2, 2], elements: (1...8).map { Float($0) } + Array(repeating: 0, count: 16)))
    }

    @Test("clicks, or something in their place, are refused")
    func clicks() {
        let image = Bench.image(Tensor(shape: [1, 2, 2, 2]))
        let error = #expect(throws: PipelineError.self) {
            _ = try Self.deepEdit(Sample(images: ["image": image, "spleen": image]))
        }
        #expect(error?.message.contains("under 'spleen'") == true)
        var sample = Sample(images: ["image": image])
        let missing = #expect(throws: PipelineError.self) {
            try Bench.pipeline("AddGuidanceSignalDeepEditd", ["keys": "image"])
                .apply(&sample, in: PipelineContext(source: NoImages()))
        }
        #expect(missing?.code == .missingImage)
    }

    @Test("scripts have stand-ins only where the builder allows it, and each is bound to published versions")
    func bound() {
        for target in [
            "scripts.my_transforms.ConcatImages", "scripts.my_transforms.MergeClassesd",
            "scripts.transforms.OrientationGuidanceMultipleLabelDeepEditd",
        ] {
            let standIns = Catalog.operators.standIns(for: target)
            #expect(standIns.count == 1 && Catalog.operators[target] == nil)
            #expect(standIns.allSatisfy { $0.digests.allSatisfy { $0.count == 64 } && !$0.bundle.isEmpty })
            #expect(Bench.refusal(target, ["keys": "image"])?.contains("is Python code of the bundle itself") == true)
        }
    }
}
