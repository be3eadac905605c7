import Foundation
import Store
import Testing

@testable import Gateway

@Suite("The index built anew from the files", .timeLimit(.minutes(1)))
struct RebuildTests {
    private func services(_ fixture: MiddleFixture, _ worker: WorkerExecutable, _ database: IndexDatabase) throws
        -> GatewayServices
    {
        try GatewayServices(
            configuration: fixture.configuration, directory: fixture.directory, database: database,
            sender: fixture.sender, worker: worker, timing: fixture.timing, logger: fixture.log.logger,
            scan: { try MiddleFixture.scan($0) })
    }

    private func rebuilt(_ fixture: MiddleFixture) throws -> IndexDatabase {
        try fixture.database.close()
        for suffix in ["", "-wal", "-shm"] {
            try? FileManager.default.removeItem(atPath: fixture.directory.database.path + suffix)
        }
        return try IndexDatabase(serving: fixture.directory)
    }

    /// One study through all services, delivered; its worker writes down each job that it is given.
    private func first(_ fixture: MiddleFixture, result: String = MiddleFixture.oneResult) async throws
        -> WorkerExecutable
    {
        let worker = try fixture.worker("echo $job >> \"$here/begun\"\n" + result)
        let services = try services(fixture, worker, fixture.database)
        try await fixture.run(services.all) {
            for object in try fixture.receive(slices: 3) { services.indexer.submit(object) }
            await fixture.log.wait(for: result == MiddleFixture.oneResult ? "delivered dest" : "nothing found")
        }
        return worker
    }

    private func begun(_ fixture: MiddleFixture) throws -> Int {
        try String(contentsOf: fixture.directory.root.appendingPathComponent("begun"), encoding: .utf8)
            .split(separator: "\n").count
    }

    @Test("A job that ended well is taken up with its deliveries: it does not run and nothing is sent again")
    func takenUp() async throws {
        let fixture = try MiddleFixture()
        let worker = try await first(fixture)
        let before = try fixture.onlyJob()
        let database = try rebuilt(fixture)
        let services = try services(fixture, worker, database)
        try await fixture.run(services.all) { await fixture.log.wait(for: "job done, as its folder says") }
        let after = try #require(try JobListing.all(in: database).first)
        #expect(after.key == before.key && after.state == "succeeded" && after.objects == 1)
        #expect(after.deliveries.map { "\($0.destination) \($0.state) \($0.attempts)" } == ["pacs delivered 1"])
        #expect(after.deliveries[0].sopInstanceUID == before.deliveries[0].sopInstanceUID)
        #expect(try begun(fixture) == 1)
        #expect(fixture.sender.sent.count == 1)
        #expect(try Explanation(of: "1.2.3", in: database, files: fixture.directory).jobs[0].outcome != nil)
        #expect(try database.problems() == [])
    }

    @Test("That nothing was found is taken up, too")
    func nothingFound() async throws {
        let fixture = try MiddleFixture()
        let worker = try await first(fixture, result: MiddleFixture.done(""))
        let database = try rebuilt(fixture)
        let services = try services(fixture, worker, database)
        try await fixture.run(services.all) { await fixture.log.wait(for: "nothing found", count: 2) }
        #expect(try JobListing.all(in: database).map(\.state) == ["nothingFound"])
        #expect(try begun(fixture) == 1)
    }

    @Test("What was not delivered yet is delivered after the rebuild, without a second run")
    func undelivered() async throws {
        let fixture = try MiddleFixture()
        try fixture.completeStudy()
        let worker = try fixture.worker("echo $job >> \"$here/begun\"\n" + MiddleFixture.oneResult)
        try await fixture.runJobs(worker) { _ in await fixture.log.wait(for: "job done") }
        let database = try rebuilt(fixture)
        let services = try services(fixture, worker, database)
        try await fixture.run(services.all) { await fixture.log.wait(for: "delivered destination=pacs") }
        #expect(try begun(fixture) == 1)
        #expect(fixture.sender.sent.map(\.instances) == [["2.25.11"]])
    }

