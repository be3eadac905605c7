import ModelBundles
import Pipelines
import Voxels

/// Cuts images down to the box around the voxels above zero (MONAI `CropForegroundd`, croppad/array.py:785-960,
/// croppad/dictionary.py:834-932).
struct CropForeground: InvertibleOperator {
    static let names = OperatorNames("CropForeground")

    private let images: KeyedImages
    /// The image whose voxels count; nil for the image itself, in the array spelling.
    private let source: String?
    /// What tells the voxels that count; nil for those above zero.
    private let selection: TensorFunction?
    private let channels: [Int]?
    private let margin: AxisNumbers
    private let allowsSmaller: Bool
    private let divisors: AxisNumbers
    private let padding: PaddingArguments

    init(arguments: inout Arguments) throws(PipelineError) {
        images = try KeyedImages(&arguments)
        source = arguments.isArray ? nil : try Self.source(&arguments)
        selection = try Self.selection(&arguments)
        channels = try Self.channels(&arguments)
        margin = try AxisNumbers(&arguments, "margin", default: 0, least: 0)
        allowsSmaller = try arguments.bool(
            "allow_smaller", default: arguments.semantics.cropForegroundAllowsSmaller)
        divisors = try AxisNumbers(&arguments, "k_divisible", default: 1)
        padding = try PaddingArguments(&arguments, count: images.count, size: "margin")
        if arguments.isArray {
            // It makes a tuple of the image, which no other operator takes.
            try arguments.acceptOnlyFalse("return_coords")
        } else {
            // They put the box into the sample beside the images, where no operator reads it.
            arguments.ignore("start_coord_key", "end_coord_key")
        }
        try arguments.refuseLazy()
    }

    private static func source(_ arguments: inout Arguments) throws(PipelineError) -> String {
        let source = try arguments.optionalString("source_key")
        guard let source else { throw arguments.mismatch("source_key", expected: "a key", found: nil) }
        return source
    }

    private static func selection(_ arguments: inout Arguments) throws(PipelineError) -> TensorFunction? {
        guard let value = arguments.take("select_fn") else { return nil }
        if case .symbol(let name) = value, name.hasPrefix("monai."), name.hasSuffix(".is_positive") { return nil }
        let function = try arguments.function(value, "select_fn")
        guard function.body.type == .bool else {
            throw arguments.unsupported(
                "select_fn", "Portico takes a comparison, such as 'lambda x: x > 0', not one with other values")
        }
        return function
    }

    private static func channels(_ arguments: inout Arguments) throws(PipelineError) -> [Int]? {
        guard let value = arguments.take("channel_indices"), !value.isNull else { return nil }
        let indices = value.listed.compactMap(\.wholeCount)
        guard indices.count == value.listed.count, !indices.isEmpty else {
            throw arguments.mismatch("channel_indices", expected: "an index or a list of indices", found: value)
        }
        return indices
    }

    func apply(_ sample: inout Sample, in context: PipelineContext) throws {
        let source = source ?? sample.arrayKey
        guard let image = sample.images[source] else {
            throw sample.lacks(source, path: self.source == nil ? images.id : "\(images.id)::source_key")
        }
        let box = try box(image)
        try images.update(&sample) { image, index in
            try crop(&image, index: index, to: box)
        }
    }

    func follow(_ sample: inout SampleLayout) {
        let key = source ?? sample.arrayKey
        sample.requireImage(key, path: source == nil ? images.id : "\(images.id)::source_key")
        sample.update(key) { (image) throws(PipelineError) in
            if let rank = try images.requireImage(image) {
                try margin.check(rank: rank)
                try divisors.check(rank: rank)
            }
            if let count = image.channels { _ = try chosen(of: count) }
        }
        images.follow(&sample) { (image, _) throws(PipelineError) in _ = try images.requireImage(image) }
    }

    /// The box around the voxels that count, with its margin, as long as the divisors ask for; it can lie across the
    /// image's edges.
    private func box(_ image: ModelImage) throws(PipelineError) -> [Range<Int>] {
        try images.requireImage(image)
        let shape = image.tensor.spatialShape
        guard let found = try mask(image).foregroundBox(channels: try chosen(of: image.tensor.channels)) else {
            // MONAI goes on with an image without voxels, with which the network or the next operator fails.
            throw PipelineError(
                .unfitImage,
                "\(images.id): no voxel of the image is \(selection == nil ? "above 0" : "selected by select_fn"), so "
                    + "nothing of it would be left")
        }
        let margins = try margin.resolve(shape.map { _ in 0 }, positive: false)
        var box = zip(found, zip(margins, shape)).map { range, other in
            let wide = range.lowerBound - other.0..<range.upperBound + other.0
            return allowsSmaller ? max(wide.lowerBound, 0)..<min(wide.upperBound, other.1) : wide
        }
        for (axis, size) in try divisors.multiples(of: box.map(\.count)).enumerated() {
            let start = box[axis].lowerBound - (size - box[axis].count) / 2
            box[axis] = start..<start + size
        }
        return box
    }

    private func chosen(of count: Int) throws(PipelineError) -> [Int]? {
        guard let channels else { return nil }
        for index in channels where !(-count..<count).contains(index) {
            throw PipelineError(
                .unfitImage, "\(images.id)::channel_indices: the image has \(count) channels, none is number \(index)")
        }
        return channels.map { $0 < 0 ? $0 + count : $0 }
    }

    /// What has voxels above zero where they count: the image itself, or what the function makes of its channels.
    private func mask(_ image: ModelImage) throws(PipelineError) -> Tensor {
        guard let selection else { return image.tensor }
        guard image.elementType == .float32 else {
            throw PipelineError(
                .unsupported,
                "\(images.id)::select_fn: Portico applies functions to float32, and the image holds "
                    + image.elementType.rawValue)
        }
        let shape = image.tensor.shape
        let result: Tensor
        do { result = try FunctionEvaluator.apply(selection, to: image.tensor) } catch {
            throw PipelineError(
                .unfitImage, "\(images.id)::select_fn: it cannot be applied to an image of \(shape): \(error)")
        }
        guard result.shape == shape else {
            throw PipelineError(
                .unfitImage, "\(images.id)::select_fn: it makes \(result.shape) of an image of \(shape)")
        }
        return result
    }

    private func crop(_ image: inout ModelImage, index: Int, to box: [Range<Int>]) throws(PipelineError) {
        try images.requireImage(image)
        let shape = image.tensor.spatialShape
        guard shape.count == box.count, zip(box, shape).allSatisfy({ $0.lowerBound < $1 && $0.upperBound > 0 }) else {
            throw PipelineError(
                .unfitImage, "\(images.id): the image of \(shape) has no voxels within the box \(box)")
        }
        var record = CropRecord(shape, croppedTo: box.map { max($0.lowerBound, 0)..<$0.upperBound })
        record.padded = zip(box, shape).map {
            AxisEnds(before: max(-$0.lowerBound, 0), after: max($0.upperBound - $1, 0))
        }
        try padding.fit(&image, index: index, to: record)
        image.trace.append(TraceEntry(operatorID: images.id, state: record))
    }

    func invert(
        _ image: inout ModelImage, entry: TraceEntry, interpolation: InverseInterpolation
    ) throws(PipelineError) {
        try CropRecord.undo(entry, on: &image, images: images)
    }
}
