import ModelBundles
import Pipelines
import Voxels

/// Resamples an image to a voxel spacing (MONAI `Spacingd`, spatial/array.py:341-550, spatial/dictionary.py:366-540).
struct Respace: InvertibleOperator {
    static let names = OperatorNames("Spacing")

    /// What the inverse needs: the grid before, and how values were found.
    private struct State: Sendable {
        var affine: Affine
        var shape: [Int]
        var resampling: Resampling
    }

    private let images: KeyedImages
    private let spacing: TargetSpacing
    private let resamplings: [Resampling]
    private let scaleExtents: [Bool]
    private let isDiagonal: Bool
    private let keepsOneShape: Bool
    private let recomputesAffine: Bool

    init(arguments: inout Arguments) throws(PipelineError) {
        images = try KeyedImages(&arguments)
        spacing = try TargetSpacing(&arguments)
        let count = images.count
        let modes = try arguments.words("mode", count: count, default: Resampling.Interpolation.linear)
        let paddings = try arguments.words("padding_mode", count: count, default: Resampling.Padding.border)
        let aligned = try arguments.bools("align_corners", count: count, default: false)
        resamplings = (0..<count).map { Resampling(modes[$0], padding: paddings[$0], alignsCorners: aligned[$0]) }
        scaleExtents = try arguments.bools("scale_extent", count: count, default: false)
        isDiagonal = try arguments.bool("diagonal", default: false)
        // The array spelling has one image, and no such argument.
        keepsOneShape = arguments.isArray ? false : try arguments.bool("ensure_same_shape", default: true)
        recomputesAffine = try arguments.bool("recompute_affine", default: false)
        let types = try arguments.perKey("dtype", count: count, default: ElementType.float64) {
            (arguments, value, name) throws(PipelineError) in try arguments.elementType(value, name) ?? .float32
        }
        guard types.allSatisfy({ $0 == .float64 }) else {
            throw arguments.unsupported(
                "dtype",
                "Portico resamples in float64, MONAI's default, only; in float32 the voxels depend on the processor")
        }
        try arguments.refuseLazy()
    }

    func apply(_ sample: inout Sample, in context: PipelineContext) throws {
        // Later images of the first one's shape and spacing get its shape, whatever their own offsets round to.
        var first: (shape: [Int], spacing: [Double], outShape: [Int])?
        try images.update(&sample) { image, index in
            let rank = try images.requireImage(image)
            let shape = image.tensor.spatialShape
            let spacing = image.affine.spacing(rank: rank).map { $0 == 0 ? 1 : $0 }
            var outShape: [Int]?
            if keepsOneShape, let first, first.shape == shape, Self.isClose(first.spacing, spacing) {
                outShape = first.outShape
            }
            try resample(&image, index: index, outShape: outShape)
            if first == nil { first = (shape, spacing, image.tensor.spatialShape) }
        }
    }

    func follow(_ sample: inout SampleLayout) {
        images.follow(&sample) { (image, _) throws(PipelineError) in _ = try images.requireImage(image) }
    }

    private static func isClose(_ a: [Double], _ b: [Double]) -> Bool {
        zip(a, b).allSatisfy { ($0 - $1).magnitude <= 1e-3 + 1e-5 * $1.magnitude }
    }

    private func resample(_ image: inout ModelImage, index: Int, outShape: [Int]?) throws(PipelineError) {
        let before = image.affine
        let shape = image.tensor.spatialShape
        let target = try spacing.resolve(for: before, rank: shape.count, id: images.id)
        guard before.isFinite, var zoomed = before.zoomed(to: target, diagonal: isDiagonal),
            let fit = before.shapeAndOffset(shape: shape, zoomed: zoomed, scaleExtent: scaleExtents[index])
        else { throw singular(before) }
        for axis in shape.indices { zoomed[axis, 3] = fit.offset[axis] }
        let wanted: [Int]
        if let outShape { wanted = outShape } else { wanted = try whole(fit.shape) }
        try checkRoom(wanted, channels: image.tensor.channels)
        guard
            let result = resamplings[index].bring(image.tensor, affine: before, onto: zoomed, shape: wanted)
        else { throw singular(before) }
        image.tensor = result.tensor
        image.elementType = .float32
        image.affine = result.affine
        if recomputesAffine {
            // MONAI drops where the image lies here, and keeps how much its voxels grew alone.
            image.affine = .resizing(shape, to: wanted, alignsCorners: resamplings[index].alignsCorners)
        }
        let state = State(affine: before, shape: shape, resampling: resamplings[index])
        image.trace.append(TraceEntry(operatorID: images.id, state: state))
    }

    /// The shape as integers, refused where it is empty or too large to be meant.
    private func whole(_ shape: [Double]) throws(PipelineError) -> [Int] {
        guard shape.allSatisfy({ $0 >= 1 && $0 <= Double(Room.mostValues) }) else {
            throw PipelineError(
                .unfitImage,
                "\(images.id)::pixdim: resampling would give \(shape) voxels; is the spacing in millimetres?")
        }
        return shape.map { Int($0) }
    }

    /// Refuses a result, or tables of its axes' coordinates and weights, that would be too large.
    private func checkRoom(_ shape: [Int], channels: Int) throws(PipelineError) {
        try Room.check([channels] + shape, steps: [[12, shape.max() ?? 0]], path: "\(images.id)::pixdim")
    }

    private func singular(_ affine: Affine) -> PipelineError {
        PipelineError(.unfitImage, "\(images.id): the image's affine cannot be inverted: \(affine.elements)")
    }

    func invert(
        _ image: inout ModelImage, entry: TraceEntry, interpolation: InverseInterpolation
    ) throws(PipelineError) {
        guard let state = entry.state as? State else {
            throw PipelineError(.unfitImage, "\(images.id): the image has no record of its spacing before")
        }
        try images.requireImage(image, rank: state.shape.count)
        try checkRoom(state.shape, channels: image.tensor.channels)
        var resampling = state.resampling
        if interpolation == .nearest {
            resampling.interpolation = .nearest
            resampling.alignsCorners = false
        }
        guard
            let result = resampling.bring(
                image.tensor, affine: image.affine, onto: state.affine, shape: state.shape)
        else { throw singular(image.affine) }
        image.tensor = result.tensor
        image.elementType = .float32
        image.affine = result.affine
    }
}
