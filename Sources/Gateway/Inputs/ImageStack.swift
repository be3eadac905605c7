import Pipelines
import Voxels

/// Puts images that lie on one grid together as the channels of one, as MONAI's readers do with several files under one
/// key (MONAI data/image_reader.py:145-180).
///
/// Images without a channel axis are stacked along a new first one; images that have theirs at the end are joined there.
/// Nothing is resampled: MONAI refuses other shapes and affines too.
struct ImageStack {
    /// The farthest that corners of two images may lie apart, in millimetres.
    static let tolerance = 1e-3

    /// One of several images, read when its turn comes.
    struct Member {
        /// What messages call it.
        var name: String
        var read: () throws -> ModelImage
    }

    /// Reads images one after the other into one.
    ///
    /// - Parameter key: the key that they are loaded under, for messages.
    /// - Returns: the one image as it is, or `[N, X, Y, Z]` (`[X, Y, Z, ΣC]` of images with channels) on the grid of the
    ///   first.
    /// - Throws: `RunError` with two names and the numbers where the images do not lie on one grid.
    static func read(_ members: [Member], key: String) throws -> ModelImage {
        guard let member = members.first else { throw RunError("there is no image for '\(key)'") }
        let first = try member.read()
        guard members.count > 1 else { return first }
        guard first.source.channelAxis == nil else { return try joined(first, members, key: key) }
        var failure: (any Error)?
        let count = first.tensor.count
        // One buffer, filled image by image: two volumes are in memory besides it at most.
        let elements = Tensor.Elements(unsafeUninitializedCapacity: count * members.count) { buffer, filled in
            do {
                for (index, other) in members.enumerated() {
                    let image = index == 0 ? first : try other.read()
                    if index > 0 { try requireOneGrid(first, member.name, image, other.name, key: key) }
                    image.tensor.elements.withUnsafeBufferPointer { values in
                        _ = UnsafeMutableBufferPointer(rebasing: buffer[filled..<filled + count]).initialize(
                            from: values)
                    }
                    filled += count
                }
            } catch {
                failure = error
            }
        }
        if let failure { throw failure }
        var image = ModelImage(
            tensor: Tensor(shape: [members.count] + first.tensor.shape, elements: elements), affine: first.affine,
            source: SourceGrid(shape: first.source.shape, affine: first.source.affine, channelAxis: 0))
        image.elementType = first.elementType
        return image
    }

    /// Joins images with channels at their ends.
    private static func joined(_ first: ModelImage, _ members: [Member], key: String) throws -> ModelImage {
        var images = [first]
        for member in members.dropFirst() {
            let image = try member.read()
            try requireOneGrid(first, members[0].name, image, member.name, key: key)
            images.append(image)
        }
        let lengths = images.map { $0.tensor.shape.last ?? 1 }
        let channels = lengths.reduce(0, +)
        var joined = first
        var shape = first.tensor.shape
        shape[shape.count - 1] = channels
        let voxels = first.source.shape.reduce(1, *)
        joined.tensor = Tensor(
            shape: shape,
            elements: Tensor.Elements(unsafeUninitializedCapacity: voxels * channels) { buffer, filled in
                var offset = 0
                for (image, length) in zip(images, lengths) {
                    image.tensor.elements.withUnsafeBufferPointer { values in
                        for voxel in 0..<voxels {
                            for channel in 0..<length {
                                let place = voxel * channels + offset + channel
                                buffer.initializeElement(at: place, to: values[voxel * length + channel])
                            }
                        }
                    }
                    offset += length
                }
                filled = voxels * channels
            })
        return joined
    }

    private static func requireOneGrid(
        _ one: ModelImage, _ oneName: String, _ other: ModelImage, _ otherName: String, key: String
    ) throws {
        let way = "; Portico never resamples what it is given: bring the images of '\(key)' onto one grid first"
        guard one.source.shape == other.source.shape else {
            let words = { (image: ModelImage) in image.source.shape.map(String.init).joined(separator: " × ") }
            throw RunError(
                "\(oneName) has \(words(one)) voxels and \(otherName) \(words(other))" + way)
        }
        guard (one.source.channelAxis == nil) == (other.source.channelAxis == nil) else {
            throw RunError("of \(oneName) and \(otherName) only one holds channels of its own" + way)
        }
        let distance = distance(one.source.affine, other.source.affine, shape: one.source.shape)
        guard distance <= tolerance else {
            throw RunError(
                "\(otherName) lies elsewhere than \(oneName): their corners are up to "
                    + "\(millimetres(distance)) mm apart, \(tolerance) mm may be" + way)
        }
    }

    /// The farthest that a corner of one grid lies from the same corner of the other, in millimetres.
    static func distance(_ one: Affine, _ other: Affine, shape: [Int]) -> Double {
        var farthest = 0.0
        for corner in 0..<(1 << shape.count) {
            let index = shape.indices.map { axis in corner >> axis & 1 == 1 ? Double(shape[axis] - 1) : 0 }
            var square = 0.0
            for row in 0..<3 {
                var difference = one[row, 3] - other[row, 3]
                for axis in shape.indices { difference += (one[row, axis] - other[row, axis]) * index[axis] }
                square += difference * difference
            }
            farthest = max(farthest, square.squareRoot())
        }
        return farthest
    }

    private static func millimetres(_ value: Double) -> String {
        value.isFinite ? ((value * 10_000).rounded(.up) / 10_000).description : "infinitely many"
    }
}
