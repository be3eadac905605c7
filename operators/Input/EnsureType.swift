import ModelBundles
import Pipelines

/// Makes sure of the type of an image (MONAI `EnsureType`, utility/array.py:431-525).
///
/// MONAI forgets where an image lies when it makes an array of NumPy or a tensor without metadata of it, and so does
/// Portico.
struct EnsureType: Operator {
    static let names = OperatorNames("EnsureType")

    private let images: KeyedImages
    private let types: [ElementType?]
    private let keepsPlace: Bool

    init(arguments: inout Arguments) throws(PipelineError) {
        images = try KeyedImages(&arguments)
        types = try arguments.perKey("dtype", count: images.count, default: nil) {
            (arguments, value, name) throws(PipelineError) in try arguments.castType(value, name)
        }
        let kind = try arguments.string("data_type", default: "tensor").lowercased()
        guard ["tensor", "numpy"].contains(kind) else {
            throw arguments.invalid("data_type", "expected 'tensor' or 'numpy', found '\(kind)'")
        }
        keepsPlace = try arguments.tracksMetadata() && kind == "tensor"
        // Where an array lies and how lists are wrapped concerns Python.
        arguments.ignore("device", "wrap_sequence")
    }

    func apply(_ sample: inout Sample, in context: PipelineContext) throws {
        try images.update(&sample) { image, index in
            try image.cast(to: types[index] ?? image.elementType, id: images.id)
            if !keepsPlace { image.forgetPlace(id: images.id) }
        }
    }

    func follow(_ sample: inout SampleLayout) { images.follow(&sample) }
}

extension Arguments {
    /// `track_meta`, for which null stands for MONAI's setting, which is to track.
    mutating func tracksMetadata() throws(PipelineError) -> Bool {
        guard let value = take("track_meta"), !value.isNull else { return true }
        return try truth(value, "track_meta")
    }
}
