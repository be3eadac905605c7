import Pipelines
import TestSupport
import Testing
import Voxels

@testable import Gateway

@Suite("Several images as one")
struct ImageStackTests {
    private func image(
        _ value: Float, shape: [Int] = [2, 3, 4], channels: Int? = nil, _ affine: Affine = .identity
    ) -> ModelImage {
        let full = shape + (channels.map { [$0] } ?? [])
        let count = full.reduce(1, *)
        return ModelImage(
            tensor: Tensor(shape: full, elements: (0..<count).map { value + Float($0) }), affine: affine,
            source: SourceGrid(shape: shape, affine: affine, hasChannelAxis: channels != nil))
    }

    private func stack(_ images: ModelImage...) throws -> ModelImage {
        try ImageStack.read(
            images.enumerated().map { index, image in ImageStack.Member(name: "/x/\(index)") { image } }, key: "image")
    }

    @Test("images are stacked along a new first axis, one alone stays as it is")
    func stacked() throws {
        let stacked = try stack(image(0), image(100), image(200))
        #expect(stacked.tensor.shape == [3, 2, 3, 4] && stacked.source.channelAxis == 0)
        #expect(stacked.source.shape == [2, 3, 4])
        #expect(stacked.tensor.elements == [0, 100, 200].flatMap { start in (0..<24).map { Float(start + $0) } })
        let single = try stack(image(0))
        #expect(single.tensor.shape == [2, 3, 4] && single.source.channelAxis == nil)
    }

    @Test("images with channels of their own are joined at the end")
    func joined() throws {
        let joined = try stack(image(0, shape: [2, 1], channels: 2), image(100, shape: [2, 1], channels: 1))
        #expect(joined.tensor.shape == [2, 1, 3] && joined.source.channelAxis == -1)
        #expect(joined.tensor.elements == [0, 1, 100, 2, 3, 101])
    }

    @Test("another shape is refused with both names and the numbers")
    func shapes() {
        let error = #expect(throws: RunError.self) { try stack(image(0), image(0), image(0, shape: [2, 3, 5])) }
        let text = error?.description ?? ""
        #expect(text.contains("/x/0 has 2 × 3 × 4 voxels and /x/2 2 × 3 × 5") && text.contains("never resamples"))
        let mixed = #expect(throws: RunError.self) { try stack(image(0), image(0, channels: 2)) }
        #expect(mixed?.description.contains("only one holds channels") == true)
    }

    @Test("a grid whose farthest corner is off is refused with the distance; rounding is not")
    func grids() throws {
        var near = Affine.identity
        near[0, 3] = 0.9e-4
        #expect(throws: Never.self) { try stack(image(0), image(0, near)) }
        var turned = Affine.identity
        turned[1, 2] = 0.01
        let error = #expect(throws: RunError.self) { try stack(image(0), image(0, turned)) }
        // Three slices of 0.01 mm each.
        #expect(error?.description.contains("/x/1 lies elsewhere than /x/0") == true)
        #expect(error?.description.contains("up to 0.03 mm apart, 0.001 mm may be") == true)
        #expect(ImageStack.distance(.identity, turned, shape: [2, 3, 4]) == 0.03)
    }

    @Test("what a reader throws comes out")
    func failing() {
        let members = [
            ImageStack.Member(name: "a") { image(0) }, ImageStack.Member(name: "b") { throw SupportError("broken") },
        ]
        #expect(throws: SupportError.self) { try ImageStack.read(members, key: "image") }
    }
}
