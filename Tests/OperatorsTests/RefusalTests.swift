import ModelBundles
import Operators
import Pipelines
import Testing
import Voxels

/// What operators refuse, and the words they find for it.
@Suite("Refusals of operators")
struct RefusalTests {
    @Test("an argument of the wrong type is named with its config path")
    func types() {
        #expect(
            Bench.refusal("Spacingd", ["keys": "image", "pixdim": "1.5"])
                == "preprocessing::transforms::0::pixdim: expected a number or a list of numbers, found a string")
        #expect(
            Bench.refusal("Spacingd", ["keys": "image"])
                == "preprocessing::transforms::0::pixdim: expected a number or a list of numbers, it is missing")
        #expect(
            Bench.refusal("ScaleIntensityRanged", ["keys": "image", "a_min": "low", "a_max": 1])
                == "preprocessing::transforms::0::a_min: expected a number, found a string")
        #expect(
            Bench.refusal("ScaleIntensityRanged", ["a_min": 0, "a_max": 1])
                == "preprocessing::transforms::0::keys: expected a key or a list of keys, it is missing")
        #expect(
            Bench.refusal("AsDiscreted", ["keys": "image", "argmax": .mapping([("a", .int(1))])])
                == "preprocessing::transforms::0::argmax: expected true or false, found a mapping")
    }

    @Test("a flag that is a text is what Python's if takes it for", arguments: ["True", "False", "no"])
    func textFlags(text: String) {
        #expect(Bench.refusal("NormalizeIntensityd", ["keys": "image", "nonzero": .string(text)]) == nil)
    }

    @Test("an argument that the operator does not have is refused by its name")
    func unknownArguments() {
        #expect(
            Bench.refusal("Spacingd", ["keys": "image", "pixdim": 1, "pixdims": 2, "other": .null])
                == "preprocessing::transforms::0::pixdims: Spacingd has no argument 'pixdims'\n"
                + "preprocessing::transforms::0::other: Spacingd has no argument 'other'")
    }

    /// Values that MONAI takes and Portico does not do: the target, its arguments, the name of the argument refused.
    static let unsupported: [(String, KeyValuePairs<String, ConfigValue>, String)] = [
        ("Spacingd", ["keys": "image", "pixdim": 1, "mode": "bicubic"], "mode"),
        ("Spacingd", ["keys": "image", "pixdim": 1, "mode": 3], "mode"),
        ("Spacingd", ["keys": "image", "pixdim": 1, "dtype": .symbol("numpy.float32")], "dtype"),
        ("Spacingd", ["keys": "image", "pixdim": 1, "dtype": .null], "dtype"),
        ("Spacingd", ["keys": "image", "pixdim": 1, "recompute_affine": true], "recompute_affine"),
        ("Spacingd", ["keys": "image", "pixdim": 1, "lazy": true], "lazy"),
        ("Orientationd", ["keys": "image", "axcodes": "RAS", "lazy": true], "lazy"),
        ("EnsureTyped", ["keys": "image", "data_type": "numpy"], "data_type"),
        ("EnsureTyped", ["keys": "image", "dtype": .symbol("torch.float16")], "dtype"),
        ("EnsureTyped", ["keys": "image", "track_meta": false], "track_meta"),
        ("CastToTyped", ["keys": "image", "dtype": .symbol("torch.uint8")], "dtype"),
        ("Activationsd", ["keys": "image", "other": .lambda(LambdaSource("lambda x: x"))], "other"),
        ("Activationsd", ["keys": "image", "softmax": true, "dim": 1], "dim"),
        ("AsDiscreted", ["keys": "image", "argmax": true, "keepdim": false], "keepdim"),
        ("SaveImaged", ["keys": "image", "resample": true], "resample"),
        ("SaveImaged", ["keys": "image", "output_ext": ".png"], "output_ext"),
        ("SaveImaged", ["keys": "image", "output_dtype": .symbol("numpy.float16")], "output_dtype"),
        ("SaveImaged", ["keys": "image", "writer": "ITKWriter"], "writer"),
        ("LoadImaged", ["keys": "image", "reader": "PILReader"], "reader"),
        ("LoadImaged", ["keys": "image", "dtype": .symbol("numpy.uint8")], "dtype"),
    ]

    @Test("a value that MONAI knows and Portico does not do is refused", arguments: unsupported.indices)
    func unsupportedValues(index: Int) {
        let (target, arguments, name) = Self.unsupported[index]
        let refusal = Bench.refusal(target, arguments) ?? "nothing refused"
        #expect(refusal.hasPrefix("preprocessing::transforms::0::\(name): "), "\(refusal)")
    }

    /// Values that MONAI refuses too.
    static let invalid: [(String, KeyValuePairs<String, ConfigValue>, String)] = [
        ("Orientationd", ["keys": "image"], "axcodes"),
        ("Orientationd", ["keys": "image", "axcodes": "RA"], "axcodes"),
        ("Orientationd", ["keys": "image", "axcodes": "RRS"], "axcodes"),
        ("Orientationd", ["keys": "image", "axcodes": "XYZ"], "axcodes"),
        ("Orientationd", ["keys": "image", "axcodes": "RAS", "labels": [["L", "R"], ["P", "A"]]], "labels"),
        ("Spacingd", ["keys": ["a", "b"], "pixdim": 1, "mode": ["nearest"]], "mode"),
        ("Spacingd", ["keys": "image", "pixdim": 1, "min_pixdim": 2, "max_pixdim": 1], "min_pixdim"),
        ("AsDiscreted", ["keys": "image", "to_onehot": true], "to_onehot"),
        ("AsDiscreted", ["keys": "image", "threshold": true], "threshold"),
        ("AsDiscreted", ["keys": "image", "rounding": "up"], "rounding"),
        ("Activationsd", ["keys": "image", "softmax": true, "sigmoid": true], "softmax"),
        ("Invertd", ["keys": "pred", "orig_keys": "image"], "transform"),
        ("Invertd", ["keys": "pred", "transform": "@preprocessing"], "transform"),
    ]

    @Test("a value that MONAI refuses is refused when the bundle is read", arguments: invalid.indices)
    func invalidValues(index: Int) {
        let (target, arguments, name) = Self.invalid[index]
        let refusal = Bench.refusal(target, arguments) ?? "nothing refused"
        #expect(refusal.hasPrefix("preprocessing::transforms::0::\(name): "), "\(refusal)")
    }

    @Test("an image that does not fit is refused with its shape, and the sample stays whole")
    func unfitImages() throws {
        let flat = Bench.image(Tensor(shape: [4, 5, 6]))
        var sample = Sample(images: ["image": flat])
        let context = PipelineContext(source: NoImages())
        let spacing = try Bench.pipeline("Spacingd", ["keys": "image", "pixdim": 1])
        let error = #expect(throws: PipelineError.self) { try spacing.apply(&sample, in: context) }
        #expect(error?.code == .unfitImage)
        #expect(error?.message.contains("[4, 5, 6]") == true)
        #expect(sample.images["image"] != nil)

        var singular = Affine.identity
        singular[1, 1] = 0
        let broken = Bench.image(Tensor(shape: [1, 4, 5, 6]), singular)
        for (target, arguments) in [
            ("Spacingd", ["keys": "image", "pixdim": 1]), ("Orientationd", ["keys": "image", "axcodes": "RAS"]),
        ] as [(String, KeyValuePairs<String, ConfigValue>)] {
            let error = #expect(throws: PipelineError.self) { _ = try Bench.apply(target, arguments, to: broken) }
            #expect(error?.code == .unfitImage)
        }
        let huge = #expect(throws: PipelineError.self) {
            _ = try Bench.apply(
                "Spacingd", ["keys": "image", "pixdim": 1e-9], to: Bench.image(Tensor(shape: [1, 4, 5, 6])))
        }
        #expect(huge?.message.contains("is the spacing in millimetres?") == true)
    }

    @Test("a missing image is refused by its key unless the bundle allows that")
    func missingImages() throws {
        var sample = Sample()
        let context = PipelineContext(source: NoImages())
        let strict = try Bench.pipeline("EnsureTyped", ["keys": "image"])
        let error = #expect(throws: PipelineError.self) { try strict.apply(&sample, in: context) }
        #expect(error?.message == "preprocessing::transforms::0: the sample has no image 'image'")
        let lenient = try Bench.pipeline(
            "Activationsd", ["keys": "image", "softmax": true, "allow_missing_keys": true])
        try lenient.apply(&sample, in: context)
        #expect(sample.images.isEmpty)
    }

    @Test("one-hot refuses values that are no labels")
    func oneHot() {
        let image = Bench.image(Tensor(shape: [1, 1, 1, 2], elements: [0, 3]))
        #expect(throws: PipelineError.self) {
            _ = try Bench.apply("AsDiscreted", ["keys": "image", "to_onehot": 3], to: image)
        }
    }
}
