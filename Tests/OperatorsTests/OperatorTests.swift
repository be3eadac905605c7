import ModelBundles
import Operators
import Pipelines
import TestSupport
import Testing
import Voxels

/// What operators do beside what the golden data shows.
@Suite("Operators")
struct OperatorTests {
    @Test("every operator answers to MONAI's three spellings and to its dotted path")
    func names() {
        let catalog = Catalog.operators
        for stem in [
            "LoadImage", "EnsureChannelFirst", "EnsureType", "CastToType", "ToDevice", "ToTensor", "Orientation",
            "Spacing", "ScaleIntensityRange", "ScaleIntensity", "NormalizeIntensity", "Activations", "AsDiscrete",
            "Invert", "SaveImage", "Lambda",
        ] {
            for ending in ["d", "D", "Dict"] {
                #expect(catalog[stem + ending] != nil, "\(stem)\(ending)")
                #expect(catalog["monai.transforms." + stem + ending] != nil)
            }
            #expect(catalog["scripts.transforms." + stem + "d"] == nil)
        }
        #expect(catalog["Compose"] == nil)
    }

    @Test("the channel axis is added, moved from the end, or taken from where the bundle says")
    func channels() throws {
        let values = (0..<24).map { Float($0) }
        var plain = Bench.image(Tensor(shape: [2, 3, 4], elements: values))
        plain.source = SourceGrid(shape: [2, 3, 4], affine: .identity)
        #expect(try Bench.apply("EnsureChannelFirstd", ["keys": "image"], to: plain).tensor.shape == [1, 2, 3, 4])

        var last = Bench.image(Tensor(shape: [2, 1, 3, 4], elements: values))
        last.source = SourceGrid(shape: [2, 1, 3], affine: .identity, hasChannelAxis: true)
        let moved = try Bench.apply("EnsureChannelFirstd", ["keys": "image"], to: last).tensor
        #expect(moved.shape == [4, 2, 1, 3])
        #expect(Array(moved.elements.prefix(6)) == [0, 4, 8, 12, 16, 20])
        let second = try Bench.apply("EnsureChannelFirstd", ["keys": "image", "channel_dim": -2], to: last).tensor
        #expect(second.shape == [3, 2, 1, 4])
        #expect(Array(second.elements.prefix(8)) == [0, 1, 2, 3, 12, 13, 14, 15])
        let none = ["keys": "image", "channel_dim": "no_channel"] as KeyValuePairs<String, ConfigValue>
        #expect(try Bench.apply("EnsureChannelFirstd", none, to: last).tensor.shape == [1, 2, 1, 3, 4])
    }

    @Test("argmax takes the first of equals, and what is no number before all others")
    func argmax() throws {
        let image = Bench.image(
            Tensor(shape: [3, 1, 1, 4], elements: [1, 0, .nan, 5, 1, 2, 9, .nan, 0, 2, .nan, .infinity]))
        let labels = try Bench.apply("AsDiscreted", ["keys": "image", "argmax": true], to: image).tensor
        #expect(labels == Tensor(shape: [1, 1, 1, 4], elements: [0, 1, 0, 1]))
    }

    @Test("a threshold keeps what equals it")
    func threshold() throws {
        let image = Bench.image(Tensor(shape: [1, 1, 1, 4], elements: [0.1, 0.5, 0.6, .nan]))
        let labels = try Bench.apply("AsDiscreted", ["keys": "image", "threshold": 0.1], to: image).tensor
        #expect(labels.elements == [1, 1, 1, 0])
    }

    @Test("a second image of the same shape and spacing gets the first one's shape")
    func oneShape() throws {
        var shifted = Affine.identity
        for axis in 0..<3 { shifted[axis, axis] = 0.75 }
        var coarser = shifted
        coarser[0, 0] = 0.7505
        let first = Bench.image(Tensor(shape: [1, 8, 8, 8], repeating: 1), shifted)
        let second = Bench.image(Tensor(shape: [1, 8, 8, 8], repeating: 1), coarser)
        func shapes(_ together: Bool) throws -> [[Int]] {
            var sample = Sample(images: ["a": first, "b": second])
            let pipeline = try Bench.pipeline(
                "Spacingd", ["keys": ["a", "b"], "pixdim": 1.5, "ensure_same_shape": .bool(together)])
            try pipeline.apply(&sample, in: PipelineContext(source: NoImages()))
            return ["a", "b"].compactMap { sample.images[$0]?.tensor.spatialShape }
        }
        #expect(try shapes(true) == [[4, 4, 4], [4, 4, 4]])
        // 7 · 0.75 / 1.5 + 1 = 4.5 goes to the even 4, a little more goes to 5.
        #expect(try shapes(false) == [[4, 4, 4], [5, 4, 4]])
    }

    @Test("SaveImaged hands over the image with its arguments and writes nothing")
    func save() throws {
        let image = Bench.image(Tensor(shape: [1, 2, 2, 2], repeating: 3))
        let context = PipelineContext(source: NoImages())
        var sample = Sample(images: ["pred": image])
        let pipeline = try Bench.pipeline(
            "SaveImaged",
            [
                "keys": "pred", "output_dir": "./eval", "output_postfix": "seg", "output_ext": "NII",
                "output_dtype": .symbol("numpy.uint8"), "separate_folder": false, "meta_keys": "pred_meta_dict",
                "resample": false, "squeeze_end_dims": false,
            ])
        try pipeline.apply(&sample, in: context)
        let saved = try #require(context.savedImages.first)
        #expect(saved.key == "pred" && saved.image.tensor == image.tensor)
        #expect(saved.outputPostfix == "seg" && saved.outputExtension == ".nii" && saved.outputDirectory == "./eval")
        #expect(saved.outputDType == .uint8 && !saved.separateFolder && !saved.squeezesEndAxes)
    }

    @Test("an image that was not preprocessed by the transform cannot be inverted by it")
    func foreignTrace() throws {
        let builder = PipelineBuilder(catalog: Catalog.operators)
        let first = Bench.compose("first", [("Orientationd", ["keys": "image", "axcodes": "LPS"])])
        let second = Bench.compose("second", [("Spacingd", ["keys": "image", "pixdim": 2])])
        let context = PipelineContext(source: NoImages())
        var sample = Sample(images: ["image": Bench.image(Tensor(shape: [1, 4, 4, 4], repeating: 1))])
        for compose in [first, second] {
            try builder.pipeline(.component(compose), at: compose.id).apply(&sample, in: context)
        }
        sample.images["pred"] = sample.images["image"]
        let invert = Bench.component(
            "Invertd", id: "post", ["keys": "pred", "transform": .component(first), "orig_keys": "image"])
        let error = #expect(throws: PipelineError.self) {
            try builder.pipeline(.component(invert), at: "post").apply(&sample, in: context)
        }
        #expect(error?.message.contains("second::transforms::0") == true)
    }

    @Test("an original that is missing is refused, not passed over")
    func missingOriginal() throws {
        let builder = PipelineBuilder(catalog: Catalog.operators)
        let compose = Bench.compose("pre", [("Orientationd", ["keys": "image", "axcodes": "LPS"])])
        let invert = Bench.component(
            "Invertd", id: "post", ["keys": "pred", "transform": .component(compose), "orig_keys": "image"])
        var sample = Sample(images: ["pred": Bench.image(Tensor(shape: [1, 2, 2, 2]))])
        let error = #expect(throws: PipelineError.self) {
            try builder.pipeline(.component(invert), at: "post").apply(
                &sample, in: PipelineContext(source: NoImages()))
        }
        #expect(error?.code == .missingImage)
    }
}
