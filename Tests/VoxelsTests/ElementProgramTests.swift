import Testing
import Voxels

/// Programs over more voxels than fit into one block or one thread's share.
@Suite("Programs of values")
struct ElementProgramTests {
    private let tensor = Tensor(
        shape: [3, 40, 30, 50], elements: (0..<180_000).map { Float($0 &* 7919 % 1009) - 500 })

    private func at(_ c: Int, _ x: Int, _ y: Int, _ z: Int) -> Float {
        tensor.elements[((c * 40 + x) * 30 + y) * 50 + z]
    }

    private func values(_ shape: [Int], _ body: (Int, Int, Int, Int) -> Float) -> Tensor {
        var values: [Float] = []
        for c in 0..<shape[0] {
            for x in 0..<shape[1] {
                for y in 0..<shape[2] {
                    for z in 0..<shape[3] { values.append(body(c, x, y, z)) }
                }
            }
        }
        return Tensor(shape: shape, elements: values)
    }

    @Test("inputs that lie side by side, apart and broadcast meet at the right places")
    func broadcasting() throws {
        let whole = TensorView(tensor)
        var program = ElementProgram(limit: tensor.count)
        try program.load(try whole.selecting(-1, axis: 0))
        program.constant(100)
        program.binary(.less)
        try program.load(try whole.slicing(axis: 2, lower: 3, upper: 4, step: 1))
        try program.load(try whole.gathering([2, 1, 0], axis: 0, limit: tensor.count))
        program.choose()
        let expected = values(tensor.shape) { c, x, y, z in at(2, x, y, z) < 100 ? at(c, x, 3, z) : at(2 - c, x, y, z) }
        #expect(try program.run() == expected)
    }

    @Test("views show strided, repeated and reordered places")
    func views() throws {
        let whole = TensorView(tensor)
        let strided = try whole.slicing(axis: 3, lower: 1, upper: nil, step: 3).slicing(
            axis: 1, lower: -20, upper: 100, step: 2)
        #expect(strided.tensor() == values([3, 10, 30, 17]) { c, x, y, z in at(c, 20 + 2 * x, y, 1 + 3 * z) })
        let places = [4, 4, 0, 29, 7]
        let gathered = try strided.gathering(places, axis: 2, limit: tensor.count)
        #expect(
            gathered.tensor() == values([3, 10, 5, 17]) { c, x, y, z in at(c, 20 + 2 * x, places[y], 1 + 3 * z) })
        #expect(try whole.slicing(axis: 0, lower: 1, upper: 3, step: 9).tensor().shape == [1, 40, 30, 50])
        #expect(try whole.slicing(axis: 0, lower: 2, upper: 1, step: 1).tensor().shape == [0, 40, 30, 50])
        #expect(try whole.addingAxis(-1).tensor().shape == [3, 40, 30, 50, 1])
    }

    @Test("one value out of range anywhere ends the run")
    func failures() throws {
        for place in [0, 1023, 1024, 99_999, 179_999] {
            var other = tensor
            other.elements[place] = .nan
            var program = ElementProgram(limit: tensor.count)
            try program.load(TensorView(other))
            program.requireInteger(in: -500...600)
            #expect(throws: ComputationError.integer(-500...600)) { try program.run() }
            other.elements[place] = 0
            var quotient = ElementProgram(limit: tensor.count)
            quotient.constant(1)
            try quotient.load(TensorView(Tensor(shape: other.shape, elements: other.elements.map { $0 == 0 ? 0 : 1 })))
            quotient.binary(.floorDivideIntegers)
            #expect(throws: ComputationError.divisionByZero) { try quotient.run() }
        }
        var large = ElementProgram(limit: tensor.count - 1)
        #expect(throws: ComputationError.tooLarge(shape: tensor.shape, limit: tensor.count - 1)) {
            try large.load(TensorView(tensor))
        }
    }
}
