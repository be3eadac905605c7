import DICOM
import Foundation
import ImageFiles
import ModelBundles
import Pipelines
import Voxels

/// One run of `portico run`: from an input on the disk to files in a folder. Blocks its thread.
struct ForegroundRun: Sendable {
    var bundle: BundleReference
    var input: URL
    var output: URL
    var format: RunCommand.ResultFormat?
    var series: String?
    var stages: URL?
    var device: String
    var threads: Int
    var showsProgress: Bool

    func run() throws -> RunSummary {
        var isFolder: ObjCBool = false
        guard FileManager.default.fileExists(atPath: input.path, isDirectory: &isFolder) else {
            throw CommandFailure("\(input.path): there is no such file or folder")
        }
        let runner = try BundleRunner(bundle, device: device, threads: threads, cache: .user)
        let observer = ForegroundObserver(
            recorder: try stages.map(StageRecorder.init), showsProgress: showsProgress)
        defer { observer.end() }
        let summary: RunSummary
        if NIfTI.isNIfTI(path: input.path) {
            summary = try runNIfTI(runner, observer)
        } else if isFolder.boolValue {
            summary = try runDICOM(runner, observer)
        } else {
            throw CommandFailure("\(input.path): expected a folder of DICOM files, a .nii or a .nii.gz file")
        }
        try observer.recorder?.finish()
        return summary
    }

    private func runNIfTI(_ runner: BundleRunner, _ observer: ForegroundObserver) throws -> RunSummary {
        guard format != .dicom else {
            throw CommandFailure("a NIfTI file names no patient and no study, so no DICOM SEG can be made of it")
        }
        var clock = StageClock()
        let product = try runner.run(source: NIfTISource(path: input.path), observer: observer)
        clock.skip()
        let files = try writeNIfTI(product.saved, stem: Self.stem(of: input))
        clock.mark("write")
        let labels = try runner.labels(in: product.saved)
        return RunSummary(
            bundle: runner.title, input: input.path, files: files, segments: labels.segments,
            nothingFound: labels.isEmpty, stages: runner.loading + product.stages + clock.times,
            provenance: try runner.provenance(of: nil), notes: labels.notes)
    }

    private func runDICOM(_ runner: BundleRunner, _ observer: ForegroundObserver) throws -> RunSummary {
        var clock = StageClock()
        if format != .nifti, let problem = runner.labelProblem { throw RunError(problem) }
        let source = try SeriesSource(
            try SeriesChoice.find(in: input, series: series, modality: runner.modality))
        clock.mark("read images")
        let reading = clock.times
        let product = try runner.run(source: source, observer: observer)
        clock.skip()
        let labels = try runner.labels(in: product.saved)
        var written: [String] = []
        if format == .nifti {
            written = try writeNIfTI(product.saved, stem: source.series.seriesInstanceUID.value)
        } else if !labels.isEmpty {
            let created = Date()
            let result = try SegmentationResult(
                runner: runner, labels: labels, source: source.series, key: "run at \(created.timeIntervalSince1970)",
                created: created, folder: output, parameters: ResultParameters(ResultSettings()))
            written = [try result.write().path]
        }
        clock.mark("write")
        let stages = runner.loading + reading + product.stages + clock.times.dropFirst(reading.count)
        return RunSummary(
            bundle: runner.title, input: input.path, files: written, segments: labels.segments,
            nothingFound: labels.isEmpty, stages: stages,
            provenance: try runner.provenance(of: source.series), notes: source.series.notes + labels.notes)
    }

    private func writeNIfTI(_ saved: [SavedImage], stem: String) throws -> [String] {
        guard !saved.isEmpty else {
            throw RunError("the bundle's postprocessing saves nothing; Portico takes what SaveImaged is given")
        }
        return try saved.map { try NIfTIResults.write($0, stem: stem, folder: output) }
    }

    /// The file's name without `.nii` or `.nii.gz`.
    private static func stem(of url: URL) -> String {
        var name = url.lastPathComponent
        for suffix in [".gz", ".nii"] where name.lowercased().hasSuffix(suffix) { name.removeLast(suffix.count) }
        return name
    }
}

/// Shows how a run goes on and keeps its stages.
private final class ForegroundObserver: RunObserver {
    let recorder: StageRecorder?
    private let showsProgress: Bool
    private var isLineOpen = false

    init(recorder: StageRecorder?, showsProgress: Bool) {
        self.recorder = recorder
        self.showsProgress = showsProgress
    }

    func begin(_ stage: String) {
        show(stage)
    }

    func progress(done: Int, of total: Int) {
        show("inference: window \(done) of \(total)")
    }

    func finished(_ stage: Stage) throws {
        try recorder?.record(
            id: stage.operatorID, name: stage.name, seconds: stage.duration.seconds, sample: stage.sample)
    }

    func inferred(_ sample: Sample, key: String) throws {
        guard let image = sample.images[key] else { return }
        try recorder?.record(id: "inferer", name: "inferer", seconds: 0, sample: Sample(images: [key: image]))
    }

    /// Clears the progress line.
    func end() {
        if isLineOpen { FileHandle.standardError.write(Data("\r\u{1B}[K".utf8)) }
        isLineOpen = false
    }

    private func show(_ text: String) {
        guard showsProgress else { return }
        FileHandle.standardError.write(Data("\r\u{1B}[K\(text)".utf8))
        isLineOpen = true
    }
}
