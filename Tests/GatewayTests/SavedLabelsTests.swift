import Testing
import Voxels

@testable import Gateway

@Suite("The label map that a bundle saves")
struct SavedLabelsTests {
    @Test("labels are counted by segment and slice, in millilitres")
    func census() throws {
        var tensor = Tensor(shape: [4, 3, 2])
        for (i, j, k, label) in [(0, 0, 0, 1), (1, 0, 0, 1), (3, 2, 1, 2), (2, 1, 1, 1)] {
            tensor.elements[(i * 3 + j) * 2 + k] = Float(label)
        }
        let map = try SavedLabelsSupport.map(tensor, spacing: [2, 2, 5])
        #expect(map.segments.map(\.voxels) == [3, 1, 0, 0])
        #expect(map.segments.map(\.slices) == [2, 1, 0, 0])
        #expect(map.segments.map(\.label) == ["liver", "spleen", "left kidney", "right kidney"])
        #expect(map.segments[0].millilitres == 0.06)
        #expect(!map.isEmpty)
        #expect(map.notes.isEmpty)
    }

    @Test("a map of zeros is empty")
    func empty() throws {
        #expect(try SavedLabelsSupport.map(Tensor(shape: [4, 3, 2]), spacing: [1, 1, 1]).isEmpty)
    }

    @Test("fractions and labels without a name are said")
    func oddLabels() throws {
        var tensor = Tensor(shape: [2, 1, 1])
        tensor.elements = [0.75, 9]
        let map = try SavedLabelsSupport.map(tensor, spacing: [1, 1, 1])
        #expect(map.notes.count == 2)
        #expect(map.segments[0].voxels == 1)
        #expect(!map.isEmpty)
    }

    @Test("an image of several channels is no label map")
    func channels() {
        #expect(throws: RunError.self) { try SavedLabelsSupport.map(Tensor(shape: [2, 2, 2, 2]), spacing: [1, 1, 1]) }
    }
}
