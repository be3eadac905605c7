import Pipelines
import Voxels

/// Cuts the middle out of an image (MONAI `CenterSpatialCropd`, croppad/array.py:499-544).
struct CenterSpatialCrop: InvertibleOperator {
    static let names = OperatorNames("CenterSpatialCrop")

    private let images: KeyedImages
    private let size: AxisNumbers

    init(arguments: inout Arguments) throws(PipelineError) {
        images = try KeyedImages(&arguments)
        size = try AxisNumbers(&arguments, "roi_size")
        try arguments.refuseLazy()
    }

    func apply(_ sample: inout Sample, in context: PipelineContext) throws {
        try images.update(&sample) { image, _ in
            try images.requireImage(image)
            let shape = image.tensor.spatialShape
            let box = zip(Self.box(shape, size: try size.resolve(shape)), shape).map { $0.clamped(to: 0..<$1) }
            image.tensor = image.tensor.window(from: box.map(\.lowerBound), shape: box.map(\.count))
            image.affine = image.affine * .translation(box.map { Double($0.lowerBound) })
            let record = CropRecord(shape, croppedTo: box)
            image.trace.append(TraceEntry(operatorID: images.id, state: record))
        }
    }

    func follow(_ sample: inout SampleLayout) {
        images.follow(&sample) { (image, _) throws(PipelineError) in
            if let rank = try images.requireImage(image) { try size.check(rank: rank) }
        }
    }

    /// The box of a size around the voxel at half of each axis, beginning within the image (`Crop.compute_slices`).
    static func box(_ shape: [Int], size: [Int]) -> [Range<Int>] {
        zip(shape, size).map { length, size in
            let start = max(length / 2 - size / 2, 0)
            return start..<start + size
        }
    }

    func invert(
        _ image: inout ModelImage, entry: TraceEntry, interpolation: InverseInterpolation
    ) throws(PipelineError) {
        try CropRecord.undo(entry, on: &image, images: images)
    }
}
