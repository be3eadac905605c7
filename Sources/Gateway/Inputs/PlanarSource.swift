import DICOM
import Foundation
import Pipelines
import Voxels

/// Answers `LoadImaged` with one DICOM image of two axes, whose values are those of the same pixels in a PNG file.
struct PlanarSource: ImageSource {
    let image: PlanarImage

    /// Decodes the pixels.
    ///
    /// - Returns: `[columns, rows]`, or `[columns, rows, 3]` of colours; the affine is the identity, since the pipeline
    ///   works on pixels as it does on those of a picture.
    /// - Throws: `DICOMError` where the pixels can't be decoded.
    func load(_ request: LoadRequest) throws -> ModelImage {
        var tensor = try SeriesReader().pixels(of: image)
        guard request.convertsToRGB, !image.isColour else {
            return ModelImage(planar: tensor, hasChannels: image.isColour)
        }
        // Pillow makes colour of 8 bits by repeating the grey; wider values it clips, which no model was trained on.
        guard image.format.bitsStored <= 8, tensor.elements.allSatisfy({ (0...255).contains($0) }) else {
            throw RunError(
                "the bundle takes colours of 8 bits, and the DICOM image holds grey of \(image.format.bitsStored) bits")
        }
        let grey = tensor.elements
        tensor = Tensor(
            shape: tensor.shape + [3],
            elements: Tensor.Elements(unsafeUninitializedCapacity: grey.count * 3) { buffer, filled in
                for index in 0..<grey.count * 3 { buffer.initializeElement(at: index, to: grey[index / 3]) }
                filled = grey.count * 3
            })
        return ModelImage(planar: tensor, hasChannels: true)
    }
}

/// Finds the 2D image that `portico run` is meant to take.
enum PlanarChoice {
    /// Looks through a folder, or at one file.
    ///
    /// - Parameters:
    ///   - series: the Series Instance UID that was asked for.
    ///   - frame: the frame of a multi-frame object that was asked for, from 1.
    /// - Throws: `CommandFailure` where no image fits, or more than one; `PlanarRefusal` where the only one can't be read.
    static func find(in place: URL, series wanted: String?, frame: Int?) throws -> PlanarImage {
        let files = try SeriesChoice.files(in: place)
        var survey = SeriesReader().images(in: files)
        if let wanted {
            survey.images.removeAll { $0.seriesInstanceUID.value != wanted }
            survey.refused.removeAll { $0.seriesInstanceUID.value != wanted }
        }
        if let frame {
            let most = survey.images.map(\.frameCount).max() ?? 0
            survey.images.removeAll { ($0.frameNumber ?? 1) != frame }
            guard !survey.images.isEmpty || most == 0 else {
                throw CommandFailure("\(place.path): there is no frame \(frame) of \(most)")
            }
        }
        guard let image = survey.images.first else {
            if survey.refused.count == 1, let refusal = survey.refused.first { throw refusal }
            throw CommandFailure("\(place.path): there is no single image; found: \(words(survey))")
        }
        guard survey.images.count == 1 else {
            let way =
                image.frameCount > 1
                ? "the bundle takes one image: name one of the \(image.frameCount) frames with --frame"
                : "give the file of the one that is meant"
            throw CommandFailure("\(place.path) holds \(survey.images.count) images; \(way)")
        }
        return image
    }

    private static func words(_ survey: SeriesReader.PlanarSurvey) -> String {
        var words = survey.refused.map(String.init(describing:))
        if let first = survey.unreadable.first {
            words.append("\(survey.unreadable.count) files that can't be read (the first: \(first.error))")
        }
        return words.isEmpty ? "nothing" : words.joined(separator: "; ")
    }
}
