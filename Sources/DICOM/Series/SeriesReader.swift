internal import CDCMTK
public import FoundationEssentials
internal import Synchronization

/// Reads the objects of one or more series: what is a regular volume, what is not and why, and the volumes.
///
/// All functions block; call them off the cooperative pool. They use a thread per processor.
public struct SeriesReader: Sendable {
    /// How regular a series has to be.
    public var rules: GeometryRules

    /// Makes a reader with rules.
    public init(rules: GeometryRules = GeometryRules()) { self.rules = rules }

    /// A file that belongs to no series.
    public struct UnreadableFile: Sendable {
        /// The file.
        public let file: URL
        /// Why it could not be read.
        public let error: DICOMError
    }

    /// What files hold.
    public struct Survey: Sendable {
        /// The regular volumes, by Series Instance UID.
        public var series: [ImageSeries] = []
        /// The other series, by Series Instance UID.
        public var refused: [SeriesRefusal] = []
        /// The files that are no DICOM or cannot be parsed.
        public var unreadable: [UnreadableFile] = []
    }

    /// Reads the headers of files and groups them by study and series.
    ///
    /// An object that came twice counts once where both copies hold the same; otherwise its series is refused.
    public func survey(_ files: [URL]) -> Survey {
        var survey = Survey()
        var groups: [[UID]: [SliceHeader]] = [:]
        for (file, result) in zip(files, headers(files)) {
            switch result {
            case .success(let header):
                groups[[header.studyInstanceUID, header.seriesInstanceUID], default: []].append(header)
            case .failure(let error):
                survey.unreadable.append(UnreadableFile(file: file, error: error))
            }
        }
        for (_, group) in groups.sorted(by: { $0.key[1].value + $0.key[0].value < $1.key[1].value + $1.key[0].value }) {
            switch judge(group) {
            case .success(let series): survey.series.append(series)
            case .failure(let refusal): survey.refused.append(refusal)
            }
        }
        return survey
    }

    /// Reads the headers of the files of one series.
    ///
    /// - Throws: `SeriesRefusal` where it is no regular volume; `DICOMError` where a file cannot be read or the files
    ///   hold no series or more than one.
    public func series(in files: [URL]) throws -> ImageSeries {
        let survey = survey(files)
        if let unreadable = survey.unreadable.first { throw unreadable.error }
        if let refusal = survey.refused.first, survey.series.isEmpty { throw refusal }
        guard let series = survey.series.first else { throw DICOMError(.notFound, "there is no series in no files") }
        guard survey.series.count + survey.refused.count == 1 else {
            throw DICOMError(
                .inconsistent,
                "the files hold \(survey.series.count + survey.refused.count) series where one was asked for")
        }
        return series
    }

    private func headers(_ files: [URL]) -> [Result<SliceHeader, DICOMError>] {
        let found = Mutex([Int: Result<SliceHeader, DICOMError>]())
        // The body throws nothing, so neither does the loop.
        try? forEachInParallel(files.count) { index in
            let result: Result<SliceHeader, DICOMError>
            do {
                result = .success(try SliceHeader(files[index]))
            } catch let error as DICOMError {
                result = .failure(error)
            } catch {
                result = .failure(DICOMError(.foreign, "\(error)"))
            }
            found.withLock { $0[index] = result }
        }
        let results = found.withLock { $0 }
        return files.indices.map { results[$0] ?? .failure(DICOMError(.foreign, "the header was not read")) }
    }

    private func judge(_ group: [SliceHeader]) -> Result<ImageSeries, SeriesRefusal> {
        func refuse(_ reasons: [SeriesRefusal.Reason]) -> Result<ImageSeries, SeriesRefusal> {
            .failure(
                SeriesRefusal(
                    studyInstanceUID: group[0].studyInstanceUID, seriesInstanceUID: group[0].seriesInstanceUID,
                    modality: group[0].modality, objectCount: group.count, reasons: reasons))
        }
        let (unique, conflicts) = withoutDuplicates(group)
        if conflicts > 0 {
            return refuse([
                .init(
                    .duplicates,
                    "\(conflicts) SOP Instance UIDs stand for more than one content, so it is not known which holds")
            ])
        }
        switch GeometryGate(rules: rules).check(unique) {
        case .refused(let reasons):
            return refuse(reasons)
        case .regular(let ordered, let step, let notes):
            guard let series = ImageSeries(ordered, step, notes, duplicates: group.count - unique.count) else {
                return refuse([.init(.noGeometry, "no images")])
            }
            return .success(series)
        }
    }

    /// Leaves out objects that came again, and counts the UIDs under which something else came again.
    private func withoutDuplicates(_ group: [SliceHeader]) -> ([SliceHeader], conflicts: Int) {
        var unique: [UID: SliceHeader] = [:]
        var conflicts: Set<UID> = []
        for header in group.sorted(by: { $0.file.path < $1.file.path }) {
            guard let known = unique[header.sopInstanceUID] else {
                unique[header.sopInstanceUID] = header
                continue
            }
            if !SeriesReader.holdSame(known, header) { conflicts.insert(header.sopInstanceUID) }
        }
        return (Array(unique.values), conflicts.count)
    }

    private static func holdSame(_ a: SliceHeader, _ b: SliceHeader) -> Bool {
        guard let first = try? Data(contentsOf: a.file), let second = try? Data(contentsOf: b.file) else {
            return false
        }
        if first == second { return true }
        // A copy that passed through another program has another meta header, and perhaps another transfer syntax.
        guard a.position == b.position, a.orientation == b.orientation, a.pixelSpacing == b.pixelSpacing,
            a.format == b.format, a.rescale == b.rescale,
            a.patient == b.patient, a.frameOfReferenceUID == b.frameOfReferenceUID, let format = a.format,
            a.frames == 1, b.frames == 1
        else { return false }
        guard let left = try? DataSet(contentsOf: a.file).frame(0, format),
            let right = try? DataSet(contentsOf: b.file).frame(0, format)
        else { return false }
        return left == right
    }
}
