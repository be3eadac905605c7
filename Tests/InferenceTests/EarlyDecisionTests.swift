import Foundation
import Synchronization
import Testing
import Voxels

@testable import Inference

@Suite("Passes that decide voxels while the network runs")
struct EarlyDecisionTests {
    /// Eight channels that are affine functions of one, so that each wins somewhere.
    private static let outputs: [ReferenceNetwork.Channel] = (0..<8).map { channel in
        .affine(input: 0, scale: Float(channel), offset: -Float(channel * channel) / 2)
    }

    private static func image(_ shape: [Int]) -> Tensor {
        let count = shape.reduce(1, *)
        return Tensor(shape: shape, elements: (0..<count).map { Float(($0 &* 7919) % 1009) / 126 })
    }

    @Test("the decided image is the one that is decided at the end, whatever the order, the batches and the streams")
    func same() throws {
        let image = Self.image([1, 40, 36, 44])
        let decision = VoxelDecision([.softmax, .argmax])
        for blending in [SlidingWindowInferer.Blending.constant, .gaussian] {
            for buffer in [nil, 2] {
                let settings = SlidingWindowInferer.Settings(
                    window: .uniform(16), batchSize: 3, overlap: [0.25], blending: blending, bufferSteps: buffer)
                let inferer = SlidingWindowInferer(settings)
                var expected = try inferer.infer(image, with: ReferenceNetwork(outputs: Self.outputs))
                #expect(Set(expected.argmaxOverChannels().elements).count == 8)
                decision.apply(to: &expected)
                for memory in [Int.max, 1 << 16] {
                    for network in [Streams(1, batch: nil), Streams(2, batch: 1), Streams(3, batch: 5)] {
                        var seen: [Int] = []
                        let found = try inferer.infer(
                            image, with: network, options: PassOptions(decision: decision, memory: memory)
                        ) { seen.append($0.done) }
                        #expect(found.networkChannels == 8)
                        // In another order a Gaussian sum may differ in its last bit, and so decide a tie.
                        let others = zip(found.tensor.elements, expected.elements).count { $0 != $1 }
                        #expect(found.tensor.shape == expected.shape && others <= (memory == .max ? 0 : 2))
                        #expect(seen.last == 36 && seen == seen.sorted())
                        #expect(network.most.load(ordering: .relaxed) <= network.streams)
                    }
                }
            }
        }
    }

    @Test("of eight channels only the bands between windows wait")
    func memory() throws {
        let image = Self.image([1, 64, 64, 112])
        let settings = SlidingWindowInferer.Settings(window: .uniform(32), overlap: [0.25])
        let found = try SlidingWindowInferer(settings).infer(
            image, with: ReferenceNetwork(outputs: Self.outputs),
            options: PassOptions(decision: VoxelDecision([.argmax]), memory: 1 << 20)
        ) { _ in }
        let whole = 8 * 64 * 64 * 112 * 4
        // Between layers along the longest axis wait 8 voxels of 64 × 64; the rest is the layer's own bands.
        let band = 8 * 4 * (8 * 64 * 64 + 40 * (16 * 64 + 48 * 16 + 32 * 32))
        #expect(found.waitingBytes > 0 && found.waitingBytes <= band && band < whole / 3)
        print("8 channels of [64, 64, 112]: \(found.waitingBytes) bytes wait, all together are \(whole)")
    }

    @Test("an error of the network, or of whoever hears of the progress, ends the pass and all its threads")
    func failures() throws {
        struct Stop: Error {}
        let inferer = SlidingWindowInferer(.init(window: .uniform(8), overlap: [0.25]))
        let image = Self.image([1, 24, 24, 24])
        let calls = Mutex(0)
        let failing = Stub { batch in
            let call = calls.withLock { calls in
                calls += 1
                return calls
            }
            guard call < 5 else { throw Stop() }
            return batch
        }
        #expect(throws: Stop.self) { try inferer.infer(image, with: failing) }
        for streams in [1, 3] {
            let network = Streams(streams, batch: 1)
            #expect(throws: Stop.self) {
                try inferer.infer(image, with: network, options: PassOptions()) { if $0.done > 3 { throw Stop() } }
            }
            #expect(network.running.load(ordering: .relaxed) == 0)
        }
    }
}

/// The eight channels, run by several threads at once.
private final class Streams: Network {
    let engine = "reference"
    let streams: Int
    let fastestBatch: Int?
    let running = Atomic(0)
    /// The most threads that were in it at once.
    let most = Atomic(0)
    private let network = ReferenceNetwork(
        outputs: (0..<8).map { .affine(input: 0, scale: Float($0), offset: -Float($0 * $0) / 2) })

    init(_ streams: Int, batch: Int?) {
        self.streams = streams
        fastestBatch = batch
    }

    func output(of batch: Tensor) throws -> NetworkOutput {
        let now = running.add(1, ordering: .relaxed).newValue
        most.max(now, ordering: .relaxed)
        defer { running.subtract(1, ordering: .relaxed) }
        return try network.output(of: batch)
    }
}
