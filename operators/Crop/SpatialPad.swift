import Pipelines
import Voxels

/// Makes an image at least as large as a size (MONAI `SpatialPadd`, croppad/array.py:176-235).
struct SpatialPad: InvertibleOperator {
    static let names = OperatorNames("SpatialPad")

    private let padding: SizedPadding

    init(arguments: inout Arguments) throws(PipelineError) {
        padding = try SizedPadding(&arguments, size: "spatial_size")
    }

    func apply(_ sample: inout Sample, in context: PipelineContext) throws {
        try padding.apply(&sample) { shape in
            (try padding.numbers.resolve(shape), CropRecord(rank: shape.count))
        }
    }

    func follow(_ sample: inout SampleLayout) { padding.follow(&sample) }

    func invert(
        _ image: inout ModelImage, entry: TraceEntry, interpolation: InverseInterpolation
    ) throws(PipelineError) {
        try padding.undo(entry, on: &image)
    }
}
