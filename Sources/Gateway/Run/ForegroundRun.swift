import DICOM
import Foundation
import ModelBundles
import Pipelines
import Voxels

/// One run of `portico run`: from inputs on the disk to files in a folder. Blocks its thread.
struct ForegroundRun: Sendable {
    var bundle: BundleReference
    /// `PATH` or `KEY=PATH`, in the order of the channels.
    var inputs: [String]
    var output: URL
    var format: RunCommand.ResultFormat?
    /// `UID` or `KEY=UID`, in the order of the channels.
    var series: [String]
    /// The frame of a DICOM object of several, from 1.
    var frame: Int?
    var stages: URL?
    var engine: EngineRequest
    /// Standard error is a terminal.
    var isTerminal: Bool

    func run() throws -> RunSummary {
        let inputs = try RunInput.all(inputs, series: series, frame: frame)
        let observer = ForegroundObserver(
            recorder: try stages.map(StageRecorder.init), isTerminal: isTerminal)
        defer { observer.end() }
        let runner = try BundleRunner(bundle, engine: engine, cache: .user, engines: .user) { observer.begin($0) }
        let assignment = try InputAssignment(inputs, to: runner.inputs)
        let target = try target(of: inputs, runner)
        var clock = StageClock()
        let source = try RunSource(
            assignment, bundle: runner.inputs, modality: runner.modality, needsFrameOfReference: target == .dicom)
        clock.mark("find images")
        let product = try runner.run(source: source, absentKeys: assignment.absentKeys, observer: observer)
        clock.skip()
        let labels = try labels(in: product, runner, isNeeded: target == .dicom)
        let written: [String]
        switch target {
        case .files: written = try writeFiles(product, assignment, source)
        case .dicom: written = try labels.map { try writeSegmentation($0, source, runner) } ?? []
        }
        clock.mark("write")
        try observer.recorder?.finish()
        let times = clock.times
        return RunSummary(
            bundle: runner.title, inputs: inputs.map { RunSummary.Input(key: $0.key, path: $0.name) }, files: written,
            segments: labels?.segments ?? [], scores: runner.scores(in: product.scores),
            nothingFound: labels?.isEmpty ?? false,
            stages: runner.loading + times.prefix(1) + product.stages + times.dropFirst(),
            provenance: try runner.provenance(of: source.provenance),
            notes: source.notes + (labels?.notes ?? []))
    }

    /// What is written: without `--output-format` DICOM gives DICOM, and everything else files.
    ///
    /// - Throws: `CommandFailure` where no DICOM object can be made, before the network runs.
    private func target(of inputs: [RunInput], _ runner: BundleRunner) throws -> RunCommand.ResultFormat {
        let isDICOM = inputs.allSatisfy { $0.kind == .dicomFolder || $0.kind == .dicomFile }
        // Of a picture no DICOM is made, so nobody has to say so.
        let target = format ?? (isDICOM && !runner.inputs.isPlanar ? .dicom : .files)
        guard target == .dicom else { return target }
        guard isDICOM else {
            throw CommandFailure(
                "a NIfTI, PNG or JPEG file names no patient and no study, so no DICOM SEG can be made of it")
        }
        let way = "; --output-format files writes what the bundle saves"
        guard inputs.count == 1 else {
            throw CommandFailure("no DICOM SEG is made of \(inputs.count) series" + way)
        }
        if let problem = runner.segmentationProblem { throw RunError(problem + way) }
        return target
    }

    /// The label map, where the bundle saves one and says what its labels mean.
    private func labels(in product: RunProduct, _ runner: BundleRunner, isNeeded: Bool) throws -> SavedLabels? {
        if isNeeded { return try runner.labels(in: product.saved) }
        guard runner.segmentationProblem == nil else { return nil }
        return try? runner.labels(in: product.saved)
    }

    private func writeFiles(
        _ product: RunProduct, _ assignment: InputAssignment, _ source: RunSource
    ) throws -> [String] {
        guard !product.saved.isEmpty || !product.scores.isEmpty else {
            throw RunError("the bundle's postprocessing saves nothing; Portico takes what SaveImaged is given")
        }
        let files = SavedFiles(folder: output)
        // As in MONAI an image is named after the file that it, or what it was made of, came from.
        let stems = product.saved.map { saved in
            source.stem(of: assignment.images[saved.key] == nil ? assignment.principalKey : saved.key)
        }
        try files.requireOwnPlaces(product.saved, stems: stems)
        let images = try zip(product.saved, stems).map { saved, stem in try files.write(saved, stem: stem) }
        return images
            + (try ScoreTable.write(product.scores, input: assignment.principal.name, folder: output))
    }

    private func writeSegmentation(
        _ labels: SavedLabels, _ source: RunSource, _ runner: BundleRunner
    ) throws -> [String] {
        guard !labels.isEmpty, let series = source.series.first else { return [] }
        let created = Date()
        let result = try SegmentationResult(
            runner: runner, labels: labels, source: series, key: "run at \(created.timeIntervalSince1970)",
            created: created, folder: output, parameters: ResultParameters(ResultSettings()))
        return [try result.write().path]
    }
}
