internal import Synchronization

extension ElementProgram {
    /// Computes the result.
    ///
    /// - Throws: `integer` or `divisionByZero` where a value has none.
    /// - Precondition: the program leaves one value on the stack.
    public func run() throws(ComputationError) -> Tensor {
        precondition(!instructions.isEmpty, "a program of nothing")
        let layout = Layout(shape: shape, inputs: inputs)
        let failure = Atomic<Int>(0)
        var values: Tensor.Elements = []
        Self.withBases(of: inputs[...], []) { bases in
            values = Slabs.fill(shape.reduce(1, *)) { range, output in
                let stack = Stack(count: deepest)
                defer { stack.free() }
                var position = range.lowerBound
                while position < range.upperBound {
                    let (row, column) = position.quotientAndRemainder(dividingBy: layout.length)
                    let count = min(Stack.blockSize, layout.length - column, range.upperBound - position)
                    let block = Block(bases: bases, layout: layout, row: row, column: column, count: count)
                    let code = run(block, on: stack, into: output + position)
                    if code != 0 { failure.store(code, ordering: .relaxed) }
                    position += count
                }
            }
        }
        switch failure.load(ordering: .relaxed) {
        case 0: return Tensor(shape: shape, elements: values)
        case Failure.division: throw .divisionByZero
        case let code: throw .integer(range(ofFailure: code))
        }
    }

    private func range(ofFailure code: Int) -> ClosedRange<Int> {
        guard case .integer(let lower, let upper) = instructions[code - 1] else { return 0...0 }
        return Int(lower)...Int(upper)
    }

    /// Keeps all inputs in place while `body` runs.
    private static func withBases(
        of views: ArraySlice<TensorView>, _ bases: [UnsafePointer<Float>], _ body: ([UnsafePointer<Float>]) -> Void
    ) {
        guard let view = views.first else { return body(bases) }
        view.elements.withUnsafeBufferPointer { buffer in
            // Without values there is nothing to compute either.
            guard let base = buffer.baseAddress else { return }
            withBases(of: views.dropFirst(), bases + [base + view.offset], body)
        }
    }

    /// What a block's run says: 0, that an integer was divided by zero, or the place of the instruction that failed
    /// and one.
    enum Failure {
        static let division = -1
    }

    // MARK: Blocks

    /// Runs all instructions over one block; the lowest place of the stack is the output itself.
    private func run(_ block: Block, on stack: Stack, into output: UnsafeMutablePointer<Float>) -> Int {
        let count = block.count
        let values = stack.values
        var top = -1
        var failure = 0
        for (place, instruction) in instructions.enumerated() {
            func own(_ level: Int) -> UnsafeMutablePointer<Float> { level == 0 ? output : stack.buffer(level) }
            switch instruction {
            case .load(let index):
                top += 1
                values[top] = block.values(of: index, scratch: own(top))
            case .constant(let value):
                top += 1
                own(top).update(repeating: value, count: count)
                values[top] = UnsafePointer(own(top))
            case .duplicate:
                top += 1
                own(top).update(from: values[top - 1], count: count)
                values[top] = UnsafePointer(own(top))
            case .unary(let operation):
                Kernels.apply(operation, values[top], own(top), count)
                values[top] = UnsafePointer(own(top))
            case .binary(let operation):
                top -= 1
                let isDefined = Kernels.apply(operation, values[top], values[top + 1], own(top), count)
                if !isDefined { failure = Failure.division }
                values[top] = UnsafePointer(own(top))
            case .choose:
                top -= 2
                Kernels.choose(values[top], values[top + 1], values[top + 2], own(top), count)
                values[top] = UnsafePointer(own(top))
            case .clamp(let lower, let upper):
                Kernels.clamp(values[top], own(top), count, lower, upper)
                values[top] = UnsafePointer(own(top))
            case .replace(let nan, let positive, let negative):
                Kernels.replace(values[top], own(top), count, nan, positive, negative)
                values[top] = UnsafePointer(own(top))
            case .integer(let lower, let upper):
                if !Kernels.integers(values[top], own(top), count, lower, upper), failure == 0 { failure = place + 1 }
                values[top] = UnsafePointer(own(top))
            }
        }
        if values[0] != UnsafePointer(output) { output.update(from: values[0], count: count) }
        return failure
    }

    /// Some places in a row along the innermost axis.
    private struct Block {
        let bases: [UnsafePointer<Float>]
        let layout: Layout
        let row: Int
        let column: Int
        let count: Int

        /// The values of an input, in place where they lie side by side.
        func values(of input: Int, scratch: UnsafeMutablePointer<Float>) -> UnsafePointer<Float> {
            let stride = layout.stride(of: input)
            let first = bases[input] + layout.offset(of: input, row: row) + column * stride
            if stride == 1 { return first }
            for i in 0..<count { scratch[i] = first[i * stride] }
            return UnsafePointer(scratch)
        }
    }

    /// Where the values of the stack lie: each level has a buffer of one block, or shows an input's values in place.
    private struct Stack {
        static let blockSize = 1024
        let values: UnsafeMutablePointer<UnsafePointer<Float>>
        private let buffers: UnsafeMutablePointer<Float>

        init(count: Int) {
            buffers = .allocate(capacity: count * Self.blockSize)
            values = .allocate(capacity: count)
            values.initialize(repeating: UnsafePointer(buffers), count: count)
        }

        func buffer(_ level: Int) -> UnsafeMutablePointer<Float> { buffers + level * Self.blockSize }

        func free() {
            values.deallocate()
            buffers.deallocate()
        }
    }

    /// The axes of the result with those joined along which all inputs go on without a break, outermost first.
    private struct Layout {
        private var sizes: [Int] = []
        private var strides: [[Int]]

        /// The length of the innermost axis.
        var length: Int { sizes.last ?? 1 }

        init(shape: [Int], inputs: [TensorView]) {
            strides = inputs.map { _ in [] }
            for axis in shape.indices where shape[axis] != 1 {
                let steps = inputs.map { view in
                    let own = axis - (shape.count - view.shape.count)
                    return own < 0 || view.shape[own] == 1 ? 0 : view.strides[own]
                }
                let continues =
                    !sizes.isEmpty && zip(strides, steps).allSatisfy { $0.last == $1 * shape[axis] }
                if continues {
                    sizes[sizes.count - 1] *= shape[axis]
                    for input in inputs.indices { strides[input][sizes.count - 1] = steps[input] }
                } else {
                    sizes.append(shape[axis])
                    for input in inputs.indices { strides[input].append(steps[input]) }
                }
            }
        }

        func stride(of input: Int) -> Int { strides[input].last ?? 0 }

        /// How far a row's first value lies from the input's first.
        func offset(of input: Int, row: Int) -> Int {
            var (rest, offset) = (row, 0)
            for axis in sizes.indices.dropLast().reversed() {
                offset += rest % sizes[axis] * strides[input][axis]
                rest /= sizes[axis]
            }
            return offset
        }
    }
}
