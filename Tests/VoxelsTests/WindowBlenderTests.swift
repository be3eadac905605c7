import Foundation
import TestSupport
import Testing

@testable import Voxels

@Suite(.ownThread) struct WindowBlenderTests {
    @Test("windows that are cut out and blended again give the image, whatever the padding")
    func roundTrip() throws {
        for shape in [[13], [9, 14], [11, 7, 12]] {
            for padding in [WindowPadding.constant(0), .replicate, .reflect, .circular] {
                for buffer in [nil, 1, 2] {
                    let rank = shape.count
                    let grid = try WindowGrid(
                        imageShape: shape, window: Array(repeating: 8, count: rank),
                        overlap: Array(repeating: 0.6, count: rank), buffer: buffer.map { ($0, 0) })
                    let count = 3 * shape.reduce(1, *)
                    let image = Tensor(shape: [3] + shape, elements: (0..<count).map { Float($0 % 509) })
                    let extractor = try WindowExtractor(grid: grid, padding: padding)
                    var batch = Tensor.Elements(repeating: 0, count: 2 * 3 * grid.windowVoxels)
                    var blender = WindowBlender(grid: grid, channels: 3, weights: nil)
                    for group in grid.groups {
                        blender.begin(group)
                        for first in stride(from: group.windows.lowerBound, to: group.windows.upperBound, by: 2) {
                            let windows = first..<min(first + 2, group.windows.upperBound)
                            extractor.fill(&batch, from: image, windows: windows)
                            let finite = batch.withUnsafeBufferPointer { blender.add($0, windows: windows, in: group) }
                            #expect(finite)
                        }
                        blender.end(group)
                    }
                    #expect(blender.finish() == image, "\(shape) \(padding) \(String(describing: buffer))")
                }
            }
        }
    }

    @Test("many channels on several threads give the same sums as one")
    func threads() throws {
        let grid = try WindowGrid(imageShape: [40, 40, 40], window: [32, 32, 32], overlap: [0.5, 0.5, 0.5])
        let results = (0..<40 * grid.windowVoxels).map { Float(($0 &* 7919) % 1009) / 7 }
        let weights = try #require(try WindowWeights.gaussian(sigmaScale: [0.2, 0.2, 0.2]).map(window: [32, 32, 32]))
        func blend(_ channels: Int, _ skip: Int) -> Tensor {
            var blender = WindowBlender(grid: grid, channels: channels, weights: weights)
            for window in 0..<grid.count {
                let part = Array(results[skip * grid.windowVoxels..<(skip + channels) * grid.windowVoxels])
                _ = part.withUnsafeBufferPointer { blender.add($0, windows: window..<window + 1, in: grid.groups[0]) }
            }
            return blender.finish()
        }
        let all = blend(40, 0)
        for channel in [0, 17, 39] {
            let voxels = 40 * 40 * 40
            let own = all.elements[channel * voxels..<(channel + 1) * voxels]
            #expect(own.elementsEqual(blend(1, channel).elements))
        }
    }

    @Test(
        "the parts that threads work on give the sums of one after another",
        arguments: [[60, 50, 40], [340, 350], [1 << 20]])
    func slabs(shape: [Int]) throws {
        let rank = shape.count
        let grid = try WindowGrid(
            imageShape: shape, window: shape.map { $0 * 3 / 4 }, overlap: Array(repeating: 0.5, count: rank))
        let each = grid.windowVoxels
        let weights = (0..<each).map { Float($0 % 17 + 1) / 8 }
        let results = (0..<grid.count * each).map { Float(($0 &* 7919) % 1009) / 7 }
        var blender = WindowBlender(grid: grid, channels: 1, weights: weights)
        let finite = results.withUnsafeBufferPointer { blender.add($0, windows: 0..<grid.count, in: grid.groups[0]) }
        #expect(finite)
        var sums = [Float](repeating: 0, count: shape.reduce(1, *))
        var counts = sums
        for window in 0..<grid.count {
            let origin = grid.origin(of: window)
            for place in 0..<each {
                let z = place % grid.size[2] + origin.2
                let y = place / grid.size[2] % grid.size[1] + origin.1
                let x = place / (grid.size[2] * grid.size[1]) + origin.0
                let voxel = (x * grid.padded[1] + y) * grid.padded[2] + z
                sums[voxel] += results[window * each + place] * weights[place]
                counts[voxel] += weights[place]
            }
        }
        #expect(blender.finish().elements == zip(sums, counts).map { $0 / $1 })
    }

    @Test("a value that is not finite is seen wherever it is")
    func finite() throws {
        let grid = try WindowGrid(imageShape: [110, 110, 110], window: [104, 104, 104], overlap: [0.5, 0.5, 0.5])
        for place in [0, 500_000, grid.windowVoxels - 1] {
            var results = [Float](repeating: 1, count: grid.windowVoxels)
            results[place] = .nan
            var blender = WindowBlender(grid: grid, channels: 1, weights: nil)
            let finite = results.withUnsafeBufferPointer { blender.add($0, windows: 0..<1, in: grid.groups[0]) }
            #expect(!finite, "\(place)")
        }
    }

    @Test("the Gaussian weights are MONAI's, never below a thousandth")
    func weights() throws {
        let map = try #require(try WindowWeights.gaussian(sigmaScale: [0.125, 0.125]).map(window: [16, 4]))
        // compute_importance_map((16, 4), mode="gaussian", sigma_scale=0.125) of MONAI 1.6.1.
        #expect(map.count == 64)
        #expect(map[0] == 0.001)
        #expect(abs(map[5 * 4 + 1] - 0.27768996) < 1e-6)
        #expect(map.max() == map[7 * 4 + 1] && map[7 * 4 + 1] == map[8 * 4 + 2])
        #expect(abs(map[7 * 4 + 1] - 0.58786964) < 1e-6)
        #expect(try WindowWeights.constant.map(window: [4]) == nil)
        #expect(throws: WindowError.self) { try WindowWeights.gaussian(sigmaScale: [0.1]).map(window: [4, 4]) }
    }

    @Test(
        "how long cutting and blending take",
        .enabled(if: ProcessInfo.processInfo.environment["PORTICO_BENCHMARKS"] == "1"))
    func benchmark() throws {
        let grid = try WindowGrid(imageShape: [267, 267, 125], window: [96, 96, 96], overlap: [0.5, 0.5, 0.5])
        let image = Tensor(shape: [1, 267, 267, 125])
        let extractor = try WindowExtractor(grid: grid, padding: .constant(0))
        let results = [Float](repeating: 1, count: 4 * 2 * grid.windowVoxels)
        let weights = try WindowWeights.gaussian(sigmaScale: [0.125, 0.125, 0.125]).map(window: [96, 96, 96])
        for (name, weights) in [("constant", nil), ("gaussian", weights)] {
            var batch = Tensor.Elements(repeating: 0, count: 4 * grid.windowVoxels)
            let clock = ContinuousClock()
            var (cut, blend) = (Duration.zero, Duration.zero)
            var blender = WindowBlender(grid: grid, channels: 2, weights: weights)
            for first in stride(from: 0, to: grid.count, by: 4) {
                let windows = first..<min(first + 4, grid.count)
                cut += clock.measure { extractor.fill(&batch, from: image, windows: windows) }
                blend += clock.measure {
                    _ = results.withUnsafeBufferPointer { blender.add($0, windows: windows, in: grid.groups[0]) }
                }
            }
            let start = clock.now
            let result = blender.finish()
            print(
                "\(grid.count) windows of 96³, \(name): cut \(cut), blend \(blend), finish \(clock.now - start)",
                result.count)
        }
    }
}
