import Foundation
import ModelBundles
import TestSupport
import Testing
import Voxels

@testable import Gateway

@Suite("What goes into a network and comes out of it, against the metadata")
struct NetworkPortChecksTests {
    /// The ports of a bundle that takes one channel and gives two.
    private func ports() async throws -> (input: NetworkPort, output: NetworkPort) {
        try await Scratch.with { scratch in
            let bundle = try MadeFolder.plain.write(to: scratch.path("bundle")).open(cache: nil)
            return (bundle.metadata.inputs[0], bundle.metadata.outputs[0])
        }
    }

    @Test("an output on the input's grid is taken, and so are scores, which have no place")
    func fitting() async throws {
        let output = try await ports().output
        for shape in [[2, 4, 5, 6], [2], [2, 1, 1, 1]] {
            #expect(throws: Never.self) {
                try output.checkOutput(channels: shape[0], spatialShape: Array(shape[1...]), on: [4, 5, 6])
            }
        }
    }

    @Test(
        "an output on another grid is refused with both shapes, and other channels with both numbers",
        arguments: [
            ([2, 2, 3, 3], "[2, 3, 3] voxels of an input of [4, 5, 6]"),
            ([2, 4, 5, 7], "[4, 5, 7] voxels of an input of [4, 5, 6]"), ([2, 4, 5], "[4, 5] voxels of an input of"),
            ([3, 4, 5, 6], "gives 3 channels, but network_data_format.outputs.pred.num_channels"),
        ])
    func output(shape: [Int], words: String) async throws {
        let output = try await ports().output
        let error = #expect(throws: RunError.self) {
            try output.checkOutput(channels: shape[0], spatialShape: Array(shape[1...]), on: [4, 5, 6])
        }
        #expect(error?.description.contains(words) == true, "\(error?.description ?? "")")
        #expect(error?.isFinal == true)
    }

    @Test("values that are not finite are refused", arguments: [Float.nan, .infinity, -.infinity])
    func values(value: Float) async throws {
        let input = try await ports().input
        #expect(throws: RunError.self) {
            try input.checkInput(Tensor(shape: [1, 1, 1, 2], elements: [0, value]))
        }
    }

    @Test("an input of another number of channels is refused with both numbers")
    func input() async throws {
        let input = try await ports().input
        let error = #expect(throws: RunError.self) { try input.checkInput(Tensor(shape: [3, 2, 2, 2])) }
        #expect(error?.description.contains("has 3 channels") == true)
        #expect(throws: Never.self) { try input.checkInput(Tensor(shape: [1, 2, 2, 2])) }
    }
}
