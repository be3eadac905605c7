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
        ("Resized", ["keys": "image", "spatial_size": [4, 4, 4], "anti_aliasing": true], "anti_aliasing"),
        ("Resized", ["keys": "image", "spatial_size": [4, 4, 4], "dtype": .symbol("torch.float64")], "dtype"),
        ("Resized", ["keys": "image", "spatial_size": [4, 4, 4], "mode": 3], "mode"),
        ("SpatialPadd", ["keys": "image", "spatial_size": 4, "mode": "empty"], "mode"),
        ("SpatialPadd", ["keys": "image", "spatial_size": 4, "constant_values": [1, 2]], "constant_values"),
        ("DivisiblePadd", ["keys": "image", "k": 4, "mode": "mean", "stat_length": 2], "stat_length"),
        ("DivisiblePadd", ["keys": "image", "k": 4, "mode": "linear_ramp", "end_values": 2], "end_values"),
        ("DivisiblePadd", ["keys": "image", "k": 4, "mode": "reflect", "reflect_type": "odd"], "reflect_type"),
        ("CropForeground", ["return_coords": true], "return_coords"),
        (
            "CropForeground", ["select_fn": .lambda(LambdaSource("lambda x: x * 2"))], "select_fn"
        ),
        ("Flipd", ["keys": "image", "lazy": true], "lazy"),
        ("Spacingd", ["keys": "image", "pixdim": 1, "lazy": true], "lazy"),
        ("Orientationd", ["keys": "image", "axcodes": "RAS", "lazy": true], "lazy"),
        ("EnsureTyped", ["keys": "image", "dtype": .symbol("torch.float16")], "dtype"),
        ("CastToTyped", ["keys": "image", "dtype": .symbol("torch.float16")], "dtype"),
        ("ScaleIntensityd", ["keys": "image", "dtype": .symbol("numpy.float64")], "dtype"),
        ("Invertd", ["keys": "image", "transform": .component(Bench.compose("pre", [])), "post_func": 1], "post_func"),
        ("Activationsd", ["keys": "image", "other": .lambda(LambdaSource("lambda x: x"))], "other"),
        ("SaveImaged", ["keys": "image", "output_ext": ".jpg"], "output_ext"),
        ("SaveImaged", ["keys": "image", "output_ext": ".png", "scale": 128], "scale"),
        ("SaveImaged", ["keys": "image", "output_ext": ".png", "writer": "NibabelWriter"], "writer"),
        ("SaveImaged", ["keys": "image", "channel_dim": .null], "channel_dim"),
        ("SaveImaged", ["keys": "image", "folder_layout": "x"], "folder_layout"),
        ("SaveImaged", ["keys": "image", "output_dtype": .symbol("numpy.float16")], "output_dtype"),
        ("SaveImaged", ["keys": "image", "writer": "ITKWriter"], "writer"),
        ("LoadImaged", ["keys": "image", "reader": "NrrdReader"], "reader"),
        ("LoadImaged", ["keys": "image", "dtype": .symbol("numpy.uint8")], "dtype"),
        ("LoadImaged", ["keys": "image", "dtype": .null], "dtype"),
        ("LoadImaged", ["keys": "image", "prune_meta_pattern": ".*"], "prune_meta_pattern"),
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
        ("Orientationd", ["keys": "image", "axcodes": "R"], "axcodes"),
        ("Orientationd", ["keys": "image", "axcodes": "RRS"], "axcodes"),
        ("Orientationd", ["keys": "image", "axcodes": "XYZ"], "axcodes"),
        ("Orientationd", ["keys": "image", "axcodes": "RAS", "labels": [["L", "R"], ["P", "A"]]], "labels"),
        ("Spacingd", ["keys": ["a", "b"], "pixdim": 1, "mode": ["nearest"]], "mode"),
        ("Spacingd", ["keys": "image", "pixdim": 1, "min_pixdim": 2, "max_pixdim": 1], "min_pixdim"),
        ("SpatialPadd", ["keys": "image"], "spatial_size"),
        ("SpatialPadd", ["keys": "image", "spatial_size": [4]], "spatial_size"),
        ("SpatialPadd", ["keys": "image", "spatial_size": [4.5, 4]], "spatial_size"),
        ("SpatialPadd", ["keys": "image", "spatial_size": 4, "method": "begin"], "method"),
        ("SpatialPadd", ["keys": "image", "spatial_size": 4, "mode": "mirror"], "mode"),
        ("SpatialPadd", ["keys": "image", "spatial_size": 4, "mode": "edge", "value": 1], "mode"),
        ("CropForegroundd", ["keys": "image"], "source_key"),
        ("CropForegroundd", ["keys": "image", "source_key": "image", "margin": -1], "margin"),
        ("Resized", ["keys": "image", "spatial_size": 4], "spatial_size"),
        ("Resized", ["keys": "image", "spatial_size": [4, 4, 4], "size_mode": "longest"], "spatial_size"),
        ("Resized", ["keys": "image", "spatial_size": [4, 4, 4], "align_corners": false], "align_corners"),
        ("Flipd", ["keys": "image", "spatial_axis": 3], "spatial_axis"),
        ("Rotate90d", ["keys": "image", "spatial_axes": [0, 1, 2]], "spatial_axes"),
        ("Transposed", ["keys": "image", "indices": [0, 0, 1]], "indices"),
        ("Transposed", ["keys": "image"], "indices"),
        ("AsDiscreted", ["keys": "image", "to_onehot": true], "to_onehot"),
        ("AsDiscreted", ["keys": "image", "threshold": true], "threshold"),
        ("AsDiscreted", ["keys": "image", "rounding": "up"], "rounding"),
        ("AsDiscreted", ["keys": "image", "rounding": "torchrounding", "threshold": 1], "rounding"),
        ("AsDiscreted", ["keys": "image", "keepdim": .null], "keepdim"),
        ("AsDiscreted", ["keys": "image", "dim": .null], "dim"),
        ("AsDiscreted", ["keys": "image", "to_onehot": 2, "dtype": .symbol("numpy.uint8")], "dtype"),
        ("EnsureTyped", ["keys": "image", "data_type": "list"], "data_type"),
        ("NormalizeIntensityd", ["keys": "image", "subtrahend": [1]], "subtrahend"),
        ("NormalizeIntensityd", ["keys": "image", "divisor": 1, "channel_wise": true], "divisor"),
        ("ThresholdIntensityd", ["keys": "image"], "threshold"),
        ("KeepLargestConnectedComponentd", ["keys": "image", "applied_labels": "one"], "applied_labels"),
        ("KeepLargestConnectedComponentd", ["keys": "image", "num_components": -1], "num_components"),
        ("RemoveSmallObjectsd", ["keys": "image", "connectivity": .null], "connectivity"),
        ("ScaleIntensityRangePercentilesd", ["keys": "image", "lower": 1, "upper": 99, "b_min": 0], "b_max"),
        ("ToDeviced", ["keys": "image"], "device"),
        ("DeleteItemsd", ["keys": "image", "sep": ""], "sep"),
        ("AddGuidanceFromPointsDeepEditd", ["ref_image": "image", "label_names": 3], "label_names"),
        ("Activationsd", ["keys": "image", "softmax": true, "sigmoid": true], "softmax"),
        ("Invertd", ["keys": "pred", "orig_keys": "image"], "transform"),
        ("AsDiscreted", ["keys": "image", "to_onehot": 65537], "to_onehot"),
        ("AsDiscreted", ["keys": "image", "dim": 4], "dim"),
        ("AsDiscreted", ["keys": "image", "threshold": .double(.nan)], "threshold"),
        ("Activationsd", ["keys": "image", "softmax": true, "dim": -5], "dim"),
        ("Flipd", ["keys": "image", "spatial_axis": [0, 1, 0]], "spatial_axis"),
        ("Rotate90d", ["keys": "image", "spatial_axes": [1, 1]], "spatial_axes"),
        ("KeepLargestConnectedComponentd", ["keys": "image", "connectivity": 4], "connectivity"),
        ("KeepLargestConnectedComponentd", ["keys": "image", "connectivity": 0], "connectivity"),
        ("KeepLargestConnectedComponentd", ["keys": "image", "applied_labels": .double(.nan)], "applied_labels"),
        ("Resized", ["keys": "image", "spatial_size": [4, 4, 4], "mode": "bicubic"], "mode"),
        ("NormalizeIntensityd", ["keys": "image", "subtrahend": [], "channel_wise": true], "subtrahend"),
        ("NormalizeIntensityd", ["keys": "image", "subtrahend": .double(.nan)], "subtrahend"),
        (
            "NormalizeIntensityd", ["keys": "image", "divisor": [1, .double(.infinity)], "channel_wise": true],
            "divisor"
        ),
        ("ScaleIntensityRanged", ["keys": "image", "a_min": .double(.nan), "a_max": 1], "a_min"),
        ("ScaleIntensityRanged", ["keys": "image", "a_min": 0, "a_max": 1, "b_min": .double(.infinity)], "b_min"),
        ("ScaleIntensityd", ["keys": "image", "factor": .double(.nan)], "factor"),
        ("ScaleIntensityd", ["keys": "image", "minv": .double(.nan)], "minv"),
        (
            "ScaleIntensityRangePercentilesd",
            ["keys": "image", "lower": 1, "upper": 99, "b_min": .double(.nan), "b_max": 1], "b_min"
        ),
        ("ThresholdIntensityd", ["keys": "image", "threshold": .double(.nan)], "threshold"),
        ("ThresholdIntensityd", ["keys": "image", "threshold": 1, "cval": .double(.nan)], "cval"),
        ("Spacingd", ["keys": "image", "pixdim": .double(.nan)], "pixdim"),
        ("Spacingd", ["keys": "image", "pixdim": [1, .double(.infinity)]], "pixdim"),
        ("Spacingd", ["keys": "image", "pixdim": 1, "min_pixdim": .double(.nan), "max_pixdim": 1], "min_pixdim"),
        ("RemoveSmallObjectsd", ["keys": "image", "min_size": .double(.nan)], "min_size"),
        ("SaveImaged", ["keys": "image", "output_postfix": "a/b"], "output_postfix"),
        ("SaveImaged", ["keys": "image", "output_postfix": ".."], "output_postfix"),
        ("SaveImaged", ["keys": "image", "output_postfix": "a\0"], "output_postfix"),
        (
            "SaveImaged", ["keys": "image", "output_postfix": .string(String(repeating: "a", count: 129))],
            "output_postfix"
        ),
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
        let flat = Bench.image(Tensor(shape: [4, 5]))
        var sample = Sample(images: ["image": flat])
        let context = PipelineContext(source: NoImages())
        let spacing = try Bench.pipeline("Spacingd", ["keys": "image", "pixdim": 1])
        let error = #expect(throws: PipelineError.self) { try spacing.apply(&sample, in: context) }
        #expect(error?.code == .unfitImage)
        #expect(error?.message.contains("[4, 5]") == true)
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
        #expect(error?.message == "preprocessing::transforms::0::keys: the sample has no image 'image'; it has none")
        sample.images["label"] = Bench.image(Tensor(shape: [1, 2, 2, 2]))
        sample.images["pred"] = sample.images["label"]
        for (target, arguments, name) in [
            ("Flipd", ["keys": "image"], "keys"),
            ("CropForegroundd", ["keys": "pred", "source_key": "image"], "source_key"),
        ] as [(String, KeyValuePairs<String, ConfigValue>, String)] {
            let error = #expect(throws: PipelineError.self) {
                try Bench.pipeline(target, arguments).apply(&sample, in: context)
            }
            #expect(
                error?.message
                    == "preprocessing::transforms::0::\(name): the sample has no image 'image'; it has label, pred")
        }
        sample.images = [:]
        let lenient = try Bench.pipeline(
            "Activationsd", ["keys": "image", "softmax": true, "allow_missing_keys": true])
        try lenient.apply(&sample, in: context)
        #expect(sample.images.isEmpty)
    }

    @Test("messages name limits and the numbers found")
    func messages() {
        #expect(
            Bench.refusal("SpatialPadd", ["keys": "image", "spatial_size": 2_147_483_648])
                == "preprocessing::transforms::0::spatial_size: expected numbers below 2³¹, found 2147483648")
        #expect(
            Bench.refusal("RemoveSmallObjectsd", ["keys": "image", "min_size": .double(.nan)])
                == "preprocessing::transforms::0::min_size: expected a finite number, found nan")
        #expect(
            Bench.refusal("ThresholdIntensityd", ["keys": "image", "threshold": 1, "cval": .double(-.infinity)]) == nil)
    }

    @Test("a result of more than 2³¹ values, all channels together, is refused by the argument that asks for it")
    func room() {
        let image = Bench.image(Tensor(shape: [3, 4, 4, 4]))
        let flat = Bench.image(Tensor(shape: [1, 4000, 4]))
        for (target, arguments, image, name) in [
            ("Resized", ["keys": "image", "spatial_size": [1000, 1000, 1000]], image, "spatial_size"),
            ("Resized", ["keys": "image", "spatial_size": [2, 2_000_000], "mode": "bicubic"], flat, "spatial_size"),
            (
                "Resized", ["keys": "image", "spatial_size": [1, 300_000_000], "mode": "bilinear"], flat, "spatial_size"
            ),
            ("SpatialPadd", ["keys": "image", "spatial_size": 1000], image, "spatial_size"),
            ("DivisiblePadd", ["keys": "image", "k": 1000], image, "k"),
            ("ResizeWithPadOrCropd", ["keys": "image", "spatial_size": 1000], image, "spatial_size"),
            ("Spacingd", ["keys": "image", "pixdim": 0.002], image, "pixdim"),
            (
                "AsDiscreted", ["keys": "image", "to_onehot": 65536], Bench.image(Tensor(shape: [1, 256, 256])),
                "to_onehot"
            ),
        ] as [(String, KeyValuePairs<String, ConfigValue>, ModelImage, String)] {
            let error = #expect(throws: PipelineError.self) { _ = try Bench.apply(target, arguments, to: image) }
            #expect(error?.code == .unfitImage)
            let message = error?.message ?? "nothing"
            #expect(
                message.hasPrefix("preprocessing::transforms::0::\(name): ") && message.contains("2³¹"), "\(message)")
        }
    }

    @Test("an axis of length 1 has no voxel size where corners are aligned")
    func alignedToOne() throws {
        let image = Bench.image(Tensor(shape: [1, 4, 4]))
        let arguments: KeyValuePairs<String, ConfigValue> = [
            "keys": "image", "spatial_size": [1, 4], "mode": "bilinear", "align_corners": true,
        ]
        let error = #expect(throws: PipelineError.self) { _ = try Bench.apply("Resized", arguments, to: image) }
        #expect(error?.message.hasPrefix("preprocessing::transforms::0::spatial_size: with align_corners") == true)
        #expect(
            try Bench.apply("Resized", ["keys": "image", "spatial_size": [1, 4], "mode": "bilinear"], to: image)
                .tensor.shape == [1, 1, 4])
    }

    @Test("whole numbers that leave 64 bits go round and trap nothing")
    func overflow() throws {
        var image = Bench.image(Tensor(shape: [1, 1, 1, 2], elements: [1, 3]))
        image.elementType = .uint8
        let scaled = try Bench.apply(
            "ScaleIntensityd",
            ["keys": "image", "minv": .null, "maxv": .null, "factor": .int(.max), "dtype": .null], to: image)
        // 1 + (2⁶³ − 1) is −2⁶³ in 64 bits, of which the last eight are 0.
        #expect(scaled.tensor.elements == [0, 0])
        let point = try Bench.apply(
            "ScaleIntensityRanged",
            ["keys": "image", "a_min": 1, "a_max": 1, "b_min": .int(.min), "dtype": .null], to: image)
        #expect(point.tensor.elements == [0, 2])
    }

    @Test("one-hot refuses values that are no labels")
    func oneHot() {
        let image = Bench.image(Tensor(shape: [1, 1, 1, 2], elements: [0, 3]))
        #expect(throws: PipelineError.self) {
            _ = try Bench.apply("AsDiscreted", ["keys": "image", "to_onehot": 3], to: image)
        }
    }
}
