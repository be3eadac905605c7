import DICOM
import Foundation
import Inference
import ModelBundles
import Pipelines
import Results

/// Runs jobs one after the other in a worker and keeps bundles loaded, since later jobs are often of the same.
///
/// Not thread safe; blocks its thread.
final class JobRunner {
    /// What a loaded bundle was loaded with.
    private struct Key: Equatable {
        var bundle: BundleReference
        var engine: EngineRequest
    }

    private var warm: ModelCache<Key, BundleRunner>

    /// - Parameter modelMemory: bytes of loaded bundles to keep; the one used last is always kept.
    init(modelMemory: Int64) {
        warm = ModelCache(bound: modelMemory)
    }

    /// Runs a job.
    ///
    /// - Parameters:
    ///   - isCancelled: asked at every step; the job ends there with `CancelledRun` when it says so.
    ///   - report: hears of stages and progress.
    /// - Returns: the outcome, with the objects that were written into the job's folder; none when nothing was found.
    func run(
        _ job: JobSpecification, isCancelled: @escaping @Sendable () -> Bool,
        report: @escaping @Sendable (WorkerEvent) -> Void
    ) throws -> JobOutcome {
        let observer = JobObserver(job: job.job, isCancelled: isCancelled, report: report)
        var clock = StageClock()
        observer.begin("reading images")
        let files = job.files.map { URL(fileURLWithPath: $0) }
        let source = try SeriesSource(try SeriesReader().series(in: files))
        clock.mark("read images")
        try observer.requireGoingOn()
        observer.begin("loading bundle")
        let runner = try runner(for: job, observer)
        clock.mark("load bundle")
        try observer.requireGoingOn()
        let product = try runner.run(source: source, observer: observer)
        clock.skip()
        try observer.requireGoingOn()
        observer.begin("writing results")
        let labels = try runner.labels(in: product.saved)
        var objects: [ResultObject] = []
        if !labels.isEmpty {
            let result = try SegmentationResult(
                runner: runner, labels: labels, source: source.series, key: job.key, created: job.created,
                folder: URL(fileURLWithPath: job.output), parameters: job.results)
            objects = [try result.write()]
        }
        clock.mark("write results")
        let written = clock.times.last.map { [$0] } ?? []
        return JobOutcome(
            objects: objects, segments: labels.segments,
            stages: Array(clock.times.dropLast()) + product.stages + written,
            provenance: try runner.provenance(of: SourceObjects(source.series)),
            notes: source.series.notes + labels.notes)
    }

    /// The bundle of a job, loaded; an earlier one where its files are still the same.
    private func runner(for job: JobSpecification, _ observer: JobObserver) throws -> BundleRunner {
        let engine = EngineRequest(choice: job.engine, device: job.device, threads: job.threads)
        let key = Key(bundle: job.bundle, engine: engine)
        let stamp = BundleStamp(job.bundle)
        if let runner = warm.take(key, if: { $0.stamp == stamp }) { return runner }
        warm.makeRoom(for: stamp.bytes)
        let before = ProcessMemory.resident
        let data = URL(fileURLWithPath: job.dataDirectory)
        let runner = try BundleRunner(job.bundle, engine: engine, cache: .inside(data), engines: .inside(data)) {
            observer.begin($0)
        }
        if let problem = runner.deploymentProblem { throw RunError(problem) }
        // An engine may hold more than the file has: layouts of its own, compiled kernels.
        warm.keep(runner, as: key, bytes: max(stamp.bytes, ProcessMemory.resident - before))
        return runner
    }
}

/// Tells `serve` how a job goes on.
private final class JobObserver: RunObserver {
    let wantsStages = false
    private let job: Int64
    private let isCancelled: @Sendable () -> Bool
    private let report: @Sendable (WorkerEvent) -> Void

    init(
        job: Int64, isCancelled: @escaping @Sendable () -> Bool, report: @escaping @Sendable (WorkerEvent) -> Void
    ) {
        self.job = job
        self.isCancelled = isCancelled
        self.report = report
    }

    /// - Throws: `CancelledRun` where the job is to end.
    func requireGoingOn() throws {
        if isCancelled() { throw CancelledRun() }
    }

    func begin(_ stage: String) {
        report(.stage(job: job, name: stage))
    }

    func progress(done: Int, of total: Int) throws {
        report(.progress(job: job, done: done, of: total))
        try requireGoingOn()
    }

    func finished(_ stage: Stage) throws { try requireGoingOn() }

    func inferred(_ sample: Sample, key: String) throws { try requireGoingOn() }
}

/// Ends a run that is no longer wanted.
struct CancelledRun: Error {}

/// Tells failures that the same job would meet again from those that may pass.
enum Failure {
    /// Whether trying again may help: anything but a refusal of the study, the bundle or the result as they are.
    static func mayPass(_ error: any Error) -> Bool {
        switch error {
        case let error as RunError: !error.isFinal
        case let error as InferenceError:
            ![.modelUnreadable, .inputRefused, .outputRefused, .unsupported, .badArgument].contains(error.code)
        case let error as BundleError: error.code == .notFound || error.code == .weightsMissing
        case is SeriesRefusal, is PipelineError, is ResultsError: false
        default: true
        }
    }
}
