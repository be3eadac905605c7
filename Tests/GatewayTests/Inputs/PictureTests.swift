import Foundation
import ImageFiles
import Pipelines
import TestSupport
import Testing
import Voxels

@testable import Gateway

@Suite("Pictures in and out")
struct PictureTests {
    private static let inputs = BundleInputs(
        slots: [.init(key: "image", counts: [1], channels: [], isOptional: false)], isPlanar: true)

    private func load(_ path: String, _ change: (inout LoadRequest) -> Void = { _ in }) throws -> ModelImage {
        let source = try RunSource(
            InputAssignment([try RunInput(path)], to: Self.inputs), bundle: Self.inputs, modality: nil)
        #expect(source.stem(of: "image") == "case")
        var request = LoadRequest(key: "image")
        change(&request)
        return try source.load(request)
    }

    private func saved(_ tensor: Tensor, spatial: [Int], type: ElementType = .uint8, scale: Int? = nil) -> SavedImage {
        var saved = SavedImage(
            key: "pred",
            image: ModelImage(
                tensor: tensor, affine: .identity, source: SourceGrid(shape: spatial, affine: .identity)),
            outputPostfix: "seg", outputExtension: ".png", outputDType: type, separateFolder: true,
            outputDirectory: nil, squeezesEndAxes: true, operatorID: "postprocessing::transforms::3")
        saved.scale = scale
        return saved
    }

    @Test("what is written is read again, width first, with its channels at the end")
    func roundTrip() async throws {
        try await Scratch.with { scratch in
            let files = SavedFiles(folder: scratch.path("out"))
            let colour = Tensor(shape: [3, 4, 2], elements: (0..<24).map(Float.init))
            let path = try files.write(saved(colour, spatial: [4, 2]), stem: "case")
            #expect(path.hasSuffix("out/case/case_seg.png"))
            let file = scratch.path("case.png").path
            try FileManager.default.copyItem(atPath: path, toPath: file)
            let image = try load(file)
            #expect(image.tensor.shape == [4, 2, 3] && image.source.channelAxis == -1)
            #expect(image.source.shape == [4, 2] && image.affine == .identity)
            #expect(image.tensor.movingAxisToFront(2) == colour)
        }
    }

    @Test("a grey picture and a volume are refused where a bundle takes a picture of colours")
    func colours() async throws {
        try await Scratch.with { scratch in
            var inputs = Self.inputs
            inputs.components = 3
            let values = Tensor(shape: [1, 2, 2], elements: [0, 0.5, 1, 2])
            let grey = try SavedFiles(folder: scratch.folder)
                .write(saved(values, spatial: [2, 2], scale: 255), stem: "grey")
            let volume = scratch.path("volume.nii").path
            try NIfTI.write(
                Tensor(shape: [2, 2, 2], elements: .init(repeating: 1, count: 8)), affine: .identity, to: volume)
            for (path, words) in [(grey, "the picture is grey"), (volume, "it is a volume")] {
                let source = try RunSource(
                    InputAssignment([try RunInput(path)], to: inputs), bundle: inputs, modality: nil)
                let error = #expect(throws: RunError.self) { try source.load(LoadRequest(key: "image")) }
                #expect(error?.description.contains(words) == true)
                var request = LoadRequest(key: "image", reader: .pil)
                request.convertsToRGB = true
                if path == grey { #expect(try source.load(request).tensor.shape == [2, 2, 3]) }
            }
        }
    }

    @Test("two results under one name are refused, before either is written")
    func oneName() async throws {
        try await Scratch.with { scratch in
            let files = SavedFiles(folder: scratch.folder)
            let image = saved(Tensor(shape: [1, 2, 2]), spatial: [2, 2])
            #expect(throws: Never.self) { try files.requireOwnPlaces([image, image], stems: ["a", "b"]) }
            let error = #expect(throws: RunError.self) {
                try files.requireOwnPlaces([image, image], stems: ["a", "a"])
            }
            #expect(error?.description.contains("a/a_seg.png; give the inputs names of their own") == true)
        }
    }

    @Test("one channel is grey, a scale clips and multiplies, and colour is made where the bundle asks for it")
    func grey() async throws {
        try await Scratch.with { scratch in
            let files = SavedFiles(folder: scratch.folder)
            let values = Tensor(shape: [1, 2, 2], elements: [0, 0.5, 1, 2])
            let path = try files.write(saved(values, spatial: [2, 2], scale: 255), stem: "case")
            let file = scratch.path("case.png").path
            try FileManager.default.copyItem(atPath: path, toPath: file)
            let image = try load(file)
            #expect(image.tensor == Tensor(shape: [2, 2], elements: [0, 127, 255, 255]))
            #expect(image.source.channelAxis == nil)
            let colour = try load(file) { $0.convertsToRGB = true }
            #expect(colour.tensor.shape == [2, 2, 3])
            #expect(Array(colour.tensor.elements.prefix(6)) == [0, 0, 0, 127, 127, 127])
        }
    }

    @Test("a type that no PNG has is refused, and so is a reader that reads pictures otherwise")
    func refused() async throws {
        try await Scratch.with { scratch in
            let files = SavedFiles(folder: scratch.folder)
            let values = Tensor(shape: [1, 2, 2], repeating: 1)
            let error = #expect(throws: RunError.self) {
                try files.write(saved(values, spatial: [2, 2], type: .float32), stem: "case")
            }
            #expect(error?.description.hasPrefix("postprocessing::transforms::3: a PNG holds uint8 or uint16") == true)
            let path = try files.write(saved(values, spatial: [2, 2]), stem: "case")
            let file = scratch.path("case.png").path
            try FileManager.default.copyItem(atPath: path, toPath: file)
            #expect(throws: RunError.self) { try load(file) { $0.reader = .itk } }
            #expect(throws: Never.self) { try load(file) { $0.reader = .pil } }
        }
    }

    @Test("an image without channels of its own is written as it is")
    func noChannel() async throws {
        try await Scratch.with { scratch in
            let path = try SavedFiles(folder: scratch.folder).write(
                saved(Tensor(shape: [3, 2], repeating: 7), spatial: [3, 2]), stem: "case")
            #expect(try PixelFile.read(path).tensor == Tensor(shape: [3, 2], repeating: 7))
        }
    }
}
