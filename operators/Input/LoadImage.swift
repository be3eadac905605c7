import ModelBundles
import Pipelines

/// Puts the images of the context's source into the sample (MONAI `LoadImaged`, io/array.py:132-329).
///
/// The source decides how a file or a series is read; `reader` is accepted where it names a reader of volumes.
struct LoadImage: Operator {
    static let names = OperatorNames("LoadImage")

    private let images: KeyedImages
    private let reader: LoadRequest.Reader?
    private let convertsToRGB: Bool
    private let movesChannelFirst: Bool

    init(arguments: inout Arguments) throws(PipelineError) {
        images = try KeyedImages(&arguments)
        reader = try Self.reader(&arguments)
        convertsToRGB = try Self.convertsToRGB(&arguments, reader)
        try arguments.acceptFloat32("dtype")
        // It takes entries out of the metadata, the affine among them if it matches.
        try arguments.acceptOnlyNull("prune_meta_pattern")
        movesChannelFirst = try arguments.bool("ensure_channel_first", default: false)
        // They concern dictionaries of metadata and names of files, which samples here do not have.
        arguments.ignore(
            "meta_keys", "meta_key_postfix", "overwriting", "image_only", "simple_keys", "prune_meta_sep",
            "expanduser")
    }

    /// The reader that is named first; MONAI tries the others only where that one fails.
    private static func reader(_ arguments: inout Arguments) throws(PipelineError) -> LoadRequest.Reader? {
        guard let value = arguments.take("reader") else { return nil }
        var found: LoadRequest.Reader?
        for reader in value.listed {
            let name: String
            switch reader {
            case .null: continue
            case .string(let text), .symbol(let text): name = text
            case .component(let component): name = component.target
            default: throw arguments.mismatch("reader", expected: "the name of a reader", found: reader)
            }
            let bare = name.split(separator: ".").last.map(String.init) ?? name
            let known = LoadRequest.Reader.allCases
            guard let reader = known.first(where: { $0.rawValue.lowercased() == bare.lowercased() }) else {
                throw arguments.unsupported(
                    "reader",
                    "Portico reads images as \(known.map(\.rawValue).joined(separator: ", ")) do, not as '\(bare)'")
            }
            found = found ?? reader
        }
        return found
    }

    /// PILReader's `converter`, of which one is known.
    private static func convertsToRGB(
        _ arguments: inout Arguments, _ reader: LoadRequest.Reader?
    ) throws(PipelineError) -> Bool {
        guard let value = arguments.take("converter"), !value.isNull else { return false }
        guard reader == .pil, case .lambda(let source) = value,
            source.text.filter({ !$0.isWhitespace }).wholeMatch(of: /lambda(\w+):\1\.convert\((['"])RGB\2\)/) != nil
        else {
            throw arguments.unsupported(
                "converter", "Portico knows 'lambda x: x.convert('RGB')' of PILReader, found \(value.brief)")
        }
        return true
    }

    func apply(_ sample: inout Sample, in context: PipelineContext) throws {
        // Whatever `allow_missing_keys` says: a bundle's input is never left out, or another image would be in its place.
        for key in images.keys(in: sample) where !sample.absentKeys.contains(key) {
            var request = LoadRequest(key: key, reader: reader)
            request.convertsToRGB = convertsToRGB
            var image = try context.source.load(request)
            if movesChannelFirst { try EnsureChannelFirst.move(&image, axis: nil, id: images.id) }
            sample.images[key] = image
        }
    }

    func follow(_ sample: inout SampleLayout) {
        for key in images.keys(in: sample) {
            sample.put(sample.sources[key] ?? [ImageLayout()], under: key)
            guard movesChannelFirst else { continue }
            sample.update(key) { (image) throws(PipelineError) in
                try EnsureChannelFirst.move(&image, axis: nil, id: images.id)
            }
        }
    }
}
