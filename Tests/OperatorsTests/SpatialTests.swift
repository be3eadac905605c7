import ModelBundles
import Operators
import Pipelines
import TestSupport
import Testing
import Voxels

/// What crops, pads and turns do beside what MONAI's cases show.
@Suite("Operators of space")
struct SpatialTests {
    private let image = Bench.image(Tensor(shape: [1, 2, 3, 4], elements: (0..<24).map { Float($0) }))

    private func refusal(
        _ target: String, _ arguments: KeyValuePairs<String, ConfigValue>, _ image: ModelImage
    ) -> PipelineError? {
        #expect(throws: PipelineError.self) { _ = try Bench.apply(target, arguments, to: image) }
    }

    @Test("monai_version decides whether the foreground's box can leave the image")
    func semantics() throws {
        let component = Bench.component("CropForegroundd", ["keys": "image", "source_key": "image", "margin": 1])
        for (version, shape) in [("1.4.0", [1, 2, 3, 4]), ("1.5.0", [1, 4, 5, 6])] {
            let builder = PipelineBuilder(
                catalog: Catalog.operators, semantics: MONAISemantics(monaiVersion: version))
            var sample = Sample(images: ["image": Bench.image(Tensor(shape: [1, 2, 3, 4], repeating: 1))])
            try builder.pipeline(.component(component), at: "p").apply(&sample, in: PipelineContext(source: NoImages()))
            #expect(sample.images["image"]?.tensor.shape == shape, "\(version)")
        }
    }

    @Test("an image without foreground is refused where it would become one without voxels")
    func nothing() {
        let arguments = ["keys": "image", "source_key": "image"] as KeyValuePairs<String, ConfigValue>
        for value: Float in [0, -1, .nan] {
            let empty = Bench.image(Tensor(shape: [1, 2, 2, 2], repeating: value))
            let error = refusal("CropForegroundd", arguments, empty)
            #expect(error?.code == .unfitImage && error?.message.contains("above 0") == true)
        }
    }

    @Test("a reflection wider than the image is refused with the numbers, as torch refuses it")
    func reflection() throws {
        let arguments =
            ["keys": "image", "spatial_size": [7, 3, 4], "mode": "reflect"]
            as KeyValuePairs<String, ConfigValue>
        #expect(refusal("SpatialPadd", arguments, image)?.message.contains("not 3 to 2") == true)
        let narrow =
            ["keys": "image", "spatial_size": [4, 3, 4], "mode": "reflect"]
            as KeyValuePairs<String, ConfigValue>
        #expect(try Bench.apply("SpatialPadd", narrow, to: image).tensor.shape == [1, 4, 3, 4])
    }

    @Test("integers are not padded with what they cannot hold")
    func integers() throws {
        var integers = image
        integers.elementType = .uint8
        for value in [0.5, 256, -1] {
            let error = refusal("SpatialPadd", ["keys": "image", "spatial_size": 5, "value": .double(value)], integers)
            #expect(error?.message.contains("uint8") == true)
        }
        let padded = try Bench.apply("SpatialPadd", ["keys": "image", "spatial_size": 5, "value": 255], to: integers)
        #expect(padded.tensor.elements.max() == 255 && padded.elementType == .uint8)
    }

    @Test("numbers for other axes than the image has are refused with its shape")
    func ranks() {
        for (target, arguments) in [
            ("SpatialPadd", ["keys": "image", "spatial_size": [4, 4]]),
            ("CenterSpatialCropd", ["keys": "image", "roi_size": [4, 4]]),
            ("Resized", ["keys": "image", "spatial_size": [4, 4]]),
            ("Transposed", ["keys": "image", "indices": [0, 2, 1]]),
            ("Orientationd", ["keys": "image", "axcodes": "RA"]),
            ("Resized", ["keys": "image", "spatial_size": 9, "size_mode": "longest", "mode": "bicubic"]),
            ("SqueezeDimd", ["keys": "image", "dim": 1]), ("Rotate90d", ["keys": "image", "spatial_axes": [-1, 2]]),
        ] as [(String, KeyValuePairs<String, ConfigValue>)] {
            #expect(refusal(target, arguments, image)?.code == .unfitImage, "\(target)")
        }
    }

    @Test("a size beyond memory is refused before it is asked for")
    func sizes() {
        let large =
            ["keys": "image", "spatial_size": [100_000, 100_000, 100_000]] as KeyValuePairs<String, ConfigValue>
        for target in ["SpatialPadd", "Resized", "ResizeWithPadOrCropd"] {
            #expect(refusal(target, large, image)?.code == .unfitImage, "\(target)")
        }
    }

    @Test("every operator records what its inverse needs, also where it has nothing to do, and the inverse restores it")
    func traces() throws {
        for (target, arguments) in [
            ("SpatialPadd", ["keys": "image", "spatial_size": -1]), ("DivisiblePadd", ["keys": "image", "k": 1]),
            ("CenterSpatialCropd", ["keys": "image", "roi_size": 0]), ("Flipd", ["keys": "image"]),
            ("ResizeWithPadOrCropd", ["keys": "image", "spatial_size": -1]),
            ("Rotate90d", ["keys": "image", "k": 5, "spatial_axes": [-1, 0]]),
            ("Rotate90d", ["keys": "image", "k": 0]),
            ("Resized", ["keys": "image", "spatial_size": [-1, 3, 4]]),
            ("Transposed", ["keys": "image", "indices": [2, 0, 3, 1]]),
            ("Transposed", ["keys": "image", "indices": .null]),
            ("SpatialPadd", ["keys": "image", "spatial_size": [5, 6, 9], "mode": "median"]),
        ] as [(String, KeyValuePairs<String, ConfigValue>)] {
            let pipeline = try Bench.pipeline(target, arguments)
            var sample = Sample(images: ["image": image])
            try pipeline.apply(&sample, in: PipelineContext(source: NoImages()))
            var result = try #require(sample.images["image"])
            #expect(result.trace.count == 1, "\(target)")
            try pipeline.invert(&result, interpolation: .nearest)
            #expect(result.tensor == image.tensor, "\(target)")
            #expect(Bench.distance(result.affine, image.affine) <= 1e-12, "\(target)")
            #expect(result.trace.isEmpty)
        }
    }

    @Test("an inverse refuses an image that lost an axis since")
    func lostAxis() throws {
        let pipeline = try Bench.pipeline("CenterSpatialCropd", ["keys": "image", "roi_size": 1])
        var sample = Sample(images: ["image": image])
        try pipeline.apply(&sample, in: PipelineContext(source: NoImages()))
        var result = try #require(sample.images["image"])
        result.tensor.reshape([1, 1, 1])
        let error = #expect(throws: PipelineError.self) { try pipeline.invert(&result, interpolation: .nearest) }
        #expect(error?.message.contains("lost or gained an axis") == true)
    }
}
