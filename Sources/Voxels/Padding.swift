/// What lies beyond the edge of an image that is made larger: the modes of torch's `F.pad` and of `numpy.pad`.
///
/// MONAI takes torch for `constant`, `reflect`, `replicate` and `circular`, and NumPy for the others and where torch
/// refuses (transforms/croppad/functional.py:73-118).
public enum Padding: Sendable, Equatable {
    /// One value everywhere.
    case constant(Float)
    /// The image mirrored at its edge voxels, which are not repeated.
    case reflect
    /// The image mirrored at the outer faces of its edge voxels, which are repeated.
    case symmetric
    /// The edge voxel repeated.
    case replicate
    /// The image repeated.
    case circular
    /// A value made of all voxels of the line.
    case statistic(Statistic)
    /// From the edge voxel to zero in equal steps, zero at the outer end.
    case linearRamp

    /// What is made of the voxels of a line.
    public enum Statistic: Sendable, Equatable {
        case maximum, minimum, mean, median
    }

    /// The index that each place of the padded axis takes its voxel from, −1 where there is none; nil for modes that
    /// compute values.
    func sources(size: Int, before: Int, after: Int) -> [Int]? {
        let places = -before..<size + after
        switch self {
        case .constant: return places.map { $0 >= 0 && $0 < size ? $0 : -1 }
        case .replicate: return places.map { min(max($0, 0), size - 1) }
        case .circular: return places.map { Self.modulo($0, size) }
        case .symmetric:
            return places.map { place in
                let index = Self.modulo(place, 2 * size)
                return index < size ? index : 2 * size - 1 - index
            }
        case .reflect:
            guard size > 1 else { return places.map { _ in 0 } }
            return places.map { place in
                let index = Self.modulo(place, 2 * size - 2)
                return index < size ? index : 2 * size - 2 - index
            }
        case .statistic, .linearRamp: return nil
        }
    }

    private static func modulo(_ value: Int, _ divisor: Int) -> Int {
        let rest = value % divisor
        return rest < 0 ? rest + divisor : rest
    }
}

extension Tensor {
    /// Adds voxels at both ends of each axis of space.
    ///
    /// - Parameters:
    ///   - before: how many stand before the image, for each axis of space.
    ///   - after: how many stand behind it.
    ///   - holdsIntegers: whether the values stand for integers, so that computed ones are rounded: means and medians
    ///     half to even, ramps down.
    /// - Precondition: there are one to three axes of space, voxels, and widths that are not negative.
    public func padded(before: [Int], after: [Int], _ padding: Padding, holdsIntegers: Bool = false) -> Tensor {
        precondition((before + after).allSatisfy { $0 >= 0 } && count > 0, "\(before) and \(after) for \(shape)")
        guard (before + after).contains(where: { $0 > 0 }) else { return self }
        let sources = spatialShape.indices.compactMap {
            padding.sources(size: spatialShape[$0], before: before[$0], after: after[$0])
        }
        if sources.count == before.count {
            if case .constant(let value) = padding { return gathering(sources, filling: value) }
            return gathering(sources)
        }
        let shape = zip(spatialShape, zip(before, after)).map { $0 + $1.0 + $1.1 }
        // The frame is written over below, axis by axis, so what stands there first does not matter.
        var padded = window(from: before.map(-), shape: shape)
        let frame = PaddedFrame(
            channels: channels, inner: spatialShape, before: before, outer: shape, holdsIntegers: holdsIntegers)
        frame.fill(&padded.elements, padding)
        return padded
    }
}
