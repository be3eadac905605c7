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

    func load(_ request: LoadRequest) throws -> ModelImage {
        ModelImage(
            tensor: volume, affine: series.affine, source: SourceGrid(shape: series.shape, affine: series.affine))
    }
}

/// Finds the series that `portico run` is meant to take.
enum SeriesChoice {
    /// As many series as a message names.
    private static let most = 8

    /// The files of a folder, or the one file.
    ///
    /// - Throws: `CommandFailure` where the folder is empty.
    static func files(in place: URL) throws -> [URL] {
        let files = try FileWalk.files(below: [place.path]).map { URL(fileURLWithPath: $0) }
        guard !files.isEmpty else { throw CommandFailure("\(place.path): there is no file in this folder") }
        return files
    }

    /// Finds the series among what a folder, or a file, holds.
    ///
    /// - Parameters:
    ///   - survey: what `SeriesReader` found of the folder's files.
    ///   - series: the Series Instance UID that was asked for.
    ///   - modality: what the bundle was made for; a series of another one has to be named.
    /// - Throws: `CommandFailure` where no series fits, or more than one, or where a file of the folder is DICOM and
    ///   cannot be read, since it may be a slice of the series.
    static func find(
        in survey: SeriesReader.Survey, of folder: URL, series wanted: String?, modality: String?
    ) throws -> ImageSeries {
        if let broken = survey.unreadable.first(where: { isBroken($0.file) }) {
            throw CommandFailure(
                "\(broken.file.path): it is DICOM and cannot be read (\(broken.error)), so it is not known whether a slice is "
                    + "missing; replace the file or take it out of the folder")
        }
        if let wanted {
            if let series = survey.series.first(where: { $0.seriesInstanceUID.value == wanted }) { return series }
            if let refusal = survey.refused.first(where: { $0.seriesInstanceUID.value == wanted }) { throw refusal }
            throw CommandFailure("\(folder.path): there is no series \(wanted); found: \(words(survey))")
        }
        let fitting = survey.series.filter { modality == nil || $0.modality == modality }
        if let modality, fitting.isEmpty, !survey.series.isEmpty {
            throw CommandFailure(
                "\(folder.path): there is no \(modality) series that is a regular volume, which is what the bundle was made "
                    + "for; --series UID takes another all the same; found: \(words(survey))")
        }
        let candidates = fitting
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

    /// Whether a file is a DICOM object, the index of a medium apart.
    private static func isBroken(_ file: URL) -> Bool {
        file.lastPathComponent.uppercased() != "DICOMDIR" && RunInput.isDICOM(file)
    }

    private static func words(_ survey: SeriesReader.Survey) -> String {
        var words = survey.series.map { "\($0.modality) \($0.seriesInstanceUID) with \($0.slices.count) slices" }
        words += survey.refused.map(String.init(describing:))
        if let first = survey.unreadable.first {
            words.append("\(survey.unreadable.count) files that can't be read (the first: \(first.error))")
        }
        guard words.count > most else { return words.isEmpty ? "nothing" : words.joined(separator: "; ") }
        return words.prefix(most).joined(separator: "; ") + "; and \(words.count - most) more"
    }
}
