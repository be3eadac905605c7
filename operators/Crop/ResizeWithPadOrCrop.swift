import Pipelines
import Voxels

/// Brings an image to a size by cutting its middle out and adding voxels around it (MONAI `ResizeWithPadOrCropd`,
/// croppad/array.py:1409-1514).
struct ResizeWithPadOrCrop: InvertibleOperator {
    static let names = OperatorNames("ResizeWithPadOrCrop")

    private let padding: SizedPadding

    init(arguments: inout Arguments) throws(PipelineError) {
        padding = try SizedPadding(&arguments, size: "spatial_size")
    }

    func apply(_ sample: inout Sample, in context: PipelineContext) throws {
        try padding.apply(&sample) { shape in
            let size = try padding.numbers.resolve(shape)
            return (size, CropRecord(shape, croppedTo: CenterSpatialCrop.box(shape, size: size)))
        }
    }

    func follow(_ sample: inout SampleLayout) { padding.follow(&sample) }

    func invert(
        _ image: inout ModelImage, entry: TraceEntry, interpolation: InverseInterpolation
    ) throws(PipelineError) {
        try padding.undo(entry, on: &image)
    }
}
