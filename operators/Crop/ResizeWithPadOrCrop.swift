import Pipelines
import Voxels

/// Brings an image to a size by cutting its middle out and adding voxels around it (MONAI `ResizeWithPadOrCropd`,
/// croppad/array.py:1409-1514).
struct ResizeWithPadOrCrop: InvertibleOperator {
    static let names = OperatorNames("ResizeWithPadOrCrop")

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
            try images.requireImage(image)
            let shape = image.tensor.spatialShape
            let size = try size.resolve(shape)
            var record = CropRecord(shape, croppedTo: CenterSpatialCrop.box(shape, size: size))
            record.padded = method.widths(shape, to: size)
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
