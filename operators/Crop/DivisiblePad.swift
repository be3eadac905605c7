import Pipelines
import Voxels

/// Makes the axes of an image divisible by numbers (MONAI `DivisiblePadd`, croppad/array.py:298-342).
struct DivisiblePad: InvertibleOperator {
    static let names = OperatorNames("DivisiblePad")

    private let images: KeyedImages
    private let divisors: AxisNumbers
    private let method: PaddingMethod
    private let padding: PaddingArguments

    init(arguments: inout Arguments) throws(PipelineError) {
        images = try KeyedImages(&arguments)
        divisors = try AxisNumbers(&arguments, "k")
        method = try PaddingMethod(&arguments)
        padding = try PaddingArguments(&arguments, count: images.count, size: "k")
        try arguments.refuseLazy()
    }

    func apply(_ sample: inout Sample, in context: PipelineContext) throws {
        try images.update(&sample) { image, index in
            var record = CropRecord(rank: try images.requireImage(image))
            let shape = image.tensor.spatialShape
            record.padded = method.widths(shape, to: try divisors.multiples(of: shape))
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

extension AxisNumbers {
    /// The least multiples of these numbers that are not below a shape; a number below 1 keeps its axis
    /// (`compute_divisible_spatial_size`, MONAI transforms/utils.py:1865-1882).
    func multiples(of shape: [Int]) throws(PipelineError) -> [Int] {
        let divisors = try resolve(shape.map { _ in 1 })
        return zip(shape, divisors).map { ($0 + $1 - 1) / $1 * $1 }
    }
}
