internal import Foundation
internal import Store

/// Turns a leased job into what a worker is told, and a worker's outcome into what is recorded.
struct JobPlan: Sendable {
    let configuration: Configuration
    let directory: DataDirectory

    /// What the worker is told; its output folder is emptied, because an earlier try may have left files.
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
        if FileManager.default.fileExists(atPath: output.path) {
            try FileManager.default.removeItem(at: output)
        }
        try FileManager.default.createDirectory(at: output, withIntermediateDirectories: true)
        let workers = configuration.workers
        let cores = ProcessInfo.processInfo.activeProcessorCount
        return JobSpecification(
            job: job.id, key: job.key, bundle: deployment.bundle.path, deployment: deployment.name,
            device: deployment.device,
            threads: workers.threads > 0 ? workers.threads : max(1, cores / max(1, workers.count)), files: files,
            output: output.path, results: ResultParameters(configuration.results, place: place))
    }

    /// The line of JSON that the worker reads.
    func line(for job: LeasedJob) throws -> Data {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        return try encoder.encode(try specification(for: job))
    }

    /// What is recorded of a worker's outcome; its files are checked and made durable first.
    /// - Throws: ``JobPlanError`` where the outcome names what is not there.
    func ending(for job: LeasedJob, outcome: JobOutcome) throws -> JobEnding {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        let json = String(decoding: try encoder.encode(outcome), as: UTF8.self)
        guard !outcome.objects.isEmpty else { return .nothingFound(outcome: json) }
        let folder = try directory.resultFolder(key: job.key)
        var seen: Set<String> = []
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
            try Self.makeDurable(file)
            return ResultDraft(
                path: "results/\(job.key)/\(file.lastPathComponent)", sopClass: object.sopClassUID,
                sopInstance: object.sopInstanceUID, series: object.seriesInstanceUID)
        }
        try Self.makeDurable(folder)
        try Self.makeDurable(directory.results)
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

    /// Results are recorded only when a power failure could not take them away.
    private static func makeDurable(_ url: URL) throws {
        let descriptor = open(url.path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else {
            throw JobPlanError("The worker's result \(url.path) cannot be read: \(String(cString: strerror(errno))).")
        }
        defer { close(descriptor) }
        var facts = stat()
        guard fstat(descriptor, &facts) == 0, facts.st_size > 0 else {
            throw JobPlanError("The worker's result \(url.path) is empty.")
        }
        guard fsync(descriptor) == 0 else {
            throw JobPlanError("The result \(url.path) cannot be made durable: \(String(cString: strerror(errno))).")
        }
    }
}

/// A job that cannot be run as it stands, or an outcome that cannot be taken.
struct JobPlanError: Error, Sendable, Equatable, CustomStringConvertible {
    let description: String

    init(_ description: String) { self.description = description }
}
