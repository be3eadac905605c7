import Foundation
import Logging
import ServiceLifecycle
import Store
import Synchronization
import Testing

@testable import Gateway

/// The durable middle of the gateway in a temporary folder: real index, real threads, fake workers and peers.
final class MiddleFixture: Sendable {
    let directory: DataDirectory
    let database: IndexDatabase
    let log = LogTap()
    let sender = FakeSender()

    init() throws {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("portico-mid-\(UUID().uuidString)")
        directory = DataDirectory(folder)
        for folder in [directory.studies, directory.results] {
            try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        }
        database = try IndexDatabase(serving: directory)
    }

    deinit {
        try? database.close()
        try? FileManager.default.removeItem(at: directory.root)
    }

    /// Short quiet times, two destinations, one deployment of CT with at least 2 slices.
    var configuration: Configuration {
        var configuration = Configuration(dataDirectory: directory.root)
        configuration.completion.studyQuiet = 0.2
        configuration.completion.seriesQuiet = 0.1
        configuration.delivery.initialBackoff = 0.02
        configuration.delivery.maximumAttempts = 3
        configuration.destinations = [
            "pacs": Destination(name: "pacs", aeTitle: "PACS", host: "127.0.0.1", port: 1),
            "archive": Destination(name: "archive", aeTitle: "ARCHIVE", host: "127.0.0.1", port: 1),
        ]
        configuration.deployments = [
            Deployment(
                name: "liver", bundle: BundleReference(path: "/bundles/liver"),
                rules: MatchingRules(modality: "CT", minimumSlices: 2), destinations: ["pacs"])
        ]
        return configuration
    }

    var timing: SupervisionTiming {
        SupervisionTiming(
            startLimit: 20, silenceLimit: 60, shutdownGrace: 0.3, retryDelay: 0.02, restartDelay: 0.02,
            longestDelay: 0.1)
    }

