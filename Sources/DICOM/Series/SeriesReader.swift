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
        var groups: [[UID]: [[SliceHeader]]] = [:]
        for (file, result) in zip(files, headers(files)) {
            switch result {
            case .success(let headers):
                guard let first = headers.first else { continue }
                groups[[first.studyInstanceUID, first.seriesInstanceUID], default: []].append(headers)
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

    func headers(_ files: [URL]) -> [Result<[SliceHeader], DICOMError>] {
        let found = Mutex([Int: Result<[SliceHeader], DICOMError>]())
        // The body throws nothing, so neither does the loop.
        try? forEachInParallel(files.count) { index in
            let result: Result<[SliceHeader], DICOMError>
            do {
                result = .success(try SliceHeader.read(files[index]))
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

    /// Judges the objects of one series, each with the headers of its frames.
    private func judge(_ objects: [[SliceHeader]]) -> Result<ImageSeries, SeriesRefusal> {
        func refuse(_ reasons: [SeriesRefusal.Reason]) -> Result<ImageSeries, SeriesRefusal> {
            let first = objects[0][0]
            return .failure(
                SeriesRefusal(
                    studyInstanceUID: first.studyInstanceUID, seriesInstanceUID: first.seriesInstanceUID,
                    modality: first.modality, objectCount: objects.count, reasons: reasons))
        }
        let (unique, conflicts) = SeriesReader.withoutDuplicates(objects)
        if !conflicts.isEmpty {
            return refuse([
                .init(
                    .duplicates,
                    "\(conflicts.count) SOP Instance UIDs stand for more than one content, so it is not known which "
                        + "holds")
            ])
        }
        switch GeometryGate(rules: rules).check(unique.flatMap { $0 }) {
        case .refused(let reasons):
            return refuse(reasons)
        case .regular(let ordered, let step, let notes):
            guard let series = ImageSeries(ordered, step, notes, duplicates: objects.count - unique.count) else {
                return refuse([.init(.noGeometry, "no images")])
            }
            return .success(series)
        }
    }

    /// Leaves out objects that came again, and gives the UIDs under which something else came again.
    static func withoutDuplicates(_ objects: [[SliceHeader]]) -> (unique: [[SliceHeader]], conflicts: Set<UID>) {
        var places: [UID: Int] = [:]
        var unique: [[SliceHeader]] = []
        var conflicts: Set<UID> = []
        for object in objects.sorted(by: { $0[0].file.path < $1[0].file.path }) {
            let uid = object[0].sopInstanceUID
            guard let place = places[uid] else {
                places[uid] = unique.count
                unique.append(object)
                continue
            }
            if !holdSame(unique[place], object) { conflicts.insert(uid) }
        }
        return (unique, conflicts)
    }

    private static func holdSame(_ a: [SliceHeader], _ b: [SliceHeader]) -> Bool {
        let files = (a[0].file, b[0].file)
        guard let first = try? Data(contentsOf: files.0, options: .alwaysMapped),
            let second = try? Data(contentsOf: files.1, options: .alwaysMapped)
        else { return false }
        if first == second { return true }
        // A copy that passed through another program has another meta header, and perhaps another transfer syntax.
        guard a.count == b.count, zip(a, b).allSatisfy({ $0.meansSame(as: $1) }), let format = a[0].format,
            let (left, right) = try? (DataSet(contentsOf: files.0), DataSet(contentsOf: files.1))
        else { return false }
        return (0..<a[0].frames).allSatisfy { index in
            guard let one = try? left.frame(index, format), let other = try? right.frame(index, format) else {
                return false
            }
            return one == other
        }
    }
}

extension SliceHeader {
    /// Whether two headers give the same samples the same place and meaning.
    fileprivate func meansSame(as other: SliceHeader) -> Bool {
        guard case (.success(let table), .success(let otherTable)) = (modalityLUT, other.modalityLUT) else {
            return false
        }
        return position == other.position && orientation == other.orientation && pixelSpacing == other.pixelSpacing
            && format == other.format && rescale == other.rescale && table == otherTable && patient == other.patient
            && frameOfReferenceUID == other.frameOfReferenceUID && frames == other.frames
    }
}
