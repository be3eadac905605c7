import ModelBundles
import Pipelines

/// Puts the images of the context's source into the sample (MONAI `LoadImaged`, io/array.py:132-329).
///
/// The source decides how a file or a series is read; `reader` is accepted where it names a reader of volumes.
struct LoadImage: Operator {
    static let names = ["LoadImaged", "LoadImageD", "LoadImageDict"]

    private static let readers = ["NibabelReader", "ITKReader", "PydicomReader"]

    private let keys: [String]
    private let id: String
    private let movesChannelFirst: Bool

    init(arguments: inout Arguments) throws(PipelineError) {
        keys = try arguments.keys()
        id = arguments.id
        try Self.checkReader(&arguments)
        try arguments.acceptFloat32("dtype")
        movesChannelFirst = try arguments.bool("ensure_channel_first", default: false)
        // They concern dictionaries of metadata and names of files, which samples here do not have.
        arguments.ignore(
            "meta_keys", "meta_key_postfix", "overwriting", "image_only", "simple_keys", "prune_meta_pattern",
            "prune_meta_sep", "expanduser")
        // A bundle's input is never left out, or another image would be in its place.
        arguments.ignore("allow_missing_keys")
    }

    private static func checkReader(_ arguments: inout Arguments) throws(PipelineError) {
        guard let value = arguments.take("reader") else { return }
        for reader in value.listed {
            let name: String
            switch reader {
            case .null: continue
            case .string(let text), .symbol(let text): name = text
            case .component(let component): name = component.target
            default: throw arguments.mismatch("reader", expected: "the name of a reader", found: reader)
            }
            let bare = name.split(separator: ".").last.map(String.init) ?? name
            guard readers.contains(where: { $0.lowercased() == bare.lowercased() }) else {
                throw arguments.unsupported(
                    "reader", "Portico reads volumes as \(readers.joined(separator: ", ")) do, not as '\(bare)'")
            }
        }
    }

    func apply(_ sample: inout Sample, in context: PipelineContext) throws {
        for key in keys {
            var image = try context.source.load(key: key)
            if movesChannelFirst { try EnsureChannelFirst.move(&image, axis: nil, id: id) }
            sample.images[key] = image
        }
    }
}