    @Test(
        "An outcome that is not whole is not believed: the job runs again",
        arguments: ["truncated result", "no result", "rubbish outcome"])
    func damaged(_ damage: String) async throws {
        let fixture = try MiddleFixture()
        let worker = try await first(fixture)
        let folder = try fixture.directory.resultFolder(key: try fixture.onlyJob().key)
        let result = folder.appendingPathComponent("2.25.11.dcm")
        switch damage {
        case "truncated result": try Data("segm".utf8).write(to: result)
        case "no result": try FileManager.default.removeItem(at: result)
        default: try Data("{".utf8).write(to: folder.appendingPathComponent("outcome.json"))
        }
        let database = try rebuilt(fixture)
        let services = try services(fixture, worker, database)
        try await fixture.run(services.all) { await fixture.log.wait(for: "delivered destination=pacs", count: 2) }
        #expect(try begun(fixture) == 2)
        #expect(try String(contentsOf: result, encoding: .utf8) == "segmentation\n")
    }

    @Test("The moment that results carry is the same after a rebuild")
    func sameMoment() throws {
        let fixture = try MiddleFixture()
        let files = try fixture.receive(slices: 3).map {
            fixture.directory.file(study: $0.study, series: $0.series, instance: $0.instance)
        }
        for (index, file) in files.enumerated() {
            try FileManager.default.setAttributes(
                [.modificationDate: Date(timeIntervalSince1970: 1_000_000_000.25 + Double(index))],
                ofItemAtPath: file.path)
        }
        #expect(FileTime.modified(files[2].path) == Date(timeIntervalSince1970: 1_000_000_002.25))
        try fixture.database.index(
            try files.map {
                var object = try MiddleFixture.scan($0)
                object.receivedAt = try #require(FileTime.modified($0.path))
                return object
            })
        let matcher = Matcher(
            database: fixture.database, deployments: fixture.configuration.deployments, logger: fixture.log.logger,
            onJobs: {})
        #expect(matcher.complete("1.2.3", reason: .cap(objects: 3, series: 1, cap: 1)) == .settled)
        let job = try #require(
            try fixture.database.leaseJob(owner: "w", workerPID: 1, at: Date(), until: Date() + 60))
        let plan = JobPlan(configuration: fixture.configuration, directory: fixture.directory)
        #expect(try plan.specification(for: job).created == Date(timeIntervalSince1970: 1_000_000_002.25))
    }

    @Test("A folder that holds a whole outcome is never emptied for another run")
    func kept() async throws {
        let fixture = try MiddleFixture()
        try fixture.completeStudy()
        let job = try #require(
            try fixture.database.leaseJob(owner: "w", workerPID: 1, at: Date(), until: Date() + 60))
        let plan = JobPlan(configuration: fixture.configuration, directory: fixture.directory)
        _ = try plan.specification(for: job)
        let outcome = JobOutcome(
            objects: [], segments: [], stages: [],
            provenance: Provenance(
                manufacturer: "M", modelName: "N", softwareVersion: "1", deviceUID: "2.25.1", bundleDigest: "d",
                engine: "e", portico: "0", studyInstanceUID: nil, seriesInstanceUID: nil, sourceInstances: []))
        _ = try plan.ending(for: job, outcome: outcome)
        #expect(throws: JobPlanError.self) { try plan.specification(for: job) }
        #expect(try plan.earlier(of: job)?.deliveries == [])
    }

    @Test("Deliveries to destinations of any name are kept apart")
    func names() throws {
        let fixture = try MiddleFixture()
        let ledger = try ResultLedger(fixture.directory, key: "abc")
        let names = ["pacs", "../pacs", "..pacs", "pa/cs", String(repeating: "ä", count: 200)]
        for name in names {
            for state in [DeliveryState.failed, .delivered] {
                try ledger.write(
                    [
                        EndedDelivery(
                            destination: name, sopInstance: "1.2", state: state, attempts: 1, status: 0,
                            lastError: nil, endedAt: 5)
                    ], to: name)
            }
        }
        let found = try ledger.deliveries()
        #expect(Set(found.map(\.destination)) == Set(names))
        #expect(found.count == names.count && found.allSatisfy { $0.state == .delivered })
    }
}
