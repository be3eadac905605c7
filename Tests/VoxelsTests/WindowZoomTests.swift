import Testing

@testable import Voxels

@Suite struct WindowZoomTests {
    @Test("places and lengths follow the ratio of the windows, cut off")
    func grid() throws {
        let grid = try WindowGrid(imageShape: [11, 5], window: [4, 8], overlap: [0.25, 0.25])
        let coarse = try grid.zoomed(to: [2, 4])
        #expect(coarse.padded == [1, 5, 4] && coarse.size == [1, 2, 4])
        #expect(coarse.starts == [[0], [0, 1, 3, 3], [0]])
        // The padding of 1 before and 2 behind becomes 0.5 and 3 with half rounded to even: places 0 to 3.
        #expect(coarse.imageShape == [5, 3] && coarse.before == [0, 0, 0])
        #expect(try grid.zoomed(to: [4, 8]).imageShape == [11, 5])
        #expect(try grid.zoomed(to: [8, 8]).imageShape == [22, 5])
    }

    @Test("outputs that MONAI can't put together are refused")
    func refused() throws {
        // 11 · (15 / 11) is a little below 15 in float64, so the first place that is cut out has 14 of 15 values.
        let grid = try WindowGrid(imageShape: [22], window: [11], overlap: [0])
        for window in [[15], [0], [5, 5], []] {
            #expect(throws: WindowError.self, "\(window)") { try grid.zoomed(to: window) }
        }
        let buffered = try WindowGrid(imageShape: [22], window: [11], overlap: [0], buffer: (1, 0))
        #expect(throws: WindowError.self) { try buffered.zoomed(to: [22]) }
    }

    @Test("weights are those of torch's nearest-exact interpolation")
    func weights() throws {
        func zoom(_ count: Int, _ wanted: Int) throws -> [Float] {
            try WindowWeights.zoom((0..<count).map(Float.init), from: [count], to: [wanted])
        }
        // F.interpolate(torch.arange(n)[None, None], wanted, mode="nearest-exact") of torch 2.13.
        #expect(try zoom(4, 2) == [1, 3])
        #expect(try zoom(2, 4) == [0, 0, 1, 1])
        #expect(try zoom(3, 2) == [0, 2])
        #expect(try zoom(5, 3) == [0, 2, 4])
        #expect(try zoom(5, 7) == [0, 1, 1, 2, 3, 3, 4])
        #expect(
            try WindowWeights.zoom((0..<12).map(Float.init), from: [2, 3, 2], to: [1, 3, 4])
                == [6, 6, 7, 7, 8, 8, 9, 9, 10, 10, 11, 11])
        // torch's own kernels differ here.
        #expect(throws: WindowError.self) { try zoom(12, 246) }
    }
}
