import Foundation
import Logging
import Store
import Testing

@testable import Gateway

@Suite("From received objects to a decided study", .timeLimit(.minutes(1)))
struct AssemblyServiceTests {
    /// The services up to the queue; no worker, no sender.
    private func front(
        _ fixture: MiddleFixture, _ configuration: Configuration,
        scan: @escaping @Sendable (URL) throws -> ReceivedInstance = { try MiddleFixture.scan($0) },
        list: @escaping @Sendable (URL) throws -> [String] = {
            try FileManager.default.contentsOfDirectory(atPath: $0.path)
        }
    ) -> (IntakeIndexer, AssemblyService) {
        let inbox = AssemblyInbox()
        let log = fixture.log.logger
        let indexer = IntakeIndexer(
            database: fixture.database, logger: log, onIndexed: { inbox.put($0) },
            onMissed: { inbox.requestReconciliation() })
        let matcher = Matcher(
            database: fixture.database, deployments: configuration.deployments, logger: log, onJobs: {})
        let reconciler = Reconciler(
            directory: fixture.directory, database: fixture.database, logger: log, scan: scan,
            take: { indexer.submit($0) }, list: list)
        let assembly = AssemblyService(
            database: fixture.database, settings: configuration.completion, indexer: indexer, inbox: inbox,
            reconciler: reconciler, logger: log, retryDelay: 0.05, complete: { matcher.complete($0, reason: $1) })
        return (indexer, assembly)
    }

    @Test("A study that falls quiet is complete, decided on and queued, with all its objects")
    func completes() async throws {
        let fixture = try MiddleFixture()
        let (indexer, assembly) = front(fixture, fixture.configuration)
        try await fixture.run([indexer, assembly]) {
            for object in try fixture.receive(slices: 30) { indexer.submit(object) }
            await fixture.log.wait(for: "study complete")
        }
        let job = try fixture.onlyJob()
        #expect(job.state == "queued" && job.deployment == "liver" && job.series == "1.2.3.1")
        #expect(try fixture.database.revisions(ofStudy: "1.2.3").map(\.instances) == [30])
    }

    @Test(
        "Killed in the middle of receiving: objects that only lie on the disk are found, and the study completes once")
    func restart() async throws {
        let fixture = try MiddleFixture()
        let objects = try fixture.receive(slices: 20)
        // The first eight were indexed before the end, the others only acknowledged.
        try fixture.database.index(Array(objects.prefix(8)))
        // The walk takes longer than the quiet time: nothing may be decided before its end.
        let (indexer, assembly) = front(fixture, fixture.configuration) { file in
            // Stands for a slow disk; nothing is awaited by it.
            Thread.sleep(forTimeInterval: 0.05)
            return try MiddleFixture.scan(file)
        }
        try await fixture.run([indexer, assembly]) {
            await fixture.log.wait(for: "study complete")
            await fixture.log.wait(for: "the index agrees with the studies folder")
        }
        #expect(try fixture.database.instanceCount() == 20)
        #expect(try fixture.database.revisions(ofStudy: "1.2.3").map(\.instances) == [20])
        #expect(try JobListing.all(in: fixture.database).count == 1)
    }

    @Test("A study that was open when serve ended is complete after a quiet time of the new run, not before")
    func silenceWhileDown() async throws {
        let fixture = try MiddleFixture()
        var objects = try fixture.receive(slices: 6)
        for index in objects.indices { objects[index].receivedAt = Date(timeIntervalSinceNow: -100_000) }
        try fixture.database.index(Array(objects.prefix(3)))
        for object in objects.dropFirst(3) {
            try FileManager.default.removeItem(
                at: fixture.directory.file(study: object.study, series: object.series, instance: object.instance))
        }
        var configuration = fixture.configuration
        configuration.completion.studyQuiet = 3
        let (indexer, assembly) = front(fixture, configuration)
        try await fixture.run([indexer, assembly]) {
            await fixture.log.wait(for: "the index agrees with the studies folder")
            // The peer that was cut off sends the rest.
            for object in try fixture.receive(slices: 6) { indexer.submit(object) }
            await fixture.log.wait(for: "study complete")
        }
        #expect(try fixture.database.revisions(ofStudy: "1.2.3").map(\.instances) == [6])
    }

