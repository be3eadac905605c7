import ModelBundles
import Pipelines
import Voxels

/// Mirrors an image along axes of space (MONAI `Flipd`, spatial/functional.py:276-309).
struct Flip: InvertibleOperator {
    static let names = OperatorNames("Flip")

    /// What the inverse needs: the turn, which undoes itself.
    private struct State: Sendable {
        var turn: Orientation
    }

    private let images: KeyedImages
    private let axes: SpatialAxes?

    init(arguments: inout Arguments) throws(PipelineError) {
        images = try KeyedImages(&arguments)
        axes = try SpatialAxes(&arguments, "spatial_axis")
        try arguments.refuseLazy()
    }

    func apply(_ sample: inout Sample, in context: PipelineContext) throws {
        try images.update(&sample) { image, _ in
            let rank = try images.requireImage(image)
            let chosen = try axes?.resolve(rank: rank) ?? Array(0..<rank)
            let turn = Orientation(axes: Array(0..<rank), flips: (0..<rank).map { chosen.contains($0) })
            image.turn(by: turn)
            image.trace.append(TraceEntry(operatorID: images.id, state: State(turn: turn)))
        }
    }

    func follow(_ sample: inout SampleLayout) {
        images.follow(&sample) { (image, _) throws(PipelineError) in
            if let rank = try images.requireImage(image) { _ = try axes?.resolve(rank: rank) }
        }
    }

    func invert(
        _ image: inout ModelImage, entry: TraceEntry, interpolation: InverseInterpolation
    ) throws(PipelineError) {
        guard let state = entry.state as? State else {
            throw PipelineError(.unfitImage, "\(images.id): the image has no record of its axes before")
        }
        try images.requireImage(image, rank: state.turn.axes.count)
        image.turn(by: state.turn)
    }
}

extension ModelImage {
    /// Flips and permutes the axes of space, and the affine with them.
    mutating func turn(by turn: Orientation) {
        let shape = tensor.spatialShape
        tensor.turn(by: turn)
        affine = affine * turn.inverseAffine(shape: shape)
    }
}

extension KeyedImages {
    /// Refuses an image that has another number of axes of space than it had when an operator recorded something.
    func requireImage(_ image: ModelImage, rank: Int) throws(PipelineError) {
        guard try requireImage(image) == rank else {
            throw PipelineError(
                .unfitImage, "\(id): the image lost or gained an axis since: \(image.tensor.shape)")
        }
    }
}
