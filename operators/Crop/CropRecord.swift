import Pipelines
import Voxels

/// How many voxels lie at the two ends of an axis.
struct AxisEnds: Sendable, Equatable {
    /// Before the image.
    var before: Int
    /// Behind it.
    var after: Int
}

/// What an operator took off an image and then added to it, which is all that its inverse needs.
struct CropRecord: Sendable {
    /// What was taken off, for each axis of space.
    var cropped: [AxisEnds]
    /// What was added.
    var padded: [AxisEnds]

    /// Nothing taken off or added.
    init(rank: Int) {
        cropped = Array(repeating: AxisEnds(before: 0, after: 0), count: rank)
        padded = cropped
    }

    /// Takes off what is outside of a box that begins within an image of a shape.
    init(_ shape: [Int], croppedTo box: [Range<Int>]) {
        self.init(rank: shape.count)
        cropped = zip(box, shape).map { AxisEnds(before: $0.lowerBound, after: max($1 - $0.upperBound, 0)) }
    }

    /// Whether voxels are taken off or added at each end of an axis, not both, so that the result is one window onto the
    /// image.
    var isOneWindow: Bool {
        zip(padded, cropped).allSatisfy {
            ($0.before == 0 || $1.before == 0) && ($0.after == 0 || $1.after == 0)
        }
    }

    /// Undoes what an operator recorded: takes off what was added, then puts zeros where something was taken off (MONAI
    /// transforms/croppad/array.py:160-171, 439-447).
    static func undo(_ entry: TraceEntry, on image: inout ModelImage, images: KeyedImages) throws(PipelineError) {
        guard let record = entry.state as? CropRecord else {
            throw PipelineError(.unfitImage, "\(images.id): the image has no record of its shape before")
        }
        guard try images.requireImage(image) == record.padded.count else {
            throw PipelineError(
                .unfitImage, "\(images.id): the image lost or gained an axis since: \(image.tensor.shape)")
        }
        let shape = image.tensor.spatialShape
        let kept = zip(shape, record.padded).map { $0 - $1.before - $1.after }
        guard kept.allSatisfy({ $0 > 0 }) else {
            throw PipelineError(
                .unfitImage, "\(images.id): the image has fewer voxels than were added to it: \(shape)")
        }
        if record.isOneWindow {
            let start = zip(record.padded, record.cropped).map { $0.before - $1.before }
            let size = zip(kept, record.cropped).map { $0 + $1.before + $1.after }
            image.tensor = image.tensor.window(from: start, shape: size)
        } else {
            let inner = image.tensor.window(from: record.padded.map(\.before), shape: kept)
            image.tensor = inner.padded(
                before: record.cropped.map(\.before), after: record.cropped.map(\.after), .constant(0))
        }
        image.affine =
            image.affine * .translation(record.padded.map { Double($0.before) })
            * .translation(record.cropped.map { -Double($0.before) })
    }
}
