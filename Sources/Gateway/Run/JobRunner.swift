import DICOM
import Foundation
import Inference
import ModelBundles
import Pipelines
import Results

/// Runs jobs one after the other in a worker and keeps the last bundle loaded, since the next job is often of the same.
///
/// Not thread safe; blocks its thread.
final class JobRunner {
    private var warm: (bundle: BundleReference, device: String, threads: Int, runner: BundleRunner)?

    /// Runs a job.
    ///
    /// - Parameter report: hears of stages and progress.
    /// - Returns: the outcome, with the objects that were written into the job's folder; none when nothing was found.
    func run(_ job: JobSpecification, report: @escaping @Sendable (WorkerEvent) -> Void) throws -> JobOutcome {
        let observer = JobObserver(job: job.job, report: report)
        var clock = StageClock()
        observer.begin("reading images")
        let files = job.files.map { URL(fileURLWithPath: $0) }
        let source = try SeriesSource(try SeriesReader().series(in: files))
        clock.mark("read images")
        observer.begin("loading bundle")
        let runner = try runner(for: job)
        clock.mark("load bundle")
        let product = try runner.run(source: source, observer: observer)
        clock.skip()
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

    /// The bundle of a job, loaded; the one of the job before where its files are still the same.
    private func runner(for job: JobSpecification) throws -> BundleRunner {
        if let warm, warm.bundle == job.bundle, warm.device == job.device, warm.threads == job.threads,
            warm.runner.stamp == BundleStamp(job.bundle)
        {
            return warm.runner
        }
        warm = nil
        let runner = try BundleRunner(
            job.bundle, device: job.device, threads: job.threads,
            cache: .inside(URL(fileURLWithPath: job.dataDirectory)))
        if let problem = runner.deploymentProblem { throw RunError(problem) }
        warm = (job.bundle, job.device, job.threads, runner)
        return runner
    }
}

/// Tells `serve` how a job goes on.
private final class JobObserver: RunObserver {
    private let job: Int64
    private let report: @Sendable (WorkerEvent) -> Void

    init(job: Int64, report: @escaping @Sendable (WorkerEvent) -> Void) {
        self.job = job
        self.report = report
    }

    func begin(_ stage: String) {
        report(.stage(job: job, name: stage))
    }

    func progress(done: Int, of total: Int) {
        report(.progress(job: job, done: done, of: total))
    }

    func finished(_ stage: Stage) {}

    func inferred(_ sample: Sample, key: String) {}
}

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
