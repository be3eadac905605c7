import CVoxels
import Foundation
import Testing

@testable import Voxels

/// Kernels against their plainest form.
@Suite("Resampling and turning")
struct ResamplingTests {
    private func ramp(_ shape: [Int]) -> Tensor {
        Tensor(shape: shape, elements: (0..<shape.reduce(1, *)).map { Float(($0 * 37) % 101) })
    }

    @Test("axis by axis and voxel by voxel give the same bits")
    func samplers() {
        let image = ramp([1, 7, 6, 5])
        var map = Affine.identity
        for (axis, scale) in [0.5, 1.3, 0.77].enumerated() {
            map[axis, axis] = scale
            map[axis, 3] = 0.2 * Double(axis) - 0.3
        }
        for interpolation in Resampling.Interpolation.allCases {
            let shape = [11, 5, 6]
            let byAxis = Resampling(interpolation).apply(image, voxelMap: map, shape: shape)
            let grid = SamplingGrid(
                voxelMap: map, from: [7, 6, 5], to: shape, alignsCorners: false, padding: .border)
            #expect(grid.axisCoordinates != nil)
            var general = [Float](repeating: -1, count: byAxis.count)
            image.elements.withUnsafeBufferPointer { input in
                general.withUnsafeMutableBufferPointer { output in
                    guard let input = input.baseAddress, let output = output.baseAddress else { return }
                    for x in 0..<11 {
                        let plane = output + x * 30
                        if interpolation == .linear {
                            GridSampler(grid).linear(input, x, into: plane)
                        } else {
                            GridSampler(grid).nearest(input, x, into: plane)
                        }
                    }
                }
            }
            #expect(byAxis.elements == general)
        }
    }

    @Test("the smallest entry beside the diagonal takes the general path")
    func offDiagonal() {
        var map = Affine.identity
        map[0, 1] = 1e-14
        let grid = SamplingGrid(
            voxelMap: map, from: [5, 5, 5], to: [5, 5, 5], alignsCorners: false, padding: .border)
        #expect(grid.axisCoordinates == nil)
    }

    @Test("an image on nearly the same grid is given back as it is, with its affine")
    func unchanged() throws {
        let image = ramp([1, 3, 3, 3])
        var near = Affine.identity
        near[0, 0] = 1.0005
        let same = try #require(Resampling().bring(image, affine: .identity, onto: near, shape: [3, 3, 3]))
        #expect(same.tensor == image && same.affine == .identity)
        let other = try #require(Resampling().bring(image, affine: .identity, onto: near, shape: [4, 3, 3]))
        #expect(other.tensor.shape == [1, 4, 3, 3] && other.affine == near)
        #expect(
            Resampling().bring(image, affine: Affine(Array(repeating: 0, count: 16)), onto: near, shape: [1, 1, 1])
                == nil)
    }

    @Test("coordinates that are no numbers or beyond all bounds read zero and do not trap")
    func wild() {
        let image = ramp([1, 2, 2, 2])
        for scale in [1e300, Double.nan, -1e18] {
            var map = Affine.identity
            map[0, 0] = scale
            map[1, 2] = 0.5
            for padding in Resampling.Padding.allCases {
                let result = Resampling(.linear, padding: padding).apply(image, voxelMap: map, shape: [3, 3, 3])
                #expect(result.count == 27)
            }
        }
    }

    @Test("every turn of the axes moves each voxel to its place", arguments: 0..<48)
    func turns(number: Int) {
        let permutations = [[0, 1, 2], [0, 2, 1], [1, 0, 2], [1, 2, 0], [2, 0, 1], [2, 1, 0]]
        let turn = Orientation(
            axes: permutations[number / 8], flips: (0..<3).map { number >> $0 & 1 == 1 })
        let shape = [3, 4, 5]
        let image = ramp([2] + shape)
        var turned = image
        turned.turn(by: turn)
        #expect(turned.spatialShape == turn.turned(shape))
        let back = turn.inverseAffine(shape: shape)
        let size = turned.spatialShape
        for voxel in 0..<60 {
            let place = [voxel / (size[1] * size[2]), voxel / size[2] % size[1], voxel % size[2]]
            let from = back.apply(place.map { Double($0) }).map { Int($0) }
            for channel in 0..<2 {
                let source = ((channel * 3 + from[0]) * 4 + from[1]) * 5 + from[2]
                #expect(turned.elements[channel * 60 + voxel] == image.elements[source])
            }
        }
    }

    /// Sigmoids of values at one level of the processor; nil where it lacks that.
    private static func sigmoids(_ values: [Float], level: Int32) -> [Float]? {
        guard let sigmoid = pvx_sigmoid_at(level) else { return nil }
        var values = values
        values.withUnsafeMutableBufferPointer { buffer in
            if let base = buffer.baseAddress { sigmoid(base, buffer.count) }
        }
        return values
    }

    @Test("sigmoids are right to the last bits at every level of the processor, and end at zero and one")
    func sigmoid() throws {
        let values = (-2100...2100).map { Float($0) / 20 } + [-.infinity, .infinity, .nan, -1000, 1000]
        let baseline = try #require(Self.sigmoids(values, level: 0))
        for (value, found) in zip(values, baseline) {
            // Below -88.7 the exponential is infinite, and so the sigmoid nothing.
            let exact = 1 / (1 + exp(-Double(value)))
            #expect(value.isNaN ? found.isNaN : (Double(found) - exact).magnitude <= 2e-7 * exact + 1e-38)
        }
        guard let wide = Self.sigmoids(values, level: 1) else { return }
        #expect(zip(baseline, wide).allSatisfy { $0 == $1 || $0.isNaN && $1.isNaN || ($0 - $1).magnitude < 2e-7 * $1 })
        #expect(zip(baseline, wide).count { $0 != $1 && !$0.isNaN } <= 2)
    }

    @Test("probabilities of one voxel with an infinite channel are no numbers, and nothing traps")
    func infinities() {
        var tensor = Tensor(shape: [2, 1, 1, 2], elements: [.infinity, 1, 0, .nan])
        tensor.softmaxOverChannels()
        #expect(tensor.elements[0].isNaN)
        #expect(tensor.elements[1].isNaN && tensor.elements[3].isNaN)
    }
}
