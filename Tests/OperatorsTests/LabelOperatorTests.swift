import ModelBundles
import Operators
import Pipelines
import TestSupport
import Testing
import Voxels

/// Components, holes and small objects beside what the golden cases show.
@Suite("Operators of labels")
struct LabelOperatorTests {
    private static let targets = ["KeepLargestConnectedComponent", "FillHoles", "RemoveSmallObjects"]

    @Test("an image without labels and one of a single voxel stay as they are", arguments: targets)
    func nothing(target: String) throws {
        for tensor in [
            Tensor(shape: [1, 3, 4, 5]), Tensor(shape: [1, 1, 1, 1], repeating: 1), Tensor(shape: [2, 4, 4]),
        ] {
            #expect(try Bench.apply(target, [:], to: Bench.image(tensor)).tensor == tensor)
        }
    }

    @Test("an image without voxels or with too many axes is refused", arguments: targets)
    func unfit(target: String) {
        for shape in [[1, 0, 4, 5], [1, 2, 2, 2, 2], [3]] {
            let error = #expect(throws: PipelineError.self) {
                _ = try Bench.apply(target, [:], to: Bench.image(Tensor(shape: shape)))
            }
            #expect(error?.code == .unfitImage)
        }
    }

    @Test("what is no number belongs to no component, and is no size")
    func noNumbers() throws {
        let tensor = Tensor(shape: [1, 1, 1, 5], elements: [1, .nan, 1, 1, 0])
        let kept = Array(try Bench.apply("KeepLargestConnectedComponent", [:], to: Bench.image(tensor)).tensor.elements)
        #expect(kept[0] == 0 && kept[1].isNaN && kept[2...] == [1, 1, 0])
        #expect(throws: PipelineError.self) {
            _ = try Bench.apply("RemoveSmallObjects", [:], to: Bench.image(tensor))
        }
    }

    @Test("labels fill what they enclose in the order of a Python set")
    func order() throws {
        // Two rhombs that cross between their voxels; the set of 3 and 8 is gone through from 8 on. MONAI's result.
        let before: [[Float]] = [
            [0, 0, 0, 0, 0, 0, 0, 0, 0, 0], [0, 0, 0, 3, 0, 0, 8, 0, 0, 0], [0, 0, 3, 0, 3, 8, 0, 8, 0, 0],
            [0, 3, 0, 0, 8, 3, 0, 0, 8, 0], [3, 0, 0, 8, 0, 0, 3, 0, 0, 8], [0, 3, 0, 0, 8, 3, 0, 0, 8, 0],
            [0, 0, 3, 0, 3, 8, 0, 8, 0, 0], [0, 0, 0, 3, 0, 0, 8, 0, 0, 0], [0, 0, 0, 0, 0, 0, 0, 0, 0, 0],
        ]
        let after: [[Float]] = [
            [0, 0, 0, 0, 0, 0, 0, 0, 0, 0], [0, 0, 0, 3, 0, 0, 8, 0, 0, 0], [0, 0, 3, 0, 3, 8, 8, 8, 0, 0],
            [0, 3, 0, 0, 8, 8, 8, 8, 8, 0], [3, 0, 0, 8, 8, 8, 8, 8, 8, 8], [0, 3, 0, 0, 8, 8, 8, 8, 8, 0],
            [0, 0, 3, 0, 3, 8, 8, 8, 0, 0], [0, 0, 0, 3, 0, 0, 8, 0, 0, 0], [0, 0, 0, 0, 0, 0, 0, 0, 0, 0],
        ]
        let image = Bench.image(Tensor(shape: [1, 9, 10], elements: before.flatMap { $0 }))
        let filled = try Bench.apply("FillHoles", ["connectivity": 1], to: image).tensor
        #expect(filled.elements == after.flatMap { $0 })
    }

    @Test("a neighbourhood of more axes than the image has is refused")
    func connectivity() {
        let image = Bench.image(Tensor(shape: [1, 3, 3], repeating: 1))
        let error = #expect(throws: PipelineError.self) {
            _ = try Bench.apply("KeepLargestConnectedComponent", ["connectivity": 3], to: image)
        }
        #expect(error?.message.contains("::connectivity: expected 1 to 2") == true)
    }

    @Test("a picture's measure is its area, whatever the third axis of its affine says")
    func area() throws {
        // MONAI's result for an affine of -1, -5 and 1.5: 20.5 mm² are 4.1 voxels, and objects of up to 5 go.
        var affine = Affine.identity
        (affine[0, 0], affine[1, 1], affine[2, 2]) = (-1, -5, 1.5)
        var tensor = Tensor(shape: [1, 12, 12])
        for (row, length) in [(0, 4), (2, 5), (4, 6), (6, 3), (8, 2)] {
            for column in 0..<length { tensor.elements[row * 12 + column] = 1 }
        }
        let image = Bench.image(tensor, affine)
        let kept = try Bench.apply("RemoveSmallObjects", ["min_size": 20.5, "by_measure": true], to: image).tensor
        #expect(
            (0..<12).map { kept.elements[$0 * 12..<$0 * 12 + 12].reduce(0, +) } == [0, 0, 0, 0, 6, 0, 0, 0, 0, 0, 0, 0])
    }

    @Test("classes are merged so that the first channel counts")
    func mergedClasses() throws {
        let target = "scripts.my_transforms.MergeClassesd"
        func merged(_ tensor: Tensor) throws -> Tensor? {
            let sample = Sample(images: ["image": Bench.image(tensor)])
            return try Scripts.apply(target, ["keys": "image"], to: sample).images["image"]?.tensor
        }
        let channels: [[Float]] = [[1, 1, 0, 0, 0, 0, 1, 1], [1, 0, 0, 1, 0, 0, 1, 1], [1, 1, 0, 1, 0, 0, 1, 1]]
        let masks = Tensor(shape: [3, 2, 2, 2], elements: Array(channels.joined()))
        #expect(try merged(masks) == Tensor(shape: [1, 2, 2, 2], elements: [1, 2, 0, 1, 0, 0, 1, 1]))
        // The script drops axes of length 1.
        #expect(throws: PipelineError.self) { _ = try merged(Tensor(shape: [3, 1, 2, 2])) }
    }
}

/// Operators in the place of scripts, which a builder takes only where a bundle's script is the one they are bound to.
enum Scripts {
    static func apply(
        _ target: String, _ arguments: KeyValuePairs<String, ConfigValue>, to sample: Sample
    ) throws -> Sample {
        var sample = sample
        let builder = PipelineBuilder(catalog: Catalog.operators, refusal: { _ in nil })
        try builder.pipeline(.component(Bench.component(target, arguments)), at: "preprocessing").apply(
            &sample, in: PipelineContext(source: NoImages()))
        return sample
    }
}
