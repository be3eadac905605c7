import DICOM
import Foundation
import Pipelines
import Voxels

/// Answers `LoadImaged` with the volume of a DICOM series.
struct SeriesSource: ImageSource {
    let series: ImageSeries
    private let volume: Tensor

    /// Reads a series that was found regular.
    ///
    /// - Throws: `DICOMError` where a file can't be read or decoded.
    init(_ series: ImageSeries) throws {
        self.series = series
        volume = try SeriesReader().volume(of: series)
    }

    func load(key: String) throws -> ModelImage {
        ModelImage(
            tensor: volume, affine: series.affine, source: SourceGrid(shape: series.shape, affine: series.affine))
    }
}

/// Finds the series that `portico run` is meant to take.
enum SeriesChoice {
    /// Looks through a folder.
    ///
    /// - Parameters:
    ///   - series: the Series Instance UID that was asked for.
    ///   - modality: what the bundle was made for; where several series are regular volumes, this one is meant.
    /// - Throws: `CommandFailure` where no series fits, or more than one.
    static func find(in folder: URL, series wanted: String?, modality: String?) throws -> ImageSeries {
        let files = try FileWalk.files(below: [folder.path]).map { URL(fileURLWithPath: $0) }
        guard !files.isEmpty else { throw CommandFailure("\(folder.path): there is no file in this folder") }
        let survey = SeriesReader().survey(files)
        if let wanted {
            if let series = survey.series.first(where: { $0.seriesInstanceUID.value == wanted }) { return series }
            if let refusal = survey.refused.first(where: { $0.seriesInstanceUID.value == wanted }) { throw refusal }
            throw CommandFailure("\(folder.path): there is no series \(wanted); found: \(words(survey))")
        }
        let fitting = survey.series.filter { modality == nil || $0.modality == modality }
        let candidates = fitting.isEmpty ? survey.series : fitting
        guard let series = candidates.first else {
            throw CommandFailure("\(folder.path): there is no series that is a regular volume; found: \(words(survey))")
        }
        guard candidates.count == 1 else {
            throw CommandFailure(
                "\(folder.path) holds \(candidates.count) series that could be meant; name one with --series UID: "
                    + words(survey))
        }
        return series
    }

    private static func words(_ survey: SeriesReader.Survey) -> String {
        var words = survey.series.map { "\($0.modality) \($0.seriesInstanceUID) with \($0.slices.count) slices" }
        words += survey.refused.map(String.init(describing:))
        if let first = survey.unreadable.first {
            words.append("\(survey.unreadable.count) files that can't be read (the first: \(first.error))")
        }
        return words.isEmpty ? "nothing" : words.joined(separator: "; ")
    }
}
