import ImageFiles
import Pipelines
import Voxels

/// Answers `LoadImaged` with a NIfTI file.
struct NIfTISource: ImageSource {
    let path: String

    func load(_ request: LoadRequest) throws -> ModelImage {
        let image = try NIfTI.read(path)
        return ModelImage(
            tensor: image.tensor, affine: image.affine,
            source: SourceGrid(
                shape: image.spatialShape, affine: image.affine, hasChannelAxis: image.hasChannelAxis))
    }
}
