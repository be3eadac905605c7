import ModelBundles
import Pipelines
import Voxels

/// Brings a result back onto the grid of the image that it was made from (MONAI `Invertd`,
/// post/dictionary.py:875-1043).
///
/// What the original image went through is undone on the result, last to first. Where the original is missing MONAI
/// warns and leaves the result as it is; that is refused here, because it would lie in the wrong place.
struct Invert: Operator {
    static let names = OperatorNames("Invert")

    private let images: KeyedImages
    /// Nil where each image is its own original.
    private let originals: [String]?
    private let transform: Pipeline
    private let interpolations: [InverseInterpolation]

    init(arguments: inout Arguments) throws(PipelineError) {
        images = try KeyedImages(&arguments)
        originals = arguments.isArray ? nil : try Self.originals(&arguments, images.count)
        let nearest = try arguments.bools("nearest_interp", count: images.count, default: true)
        interpolations = nearest.map { $0 ? .nearest : .recorded }
        transform = try arguments.pipeline("transform")
        for function in arguments.take("post_func")?.listed ?? [] where !function.isNull {
            guard try arguments.function(function, "post_func").isIdentity else {
                throw arguments.unsupported(
                    "post_func", "Portico takes null and 'lambda x: x'; a Lambdad after the Invertd does the same")
            }
        }
        // They concern dictionaries of metadata and where Python keeps arrays.
        arguments.ignore("meta_keys", "orig_meta_keys", "meta_key_postfix", "to_tensor", "device")
    }

    private static func originals(_ arguments: inout Arguments, _ count: Int) throws(PipelineError) -> [String]? {
        guard let value = arguments.take("orig_keys"), !value.isNull else { return nil }
        let names = value.listed.compactMap { member -> String? in
            if case .string(let name) = member { name } else { nil }
        }
        guard names.count == value.listed.count, !names.isEmpty else {
            throw arguments.mismatch("orig_keys", expected: "a key or a list of keys", found: value)
        }
        if case .string = value { return Array(repeating: names[0], count: count) }
        guard names.count == count else {
            throw arguments.invalid(
                "orig_keys", "expected one key or \(count), a key for each of `keys`, found \(names.count)")
        }
        return names
    }

    func apply(_ sample: inout Sample, in context: PipelineContext) throws {
        // Read before anything is changed: a result can be its own original.
        let originals = originals ?? images.keys(in: sample)
        let before = originals.map { sample.images[$0].map { ($0.affine, $0.source, $0.trace) } }
        let missing = originals.map {
            sample.images[$0] == nil ? sample.lacks($0, path: "\(images.id)::orig_keys") : nil
        }
        try images.update(&sample) { image, index in
            if let error = missing[index] { throw error }
            guard let (affine, source, trace) = before[index] else { return }
            image.affine = affine
            image.source = source
            image.trace = trace
            try transform.invert(&image, interpolation: interpolations[index])
        }
    }

    func follow(_ sample: inout SampleLayout) {
        images.follow(&sample)
        // The only operator whose inverse changes what is known of axes.
        let turns = transform.steps.contains { $0.operator is Transpose }
        for (index, key) in images.keys(in: sample).enumerated() where sample.contains(key) {
            if let originals { sample.requireImage(originals[index], path: "\(images.id)::orig_keys") }
            if turns { sample.put([ImageLayout()], under: key) }
        }
    }
}
