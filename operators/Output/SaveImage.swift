import ModelBundles
import Pipelines
import Voxels

/// Hands an image to the context to be saved (MONAI `SaveImaged`, io/array.py:332-548).
///
/// The gateway decides where; the operator writes nothing. NIfTI is written as MONAI's `NibabelWriter` does, PNG as its
/// `PILWriter` does.
struct SaveImage: Operator {
    static let names = OperatorNames("SaveImage")

    /// The kinds of files, with MONAI's writer of each.
    private enum Kind: String, CaseIterable {
        case nifti = "NibabelWriter"
        case picture = "PILWriter"

        var extensions: [String] { self == .nifti ? [".nii", ".nii.gz"] : [".png"] }
    }

    private let images: KeyedImages
    private let directory: String?
    private let postfix: String
    private let fileExtension: String
    /// Nil takes each image's own.
    private let type: ElementType?
    private let scale: Int?
    private let resamples: Bool
    private let separatesFolders: Bool
    private let squeezesEndAxes: Bool

    init(arguments: inout Arguments) throws(PipelineError) {
        images = try KeyedImages(&arguments)
        directory = try arguments.optionalString("output_dir")
        postfix = try Self.postfix(&arguments)
        let (fileExtension, kind) = try Self.fileExtension(&arguments)
        self.fileExtension = fileExtension
        try Self.checkWriter(&arguments, kind)
        type = try Self.type(&arguments, kind)
        scale = try Self.scale(&arguments, kind)
        resamples = try arguments.bool("resample", default: false)
        separatesFolders = try arguments.bool("separate_folder", default: true)
        squeezesEndAxes = try arguments.bool("squeeze_end_dims", default: true)
        try arguments.accept("channel_dim", only: "0") { value in value.intValue == 0 }
        try arguments.acceptOnlyNull("output_name_formatter", "folder_layout")
        // The first three count only with `resample`; the others concern names, logs and dictionaries of metadata.
        arguments.ignore(
            "mode", "padding_mode", "dtype", "data_root_dir", "print_log", "savepath_in_metadict", "meta_keys",
            "meta_key_postfix")
    }

    /// What a file's name gets before its ending; it names no folder.
    private static func postfix(_ arguments: inout Arguments) throws(PipelineError) -> String {
        let postfix = try arguments.string("output_postfix", default: "trans")
        let isControl = postfix.unicodeScalars.contains { $0.properties.generalCategory == .control }
        guard postfix.utf8.count <= 128, !postfix.contains("/"), !postfix.contains(".."), !isControl else {
            throw arguments.invalid(
                "output_postfix",
                "expected a part of a file's name: at most 128 bytes, without '/', '..' and control characters")
        }
        return postfix
    }

    /// The ending of the file with its dot, in lower case; `output_format` counts where it is empty.
    private static func fileExtension(_ arguments: inout Arguments) throws(PipelineError) -> (String, Kind) {
        let given = try arguments.string("output_ext", default: ".nii.gz").lowercased()
        let format = try arguments.string("output_format", default: "").lowercased()
        let text = given.isEmpty ? format : given
        let dotted = text.isEmpty || text.hasPrefix(".") ? text : "." + text
        guard let kind = Kind.allCases.first(where: { $0.extensions.contains(dotted) }) else {
            let known = Kind.allCases.flatMap(\.extensions).joined(separator: ", ")
            throw arguments.unsupported("output_ext", "Portico saves \(known), not '\(dotted)'")
        }
        return (dotted, kind)
    }

    /// Refuses a writer that puts other bytes into the same file.
    private static func checkWriter(_ arguments: inout Arguments, _ kind: Kind) throws(PipelineError) {
        guard let value = arguments.take("writer"), !value.isNull else { return }
        let name = (value.stringValue ?? value.symbolName)?.split(separator: ".").last.map(String.init)
        guard name == kind.rawValue else {
            throw arguments.unsupported(
                "writer",
                "Portico writes \(kind.extensions.joined(separator: " and ")) as MONAI's \(kind.rawValue) does, found "
                    + value.brief)
        }
    }

    /// The type of the values in the file; nil for each image's own.
    ///
    /// MONAI makes uint8 of everything but uint8 and uint16 in a picture (io/array.py:448-452).
    private static func type(_ arguments: inout Arguments, _ kind: Kind) throws(PipelineError) -> ElementType? {
        let type = try arguments.elementType("output_dtype", default: .float32)
        switch kind {
        case .picture: return type == nil || type == .uint16 ? type : .uint8
        case .nifti:
            guard type != .float16, type != .bool else {
                throw arguments.unsupported("output_dtype", "a NIfTI file cannot hold \(type?.rawValue ?? "it")")
            }
            return type
        }
    }

    /// What values from 0 to 1 are multiplied by; it counts for pictures alone, as in MONAI.
    private static func scale(_ arguments: inout Arguments, _ kind: Kind) throws(PipelineError) -> Int? {
        guard let value = arguments.take("scale"), !value.isNull, kind == .picture else { return nil }
        guard let scale = value.doubleValue.flatMap({ Int(exactly: $0) }), scale == 255 || scale == 65535 else {
            throw arguments.mismatch("scale", expected: "255, 65535 or null", found: value)
        }
        return scale
    }

    func apply(_ sample: inout Sample, in context: PipelineContext) throws {
        for (key, _) in try images.present(in: sample) {
            guard var image = sample.images[key] else { continue }
            if resamples { try putOnSourceGrid(&image) }
            var saved = SavedImage(
                key: key, image: image, outputPostfix: postfix, outputExtension: fileExtension,
                outputDType: type ?? image.elementType, separateFolder: separatesFolders, outputDirectory: directory,
                squeezesEndAxes: squeezesEndAxes, operatorID: images.id)
            saved.scale = scale
            context.save(saved)
        }
    }

    func follow(_ sample: inout SampleLayout) { images.follow(&sample) }

    /// Refuses an image that MONAI would resample (data/image_writer.py:235-317): where it lies on the grid that it was
    /// loaded on, but for rounding, `resample: true` only makes the affine the loaded one.
    private func putOnSourceGrid(_ image: inout ModelImage) throws(PipelineError) {
        let source = image.source
        let lengths = Array(image.tensor.shape.suffix(source.shape.count))
        // numpy.allclose with MONAI's AFFINE_TOL of 1e-3.
        let isSame = zip(image.affine.elements, source.affine.elements).allSatisfy {
            abs($0 - $1) <= 1e-3 + 1e-5 * abs($1)
        }
        guard lengths == source.shape, isSame else {
            throw PipelineError(
                .unsupported,
                "\(images.id)::resample: the image has to lie on the grid that it was loaded on, and it does not; an "
                    + "Invertd before it brings it there, or resample=false saves it on its own grid")
        }
        image.affine = source.affine
    }
}
