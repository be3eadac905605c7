import Testing
import Voxels

/// Components, holes and percentiles against the plainest way to find them.
@Suite("Components and percentiles")
struct ComponentsTests {
    /// Pseudo-random numbers below a limit.
    private struct Dice {
        var state: UInt64
        mutating func roll(_ limit: Int) -> Int {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return Int(state >> 33) % limit
        }
    }

    /// Components by flooding, in the order of their first voxels; each a list of indices.
    private static func flood(_ values: [Float], _ shape: [Int], connectivity: Int) -> [[Int]] {
        var seen = [Bool](repeating: false, count: values.count)
        var found: [[Int]] = []
        for start in values.indices where values[start] != 0 && !seen[start] {
            var (members, queue) = ([Int](), [start])
            seen[start] = true
            while let index = queue.popLast() {
                members.append(index)
                for next in neighbours(index, shape, connectivity) where !seen[next] && values[next] == values[start] {
                    seen[next] = true
                    queue.append(next)
                }
            }
            found.append(members)
        }
        return found
    }

    private static func neighbours(_ index: Int, _ shape: [Int], _ connectivity: Int) -> [Int] {
        let place = [index / (shape[1] * shape[2]), index / shape[2] % shape[1], index % shape[2]]
        var found: [Int] = []
        for step in 0..<27 {
            let offsets = [step / 9 - 1, step / 3 % 3 - 1, step % 3 - 1]
            let hops = offsets.reduce(0) { $0 + abs($1) }
            let next = zip(place, offsets).map { $0 + $1 }
            guard (1...connectivity).contains(hops), zip(next, shape).allSatisfy({ $0 >= 0 && $0 < $1 }) else {
                continue
            }
            found.append((next[0] * shape[1] + next[1]) * shape[2] + next[2])
        }
        return found
    }

    @Test("the largest component of each label stays, whatever the neighbourhood", arguments: 1...3, [3, 5, 9])
    func largest(connectivity: Int, rarity: Int) {
        // Large enough for several slabs.
        let shape = [70, 33, 6]
        var dice = Dice(state: UInt64(connectivity * 100 + rarity))
        let values = (0..<shape.reduce(1, *)).map { _ in Float(max(0, dice.roll(rarity) - rarity + 3)) }
        var expected = [Float](repeating: 0, count: values.count)
        let components = Self.flood(values, shape, connectivity: connectivity)
        for label in [Float(1), 2] {
            // Of equals the last one.
            var best: [Int] = []
            for members in components where values[members[0]] == label && members.count >= best.count {
                best = members
            }
            for index in best { expected[index] = label }
        }
        var tensor = Tensor(shape: [1] + shape, elements: values)
        tensor.keepLargestComponents(1, channel: 0, of: .everyLabel, together: false, connectivity: connectivity)
        #expect(tensor.elements == expected)
    }

    @Test("small components go, and what is left becomes 1", arguments: 1...3)
    func small(connectivity: Int) {
        let shape = [70, 33, 6]
        var dice = Dice(state: UInt64(connectivity))
        let values = (0..<shape.reduce(1, *)).map { _ in Float(dice.roll(6) == 0 ? 1 : 0) }
        var expected = values
        for members in Self.flood(values, shape, connectivity: connectivity) where members.count <= 4 {
            for index in members { expected[index] = 0 }
        }
        var tensor = Tensor(shape: [1] + shape, elements: values)
        // One channel, so its axis adds no neighbours.
        tensor.removeComponents(upTo: 4, connectivity: connectivity, keepsValues: false)
        #expect(tensor.elements == expected)
    }

    @Test("a hole is what no way leads to from the edge", arguments: 1...3)
    func holes(connectivity: Int) {
        let shape = [16, 14, 12]
        var dice = Dice(state: UInt64(connectivity + 7))
        let wall = connectivity == 1 ? 3 : 10
        let values = (0..<shape.reduce(1, *)).map { _ in Float(dice.roll(wall) == 0 ? 0 : 1) }
        var expected = values
        for members in Self.flood(values.map { 1 - $0 }, shape, connectivity: connectivity) {
            let isOpen = members.contains { index in
                let place = [index / (shape[1] * shape[2]), index / shape[2] % shape[1], index % shape[2]]
                return zip(place, shape).contains { $0 == 0 || $0 == $1 - 1 }
            }
            if !isOpen { for index in members { expected[index] = 1 } }
        }
        #expect(expected != values)
        var tensor = Tensor(shape: [1] + shape, elements: values)
        let box = tensor.labelBoxes(channel: 0)[1]
        #expect(box != nil)
        tensor.fillHoles(of: 1, channel: 0, box: box ?? [], connectivity: connectivity)
        #expect(tensor.elements == expected)
    }

