import ModelBundles
import Operators
import Pipelines
import TestSupport
import Testing
import Voxels

/// Types of values, and what becomes of an image's place, beside what the golden cases show.
@Suite("Operators of types")
struct TypeOperatorTests {
    private static func image(_ values: [Float], _ type: ElementType = .float32) -> ModelImage {
        var image = Bench.image(Tensor(shape: [1, 1, 1, values.count], elements: values))
        image.elementType = type
        return image
    }

    @Test("a value that a type cannot hold is refused with the type's limits, without the value")
    func casts() {
        for (values, type) in [
            ([256], "torch.uint8"), ([-1], "torch.uint8"), ([.nan], "torch.int16"), ([3e7], "torch.int32"),
        ]
            as [([Float], String)]
        {
            for target in ["CastToType", "EnsureType", "ToTensor", "ToNumpy"] {
                let error = #expect(throws: PipelineError.self) {
                    _ = try Bench.apply(target, ["dtype": .symbol(type)], to: Self.image(values))
                }
                #expect(error?.code == .unfitImage && error?.message.contains("::dtype: ") == true)
            }
        }
    }

    @Test("float64 is carried, and refused by what would compute in it")
    func doubles() throws {
        let image = try Bench.apply("CastToType", ["dtype": .symbol("numpy.float64")], to: Self.image([1, 2]))
        #expect(image.elementType == .float64)
        for (target, arguments) in [
            ("ScaleIntensityRange", ["a_min": 0, "a_max": 1]), ("ThresholdIntensity", ["threshold": 0]),
            ("ScaleIntensityRangePercentiles", ["lower": 0, "upper": 1, "b_min": 0, "b_max": 1]),
            ("AsDiscrete", ["threshold": 0]), ("ScaleIntensity", ["dtype": .null]),
        ] as [(String, KeyValuePairs<String, ConfigValue>)] {
            #expect(throws: PipelineError.self, "\(target)") { _ = try Bench.apply(target, arguments, to: image) }
        }
        #expect(try Bench.apply("ScaleIntensity", [:], to: image).elementType == .float32)
    }

    @Test("integers go round as torch's do, and come back into their own type")
    func integers() throws {
        let image = Self.image([0, 100, 200, 255], .uint8)
        func values(_ target: String, _ arguments: KeyValuePairs<String, ConfigValue>) throws -> [Float] {
            Array(try Bench.apply(target, arguments, to: image).tensor.elements)
        }
        // What MONAI 1.6.1 gives.
        #expect(try values("ScaleIntensity", ["minv": .null, "maxv": .null, "factor": 1]) == [0, 200, 144, 254])
        #expect(try values("ScaleIntensity", ["minv": .null, "maxv": .null, "factor": 0.5]) == [0, 150, 300, 382.5])
        #expect(try values("ScaleIntensity", ["minv": 0, "maxv": 200, "dtype": .null]) == [0, 78, 156, 200])
        #expect(
            try values("ScaleIntensityRange", ["a_min": 10, "a_max": 100, "b_min": 0, "b_max": 10, "dtype": .null])
                == [27, 10, 21, 27])
        #expect(try values("ScaleIntensityRange", ["a_min": 10, "a_max": 10, "b_min": 0]) == [246, 90, 190, 245])
        #expect(try values("ScaleIntensityRange", ["a_min": 10.0, "a_max": 10.0, "b_min": 0]) == [-10, 90, 190, 245])
        #expect(try values("ThresholdIntensity", ["threshold": 100, "above": false, "cval": 7.9]) == [0, 7, 7, 7])
        #expect(try values("Activations", ["sigmoid": true]) == [0, 1, 1, 1])
        #expect(throws: PipelineError.self) { _ = try values("ThresholdIntensity", ["threshold": 9, "cval": -1]) }
        let wide = Self.image([-30_000, 30_000], .int16)
        #expect(throws: PipelineError.self) { _ = try Bench.apply("ScaleIntensity", ["dtype": .null], to: wide) }
    }

    /// Operators after which nothing before them can be undone.
    private static let forgetting: [(String, KeyValuePairs<String, ConfigValue>)] = [
        ("ToTensord", ["keys": "image"]), ("ToTensord", ["keys": "image", "track_meta": false]),
        ("ToNumpyd", ["keys": "image"]), ("EnsureTyped", ["keys": "image", "data_type": "numpy"]),
        ("EnsureTyped", ["keys": "image", "track_meta": false]),
    ]

    @Test("what MONAI cannot undo, or would leave on the wrong grid, is refused", arguments: forgetting.indices)
    func forgottenTrace(index: Int) throws {
        let (sample, invert) = try Self.inverted(through: Self.forgetting[index])
        var copy = sample
        let error = #expect(throws: PipelineError.self) {
            try invert.apply(&copy, in: PipelineContext(source: NoImages()))
        }
        #expect(error?.message.contains("cannot undo pre::transforms::0") == true)
    }

    @Test("an image that was only taken apart or moved can be put back")
    func keptTrace() throws {
        for step in [
            ("FromMetaTensord", ["keys": "image"]), ("ToDeviced", ["keys": "image", "device": "cpu"]),
            ("EnsureTyped", ["keys": "image"]),
        ] as [(String, KeyValuePairs<String, ConfigValue>)] {
            var (sample, invert) = try Self.inverted(through: step)
            try invert.apply(&sample, in: PipelineContext(source: NoImages()))
            #expect(sample.images["pred"]?.tensor.elements == .init((0..<24).map { Float($0) }))
        }
    }

    /// A sample whose image went through a reorientation and a step, with a copy to be inverted.
    private static func inverted(
        through step: (String, KeyValuePairs<String, ConfigValue>)
    ) throws -> (Sample, Pipeline) {
        let builder = PipelineBuilder(catalog: Catalog.operators)
        let compose = Bench.compose("pre", [("Orientationd", ["keys": "image", "axcodes": "LPS"]), step])
        let image = Bench.image(Tensor(shape: [1, 2, 3, 4], elements: (0..<24).map { Float($0) }))
        var sample = Sample(images: ["image": image])
        try builder.pipeline(.component(compose), at: "pre").apply(&sample, in: PipelineContext(source: NoImages()))
        var pred = try #require(sample.images["image"])
        pred.trace = []
        sample.images["pred"] = pred
        let invert = Bench.component(
            "Invertd", id: "post",
            ["keys": "pred", "transform": .component(compose), "orig_keys": "image", "post_func": .null])
        return (sample, try builder.pipeline(.component(invert), at: "post"))
    }

    @Test("an array of NumPy lies nowhere")
    func forgottenPlace() throws {
        var affine = Affine.identity
        affine[0, 3] = 12
        let image = Bench.image(Tensor(shape: [1, 2, 2, 2]), affine)
        #expect(try Bench.apply("ToNumpy", [:], to: image).affine == .identity)
        #expect(try Bench.apply("ToTensor", [:], to: image).affine == affine)
    }
}
