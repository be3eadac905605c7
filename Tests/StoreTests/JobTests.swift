import Foundation
import Testing

@testable import Store

@Suite("Jobs and deliveries")
struct JobTests {
    private func date(_ seconds: Double) -> Date { Date(timeIntervalSince1970: seconds) }

    @Test("A job is leased once, by priority and then by age")
    func order() throws {
        let fixture = try IndexFixture()
        for (index, priority) in [JobPriority.routine, .urgent, .routine].enumerated() {
            try fixture.queue("1.\(index + 1)", priority: priority)
        }
        #expect(try [fixture.lease()?.study, fixture.lease()?.study, fixture.lease()?.study] == ["1.2", "1.1", "1.3"])
        #expect(try fixture.lease() == nil)
        #expect(try fixture.database.jobs(JobFilter(states: [.running])).count == 3)
    }

    @Test("A lease that runs out gives the job to the next, charged; the late one's word is not taken")
    func expiry() throws {
        let fixture = try IndexFixture()
        try fixture.database.index(IndexFixture.slices(1))
        try fixture.complete()
        let first = try #require(try fixture.lease(at: 3000, owner: "a"))
        try fixture.database.renewLease(job: first.id, owner: "a", until: date(3100), stage: "infer", progress: (2, 8))
        let row = try #require(try fixture.database.jobs().first)
        #expect(row.stage == "infer" && row.done == 2 && row.total == 8 && row.state == .running)
        #expect(try fixture.lease(at: 3099, owner: "b") == nil)
        let second = try #require(try fixture.lease(at: 3101, owner: "b"))
        #expect(second.attempts == 1)
        #expect(second.attemptNumber == 2)
        let error = #expect(throws: StoreError.self) {
            try fixture.database.end(job: first.id, owner: "a", as: .nothingFound(outcome: "{}"), at: date(3102))
        }
        #expect(error?.code == .leaseLost)
        #expect(throws: StoreError.self) {
            try fixture.database.renewLease(job: first.id, owner: "a", until: date(9999))
        }
        #expect(try fixture.database.jobs().first?.state == .running)
        #expect(try fixture.database.attempts(ofJob: first.id).map(\.ending) == ["the lease ran out", nil])
    }

    @Test("A try that failed waits for its time; one that was nobody's fault is not charged")
    func again() throws {
        let fixture = try IndexFixture()
        try fixture.database.index(IndexFixture.slices(1))
        try fixture.complete()
        let job = try #require(try fixture.lease(at: 3000))
        try fixture.database.end(
            job: job.id, owner: "w", as: .again(reason: "killed", notBefore: date(3020), charged: true), at: date(3001))
        #expect(try fixture.database.nextJobDue(after: date(3001)) == date(3020))
        #expect(try fixture.lease(at: 3019) == nil)
        let second = try #require(try fixture.lease(at: 3020))
        #expect(second.attempts == 1)
        try fixture.database.end(
            job: job.id, owner: "w", as: .again(reason: "stopped", notBefore: date(3021), charged: false),
            at: date(3021))
        let third = try #require(try fixture.lease(at: 3022))
        #expect(third.attempts == 1)
        #expect(third.attemptNumber == 3)
        #expect(try fixture.database.attempts(ofJob: job.id).map(\.ending) == ["killed", "stopped", nil])
    }

    @Test("After a crash of serve its jobs are back in the queue and its deliveries are due")
    func recovery() throws {
        let fixture = try IndexFixture()
        _ = try fixture.finishedJob()
        _ = try #require(try fixture.database.leaseDeliveries(to: "pacs", at: date(4000)))
        try fixture.database.index(IndexFixture.slices(2, from: 4))
        try fixture.complete(key: "k2")
        let job = try #require(try fixture.lease(at: 4000))
        try fixture.database.close()

        let database = try IndexDatabase(serving: fixture.directory)
        #expect(try database.recoverJobs(at: date(5000)) == 1)
        #expect(try database.recoverDeliveries() == 1)
        #expect(try database.recoverJobs(at: date(5000)) == 0)
        let row = try #require(try database.jobs(JobFilter(job: job.id)).first)
        #expect(row.state == .queued)
        #expect(row.attempts == 0)
        #expect(try database.attempts(ofJob: job.id).first?.ending == "portico serve ended before the job did")
        #expect(try database.leaseDeliveries(to: "pacs", at: date(5000))?.items.map(\.sopInstance) == ["9.1"])
        #expect(try database.problems() == [])
        try database.close()
    }

    @Test("A finished job, its results and their deliveries are recorded as one")
    func success() throws {
        let fixture = try IndexFixture()
        let job = try fixture.finishedJob(results: ["9.1", "9.2"], destinations: ["pacs", "archive"])
        let row = try #require(try fixture.database.jobs().first)
        #expect(row.id == job && row.state == .succeeded && row.objects == 2 && row.attempts == 1)
        let deliveries = try fixture.database.deliveries(ofJob: job)
        #expect(
            deliveries.map { "\($0.sopInstance) \($0.destination) \($0.state)" } == [
                "9.1 pacs pending", "9.1 archive pending", "9.2 pacs pending", "9.2 archive pending",
            ])
        // Two results of one name cannot be: nothing of the end is recorded then.
        try fixture.database.index(IndexFixture.slices(1, from: 9))
        try fixture.complete(key: "k2")
        let second = try #require(try fixture.lease())
        let twice = ResultDraft(path: "p", sopClass: "1", sopInstance: "8", series: "7")
        #expect(throws: StoreError.self) {
            try fixture.database.end(
                job: second.id, owner: "w",
                as: .succeeded(outcome: "{}", results: [twice, twice], destinations: ["pacs"]),
                at: date(1))
        }
        #expect(try fixture.database.jobs(JobFilter(job: second.id)).first?.state == .running)
        #expect(try fixture.database.results(ofJob: second.id) == [])
    }

    @Test("Deliveries of one job go together, and each ends for itself")
    func deliveries() throws {
        let fixture = try IndexFixture()
        let job = try fixture.finishedJob(results: ["9.1", "9.2", "9.3"])
        let batch = try #require(try fixture.database.leaseDeliveries(to: "pacs", at: date(4000)))
        #expect(batch.job == job && batch.study == "1.2.3" && batch.deployment == "liver" && batch.items.count == 3)
        #expect(try fixture.database.leaseDeliveries(to: "pacs", at: date(4000)) == nil)
        #expect(try fixture.database.leaseDeliveries(to: "elsewhere", at: date(4000)) == nil)
        try fixture.database.end(
            deliveries: [
                (batch.items[0].id, .delivered(status: 0xB000, warning: "coerced")),
                (batch.items[1].id, .again(reason: "busy", status: 0xA700, notBefore: date(4050), isRefusal: false)),
                (batch.items[2].id, .failed(reason: "gone", status: nil)),
            ], at: date(4001))
        #expect(try fixture.database.nextDeliveryDue(to: "pacs") == date(4050))
        #expect(try fixture.database.leaseDeliveries(to: "pacs", at: date(4049)) == nil)
        let rows = try fixture.database.deliveries(ofJob: job)
        #expect(rows.map(\.state) == [.delivered, .pending, .failed])
        #expect(rows.map(\.attempts) == [1, 1, 1])
        #expect(rows.map(\.lastError) == ["coerced", "busy", "gone"])
        #expect(rows[0].deliveredAt == date(4001))
        #expect(rows[1].nextAttemptAt == date(4050))
        #expect(try fixture.database.openDestinations() == ["pacs": 1])
        let second = try #require(try fixture.database.leaseDeliveries(to: "pacs", at: date(4050)))
        #expect(second.items.map(\.attempts) == [1])
    }

    @Test("Lists are filtered by study, deployment, state and number, the newest first")
    func filters() throws {
        let fixture = try IndexFixture()
        let first = try fixture.finishedJob()
        try fixture.database.index(IndexFixture.slices(1, study: "5", series: "5.1"))
        try fixture.complete("5", key: "k5", series: "5.1", deployment: "spleen")
        let all = try fixture.database.jobs()
        #expect(all.map(\.study) == ["5", "1.2.3"])
        #expect(try fixture.database.jobs(JobFilter(study: "5")).count == 1)
        #expect(try fixture.database.jobs(JobFilter(deployment: "liver")).map(\.id) == [first])
        #expect(try fixture.database.jobs(JobFilter(states: [.queued, .failed])).map(\.study) == ["5"])
        #expect(try fixture.database.jobs(JobFilter(limit: 1)).map(\.study) == ["5"])
        #expect(try fixture.database.jobs(JobFilter(study: "5' OR 1=1 --")).isEmpty)
    }
}