    /// Puts a CT series on the disk and into the index, and decides on it.
    @discardableResult
    func completeStudy(_ study: String = "1.2.3", slices: Int = 3, configuration: Configuration? = nil) throws
        -> [ReceivedInstance]
    {
        let objects = try receive(study, slices: slices)
        try database.index(objects)
        let matcher = Matcher(
            database: database, deployments: (configuration ?? self.configuration).deployments, logger: log.logger,
            onJobs: {})
        #expect(
            matcher.complete(study, reason: .cap(objects: slices, series: 1, cap: 1)) == .settled)
        return objects
    }

    /// Writes files as intake does.
    func receive(
        _ study: String = "1.2.3", series: String? = nil, slices: Int, from: Int = 1, modality: String = "CT"
    ) throws -> [ReceivedInstance] {
        let series = series ?? study + ".1"
        return try (from..<from + slices).map { number in
            let object = ReceivedInstance(
                study: study, series: series, instance: "\(series).\(number)", sopClass: "1.2.840.10008.5.1.4.1.1.2",
                transferSyntax: "1.2.840.10008.1.2.1", modality: modality, seriesNumber: 1, number: number, rows: 8,
                columns: 8, receivedAt: Date(), callingAE: "SCANNER")
            let file = directory.file(study: study, series: series, instance: object.instance)
            try FileManager.default.createDirectory(
                at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
            try Data("\(study) \(series) \(object.instance) \(modality)".utf8).write(to: file)
            return object
        }
    }

    /// Reads what `receive` wrote.
    static func scan(_ file: URL) throws -> ReceivedInstance {
        let words = try String(contentsOf: file, encoding: .utf8).split(separator: " ").map(String.init)
        guard words.count == 4 else { throw JobPlanError("\(file.path) is no test object") }
        return ReceivedInstance(
            study: words[0], series: words[1], instance: words[2], sopClass: "1.2.840.10008.5.1.4.1.1.2",
            transferSyntax: "1.2.840.10008.1.2.1", modality: words[3], rows: 8, columns: 8, receivedAt: Date())
    }

    /// A worker made of shell: says that it is ready, then runs the body for each job with `$job`, `$out`, `$line`.
    func worker(_ body: String, prologue: String = #"echo '{"ready":{}}'"#) throws -> WorkerExecutable {
        let script = directory.root.appendingPathComponent("worker-\(UUID().uuidString).sh")
        try """
        #!/bin/sh
        here='\(directory.root.path)'
        \(prologue)
        while IFS= read -r line; do
        job=$(printf '%s' "$line" | sed -n 's/.*"job":\\([0-9]*\\).*/\\1/p')
        out=$(printf '%s' "$line" | sed -n 's/.*"output":"\\([^"]*\\)".*/\\1/p')
        \(body)
        done
        """.write(to: script, atomically: true, encoding: .utf8)
        return WorkerExecutable(path: "/bin/sh", arguments: [script.path])
    }

    /// Shell that ends a job with one object whose UID comes from the job's folder name.
    static let oneResult = """
        uid="2.25.1$job"; echo segmentation > "$out/$uid.dcm"
        \(done(#"{"path":"'$out'/'$uid'.dcm","sopClassUID":"1.2.840.10008.5.1.4.1.1.66.4","# 
            + #""sopInstanceUID":"'$uid'","seriesInstanceUID":"2.25.9"}"#))
        """

    /// Shell that ends a job with these objects.
    static func done(_ objects: String) -> String {
        #"echo '{"done":{"job":'$job',"outcome":{"objects":["# + objects
            + #"],"segments":[{"number":1,"label":"liver","voxels":12,"millilitres":1.5,"slices":2}],"#
            + #""stages":[{"name":"infer","seconds":1.25}],"notes":["a note"],"#
            + #""provenance":{"manufacturer":"M","modelName":"Liver","softwareVersion":"1.0","deviceUID":"2.25.5","#
            + #""bundleDigest":"abc","engine":"torch","portico":"0","sourceInstances":["1.2.3.1.1"]}}}}'"#
    }

    /// Runs services while the body runs, then shuts them down in order.
    func run(_ services: [any Service], _ body: () async throws -> Void) async throws {
        let group = ServiceGroup(services: services, logger: Logger(label: "group") { _ in SwiftLogNoOpLogHandler() })
        let running = Task { try await group.run() }
        do {
            try await body()
        } catch {
            await group.triggerGracefulShutdown()
            try await running.value
            throw error
        }
        await group.triggerGracefulShutdown()
        try await running.value
    }

    /// Runs the job service alone.
    func runJobs(
        _ worker: WorkerExecutable, configuration: Configuration? = nil, timing: SupervisionTiming? = nil,
        _ body: (JobService) async throws -> Void
    ) async throws {
        let service = try JobService(
            configuration: configuration ?? self.configuration, directory: directory, database: database,
            executable: worker, timing: timing ?? self.timing, logger: log.logger, onResults: {})
        try await run([service]) { try await body(service) }
    }

    func onlyJob() throws -> JobListing { try #require(try JobListing.all(in: database).first) }
}

/// A peer that answers as it is told, and remembers what it got.
final class FakeSender: ResultSender {
    typealias Answer = @Sendable ([OutgoingObject], Destination, Int) throws -> [SendAnswer]
    private let calls = Mutex<[(destination: String, instances: [String])]>([])
    private let answer = Mutex<Answer>({ objects, _, _ in objects.map { _ in .answered(status: 0, comment: "") } })

    /// Each call with its destination and SOP Instance UIDs.
    var sent: [(destination: String, instances: [String])] { calls.withLock { $0 } }

    /// Takes another behaviour; the number is the call's, from 1.
    func answer(_ answer: @escaping Answer) { self.answer.withLock { $0 = answer } }

    func send(_ objects: [OutgoingObject], to destination: Destination) throws -> [SendAnswer] {
        let number = calls.withLock { calls in
            calls.append((destination.name, objects.map(\.sopInstance)))
            return calls.count
        }
        return try answer.withLock { $0 }(objects, destination, number)
    }
}
