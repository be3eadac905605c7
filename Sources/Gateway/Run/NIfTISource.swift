import Foundation
import ImageFiles
import Pipelines
import Voxels

/// Answers `LoadImaged` with a NIfTI file.
struct NIfTISource: ImageSource {
    let path: String

    func load(key: String) throws -> ModelImage {
        let image = try NIfTI.read(path)
        return ModelImage(
            tensor: image.tensor, affine: image.affine,
            source: SourceGrid(
                shape: image.spatialShape, affine: image.affine, hasChannelAxis: image.hasChannelAxis))
    }
}

/// Writes what a bundle saves as NIfTI, where MONAI's `SaveImaged` would put it.
enum NIfTIResults {
    /// Writes one image.
    ///
    /// - Parameters:
    ///   - stem: the name of the input without its suffix.
    ///   - folder: stands for the bundle's `output_dir`.
    /// - Returns: the path of the file: `FOLDER/STEM/STEM_POSTFIX.EXT`, without `STEM/` where the bundle says so.
    static func write(_ saved: SavedImage, stem: String, folder: URL) throws -> String {
        guard let type = saved.outputDType.niftiType else {
            throw RunError("\(saved.operatorID): NIfTI can't hold an output_dtype of \(saved.outputDType.rawValue)")
        }
        guard saved.outputExtension == ".nii" || saved.outputExtension == ".nii.gz" else {
            throw RunError(
                "\(saved.operatorID): output_ext is \(saved.outputExtension); Portico writes .nii and .nii.gz")
        }
        let parent = saved.separateFolder ? folder.appendingPathComponent(stem) : folder
        try OutputFolder.make(parent)
        let postfix = saved.outputPostfix.isEmpty ? "" : "_\(saved.outputPostfix)"
        let path = parent.appendingPathComponent(stem + postfix + saved.outputExtension).path
        try NIfTI.write(
            saved.image.tensor, affine: saved.image.affine, to: path, type: type,
            channelFirst: saved.image.tensor.shape.count > 3)
        return path
    }
}

extension ElementType {
    /// The NIfTI data type of the same values.
    fileprivate var niftiType: NIfTIType? {
        switch self {
        case .uint8, .bool: .uint8
        case .int8: .int8
        case .int16: .int16
        case .uint16: .uint16
        case .int32: .int32
        case .uint32: .uint32
        case .int64: .int64
        case .uint64: .uint64
        case .float32: .float32
        case .float64: .float64
        default: nil
        }
    }
}
