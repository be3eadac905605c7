/// A part of a tensor's values, seen without being copied: each axis has a stride.
public struct TensorView: Sendable {
    /// The length of each axis.
    public private(set) var shape: [Int]

    /// How many values lie between two steps along each axis; 0 and negative ones are allowed.
    private(set) var strides: [Int]

    /// The index of the first value.
    private(set) var offset: Int

    let elements: Tensor.Elements

    /// Sees the whole tensor.
    public init(_ tensor: Tensor) {
        shape = tensor.shape
        strides = Tensor.strides(of: tensor.shape)
        offset = 0
        elements = tensor.elements
    }

    /// The number of values.
    public var count: Int { shape.reduce(1, *) }

    /// Takes one place along an axis, which goes; a negative index counts from the end.
    public func selecting(_ index: Int, axis: Int) throws(ComputationError) -> TensorView {
        var view = self
        view.offset += try place(index, axis: axis) * strides[axis]
        view.shape.remove(at: axis)
        view.strides.remove(at: axis)
        return view
    }

    /// Takes every `step`th place between two bounds, which are as Python's: cut to the axis, negative from the end.
    ///
    /// - Precondition: `step` is above zero.
    public func slicing(axis: Int, lower: Int?, upper: Int?, step: Int) throws(ComputationError) -> TensorView {
        precondition(step > 0, "a step of \(step)")
        try require(axis)
        let length = shape[axis]
        func cut(_ bound: Int) -> Int { min(max(bound < 0 ? bound + length : bound, 0), length) }
        let (start, stop) = (lower.map(cut) ?? 0, upper.map(cut) ?? length)
        var view = self
        view.shape[axis] = start < stop ? (stop - start - 1) / step + 1 : 0
        view.offset += view.shape[axis] > 0 ? start * strides[axis] : 0
        // A step beyond the axis takes one place alone.
        view.strides[axis] *= min(step, max(length, 1))
        return view
    }

    /// Takes places along an axis in an order of their own; values are copied unless the places are evenly spaced.
    ///
    /// - Parameter limit: the most values that the result may have.
    /// - Precondition: there is a place.
    public func gathering(_ indices: [Int], axis: Int, limit: Int) throws(ComputationError) -> TensorView {
        precondition(!indices.isEmpty, "no places")
        try require(axis)
        var view = self
        view.shape[axis] = indices.count
        var places: [Int] = []
        for index in indices { places.append(try place(index, axis: axis)) }
        guard view.count <= limit else { throw .tooLarge(shape: view.shape, limit: limit) }
        if Self.areEvenlySpaced(places) {
            view.offset += places[0] * strides[axis]
            view.strides[axis] *= places.count > 1 ? places[1] - places[0] : 1
            return view
        }
        return TensorView(Tensor(shape: view.shape, elements: tensor().gathered(places, axis: axis)))
    }

    /// Whether a view shows places, none of them counted from the end, without a copy.
    public static func areEvenlySpaced(_ places: [Int]) -> Bool {
        zip(places, places.dropFirst()).allSatisfy { $1 - $0 == places[1] - places[0] }
    }

    /// Puts an axis of length 1 before the axis of that number; negative numbers count from behind the last one.
    public func addingAxis(_ axis: Int) throws(ComputationError) -> TensorView {
        let place = axis < 0 ? axis + shape.count + 1 : axis
        guard (0...shape.count).contains(place) else { throw .noAxis(axis, shape: shape) }
        var view = self
        view.shape.insert(1, at: place)
        view.strides.insert(0, at: place)
        return view
    }

    /// Takes an axis off where its length is 1; a negative number counts from the end.
    public func removingAxis(_ axis: Int) throws(ComputationError) -> TensorView {
        let place = axis < 0 ? axis + shape.count : axis
        guard shape.indices.contains(place) else { throw .noAxis(axis, shape: shape) }
        guard shape[place] == 1 else { return self }
        var view = self
        view.shape.remove(at: place)
        view.strides.remove(at: place)
        return view
    }

    /// The values as a tensor of their own; the tensor itself where nothing was taken off.
    public func tensor() -> Tensor {
        guard strides == Tensor.strides(of: shape) else { return copied() }
        if count == elements.count { return Tensor(shape: shape, elements: elements) }
        return Tensor(shape: shape, elements: Tensor.Elements(elements[offset..<offset + count]))
    }

    private func copied() -> Tensor {
        var program = ElementProgram(limit: .max)
        // A program that loads one input and is not bounded has nothing to fail at.
        guard (try? program.load(self)) != nil, let copy = try? program.run() else { return Tensor(shape: shape) }
        return copy
    }

    private func require(_ axis: Int) throws(ComputationError) {
        guard shape.indices.contains(axis) else { throw .noAxis(axis, shape: shape) }
    }

    private func place(_ index: Int, axis: Int) throws(ComputationError) -> Int {
        try require(axis)
        guard (-shape[axis]..<shape[axis]).contains(index) else {
            throw .outOfRange(index: index, axis: axis, shape: shape)
        }
        return index < 0 ? index + shape[axis] : index
    }
}

extension Tensor {
    /// The values of places along an axis.
    fileprivate func gathered(_ places: [Int], axis: Int) -> Tensor.Elements {
        let outer = shape[..<axis].reduce(1, *)
        let inner = shape[(axis + 1)...].reduce(1, *)
        let length = shape[axis]
        return elements.withUnsafeBufferPointer { buffer in
            guard let input = buffer.baseAddress else { return [] }
            return Tensor.Elements(unsafeUninitializedCapacity: outer * places.count * inner) { output, initialized in
                var written = 0
                for group in 0..<outer {
                    for place in places {
                        let from = input + (group * length + place) * inner
                        for i in 0..<inner { output[written + i] = from[i] }
                        written += inner
                    }
                }
                initialized = written
            }
        }
    }
}
