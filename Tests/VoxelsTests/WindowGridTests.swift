import Testing

@testable import Voxels

@Suite struct WindowGridTests {
    private func starts(_ image: Int, _ window: Int, _ overlap: Double) throws -> [Int] {
        try WindowGrid(imageShape: [image], window: [window], overlap: [overlap]).starts[2]
    }

    @Test("the step is the product of window and 1 − overlap, truncated in float64")
    func steps() throws {
        #expect(try starts(10, 4, 0.25) == [0, 3, 6])
        #expect(try starts(11, 4, 0.25) == [0, 3, 6, 7])
        // 96 · (1 − 0.7) is 28.800000000000004 and 10 · (1 − 0.9) is 0.9999999999999998.
        #expect(try starts(200, 96, 0.7) == [0, 28, 56, 84, 104])
        #expect(try starts(13, 10, 0.9) == [0, 1, 2, 3])
        #expect(try starts(5, 5, 0.5) == [0])
        #expect(try starts(3, 5, 0.5) == [0])
        #expect(try starts(7, 2, 0.999) == [0, 1, 2, 3, 4, 5])
    }

    @Test("windows follow one another with the last axis fastest")
    func order() throws {
        let grid = try WindowGrid(imageShape: [4, 6, 4], window: [2, 4, 4], overlap: [0, 0.5, 0])
        #expect(grid.count == 4)
        #expect((0..<4).map { grid.origin(of: $0).0 } == [0, 0, 2, 2])
        #expect((0..<4).map { grid.origin(of: $0).1 } == [0, 2, 0, 2])
        #expect(grid.groups.map(\.windows) == [0..<4])
    }

    @Test("a buffered axis leads, and its positions are grouped")
    func buffer() throws {
        let grid = try WindowGrid(
            imageShape: [4, 10], window: [2, 4], overlap: [0, 0.5], buffer: (steps: 3, axis: -1))
        // Four positions along the last axis with two windows each.
        #expect(grid.groups.map(\.windows) == [0..<6, 6..<8])
        #expect(grid.groups.map(\.span) == [0..<8, 6..<10])
        #expect((0..<8).map { grid.origin(of: $0).2 } == [0, 0, 2, 2, 4, 4, 6, 6])
        #expect((0..<8).map { grid.origin(of: $0).1 } == [0, 2, 0, 2, 0, 2, 0, 2])
    }

    @Test("an image that is smaller than the window is padded, the odd voxel behind it")
    func padding() throws {
        let grid = try WindowGrid(imageShape: [5, 9], window: [8, 8], overlap: [0, 0])
        #expect(grid.padded == [1, 8, 9])
        #expect(grid.before == [0, 1, 0])
        #expect(grid.isPadded)
    }

    @Test("each padding mode shows the voxels that torch's F.pad shows")
    func modes() throws {
        func sources(_ padding: WindowPadding) throws -> [Int] {
            try padding.sources(image: 4, padded: 10, before: 3)
        }
        #expect(try sources(.constant(7)) == [-1, -1, -1, 0, 1, 2, 3, -1, -1, -1])
        #expect(try sources(.replicate) == [0, 0, 0, 0, 1, 2, 3, 3, 3, 3])
        #expect(try sources(.reflect) == [3, 2, 1, 0, 1, 2, 3, 2, 1, 0])
        #expect(try sources(.circular) == [1, 2, 3, 0, 1, 2, 3, 0, 1, 2])
        #expect(throws: WindowError.self) { try WindowPadding.reflect.sources(image: 3, padded: 9, before: 3) }
        #expect(throws: WindowError.self) { try WindowPadding.circular.sources(image: 3, padded: 11, before: 4) }
    }

    @Test("what can't be laid out is refused")
    func refused() {
        for (shape, window, overlap) in [
            ([], [], []), ([4, 4, 4, 4], [2, 2, 2, 2], [0, 0, 0, 0]), ([4, 0], [2, 2], [0, 0]), ([4, 4], [2], [0, 0]),
            ([4], [2], [1]), ([4], [2], [-0.1]), ([4], [2], [.nan]), ([4], [.max], [0]),
            ([4, 4], [1 << 31, 1 << 31], [0, 0]), ([4, 4], [1 << 20, 1 << 14], [0, 0]),
        ] as [([Int], [Int], [Double])] {
            #expect(throws: WindowError.self, "\(shape) \(window) \(overlap)") {
                try WindowGrid(imageShape: shape, window: window, overlap: overlap)
            }
        }
    }
}
