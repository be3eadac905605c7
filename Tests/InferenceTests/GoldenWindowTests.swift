import Foundation
import ImageFiles
import TestSupport
import Testing
import Voxels

@testable import Inference

/// What MONAI 1.6.1 gave; `make_golden.py` made it.
@Suite struct GoldenWindowTests {
    private struct Case: Decodable {
        var shape: [Int]
        var network: String
        var target: String
        var arguments: [String: Argument]
        var refused: Bool
    }

    @Test("every inferer gives the numbers that MONAI gives, and refuses what it refuses")
    func golden() throws {
        let folder = Project.root.appending(path: "Tests/InferenceTests/Golden")
        let arrays = try NPZ.read(folder.appending(path: "windows.npz").path)
        let text = try #require(arrays["cases"]).doubles.map { UInt8($0) }
        let cases = try JSONDecoder().decode([Case].self, from: Data(text))
        #expect(cases.count >= 80)
        #expect(cases.count { !$0.refused } == arrays.count - 1)
        for (number, entry) in cases.enumerated() {
            let name = "\(number): \(entry)"
            guard let expected = arrays["\(number)"] else {
                #expect(throws: InferenceError.self, "\(name)") { try run(entry) }
                continue
            }
            let result = try run(entry)
            #expect(result.shape == expected.shape, "\(name)")
            let worst = zip(result.elements, expected.floats).map { abs($0 - $1) }.max() ?? 1
            let most = expected.floats.map(abs).max() ?? 0
            // torch's exponential errs in the last bit now and then, so Gaussian weights may.
            let isGaussian = entry.arguments["mode"]?.value == .text("gaussian")
            #expect(isGaussian ? worst <= 1e-6 * most : worst == 0, "\(name): \(worst) of \(most)")
        }
    }

    private func run(_ entry: Case) throws -> Tensor {
        let description = try InfererDescription(
            target: entry.target, arguments: entry.arguments.sorted { $0.key < $1.key }.map { ($0.key, $0.value.value) }
        )
        let count = entry.shape.reduce(1, *)
        let image = Tensor(
            shape: entry.shape, elements: (0..<count).map { Float(($0 * 7919 + 13) % 401 - 200) / 64 })
        let steps: [String: [Int]] = [
            "polynomial": [1, 1, 1], "coarser": [2, 2, 2], "coarser_last": [4, 1, 1], "finer": [-2, -2, -2],
        ]
        let step = try #require(steps[entry.network])
        return try description.makeInferer().infer(image, with: Stub { Self.polynomial($0, step: step) })
    }

    /// The networks of `make_golden.py`: `cat(x² + 2x, x / 2 + place)`, and every `step`th value of it, the last axis
    /// first; a step below zero repeats each value so often.
    private static func polynomial(_ batch: Tensor, step: [Int]) -> Tensor {
        let axes = Array(batch.shape[2...])
        let each = axes.reduce(1, *)
        let channels = batch.shape[1]
        let steps = axes.indices.map { step[axes.count - 1 - $0] }
        let lengths = zip(axes, steps).map { $1 > 0 ? ($0 + $1 - 1) / $1 : $0 * -$1 }
        var elements: [Float] = []
        for image in 0..<batch.shape[0] {
            for output in 0..<2 {
                for index in 0..<lengths.reduce(1, *) {
                    var (rest, unit, voxel, place) = (index, 1, 0, Float(0))
                    for axis in axes.indices.reversed() {
                        let along = rest % lengths[axis]
                        rest /= lengths[axis]
                        let source = steps[axis] > 0 ? along * steps[axis] : along / -steps[axis]
                        voxel += source * unit
                        unit *= axes[axis]
                        place += Float(source) * 0.125 * Float(1 << (axis + 2))
                    }
                    let channel = output == 0 ? 0 : channels - 1
                    let x = batch.elements[(image * channels + channel) * each + voxel]
                    elements.append(output == 0 ? x * x + 2 * x : x * 0.5 + place)
                }
            }
        }
        return Tensor(shape: [batch.shape[0], 2] + lengths, elements: elements)
    }
}
