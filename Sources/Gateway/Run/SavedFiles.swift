import Foundation
import ImageFiles
import Pipelines
import Voxels

/// Writes what a bundle saves as files, where MONAI's `SaveImaged` would put it and as it would.
struct SavedFiles {
    /// Stands for the bundle's `output_dir`.
    var folder: URL

    /// Where an image goes: `FOLDER/STEM/STEM_POSTFIX.EXT`, without `STEM/` where the bundle says so.
    ///
    /// - Parameter stem: the name of the input without its suffix.
    func place(of saved: SavedImage, stem: String) -> URL {
        let parent = saved.separateFolder ? folder.appendingPathComponent(stem) : folder
        let postfix = saved.outputPostfix.isEmpty ? "" : "_\(saved.outputPostfix)"
        return parent.appendingPathComponent(stem + postfix + saved.outputExtension)
    }

    /// Refuses images of which one would be written over another.
    ///
    /// - Throws: `RunError` that names the file and the step.
    func requireOwnPlaces(_ images: [SavedImage], stems: [String]) throws {
        var taken: Set<String> = []
        for (saved, stem) in zip(images, stems) {
            let path = place(of: saved, stem: stem).path
            guard taken.insert(path).inserted else {
                throw RunError(
                    "\(saved.operatorID): the bundle saves '\(saved.key)' and another image as \(path); give the inputs "
                        + "names of their own, since results are named after them")
            }
        }
    }

    /// Writes one image.
    ///
    /// - Returns: the path of the file.
    /// - Throws: `RunError` where the file can't hold the image; `ImageFileError` where it can't be written.
    func write(_ saved: SavedImage, stem: String) throws -> String {
        let place = place(of: saved, stem: stem)
        let (parent, path) = (place.deletingLastPathComponent(), place.path)
        switch saved.outputExtension {
        case ".nii", ".nii.gz":
            guard let type = saved.outputDType.niftiType else {
                throw RunError(
                    "\(saved.operatorID): NIfTI can't hold an output_dtype of \(saved.outputDType.rawValue)")
            }
            try OutputFolder.make(parent)
            try NIfTI.write(
                saved.image.tensor, affine: saved.image.affine, to: path, type: type,
                channelFirst: saved.hasChannelAxis, dropsTrailingAxes: saved.squeezesEndAxes)
        case ".png":
            try OutputFolder.make(parent)
            try PictureResults.write(saved, to: path)
        default:
            throw RunError(
                "\(saved.operatorID): output_ext is \(saved.outputExtension); Portico writes .nii, .nii.gz and .png")
        }
        return path
    }
}

extension SavedImage {
    /// Whether the first axis is a channel: MONAI takes it for one unless the image has no more axes than the one that
    /// was loaded has axes of space (io/array.py:505-513).
    var hasChannelAxis: Bool { image.tensor.shape.count > image.source.shape.count }
}

extension ElementType {
    /// The NIfTI data type of the same values.
    fileprivate var niftiType: NIfTIType? {
        switch self {
        case .uint8: .uint8
        case .int8: .int8
        case .int16: .int16
        case .uint16: .uint16
        case .int32: .int32
        case .uint32: .uint32
        case .int64: .int64
        case .uint64: .uint64
        case .float32: .float32
        case .float64: .float64
        case .bool, .float16: nil
        }
    }
}
