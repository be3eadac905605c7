import Testing

@testable import Voxels

@Suite("memory of volumes")
struct VoxelMemoryTests {
    @Test("the smallest range with room is taken, and what is left of it stays")
    func takes() {
        var kept = KeptMemory(limit: 1000)
        for range in [0..<50, 100..<180, 300..<360] as [Range<UInt>] { #expect(kept.give(range).isEmpty) }
        #expect(kept.take(60) == (300, []))
        #expect(kept.take(55) == (100, []))
        #expect(kept.ranges == [0..<50, 155..<180])
    }

    @Test("of ranges of one size the latest is taken")
    func latest() {
        var kept = KeptMemory(limit: 1000)
        for start in [0, 100, 200] as [UInt] { _ = kept.give(start..<start + 10) }
        #expect(kept.take(10).start == 200)
    }

    @Test("as much as is taken anew goes back first, the oldest before the others")
    func sheds() {
        var kept = KeptMemory(limit: 1000)
        for range in [0..<50, 100..<180, 300..<360] as [Range<UInt>] { _ = kept.give(range) }
        #expect(kept.take(90) == (nil, [0..<50, 140..<180]))
        #expect(kept.ranges == [100..<140, 300..<360])
        #expect(kept.take(900) == (nil, [100..<140, 300..<360]))
        #expect(kept.take(1) == (nil, []))
    }

    @Test("ranges that touch become one")
    func joins() {
        var kept = KeptMemory(limit: 1000)
        for range in [0..<50, 80..<90, 60..<80, 50..<60] as [Range<UInt>] { _ = kept.give(range) }
        #expect(kept.ranges == [0..<90])
    }

    @Test("no more than the limit is kept")
    func limit() {
        var kept = KeptMemory(limit: 100)
        #expect(kept.give(0..<80).isEmpty)
        #expect(kept.give(200..<250) == [50..<80])
        #expect(kept.count == 100 && kept.give(1000..<1200) == [0..<50, 200..<250, 1100..<1200])
        #expect(kept.removeAll() == [1000..<1100] && kept.count == 0)
    }

    @Test("copies of large values change apart, and memory that is handed on is written anew")
    func copies() {
        let count = VoxelMemory.leastBytes / MemoryLayout<Float>.stride
        for round in 0..<3 {
            let first = Tensor.Elements(repeating: Float(round), count: count)
            var second = first
            second[count - 1] = -1
            #expect(first == Tensor.Elements(repeating: Float(round), count: count))
            #expect(first != second && second[count - 1] == -1)
            second[count - 1] = Float(round)
            #expect(first == second)
        }
        VoxelMemory.release()
        let zeros = Tensor.Elements(repeating: 0, count: count)
        #expect(zeros == Tensor.Elements(Array(repeating: 0, count: count)))
    }

    @Test("values compare as those of arrays do")
    func equality() {
        let values: Tensor.Elements = [1, 2, .nan]
        #expect(values == values)
        #expect(Tensor.Elements([1, 2, .nan]) != values)
        #expect(Tensor.Elements([1, 2]) != Tensor.Elements([1, 2, 3]) && Tensor.Elements([]).isEmpty)
        #expect(Array(values[..<2]) == [1, 2])
    }
}
