import Pipelines
import Voxels

/// Makes the axes of an image divisible by numbers (MONAI `DivisiblePadd`, croppad/array.py:298-342).
struct DivisiblePad: InvertibleOperator {
    static let names = OperatorNames("DivisiblePad")

    private let padding: SizedPadding

    init(arguments: inout Arguments) throws(PipelineError) {
        padding = try SizedPadding(&arguments, size: "k")
    }

    func apply(_ sample: inout Sample, in context: PipelineContext) throws {
        try padding.apply(&sample) { shape in
            (try padding.numbers.multiples(of: shape), CropRecord(rank: shape.count))
        }
    }

    func follow(_ sample: inout SampleLayout) { padding.follow(&sample) }

    func invert(
        _ image: inout ModelImage, entry: TraceEntry, interpolation: InverseInterpolation
    ) throws(PipelineError) {
        try padding.undo(entry, on: &image)
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
