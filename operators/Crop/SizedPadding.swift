import Pipelines
import Voxels

/// What all operators share that bring images to a size by adding voxels around them.
struct SizedPadding: Sendable {
    /// The images that are worked on.
    let images: KeyedImages

    /// The argument that the size comes from.
    let numbers: AxisNumbers

    private let method: PaddingMethod
    private let padding: PaddingArguments

    /// Reads all arguments.
    ///
    /// - Parameter size: the name of the argument that the size comes from.
    init(_ arguments: inout Arguments, size: String) throws(PipelineError) {
        images = try KeyedImages(&arguments)
        numbers = try AxisNumbers(&arguments, size)
        method = try PaddingMethod(&arguments)
        padding = try PaddingArguments(&arguments, count: images.count, size: size)
        try arguments.refuseLazy()
    }

    /// Brings each image to its size and appends to its trace what was done.
    ///
    /// - Parameter plan: for a spatial shape the size to bring it to, and what is cut off before.
    func apply(_ sample: inout Sample, _ plan: ([Int]) throws -> (size: [Int], record: CropRecord)) throws {
        try images.update(&sample) { image, index in
            try images.requireImage(image)
            let shape = image.tensor.spatialShape
            var (size, record) = try plan(shape)
            record.padded = method.widths(shape, to: size)
            try padding.fit(&image, index: index, to: record)
            image.trace.append(TraceEntry(operatorID: images.id, state: record))
        }
    }

    /// Refuses sizes for another number of axes than images have.
    func follow(_ sample: inout SampleLayout) {
        images.follow(&sample) { (image, _) throws(PipelineError) in
            if let rank = try images.requireImage(image) { try numbers.check(rank: rank) }
        }
    }

    /// Undoes what an entry recorded.
    func undo(_ entry: TraceEntry, on image: inout ModelImage) throws(PipelineError) {
        try CropRecord.undo(entry, on: &image, images: images)
    }
}
