import ImageFiles
import Pipelines

/// Writes pictures as MONAI's `PILWriter` does.
enum PictureResults {
    /// Writes one image.
    ///
    /// - Parameter saved: `[C, W, H]` or `[W, H]`, with the scale and the type of its samples.
    /// - Throws: `RunError` where a PNG can't hold the type; `ImageFileError` where it can't hold the values.
    static func write(_ saved: SavedImage, to path: String) throws {
        let sample: PNG.Sample
        switch saved.outputDType {
        case .uint8: sample = .byte
        case .uint16: sample = .word
        default:
            // A null output_dtype means the image's own type, and Pillow refuses it in a PNG too.
            throw RunError(
                "\(saved.operatorID): a PNG holds uint8 or uint16, not \(saved.outputDType.rawValue); an overlay can set "
                    + "output_dtype")
        }
        try PNG.write(
            saved.image.tensor, to: path,
            settings: PNG.Settings(
                scale: saved.scale.flatMap(PNG.Scale.init(rawValue:)), sample: sample,
                channelAxis: saved.hasChannelAxis ? 0 : nil, squeezesEnd: saved.squeezesEndAxes))
    }
}
