import Testing
import Voxels

@Suite("Affines")
struct AffineTests {
    /// A sheared, anisotropic, translated map.
    private let sample = Affine([
        1.5, 0.2, -0.1, 12,
        -0.3, 0.8, 0.05, -7.25,
        0.1, -0.4, 3.2, 101.5,
        0, 0, 0, 1,
    ])

    @Test("a point goes through the matrix as rows times columns")
    func apply() {
        let point = sample.apply([2, -1, 0.5])
        let expected = [14.75, -8.625, 103.7]
        for (value, wanted) in zip(point, expected) { #expect(abs(value - wanted) < 1e-12) }
    }

    @Test("a product applies its right side first")
    func product() {
        let shift = Affine([1, 0, 0, 5, 0, 1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1])
        #expect((sample * shift).apply([0, 0, 0]) == sample.apply([5, 0, 0]))
        #expect((shift * sample).apply([0, 0, 0])[0] == sample.apply([0, 0, 0])[0] + 5)
    }

    @Test("the inverse leads back")
    func inverse() throws {
        let back = try #require(sample.inverse)
        let there = back.apply(sample.apply([3, -4, 5]))
        for (value, wanted) in zip(there, [3.0, -4, 5]) { #expect(abs(value - wanted) < 1e-12) }
    }

    @Test("a matrix that flattens space has no inverse")
    func singular() {
        #expect(Affine([1, 2, 0, 0, 2, 4, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1]).inverse == nil)
    }

    @Test("LPS and RAS differ in the sign of the first two rows, and twice is not at all")
    func handedness() {
        let flipped = sample.flippingLPSAndRAS
        #expect(flipped.apply([1, 2, 3])[0] == -sample.apply([1, 2, 3])[0])
        #expect(flipped.apply([1, 2, 3])[1] == -sample.apply([1, 2, 3])[1])
        #expect(flipped.apply([1, 2, 3])[2] == sample.apply([1, 2, 3])[2])
        #expect(flipped.flippingLPSAndRAS == sample)
    }

    @Test("spacing is the length of the columns")
    func spacing() {
        let turned = Affine([0, -3, 0, 0, 2, 0, 0, 0, 0, 0, 5, 0, 0, 0, 0, 1])
        #expect(turned.spacing == [2, 3, 5])
    }
}
