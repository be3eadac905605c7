import Foundation
import TestSupport
import Testing

@testable import Voxels

@Suite(.ownThread) struct WindowBandsTests {
    private struct Case {
        var shape: [Int]
        var window: [Int]
        var overlap: [Double]
        var channels: Int
    }

    private static let cases: [Case] = [
        Case(shape: [23, 31, 29], window: [8, 10, 12], overlap: [0.25, 0.5, 0.7], channels: 5),
        Case(shape: [40, 20, 20], window: [16, 16, 16], overlap: [0, 0, 0], channels: 3),
        Case(shape: [10, 33], window: [16, 12], overlap: [0.5, 0.625], channels: 2),
        Case(shape: [50], window: [7], overlap: [0.9], channels: 4),
        Case(shape: [6, 7, 8], window: [9, 9, 9], overlap: [0.25, 0.25, 0.25], channels: 2),
        Case(shape: [2, 70, 600], window: [2, 64, 520], overlap: [0, 0.9, 0.25], channels: 7),
    ]

    private static let decisions: [VoxelDecision] = [
        VoxelDecision([.softmax, .argmax]), VoxelDecision([.sigmoid, .threshold(0.5)]),
        VoxelDecision([.softmax, .argmax, .threshold(2)]),
    ]

    @Test("what is decided as soon as it can be is what is decided of the whole image", arguments: [true, false])
    func sameAsWhole(isWeighted: Bool) throws {
        for test in Self.cases {
            let grid = try WindowGrid(imageShape: test.shape, window: test.window, overlap: test.overlap)
            let weights =
                isWeighted
                ? try WindowWeights.gaussian(sigmaScale: test.shape.map { _ in 0.125 }).map(window: grid.window) : nil
            for decision in Self.decisions {
                for batch in [3] {
                    var whole = WindowBlender(grid: grid, channels: test.channels, weights: weights)
                    var bands = WindowBands(
                        grid: grid, channels: test.channels, weights: weights, decision: decision, memory: .max)
                    let order = bands.sequence
                    #expect(order == nil)
                    try Self.run(grid, channels: test.channels, batch: batch) { values, windows in
                        let areFinite = (
                            whole.add(values, windows: windows, in: grid.groups[0]),
                            bands.add(values, windows: windows)
                        )
                        #expect(areFinite == (true, true))
                    }
                    var expected = whole.finish()
                    decision.apply(to: &expected)
                    let decided = bands.finish()
                    #expect(decided == expected, "\(test) \(decision)")
                }
            }
        }
    }

    @Test("in another order of windows the same is decided, and less waits")
    func otherOrder() throws {
        let grid = try WindowGrid(imageShape: [28, 40, 94], window: [16, 16, 16], overlap: [0.25, 0.25, 0.25])
        let decision = VoxelDecision([.argmax])
        var first = WindowBands(grid: grid, channels: 4, weights: nil, decision: decision, memory: .max)
        var least = WindowBands(grid: grid, channels: 4, weights: nil, decision: decision, memory: 0)
        let (order, sequence) = (least.grid, least.sequence)
        #expect(sequence?.sorted() == Array(0..<grid.count))
        try Self.run(grid, channels: 4, batch: 2) { _ = first.add($0, windows: $1) }
        try Self.run(order, channels: 4, batch: 2) { _ = least.add($0, windows: $1) }
        let waited = (first.peakBytes, least.peakBytes)
        // Of 28 × 40 columns four voxels wait between layers, and in the last two, which are 22 thick together, what
        // the layer itself still has to come.
        #expect(waited.1 < waited.0)
        #expect(waited.1 <= 4 * 4 * (4 * 28 * 40 + 22 * (4 * 40 + 16 * 4) + 22 * 16 * 16))
        let decided = (first.finish(), least.finish())
        #expect(decided.0 == decided.1)
    }

    @Test("a value that is not finite is told, wherever it stands")
    func notFinite() throws {
        let grid = try WindowGrid(imageShape: [12, 12], window: [8, 8], overlap: [0.5, 0.5])
        for place in [0, 40, 127] {
            var bands = WindowBands(
                grid: grid, channels: 2, weights: nil, decision: VoxelDecision([.argmax]), memory: .max)
            var values = [Float](repeating: 1, count: 2 * grid.windowVoxels)
            let before = values.withUnsafeBufferPointer { bands.add($0, windows: 0..<1) }
            values[place] = .nan
            let after = values.withUnsafeBufferPointer { bands.add($0, windows: 1..<2) }
            #expect(before && !after)
        }
    }

    /// Numbers from -6 to 6.
    private static let values = (0..<1009).map { Float((($0 * 7919) % 1009) - 500) / 77 }

    /// Makes results that depend on the place of the window alone, not on its number.
    private static func run(
        _ grid: WindowGrid, channels: Int, batch: Int, _ body: (UnsafeBufferPointer<Float>, Range<Int>) throws -> Void
    ) throws {
        for start in stride(from: 0, to: grid.count, by: batch) {
            let windows = start..<min(start + batch, grid.count)
            var values: [Float] = []
            for window in windows {
                let (x, y, z) = grid.origin(of: window)
                var rest = channels * grid.windowVoxels
                var from = (x * 31 + y * 17 + z * 7) % Self.values.count
                while rest > 0 {
                    let part = Self.values[from..<min(from + rest, Self.values.count)]
                    values += part
                    rest -= part.count
                    from = 0
                }
            }
            try values.withUnsafeBufferPointer { try body($0, windows) }
        }
    }
}
