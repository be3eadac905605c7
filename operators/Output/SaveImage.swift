import ModelBundles
import Pipelines

/// Hands an image to the context to be saved (MONAI `SaveImaged`, io/array.py:332-548).
///
/// The gateway decides where and in which form; the operator writes nothing.
struct SaveImage: Operator {
    static let names = ["SaveImaged", "SaveImageD", "SaveImageDict"]

    private static let extensions = [".nii", ".nii.gz"]

    private let images: KeyedImages
    private let directory: String?
    private let postfix: String
    private let fileExtension: String
    private let type: ElementType
    private let separatesFolders: Bool
    private let squeezesEndAxes: Bool

    init(arguments: inout Arguments) throws(PipelineError) {
        images = try KeyedImages(&arguments)
        directory = try arguments.optionalString("output_dir")
        postfix = try arguments.string("output_postfix", default: "trans")
        fileExtension = try Self.fileExtension(&arguments)
        type = try arguments.elementType("output_dtype", default: .float32) ?? .float32
        guard type != .float16, type != .bool else {
            throw arguments.unsupported("output_dtype", "a NIfTI file cannot hold \(type.rawValue)")
        }
        separatesFolders = try arguments.bool("separate_folder", default: true)
        squeezesEndAxes = try arguments.bool("squeeze_end_dims", default: true)
        try arguments.accept("resample", only: "false", where: \.isFalsy)
        try arguments.acceptOnlyNull("scale", "writer", "output_name_formatter", "folder_layout")
        // The first three count only with `resample`; the others concern names, logs and dictionaries of metadata.
        arguments.ignore(
            "mode", "padding_mode", "dtype", "data_root_dir", "print_log", "savepath_in_metadict", "meta_keys",
            "meta_key_postfix")
    }

    /// The ending of the file with its dot, in lower case; `output_format` counts where it is empty.
    private static func fileExtension(_ arguments: inout Arguments) throws(PipelineError) -> String {
        let given = try arguments.string("output_ext", default: ".nii.gz").lowercased()
        let format = try arguments.string("output_format", default: "").lowercased()
        let text = given.isEmpty ? format : given
        let dotted = text.isEmpty || text.hasPrefix(".") ? text : "." + text
        guard extensions.contains(dotted) else {
            throw arguments.unsupported(
                "output_ext", "Portico saves \(extensions.joined(separator: " and ")), not '\(dotted)'")
        }
        return dotted
    }

    func apply(_ sample: inout Sample, in context: PipelineContext) throws {
        for (key, _) in try images.present(in: sample) {
            guard let image = sample.images[key] else { continue }
            context.save(
                SavedImage(
                    key: key, image: image, outputPostfix: postfix, outputExtension: fileExtension,
                    outputDType: type, separateFolder: separatesFolders, outputDirectory: directory,
                    squeezesEndAxes: squeezesEndAxes, operatorID: images.id))
        }
    }
}
