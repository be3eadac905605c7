public import Voxels

/// The label of every voxel of a grid; 0 is background.
public struct LabelMap: Sendable {
    /// The number of voxels along X, Y and Z.
    public let shape: [Int]

    /// Takes voxel indices to millimetres in RAS.
    public let affine: Affine

    /// The label of voxel `(x, y, z)` is at `(x · Y + y) · Z + z`, as in `Tensor`.
    public let labels: [UInt16]

    /// How many voxels held a number between labels, as a linear inversion leaves them, and were rounded.
    public let roundedVoxels: Int

    /// Makes a label map of labels.
    ///
    /// - Throws: `ResultsError` where the labels do not fill the shape.
    public init(shape: [Int], affine: Affine, labels: [UInt16]) throws {
        guard shape.count == 3, shape.allSatisfy({ $0 > 0 }), shape.reduce(1, *) == labels.count else {
            throw ResultsError(.wrongGrid, "\(labels.count) labels do not fill a shape of \(shape)")
        }
        self.shape = shape
        self.affine = affine
        self.labels = labels
        roundedVoxels = 0
    }

    /// Makes a label map of a tensor, `[X, Y, Z]` or `[1, X, Y, Z]`.
    ///
    /// Numbers between labels are rounded half to even, as numpy does, and counted: nothing before this rounds.
    ///
    /// - Throws: `ResultsError` where a value is no number from 0 to 65535 or the shape is another.
    public init(tensor: Tensor, affine: Affine) throws {
        let shape = tensor.shape.count == 4 && tensor.shape[0] == 1 ? Array(tensor.shape.dropFirst()) : tensor.shape
        guard shape.count == 3, shape.allSatisfy({ $0 > 0 }) else {
            throw ResultsError(
                .wrongGrid, "a label map has three axes, or one channel and three axes, not a shape of \(tensor.shape)")
        }
        var rounded = 0
        var wrong: Float?
        labels = tensor.elements.withUnsafeBufferPointer { values in
            [UInt16](unsafeUninitializedCapacity: values.count) { labels, count in
                for index in values.indices {
                    let value = values[index]
                    // Not a number fails every comparison.
                    guard value > -0.5, value < 65535.5 else {
                        wrong = value
                        return
                    }
                    let whole = value.rounded(.toNearestOrEven)
                    if whole != value { rounded += 1 }
                    labels[index] = UInt16(max(0, min(65535, whole)))
                }
                count = values.count
            }
        }
        if let wrong { throw ResultsError(.wrongLabel, "a voxel holds \(wrong), which is no label from 0 to 65535") }
        self.shape = shape
        self.affine = affine
        roundedVoxels = rounded
    }
}
