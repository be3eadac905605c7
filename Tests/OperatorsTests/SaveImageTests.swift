import ModelBundles
import Pipelines
import Testing
import Voxels

@Suite("Saving images")
struct SaveImageTests {
    private func saved(
        _ arguments: KeyValuePairs<String, ConfigValue>, _ image: ModelImage, target: String = "SaveImaged"
    ) throws -> SavedImage {
        let context = PipelineContext(source: NoImages())
        var sample = Sample(images: ["image": image])
        try Bench.pipeline(target, arguments).apply(&sample, in: context)
        return try #require(context.savedImages.first)
    }

    private var image: ModelImage { Bench.image(Tensor(shape: [1, 2, 3, 4], repeating: 3)) }

    @Test(
        "a picture holds uint8 whatever is asked for, but for uint16 and the image's own type",
        arguments: [
            (ConfigValue.symbol("numpy.float32"), ElementType.uint8), (.symbol("numpy.uint16"), .uint16),
            (.symbol("numpy.uint8"), .uint8), (.null, .int16),
        ])
    func pictureType(asked: ConfigValue, expected: ElementType) throws {
        var image = image
        image.elementType = .int16
        let saved = try saved(["keys": "image", "output_ext": "png", "output_dtype": asked, "scale": 255], image)
        #expect(saved.outputDType == expected && saved.outputExtension == ".png" && saved.scale == 255)
    }

    @Test("NIfTI without a type takes the image's own, and a scale does not concern it")
    func niftiType() throws {
        var image = image
        image.elementType = .int16
        let arguments: KeyValuePairs<String, ConfigValue> = [
            "keys": "image", "output_dtype": .null, "scale": 255, "writer": "NibabelWriter",
        ]
        let saved = try saved(arguments, image)
        #expect(saved.outputDType == .int16 && saved.scale == nil)
        #expect(try self.saved(["keys": "image"], image).outputDType == .float32)
    }

    @Test("the array spelling saves the image that the pipeline is about")
    func array() throws {
        #expect(try saved(["output_postfix": "x"], image, target: "SaveImage").key == "image")
    }

    @Test("resample is nothing on the grid that was loaded, and refused on another")
    func resample() throws {
        var image = image
        image.affine[0, 3] += 5e-4
        let saved = try saved(["keys": "image", "resample": true], image)
        #expect(saved.image.affine == image.source.affine)
        image.affine[0, 3] += 1
        let error = #expect(throws: PipelineError.self) {
            try self.saved(["keys": "image", "resample": true], image)
        }
        #expect(error?.message.contains("preprocessing::transforms::0::resample") == true)
        var cropped = self.image
        cropped.tensor = Tensor(shape: [1, 2, 3, 3], repeating: 1)
        #expect(throws: PipelineError.self) { try self.saved(["keys": "image", "resample": true], cropped) }
        #expect(throws: Never.self) { try self.saved(["keys": "image"], cropped) }
    }

    @Test("what a study never brings is passed over, and nothing else")
    func absent() throws {
        let context = PipelineContext(source: NoImages())
        var sample = Sample(images: ["pred": image])
        sample.absentKeys = ["label"]
        let keys: ConfigValue = ["pred", "label"]
        try Bench.pipeline("SaveImaged", ["keys": keys]).apply(&sample, in: context)
        #expect(context.savedImages.map(\.key) == ["pred"])
        try Bench.pipeline("LoadImaged", ["keys": "label"]).apply(&sample, in: context)
        try Bench.pipeline("ScaleIntensityd", ["keys": keys]).apply(&sample, in: context)
        sample.absentKeys = []
        #expect(throws: PipelineError.self) {
            try Bench.pipeline("SaveImaged", ["keys": keys]).apply(&sample, in: context)
        }
    }

    @Test("stacked files have their channels in front")
    func stacked() throws {
        var image = Bench.image(Tensor(shape: [2, 2, 3, 4], elements: (0..<48).map(Float.init)))
        image.source = SourceGrid(shape: [2, 3, 4], affine: .identity, channelAxis: 0)
        #expect(try Bench.apply("EnsureChannelFirstd", ["keys": "image"], to: image).tensor == image.tensor)
    }
}
