import Pipelines
import Voxels

/// Makes an image at least as large as a size (MONAI `SpatialPadd`, croppad/array.py:176-235).
struct SpatialPad: InvertibleOperator {
    static let names = OperatorNames("SpatialPad")

    private let images: KeyedImages
    private let size: AxisNumbers
    private let method: PaddingMethod
    private let padding: PaddingArguments

    init(arguments: inout Arguments) throws(PipelineError) {
        images = try KeyedImages(&arguments)
        size = try AxisNumbers(&arguments, "spatial_size")
        method = try PaddingMethod(&arguments)
        padding = try PaddingArguments(&arguments, count: images.count, size: "spatial_size")
        try arguments.refuseLazy()
    }

    func apply(_ sample: inout Sample, in context: PipelineContext) throws {
        try images.update(&sample) { image, index in
            var record = CropRecord(rank: try images.requireImage(image))
            let shape = image.tensor.spatialShape
            record.padded = method.widths(shape, to: try size.resolve(shape))
            try padding.fit(&image, index: index, to: record)
            image.trace.append(TraceEntry(operatorID: images.id, state: record))
        }
    }

    func invert(
        _ image: inout ModelImage, entry: TraceEntry, interpolation: InverseInterpolation
    ) throws(PipelineError) {
        try CropRecord.undo(entry, on: &image, images: images)
    }
}
