internal import Foundation
internal import Store

/// Turns a leased job into what a worker is told, and a worker's outcome into what is recorded.
struct JobPlan: Sendable {
    let configuration: Configuration
    let directory: DataDirectory

    /// What the worker is told.
    ///
    /// The moment that results carry is the time of the newest file of the input. It stands in the index and on the
    /// file itself, so a job that runs again, even after the index was built anew, makes the same bytes. Only where
    /// the files were copied without their times is it another one after a rebuild. Its output folder is emptied, because an earlier try may have left files.
    /// - Throws: ``JobPlanError`` where the job cannot be run whatever is tried, other errors where it may be.
    func specification(for job: LeasedJob) throws -> JobSpecification {
        guard let place = configuration.deployments.firstIndex(where: { $0.name == job.deployment }) else {
            throw JobPlanError("The deployment \(job.deployment) is no longer in the configuration.")
        }
        let deployment = configuration.deployments[place]
        let files = job.instances.map { directory.file(study: job.study, series: job.series, instance: $0).path }
        guard !files.isEmpty else {
            throw JobPlanError("The index holds no object of series \(job.series) any more.")
        }
        let output = try directory.resultFolder(key: job.key)
        guard try ResultLedger(directory, key: job.key).outcome(for: job) == nil else {
            throw JobPlanError("The folder \(output.path) holds the whole outcome of the job already.")
        }
        if FileManager.default.fileExists(atPath: output.path) {
            try FileManager.default.removeItem(at: output)
        }
        try FileManager.default.createDirectory(
            at: output, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o750])
        let workers = configuration.workers
        let cores = ProcessInfo.processInfo.activeProcessorCount
        return JobSpecification(
            job: job.id, key: job.key, bundle: deployment.bundle, dataDirectory: configuration.dataDirectory.path,
            deployment: deployment.name, device: deployment.device, engine: deployment.engine,
            threads: workers.threads > 0 ? workers.threads : max(1, cores / max(1, workers.count)), files: files,
            output: output.path, created: job.received,
            results: ResultParameters(configuration.results, place: place))
    }

    /// Which jobs a worker may take: on a CUDA device only as many as `workers.jobsPerDevice` allows at once.
    func policy(urgentOnly: Bool) -> LeasePolicy {
        let limited = configuration.deployments.filter { $0.device.hasPrefix("cuda") }
        let byDevice = Dictionary(grouping: limited) { $0.device == "cuda" ? "cuda:0" : $0.device }
        let most = configuration.workers.jobsPerDevice
        return LeasePolicy(
            urgentOnly: urgentOnly,
            devices: byDevice.sorted { $0.key < $1.key }.map {
                LeasePolicy.DeviceShare(deployments: $0.value.map(\.name), most: most)
            })
    }

    /// Seconds that the last job of a deployment took from the end of inference to its own; 0 where there is none.
    func secondsAfterInference(of deployment: String, in database: IndexDatabase) -> Double {
        let last = try? database.jobs(JobFilter(deployment: deployment, states: [.succeeded, .nothingFound], limit: 1))
        guard let text = last?.first?.outcome,
            let outcome = try? JSONDecoder().decode(JobOutcome.self, from: Data(text.utf8)),
            let inference = outcome.stages.lastIndex(where: { $0.name == "inference" })
        else { return 0 }
        return outcome.stages[(inference + 1)...].reduce(0) { $0 + $1.seconds }
    }

    /// The line of JSON that the worker reads.
    func line(for job: LeasedJob) throws -> Data {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        return try encoder.encode(try specification(for: job))
    }

    /// What is recorded of a job that had ended before its index was lost, or before its end could be recorded: its
    /// outcome is written down in its folder and whole.
    /// - Returns: `nil` when the job is to be run.
    func earlier(of job: LeasedJob) throws -> (ending: JobEnding, deliveries: [EndedDelivery])? {
        let ledger = try ResultLedger(directory, key: job.key)
        guard let outcome = try ledger.outcome(for: job) else { return nil }
        let ending = try ending(for: job, outcome: outcome, isWritten: true)
        return (ending, try ledger.deliveries())
    }

    /// What is recorded of a worker's outcome; its files are checked and made durable first, and the outcome is
    /// written down beside them.
    /// - Parameter isWritten: The outcome comes from there.
    /// - Throws: ``JobPlanError`` where the outcome names what is not there.
    func ending(for job: LeasedJob, outcome: JobOutcome, isWritten: Bool = false) throws -> JobEnding {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        let json = String(decoding: try encoder.encode(outcome), as: UTF8.self)
        let folder = try directory.resultFolder(key: job.key)
        var seen: Set<String> = []
        var files: [URL] = []
        let results = try outcome.objects.map { object in
            for uid in [object.sopInstanceUID, object.sopClassUID, object.seriesInstanceUID] where !Self.isUID(uid) {
                throw JobPlanError("The worker named a result by something that is no UID.")
            }
            guard seen.insert(object.sopInstanceUID).inserted else {
                throw JobPlanError("The worker named the result \(object.sopInstanceUID) twice.")
            }
            let file = URL(fileURLWithPath: object.path).standardizedFileURL
            guard file.deletingLastPathComponent().path == folder.standardizedFileURL.path else {
                throw JobPlanError("The worker named a result outside of its folder \(folder.path).")
            }
            try DurableFile.sync(file)
            files.append(file)
            return ResultDraft(
                path: "results/\(job.key)/\(file.lastPathComponent)", sopClass: object.sopClassUID,
                sopInstance: object.sopInstanceUID, series: object.seriesInstanceUID)
        }
        if !isWritten {
            try ResultLedger(directory, key: job.key).write(job, outcome, files: files)
            try DurableFile.sync(directory.results)
        }
        guard !results.isEmpty else { return .nothingFound(outcome: json) }
        return .succeeded(outcome: json, results: results, destinations: destinations(of: job.deployment))
    }

    private func destinations(of name: String) -> [String] {
        let named = configuration.deployments.first { $0.name == name }?.destinations ?? []
        var seen: Set<String> = []
        return named.filter { seen.insert($0).inserted }
    }

    private static func isUID(_ text: String) -> Bool {
        (1...64).contains(text.utf8.count) && text.utf8.allSatisfy { ($0 >= 0x30 && $0 <= 0x39) || $0 == 0x2E }
    }
}

/// A job that cannot be run as it stands, or an outcome that cannot be taken.
struct JobPlanError: Error, Sendable, Equatable, CustomStringConvertible {
    let description: String

    init(_ description: String) { self.description = description }
}
