import ModelBundles
import Voxels

/// Computes what a compiled lambda says, with the kernels of `Voxels`.
///
/// Operations on each value are joined into one pass over the voxels; indices are views; what works along the axis of
/// the channels has a result of its own in between.
struct FunctionEvaluator {
    private let parameter: TensorView
    /// The most values of a result.
    private let limit: Int
    /// How many values the results in between may still have together.
    private var left: Int
    private let allowance: Int

    /// What a function makes of a tensor.
    ///
    /// No result has more than four times as many values as the tensor.
    static func apply(_ function: TensorFunction, to tensor: Tensor) throws(ComputationError) -> Tensor {
        var evaluator = FunctionEvaluator(tensor)
        return try evaluator.view(function.body).tensor()
    }

    private init(_ tensor: Tensor) {
        parameter = TensorView(tensor)
        limit = 4 * tensor.count
        allowance = 16 * tensor.count
        left = allowance
    }

    // MARK: Whole tensors

    private mutating func view(_ expression: TensorExpression) throws(ComputationError) -> TensorView {
        let result: TensorView
        switch expression.operation {
        case .parameter: return parameter
        case .indexed(let operand, let indices): result = try indexed(try view(operand), indices)
        case .axisAdded(let operand, let axis): result = try view(operand).addingAxis(axis)
        case .axisRemoved(let operand, let axis): result = try view(operand).removingAxis(axis)
        case .reduced(let reduction, let operand, let keepsAxis):
            let reduced = TensorView(try self.reduced(reduction, operand))
            result = keepsAxis ? reduced : try reduced.removingAxis(0)
        case .softmax(let operand):
            var tensor = try channels(operand)
            tensor.softmaxOverChannels()
            return TensorView(tensor)
        case .joined(let operands): result = try joined(operands) { (view) throws(ComputationError) in view }
        case .stacked(let operands):
            result = try joined(operands) { (view) throws(ComputationError) in try view.addingAxis(0) }
        default:
            var program = ElementProgram(limit: limit)
            try emit(expression, into: &program)
            try take(program.shape.reduce(1, *))
            result = TensorView(try program.run())
        }
        // torch has other rules for the types of what has no axes.
        guard !result.shape.isEmpty else { throw .empty(shape: []) }
        return result
    }

    private mutating func take(_ count: Int) throws(ComputationError) {
        guard count <= left else { throw .tooMuch(limit: allowance) }
        left -= count
    }

    private mutating func indexed(
        _ view: TensorView, _ indices: [TensorExpression.Index]
    ) throws(ComputationError) -> TensorView {
        let named = indices.count { index in
            switch index {
            case .newAxis, .rest: false
            default: true
            }
        }
        guard named <= view.shape.count else { throw .noAxis(view.shape.count, shape: view.shape) }
        let rest = view.shape.count - named
        var result = view
        var axis = 0
        for index in indices {
            switch index {
            case .place(let place):
                result = try result.selecting(place, axis: axis)
                continue
            case .range(let lower, let upper, let step):
                result = try result.slicing(axis: axis, lower: lower, upper: upper, step: step)
            case .places(let places):
                let length = result.shape[axis]
                if !TensorView.areEvenlySpaced(places.map({ $0 < 0 ? $0 + length : $0 })) {
                    // The values are first put in order, then chosen.
                    try take(result.count + result.count / max(length, 1) * places.count)
                }
                result = try result.gathering(places, axis: axis, limit: limit)
            case .newAxis: result = try result.addingAxis(axis)
            case .rest:
                axis += rest
                continue
            }
            axis += 1
        }
        return result
    }

    /// A tensor of its own with a channel and values in it.
    private mutating func channels(_ expression: TensorExpression) throws(ComputationError) -> Tensor {
        let view = try view(expression)
        guard view.count > 0 else { throw .empty(shape: view.shape) }
        try take(view.count)
        return view.tensor()
    }

    private mutating func joined(
        _ operands: [TensorExpression], _ prepare: (TensorView) throws(ComputationError) -> TensorView
    ) throws(ComputationError) -> TensorView {
        var parts: [Tensor] = []
        var shape: [Int] = []
        for operand in operands {
            let part = try prepare(try view(operand))
            if shape.isEmpty {
                shape = part.shape
                shape[0] = 0
            }
            guard part.shape.count == shape.count, part.shape.dropFirst() == shape.dropFirst() else {
                throw .mismatch(shape, part.shape)
            }
            shape[0] += part.shape[0]
            guard Tensor.holds(shape, atMost: limit) else { throw .tooLarge(shape: shape, limit: limit) }
            try take(2 * part.count)
            parts.append(part.tensor())
        }
        return TensorView(Tensor(joiningChannelsOf: parts))
    }

