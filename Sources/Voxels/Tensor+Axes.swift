extension Tensor {
    /// Puts an axis before all others, whose order stays (NumPy `moveaxis(axis, 0)`).
    ///
    /// - Precondition: there is such an axis.
    public func movingAxisToFront(_ axis: Int) -> Tensor {
        precondition(shape.indices.contains(axis), "\(shape) has no axis \(axis)")
        var moved = shape
        moved.insert(moved.remove(at: axis), at: 0)
        guard axis > 0, count > 0 else { return Tensor(shape: moved, elements: elements) }
        let outer = shape[..<axis].reduce(1, *)
        let inner = shape[(axis + 1)...].reduce(1, *)
        let length = shape[axis]
        let values = elements.withUnsafeBufferPointer { input in
            Tensor.Elements(unsafeUninitializedCapacity: count) { output, initialized in
                for index in 0..<length {
                    for group in 0..<outer {
                        let (from, to) = ((group * length + index) * inner, (index * outer + group) * inner)
                        for i in 0..<inner { output[to + i] = input[from + i] }
                    }
                }
                initialized = count
            }
        }
        return Tensor(shape: moved, elements: values)
    }
}
