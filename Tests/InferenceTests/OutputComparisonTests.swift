import Foundation
import Testing
import Voxels

@testable import Inference

@Suite struct OutputComparisonTests {
    private func output(_ values: [Float], channels: Int) -> NetworkOutput {
        NetworkOutput(Tensor(shape: [1, channels, values.count / channels], elements: values))
    }

    private func compared(_ first: [Float], _ second: [Float], channels: Int, _ decision: VoxelDecision?)
        -> OutputComparison
    {
        var comparison = OutputComparison()
        comparison.add(output(first, channels: channels), output(second, channels: channels), decision: decision)
        return comparison
    }

    @Test("what differs by less than the bar, as a part of the range, is equal")
    func relative() {
        let reference: [Float] = [0, 2000, 1000, 500]
        let near = compared(reference, [0.1, 2000, 1000, 499.9], channels: 1, nil)
        #expect(near.refusal() == nil && near.agreement == nil)
        #expect(abs(near.relativeDifference - 5e-5) < 1e-6)
        let far = compared(reference, [0.3, 2000, 1000, 500], channels: 1, nil)
        #expect(far.refusal()?.contains("of the output's range") == true)
    }

    @Test("a difference within the bar that decides otherwise is refused")
    func decisions() {
        // 100 voxels of two channels, one of which is a near tie that falls to the other side.
        var first = [Float](repeating: 0, count: 200)
        for voxel in 0..<100 { first[voxel] = Float(voxel) }
        first[150] = 50.001
        var second = first
        second[150] = 49.999
        let comparison = compared(first, second, channels: 2, VoxelDecision([.softmax, .argmax]))
        #expect(comparison.relativeDifference < 1e-4)
        #expect(comparison.decisions == 100 && comparison.agreeing == 99)
        #expect(comparison.refusal()?.contains("of the voxels") == true)
        #expect(compared(first, second, channels: 2, nil).refusal() == nil)
        let thresholds = compared([0.6, 0.2], [0.6, 0.2], channels: 2, VoxelDecision([.threshold(0.5)]))
        #expect(thresholds.decisions == 2 && thresholds.agreement == 1 && thresholds.refusal() == nil)
    }

    @Test("other shapes, values that are not finite, and nothing at all are refused")
    func nonsense() {
        #expect(OutputComparison().refusal() != nil)
        for bad in [Float.nan, .infinity] {
            #expect(compared([1, 2], [1, bad], channels: 1, nil).refusal()?.contains("not finite") == true)
            #expect(compared([bad, 2], [1, 2], channels: 1, nil).refusal()?.contains("not finite") == true)
        }
        var comparison = OutputComparison()
        comparison.add(output([1, 2], channels: 1), output([1, 2], channels: 2), decision: nil)
        #expect(comparison.refusal()?.contains("shapes [1, 1, 2] and [1, 2, 1]") == true)
    }
}
