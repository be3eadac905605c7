import Foundation
import TestSupport
import Testing

@testable import Gateway

@Suite("What no image could make right is told when a bundle is read")
struct BundleRehearsalTests {
    /// The reasons against a bundle, each with its id.
    private func reasons(_ made: MadeFolder) async throws -> [String] {
        try await Scratch.with { scratch in
            let bundle = try made.write(to: scratch.path("bundle")).open(cache: nil)
            return BundleExamination(bundle).reasons.map(\.description)
        }
    }

    /// The plain bundle with steps before or behind its network, and with other metadata.
    private func made(
        before: String = "", behind: String = "", inferer: String? = nil, channels: Int = 1, classes: Int = 2,
        shape: String = #"["8*n", "8*n", "8*n"]"#
    ) -> MadeFolder {
        var made = MadeFolder.plain
            .replacing(
                #""minv": 0, "maxv": 1}"#, with: #""minv": 0, "maxv": 1}"# + (before.isEmpty ? "" : ", " + before)
            )
            .replacing(
                #"{"_target_": "AsDiscreted""#,
                with: (behind.isEmpty ? "" : behind + ", ") + #"{"_target_": "AsDiscreted""#
            )
            .replacing(#""num_channels": 1"#, with: "\"num_channels\": \(channels)", in: "configs/metadata.json")
            .replacing(#""num_channels": 2"#, with: "\"num_channels\": \(classes)", in: "configs/metadata.json")
            .replacing(#"["8*n", "8*n", "8*n"]"#, with: shape, in: "configs/metadata.json")
        if let inferer {
            made = made.replacing(#""SlidingWindowInferer", "roi_size": [16, 16, 24], "overlap": 0.5"#, with: inferer)
        }
        return made
    }

    private static func step(_ name: String, _ arguments: String, key: String = "image") -> String {
        #"{"_target_": "\#(name)", "keys": "\#(key)", \#(arguments)}"#
    }

    /// A step before the network of a bundle of volumes; the argument that is told, and what is said of it.
    @Test(
        "sizes, directions and axes for another number of axes",
        arguments: [
            ("SpatialPadd", #""spatial_size": [4, 4]"#, "spatial_size", "it has 2 numbers, and the image has 3 axes"),
            ("Resized", #""spatial_size": [4, 4]"#, "spatial_size", "it has 2 numbers"),
            (
                "Resized", #""spatial_size": 4, "size_mode": "longest", "mode": "bicubic""#, "mode",
                "'bicubic' is for images"
            ),
            ("CenterSpatialCropd", #""roi_size": [4, 4]"#, "roi_size", "it has 2 numbers"),
            ("ResizeWithPadOrCropd", #""spatial_size": [4, 4]"#, "spatial_size", "it has 2 numbers"),
            ("DivisiblePadd", #""k": [4, 4]"#, "k", "it has 2 numbers"),
            ("CropForegroundd", #""source_key": "image", "margin": [1, 1]"#, "margin", "it has 2 numbers"),
            ("CropForegroundd", #""source_key": "image", "k_divisible": [1, 1]"#, "k_divisible", "it has 2 numbers"),
            ("Orientationd", #""axcodes": "RA""#, "axcodes", "too few directions"),
            ("Transposed", #""indices": [0, 2, 1]"#, "indices", "it names 3 axes, the image has 4 axes"),
            ("SqueezeDimd", #""dim": 4"#, "dim", "has no axis 4"),
        ])
    func volumes(name: String, arguments: String, argument: String, words: String) async throws {
        let found = try await reasons(made(before: Self.step(name, arguments)))
        #expect(found.count == 1, "\(found)")
        #expect(found.first?.hasPrefix("preprocessing::transforms::3::\(argument): ") == true, "\(found)")
        #expect(found.first?.contains(words) == true, "\(found)")
    }

    @Test(
        "axes that an image of two axes lacks",
        arguments: [
            ("Flipd", #""spatial_axis": 2"#, "spatial_axis"), ("Rotate90d", #""spatial_axes": [1, 2]"#, "spatial_axes"),
            ("Orientationd", #""axcodes": "SAR""#, "axcodes"),
            ("SpatialPadd", #""spatial_size": [4, 4, 4]"#, "spatial_size"),
            ("KeepLargestConnectedComponentd", #""connectivity": 3"#, "connectivity"),
        ])
    func pictures(name: String, arguments: String, argument: String) async throws {
        let planar = made(
            before: Self.step(name, arguments), inferer: #""SimpleInferer""#, shape: #"["8*n", "8*n"]"#)
        let found = try await reasons(planar)
        #expect(found.map { $0.prefix { $0 != " " } } == ["preprocessing::transforms::3::\(argument):"], "\(found)")
        // The same steps fit a volume.
        #expect(try await reasons(made(before: Self.step(name, arguments))).isEmpty)
    }

    @Test(
        "arguments of an inferer for another number of axes",
        arguments: [
            (#""roi_size": [4, 4]"#, "roi_size", "[4, 4] has 2 values; the image has 3 spatial axes"),
            (#""roi_size": 4, "overlap": [0.5, 0.5]"#, "overlap", "it has 2 values"),
            (#""roi_size": 4, "mode": "gaussian", "sigma_scale": [0.1, 0.1]"#, "sigma_scale", "it has 2 values"),
            (#""roi_size": 4, "buffer_steps": 2, "buffer_dim": 3"#, "buffer_dim", "3 is no spatial axis"),
        ])
    func inferers(arguments: String, argument: String, words: String) async throws {
        let found = try await reasons(made(inferer: #""SlidingWindowInferer", \#(arguments)"#))
        #expect(found.count == 1 && found[0].hasPrefix("inferer::\(argument): "), "\(found)")
        #expect(found.first?.contains(words) == true, "\(found)")
    }

    @Test("slices are taken of volumes, and their arguments count the axis across them")
    func slices() async throws {
        func sliced(_ arguments: String) -> MadeFolder {
            made(inferer: #""SliceInferer", "roi_size": [8, 8], \#(arguments)"#, shape: #"["8*n", "8*n"]"#)
        }
        #expect(try await reasons(sliced(#""overlap": [0, 0.5, 0.5]"#)).isEmpty)
        let found = try await reasons(sliced(#""overlap": [0.5, 0.5]"#))
        #expect(found.count == 1 && found[0].hasPrefix("inferer::overlap: it has 2 values"), "\(found)")
        let squeezed = made(
            before: Self.step("SqueezeDimd", #""dim": -1"#), inferer: #""SliceInferer", "roi_size": [8, 8]"#,
            shape: #"["8*n", "8*n"]"#)
        let flat = try await reasons(squeezed)
        #expect(flat.count == 1 && flat[0].contains("'image' has 3 axes, and what is asked for is 4"), "\(flat)")
    }

    @Test("an axis that steps take off or move is followed")
    func followed() async throws {
        let squeezed =
            Self.step("SqueezeDimd", #""dim": 0"#) + ", " + Self.step("SpatialPadd", #""spatial_size": [4, 4, 4]"#)
        let found = try await reasons(made(before: squeezed))
        #expect(
            found.contains { $0.hasPrefix("preprocessing::transforms::4::spatial_size: it has 3 numbers") }, "\(found)")
        let missing = try await reasons(
            made().replacing(#", {"_target_": "EnsureChannelFirstd", "keys": "@image"}"#, with: ""))
        // A NIfTI file may hold channels at its end, so it is not known to be wrong.
        #expect(missing.isEmpty)
        let twice = try await reasons(
            made(before: Self.step("EnsureChannelFirstd", #""channel_dim": "no_channel""#)))
        #expect(twice.count == 1 && twice[0].contains("'image' has 5 axes, and what is asked for is 4"), "\(twice)")
    }

    @Test(
        "keys that no step before makes",
        arguments: [
            (
                Self.step("Flipd", #""spatial_axis": 0"#, key: "imgae"), "", "preprocessing::transforms::3::keys",
                "'imgae'"
            ),
            (
                Self.step("CropForegroundd", #""source_key": "imgae""#), "",
                "preprocessing::transforms::3::source_key", "there is image"
            ),
            (
                "", Self.step("Flipd", #""spatial_axis": 0"#, key: "prd"), "postprocessing::transforms::0::keys",
                "image, pred"
            ),
            (
                "", Self.step("Invertd", #""orig_keys": "img", "transform": "@preprocessing""#, key: "pred"),
                "postprocessing::transforms::0::orig_keys", "image, pred"
            ),
            (
                "", Self.step("DeleteItemsd", #""sep": ".""#, key: "pred"), "postprocessing::transforms::1::keys",
                "there is image"
            ),
            (
                Self.step("DeleteItemsd", #""use_re": true"#, key: "^im"), "", "network_data_format::inputs::image",
                "leaves no 'image'"
            ),
            (
                "", Self.step("FlattenSubKeysd", #""prefix": "x""#, key: "pred"), "postprocessing::transforms::0::keys",
                "no dictionary"
            ),
        ])
    func keys(before: String, behind: String, id: String, words: String) async throws {
        let found = try await reasons(made(before: before, behind: behind))
        #expect(found.contains { $0.hasPrefix(id + ": ") && $0.contains(words) }, "\(found)")
    }

    @Test(
        "keys that are passed over, made by a step, or those of training are no mistake",
        arguments: [
            (Self.step("Flipd", #""spatial_axis": 0, "allow_missing_keys": true"#, key: "other"), ""),
            (
                Self.step("Flipd", #""spatial_axis": 0"#, key: "label"),
                Self.step("ToTensord", #""dtype": null"#, key: "label")
            ),
            (
                Self.step("Lambdad", #""func": "$lambda x: x > 0", "overwrite": "mask""#) + ", "
                    + Self.step("CropForegroundd", #""source_key": "mask""#), ""
            ),
            ("", Self.step("Invertd", #""orig_keys": "image", "transform": "@preprocessing""#, key: "pred")),
            ("", Self.step("DeleteItemsd", #""sep": ".""#, key: "nothing")),
        ])
    func goodKeys(before: String, behind: String) async throws {
        let found = try await reasons(made(before: before, behind: behind))
        #expect(found.isEmpty, "\(found)")
    }

    @Test("lists with a number for each channel, against the channels that the network takes")
    func lists() async throws {
        let list = Self.step(
            "NormalizeIntensityd", #""channel_wise": true, "subtrahend": [1, 2, 3], "divisor": [1, 1, 1]"#)
        let found = try await reasons(made(before: list))
        #expect(found == ["preprocessing::transforms::3::subtrahend: 3 values are given for 1 channels"], "\(found)")
        #expect(try await reasons(made(before: list, channels: 3)).isEmpty)
        let uneven = Self.step("NormalizeIntensityd", #""channel_wise": true, "subtrahend": [1, 2], "divisor": [1]"#)
        let two = try await reasons(made(before: uneven, channels: 2))
        #expect(two.count == 1 && two[0].contains("::divisor: 1 values are given for 2 channels"), "\(two)")
        let colours = try await reasons(made(before: list, channels: 4))
        #expect(
            colours.count == 1 && colours[0].contains("::subtrahend: 3 values are given for 4 channels"), "\(colours)")
    }

    @Test(
        "labels and classes, against the channels that the network gives",
        arguments: [
            (
                Self.step("KeepLargestConnectedComponentd", #""applied_labels": [1, 5]"#, key: "pred"),
                "applied_labels",
                "the image has 4 channels and none for the label 5"
            ),
            (Self.step("FillHolesd", #""applied_labels": [9]"#, key: "pred"), "applied_labels", "none for the label 9"),
            (
                Self.step("KeepLargestConnectedComponentd", #""is_onehot": false"#, key: "pred"), "is_onehot",
                "4 channels that are not one-hot"
            ),
            (Self.step("AsDiscreted", #""to_onehot": 4"#, key: "pred"), "to_onehot", "found 4 channels"),
            (Self.step("SqueezeDimd", #""dim": 0"#, key: "pred"), "dim", "no axis 0 of length 1"),
        ])
    func labels(step: String, argument: String, words: String) async throws {
        let found = try await reasons(made(behind: step, classes: 4))
        #expect(found.count == 1, "\(found)")
        #expect(found.first?.hasPrefix("postprocessing::transforms::0::\(argument): ") == true, "\(found)")
        #expect(found.first?.contains(words) == true, "\(found)")
        // Behind an argmax there is one channel, whose values are labels.
        let labels = Self.step("AsDiscreted", #""argmax": true"#, key: "pred") + ", " + step
        #expect(try await reasons(made(behind: labels, classes: 4)).isEmpty)
    }

    @Test("everything is told at once, before a run looks at an image")
    func together() async throws {
        let wrong = made(
            before: Self.step("SpatialPadd", #""spatial_size": [4, 4]"#),
            behind: Self.step("ToTensord", #""dtype": null"#, key: "x"),
            inferer: #""SlidingWindowInferer", "roi_size": [4, 4]"#)
        try await Scratch.with { scratch in
            let bundle = try wrong.write(to: scratch.path("bundle")).open(cache: nil)
            let error = #expect(throws: RunError.self) { try BundlePlan(bundle) }
            let lines = error?.description.split(separator: "\n").map { $0.prefix { $0 != " " } }
            #expect(
                lines == [
                    "preprocessing::transforms::3::spatial_size:", "inferer::roi_size:",
                    "postprocessing::transforms::0::keys:",
                ], "\(error?.description ?? "")")
        }
    }
}
