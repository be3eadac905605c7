import ImageFiles
import Pipelines
import Voxels

/// Answers `LoadImaged` with a PNG or JPEG file, as MONAI's `PILReader` reads it: the width is the first axis.
struct PictureSource: ImageSource {
    let path: String

    /// Reads the file.
    ///
    /// - Returns: `[W, H]`, or `[W, H, C]` with the channels at the end; the affine is the identity.
    /// - Throws: `ImageFileError`; `RunError` where the bundle names a reader that reads pictures otherwise.
    func load(_ request: LoadRequest) throws -> ModelImage {
        guard request.reader == nil || request.reader == .pil else {
            throw RunError(
                "\(path): pictures are read as MONAI's PILReader does, and the bundle asks for "
                    + "\(request.reader?.rawValue ?? "another reader"); an overlay can name PILReader")
        }
        let image = try PixelFile.read(path, converter: request.convertsToRGB ? .rgb : nil)
        return ModelImage(planar: image.tensor, hasChannels: image.hasChannelAxis)
    }
}

extension ModelImage {
    /// An image of two axes that has no place in space.
    init(planar tensor: Tensor, hasChannels: Bool) {
        let grid = SourceGrid(shape: Array(tensor.shape.prefix(2)), affine: .identity, hasChannelAxis: hasChannels)
        self.init(tensor: tensor, affine: .identity, source: grid)
    }
}
