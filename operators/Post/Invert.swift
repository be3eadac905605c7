import ModelBundles
import Pipelines
import Voxels

/// Brings a result back onto the grid of the image that it was made from (MONAI `Invertd`,
/// post/dictionary.py:875-1043).
///
/// What the original image went through is undone on the result, last to first. Where the original is missing MONAI
/// warns and leaves the result as it is; that is refused here, because it would lie in the wrong place.
struct Invert: Operator {
    static let names = ["Invertd", "InvertD", "InvertDict"]

    private let images: KeyedImages
    private let originals: [String]
    private let transform: Pipeline
    private let interpolations: [InverseInterpolation]

    init(arguments: inout Arguments) throws(PipelineError) {
        images = try KeyedImages(&arguments)
        let keys = images.keys
        originals = try Self.originals(&arguments, keys)
        let nearest = try arguments.bools("nearest_interp", count: keys.count, default: true)
        interpolations = nearest.map { $0 ? .nearest : .recorded }
        transform = try arguments.pipeline("transform")
        try arguments.accept("post_func", only: "null") { value in value.listed.allSatisfy(\.isNull) }
        // They concern dictionaries of metadata and where Python keeps arrays.
        arguments.ignore("meta_keys", "orig_meta_keys", "meta_key_postfix", "to_tensor", "device")
    }

    private static func originals(_ arguments: inout Arguments, _ keys: [String]) throws(PipelineError) -> [String] {
        guard let value = arguments.take("orig_keys"), !value.isNull else { return keys }
        let names = value.listed.compactMap { member -> String? in
            if case .string(let name) = member { name } else { nil }
        }
        guard names.count == value.listed.count, !names.isEmpty else {
            throw arguments.mismatch("orig_keys", expected: "a key or a list of keys", found: value)
        }
        if case .string = value { return keys.map { _ in names[0] } }
        guard names.count == keys.count else {
            throw arguments.invalid(
                "orig_keys", "expected one key or \(keys.count), a key for each of `keys`, found \(names.count)")
        }
        return names
    }

    func apply(_ sample: inout Sample, in context: PipelineContext) throws {
        // Read before anything is changed: a result can be its own original.
        let before = originals.map { sample.images[$0].map { ($0.affine, $0.source, $0.trace) } }
        try images.update(&sample) { image, index in
            guard let (affine, source, trace) = before[index] else {
                throw PipelineError(
                    .missingImage, "\(images.id)::orig_keys: the sample has no image '\(originals[index])'")
            }
            image.affine = affine
            image.source = source
            image.trace = trace
            try transform.invert(&image, interpolation: interpolations[index])
        }
    }
}
