internal import InferenceABI
public import Voxels

/// What a network gave for a batch, in the memory of whoever made it, which is given back with the last reference.
///
/// `@unchecked Sendable` is right because nothing writes to the values, and the ABI lets any thread release them.
public final class NetworkOutput: @unchecked Sendable {
    /// The output's own shape, `[B, C′, …]`.
    public let shape: [Int]

    /// The type that the network itself gave, by NumPy's name; nil where that is not known.
    public let elementType: String?

    private let values: UnsafeBufferPointer<Float>
    private let release: () -> Void

    /// Makes an output.
    ///
    /// - Parameters:
    ///   - values: in row-major order, as many as the shape has.
    ///   - release: gives the memory back, on whatever thread.
    init(
        values: UnsafeBufferPointer<Float>, shape: [Int], elementType: String? = nil, release: @escaping () -> Void
    ) {
        self.values = values
        self.shape = shape
        self.elementType = elementType
        self.release = release
    }

    /// - Parameter tensor: `+1`: it is released here.
    convenience init(table: BackEndTable, tensor: portico_tensor) {
        let shape = withUnsafeBytes(of: tensor.shape) { bytes in
            bytes.bindMemory(to: Int64.self).prefix(max(Int(tensor.rank), 0)).map(Int.init)
        }
        var owned = tensor
        self.init(
            values: UnsafeBufferPointer(start: tensor.elements, count: shape.reduce(1, *)), shape: shape,
            elementType: tensor.element_type.map { String(cString: $0) }
        ) { table.pointer.pointee.release_output(&owned) }
    }

    /// Makes an output of values that Swift owns.
    public convenience init(_ tensor: Tensor) {
        let buffer = UnsafeMutableBufferPointer<Float>.allocate(capacity: tensor.count)
        tensor.elements.withUnsafeBufferPointer { _ = buffer.initialize(fromContentsOf: $0) }
        self.init(values: UnsafeBufferPointer(buffer), shape: tensor.shape) { buffer.deallocate() }
    }

    deinit { release() }

    /// Shows the values in row-major order; they are gone when the output is.
    public func withValues<Result>(_ body: (UnsafeBufferPointer<Float>) throws -> Result) rethrows -> Result {
        try withExtendedLifetime(self) { try body(values) }
    }

    /// A copy of the values.
    public var tensor: Tensor { withValues { Tensor(shape: shape, elements: Tensor.Elements($0)) } }

    /// The same values in another shape.
    ///
    /// - Precondition: it has at most as many values.
    func reshaped(_ shape: [Int]) -> NetworkOutput {
        let count = shape.reduce(1, *)
        precondition(count <= values.count, "\(values.count) values do not fill a shape of \(shape)")
        // They live as long as this output does.
        return NetworkOutput(
            values: UnsafeBufferPointer(rebasing: values[..<count]), shape: shape, elementType: elementType
        ) { _ = self }
    }
}