    @Test("percentiles are those of the sorted values", arguments: [1, 2, 999, 1_000_001])
    func percentiles(count: Int) throws {
        var dice = Dice(state: UInt64(count))
        let values = (0..<count).map { _ in Float(dice.roll(1 << 24) - 1 << 23) / 1024 }
        let tensor = Tensor(shape: [1, count], elements: values)
        let sorted = values.sorted()
        // Places of whole ranks, between which nothing is interpolated.
        let found = try #require(tensor.percentiles([0]))
        #expect(found == [sorted[0]])
        let half = try #require(tensor.percentiles([50]))[0]
        let (below, above) = (sorted[(count - 1) / 2], sorted[count / 2])
        #expect(half >= below && half <= above)
        if count % 2 == 1 { #expect(half == below) }
    }

    @Test("a value that is no number makes all percentiles so, of either sign and payload")
    func noNumbers() throws {
        for pattern in [0x7FC0_0000, 0xFFC0_0000, 0x7F80_0001, 0xFF80_0001] as [UInt32] {
            let values = [1, -.infinity, .infinity, Float(bitPattern: pattern), 2]
            let found = try #require(Tensor(shape: [1, 5], elements: values).percentiles([1, 50]))
            #expect(found.count == 2 && found[0].isNaN && found[1].isNaN)
        }
        #expect(Tensor(shape: [1, 0], elements: []).percentiles([1]) == nil)
    }

    @Test("any axis can be that of the classes")
    func axes() {
        let values = (0..<24).map { Float($0 * 7 % 11) }
        let tensor = Tensor(shape: [2, 3, 4], elements: values)
        #expect(tensor.argmax(over: 2).shape == [2, 3, 1])
        for (row, label) in tensor.argmax(over: 2).elements.enumerated() {
            let line = values[row * 4..<row * 4 + 4]
            #expect(line[row * 4 + Int(label)] == line.max())
        }
        let middle = tensor.argmax(over: 1)
        #expect(middle.shape == [2, 1, 4])
        #expect(
            (0..<8).allSatisfy { i in
                let start = i / 4 * 12 + i % 4
                let line = [values[start], values[start + 4], values[start + 8]]
                return line[Int(middle.elements[i])] == line.max()
            })
        var soft = tensor
        soft.softmax(over: 1)
        #expect(
            (0..<8).allSatisfy { i in
                let start = i / 4 * 12 + i % 4
                return abs(soft.elements[start] + soft.elements[start + 4] + soft.elements[start + 8] - 1) < 1e-6
            })
        let spread = Tensor(shape: [2, 1, 2], elements: [0, 2, -0.5, 1.9]).oneHot(classes: 3, axis: 1)
        #expect(spread == Tensor(shape: [2, 3, 2], elements: [1, 0, 0, 0, 0, 1, 1, 0, 0, 1, 0, 0]))
        #expect(Tensor(shape: [1, 2], elements: [0, 3]).oneHot(classes: 3) == nil)
        #expect(Tensor(shape: [1, 2], elements: [0, .nan]).oneHot(classes: 3) == nil)
    }

    @Test("casting cuts fractions off and refuses what does not fit")
    func casting() throws {
        var tensor = Tensor(shape: [1, 6], elements: [-0.9, 254.99, 255.99, 0.5, 8_388_607.5, 3])
        #expect(throws: ComputationError.integer(0...255)) { try tensor.truncate(to: 0...255) }
        #expect(tensor.elements[0] == -0.9)
        try tensor.truncate(to: 0...0xFF_FFFF)
        #expect(tensor.elements == [0, 254, 255, 0, 8_388_607, 3])
        var unknown = Tensor(shape: [1, 1], elements: [.nan])
        #expect(throws: ComputationError.self) { try unknown.truncate(to: 0...255) }
        unknown.makeTruth()
        #expect(unknown.elements == [1])
        var halves = Tensor(shape: [1, 6], elements: [0.5, 1.5, 2.5, -0.5, -1.5, 8_388_608.0])
        halves.roundToEven()
        #expect(halves.elements == [0, 2, 2, 0, -2, 8_388_608])
        #expect(halves.elements[3].sign == .minus)
    }
}