    // MARK: Along the channels

    private mutating func reduced(
        _ reduction: TensorExpression.Reduction, _ operand: TensorExpression
    ) throws(ComputationError) -> Tensor {
        switch reduction {
        case .argmax: return try channels(operand).argmaxOverChannels()
        case .argmin:
            var opposite = ElementProgram(limit: limit)
            try opposite.load(TensorView(try channels(operand)))
            opposite.unary(.negative)
            return try opposite.run().argmaxOverChannels()
        case .maximum: return try channels(operand).reducedOverChannels(.maximum)
        case .minimum: return try channels(operand).reducedOverChannels(.minimum)
        case .mean: return try channels(operand).reducedOverChannels(.mean)
        case .sum:
            guard operand.type != .float32 else { return try channels(operand).reducedOverChannels(.sum) }
            return try sumOfIntegers(try channels(operand))
        }
    }

    /// Adds channels with a check behind each, because a sum that left the integers could come back wrong.
    private func sumOfIntegers(_ tensor: Tensor) throws(ComputationError) -> Tensor {
        let view = TensorView(tensor)
        var sum = try view.slicing(axis: 0, lower: 0, upper: 1, step: 1)
        var channel = 1
        while channel < tensor.channels {
            var program = ElementProgram(limit: limit)
            try program.load(sum)
            for next in channel..<min(channel + 32, tensor.channels) {
                try program.load(try view.slicing(axis: 0, lower: next, upper: next + 1, step: 1))
                program.binary(.add)
                program.requireInteger(in: TensorType.int64.range ?? 0...0)
            }
            sum = TensorView(try program.run())
            channel += 32
        }
        return sum.tensor()
    }

    // MARK: Each value

    private mutating func emit(
        _ expression: TensorExpression, into program: inout ElementProgram
    ) throws(ComputationError) {
        switch expression.operation {
        case .number(let value): program.constant(Float(value))
        case .filled(let other, let value):
            try program.cover(try view(other).shape)
            program.constant(Float(value))
        case .converted(let operand):
            try emit(operand, into: &program)
            convert(operand.type, to: expression.type, in: &program)
        case .unary(let operation, let operand):
            try emit(operand, into: &program)
            program.unary(Self.unary(operation))
            check(expression.type, in: &program)
        case .binary(let operation, let left, let right):
            try emit(operation, left, right, into: &program)
            check(expression.type, in: &program)
        case .power(let base, 0):
            try program.cover(try view(base).shape)
            program.constant(1)
        case .power(let base, let exponent):
            try emit(base, into: &program)
            power(exponent, of: expression.type, in: &program)
        case .chosen(let condition, let then, let otherwise):
            try emit(condition, into: &program)
            try emit(then, into: &program)
            try emit(otherwise, into: &program)
            program.choose()
        case .clamped(let operand, let lower, let upper):
            try emit(operand, into: &program)
            program.clamp(lower: lower.map { Float($0) } ?? -.infinity, upper: upper.map { Float($0) } ?? .infinity)
        case .replaced(let operand, let nan, let positive, let negative):
            try emit(operand, into: &program)
            program.replace(
                nan: Float(nan), positive: positive.map { Float($0) } ?? .greatestFiniteMagnitude,
                negative: negative.map { Float($0) } ?? -.greatestFiniteMagnitude)
        case .parameter, .indexed, .axisAdded, .axisRemoved, .reduced, .softmax, .joined, .stacked:
            try program.load(try view(expression))
        }
    }

    private mutating func emit(
        _ operation: TensorExpression.Binary, _ left: TensorExpression, _ right: TensorExpression,
        into program: inout ElementProgram
    ) throws(ComputationError) {
        let isSwapped = operation == .greater || operation == .greaterOrEqual
        try emit(isSwapped ? right : left, into: &program)
        try emit(isSwapped ? left : right, into: &program)
        program.binary(Self.binary(operation, onIntegers: left.type.isInteger))
    }
}
