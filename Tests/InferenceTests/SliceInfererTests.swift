import Testing
import Voxels

@testable import Inference

@Suite struct SliceInfererTests {
    @Test("the network sees slices without the axis across them", arguments: 0...2)
    func shapes(axis: Int) throws {
        let image = Tensor(shape: [2, 5, 6, 7], elements: (0..<420).map(Float.init))
        let inferer = try SliceInferer(axis: axis, .init(window: .perAxis([0, 0]), batchSize: 2))
        var seen: [[Int]] = []
        let result = try inferer.infer(
            image,
            with: Stub { batch in
                seen.append(batch.shape)
                return batch
            })
        let within = [5, 6, 7].enumerated().filter { $0.offset != axis }.map(\.element)
        #expect(seen.allSatisfy { $0.count == 4 && $0[1] == 2 && Array($0[2...]) == within })
        #expect(seen.reduce(0) { $0 + $1[0] } == [5, 6, 7][axis])
        #expect(result == image)
    }

    @Test("an image that is no volume, and an output that is no batch of slices, are refused")
    func refused() throws {
        let inferer = try SliceInferer(axis: 0, .init(window: .perAxis([4, 4])))
        for shape in [[1, 8, 8], [1, 8, 8, 8, 8], [8]] {
            let error = #expect(throws: InferenceError.self, "\(shape)") {
                try inferer.infer(Tensor(shape: shape), with: ReferenceNetwork.waves())
            }
            #expect(error?.code == .badArgument)
        }
        for shape in [[1, 1, 4, 4, 4], [1, 3], []] {
            let error = #expect(throws: InferenceError.self, "\(shape)") {
                try inferer.infer(Tensor(shape: [1, 3, 8, 8]), with: Stub { _ in Tensor(shape: shape) })
            }
            #expect(error?.code == .outputRefused)
        }
    }
}