    @Test("A late series is a second revision; only the deployment whose input changed runs again")
    func lateObjects() async throws {
        let fixture = try MiddleFixture()
        var configuration = fixture.configuration
        configuration.deployments.append(
            Deployment(
                name: "brain", bundle: BundleReference(path: "/b"),
                rules: MatchingRules(modality: "MR", minimumSlices: 1), destinations: []))
        let (indexer, assembly) = front(fixture, configuration)
        try await fixture.run([indexer, assembly]) {
            for object in try fixture.receive(slices: 3) { indexer.submit(object) }
            await fixture.log.wait(for: "study complete")
            for object in try fixture.receive(series: "1.2.3.2", slices: 2, modality: "MR") { indexer.submit(object) }
            await fixture.log.wait(for: "study complete", count: 2)
            for object in try fixture.receive(slices: 3) { indexer.submit(object) }
            indexer.drain()
        }
        let jobs = try JobListing.all(in: fixture.database)
        #expect(jobs.map { "\($0.deployment) \($0.revision)" } == ["brain 2", "liver 1"])
        let second = try fixture.database.revisions(ofStudy: "1.2.3")[1]
        #expect(second.decisions[0].reason.contains("its input is the same as in revision 1, so job 1 stands"))
    }

    @Test("A study that cannot be walked is not decided until it can; the others are", arguments: [false, true])
    func badFolder(all: Bool) async throws {
        let fixture = try MiddleFixture()
        let bad = try fixture.receive("1.1", slices: 4)
        try fixture.database.index(Array(bad.prefix(2)))
        try fixture.database.index(try fixture.receive("1.2", slices: 3))
        let log = fixture.log
        let mended = fixture.directory.root.appendingPathComponent("mended").path
        let (indexer, assembly) = front(
            fixture, fixture.configuration,
            list: { folder in
                if folder.lastPathComponent == (all ? "studies" : "1.1"),
                    !FileManager.default.fileExists(atPath: mended)
                {
                    throw JobPlanError("input/output error")
                }
                return try FileManager.default.contentsOfDirectory(atPath: folder.path)
            })
        try await fixture.run([indexer, assembly]) {
            if all {
                await log.wait(for: "could not be compared with the index", count: 4)
                #expect(log.count("study complete") == 0)
            } else {
                await log.wait(for: "study complete")
                await log.wait(for: "study=1.1", count: 4)
                #expect(try fixture.database.revisions(ofStudy: "1.1").isEmpty)
            }
            try Data().write(to: URL(fileURLWithPath: mended))
            await log.wait(for: "study complete", count: 2)
        }
        #expect(try fixture.database.revisions(ofStudy: "1.1").map(\.instances) == [4])
        #expect(try fixture.database.revisions(ofStudy: "1.2").map(\.instances) == [3])
    }

    @Test("An index that cannot take a decision only delays it")
    func unsettled() async throws {
        let fixture = try MiddleFixture()
        let inbox = AssemblyInbox()
        let indexer = IntakeIndexer(
            database: fixture.database, logger: fixture.log.logger, onIndexed: { inbox.put($0) })
        let log = fixture.log.logger
        let reconciler = Reconciler(
            directory: fixture.directory, database: fixture.database, logger: log,
            scan: { try MiddleFixture.scan($0) }, take: { indexer.submit($0) })
        let assembly = AssemblyService(
            database: fixture.database, settings: fixture.configuration.completion, indexer: indexer, inbox: inbox,
            reconciler: reconciler, logger: log, retryDelay: 0.01,
            complete: { study, reason in
                log.info("asked", metadata: ["study": "\(study)"])
                return fixture.log.count("asked") < 3 ? .later : .settled
            })
        try await fixture.run([indexer, assembly]) {
            for object in try fixture.receive(slices: 2) { indexer.submit(object) }
            await fixture.log.wait(for: "asked study=1.2.3", count: 3)
        }
        #expect(fixture.log.count("asked") == 3)
    }
}
