import ModelBundles
import Pipelines
import Voxels

/// Takes an axis of length 1 off an image (MONAI `SqueezeDimd`, utility/array.py:601-648).
///
/// As in MONAI it is not undone by an inversion.
struct SqueezeDim: Operator {
    static let names = OperatorNames("SqueezeDim")

    private let images: KeyedImages
    /// Nil for all axes of length 1.
    private let axis: Int?
    private let updatesAffine: Bool

    init(arguments: inout Arguments) throws(PipelineError) {
        images = try KeyedImages(&arguments)
        updatesAffine = try arguments.bool("update_meta", default: true)
        switch arguments.take("dim") {
        case nil: axis = 0
        case .null: axis = nil
        case .int(let index): axis = index
        case let value: throw arguments.mismatch("dim", expected: "an axis or null", found: value)
        }
    }

    func apply(_ sample: inout Sample, in context: PipelineContext) throws {
        try images.update(&sample) { image, _ in
            var shape = image.tensor.shape
            guard let axis else {
                return image.tensor.reshape(shape.filter { $0 != 1 })
            }
            let place = axis < 0 ? axis + shape.count : axis
            guard shape.indices.contains(place), shape[place] == 1 else {
                throw lacking(axis, "\(shape)")
            }
            shape.remove(at: place)
            image.tensor.reshape(shape)
            if updatesAffine, (1...3).contains(place) { image.affine = image.affine.removing(axis: place - 1) }
        }
    }

    func follow(_ sample: inout SampleLayout) {
        images.follow(&sample) { (image, _) throws(PipelineError) in
            guard let axis, let axes = image.axes else { return image = ImageLayout() }
            let place = axis < 0 ? axis + axes : axis
            guard (0..<axes).contains(place), place > 0 || image.channels ?? 1 == 1 else {
                throw lacking(axis, place == 0 ? "\(image.channels ?? 0) channels" : "\(axes) axes")
            }
            image.axes = axes - 1
            if place == 0 { image.channels = nil }
        }
    }

    private func lacking(_ axis: Int, _ found: String) -> PipelineError {
        PipelineError(.unfitImage, "\(images.id)::dim: the image has no axis \(axis) of length 1: \(found)")
    }
}
