import ModelBundles
import Pipelines
import Voxels

/// Turns an image by right angles in the plane of two axes of space (MONAI `Rotate90d`, spatial/functional.py:546-593).
struct Rotate90: InvertibleOperator {
    static let names = OperatorNames("Rotate90")

    /// What the inverse needs.
    private struct State: Sendable {
        var quarters: Int
        var axes: [Int]
        var rank: Int
    }

    private let images: KeyedImages
    private let quarters: Int
    private let axes: SpatialAxes

    init(arguments: inout Arguments) throws(PipelineError) {
        images = try KeyedImages(&arguments)
        var quarters = 1
        if let value = arguments.take("k") {
            guard let number = value.intValue else {
                throw arguments.mismatch("k", expected: "an integer", found: value)
            }
            quarters = number
        }
        self.quarters = (quarters % 4 + 4) % 4
        guard let axes = try SpatialAxes(&arguments, "spatial_axes", default: [0, 1]), axes.count == 2 else {
            throw arguments.invalid("spatial_axes", "expected two axes, the plane to turn in")
        }
        self.axes = axes
        try arguments.refuseLazy()
    }

    func apply(_ sample: inout Sample, in context: PipelineContext) throws {
        try images.update(&sample) { image, _ in
            let rank = try images.requireImage(image)
            let state = State(quarters: quarters, axes: try axes.resolve(rank: rank), rank: rank)
            Self.turn(&image, quarters: quarters, axes: state.axes)
            image.trace.append(TraceEntry(operatorID: images.id, state: state))
        }
    }

    func follow(_ sample: inout SampleLayout) {
        images.follow(&sample) { (image, _) throws(PipelineError) in
            if let rank = try images.requireImage(image) { _ = try axes.resolve(rank: rank) }
        }
    }

    func invert(
        _ image: inout ModelImage, entry: TraceEntry, interpolation: InverseInterpolation
    ) throws(PipelineError) {
        guard let state = entry.state as? State else {
            throw PipelineError(.unfitImage, "\(images.id): the image has no record of its axes before")
        }
        try images.requireImage(image, rank: state.rank)
        Self.turn(&image, quarters: (4 - state.quarters) % 4, axes: state.axes)
    }

    private static func turn(_ image: inout ModelImage, quarters: Int, axes: [Int]) {
        let before = image.tensor.spatialShape
        var turn = Orientation(axes: Array(before.indices), flips: before.map { _ in false })
        let (first, second) = (axes[0], axes[1])
        if quarters % 2 == 1 { turn.axes.swapAt(first, second) }
        turn.flips[first] = quarters > 1
        turn.flips[second] = quarters == 1 || quarters == 2
        image.tensor.turn(by: turn)
        image.affine = image.affine * voxelMap(from: before, to: image.tensor.spatialShape, quarters, axes)
    }

    /// Takes voxels of the turned image to those before. MONAI multiplies with the cosine of π/2, which is not zero in
    /// float64, and a resampling that comes later can tell.
    private static func voxelMap(from before: [Int], to after: [Int], _ quarters: Int, _ axes: [Int]) -> Affine {
        let (first, second) = (axes[0], axes[1])
        let sign: Double = [-1, 2].contains(first - second) ? -1 : 1
        // A turn about the middle axis goes from the last one to the first.
        let (low, high) = (min(first, second), max(first, second))
        let sine = high - low == 1 ? sign : -sign
        let cosine = 6.123233995736766e-17
        var rotation = Affine.identity
        rotation[low, low] = cosine
        rotation[high, high] = cosine
        rotation[low, high] = -sine
        rotation[high, low] = sine
        var map = Affine.translation(after.map { -Double($0 - 1) / 2 })
        for _ in 0..<quarters { map = rotation * map }
        return .translation(before.map { Double($0 - 1) / 2 }) * map
    }
}
