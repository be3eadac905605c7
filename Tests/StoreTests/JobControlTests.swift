import Foundation
import Testing

@testable import Store

@Suite("What people do to jobs and deployments")
struct JobControlTests {
    private let now = Date(timeIntervalSince1970: 3000)

    @Test("A waiting job is cancelled at once, is never leased, and can be tried again with all its tries")
    func waiting() throws {
        let fixture = try IndexFixture()
        let job = try fixture.queue("1.1")
        let first = try #require(try fixture.lease())
        try fixture.end(first.id, .again(reason: "killed", notBefore: now, charged: true, lostWorker: true))
        #expect(try fixture.row(job).crashes == 1)
        #expect(try fixture.database.cancelJob(job, at: now) == .cancelled)
        #expect(try fixture.row(job).state == .cancelled)
        #expect(try fixture.row(job).reason == "cancelled by hand before it began")
        #expect(try fixture.row(job).finishedAt == now)
        #expect(try fixture.lease() == nil)
        let again = #expect(throws: StoreError.self) { try fixture.database.cancelJob(job, at: now) }
        #expect(again?.message.contains("is cancelled: only a waiting or running job can be cancelled") == true)
        try fixture.database.retryJob(job, at: now + 100)
        let row = try fixture.row(job)
        #expect(row.state == .queued && row.attempts == 0 && row.crashes == 0 && row.reason == nil)
        #expect(row.finishedAt == nil)
        let second = try #require(try fixture.lease(at: 3200))
        #expect(second.attemptNumber == 2 && second.attempts == 0 && second.crashes == 0)
    }

    @Test(
        "A running job whose cancelling was asked for ends as cancelled, whatever its attempt came to",
        arguments: [
            JobEnding.succeeded(
                outcome: "{}", results: [ResultDraft(path: "p", sopClass: "1", sopInstance: "2", series: "3")],
                destinations: ["pacs"]),
            .failed(reason: "broken", lostWorker: true),
            .again(reason: "killed", notBefore: Date(timeIntervalSince1970: 0), charged: true, lostWorker: true),
        ])
    func running(ending: JobEnding) throws {
        let fixture = try IndexFixture()
        let job = try fixture.queue("1.1")
        _ = try fixture.lease()
        try fixture.database.renewLease(job: job, owner: "w", until: now + 60, stage: "inference", progress: (1, 9))
        #expect(try !fixture.database.isCancelRequested(ofJob: job))
        #expect(try fixture.database.cancelJob(job, at: now) == .requested)
        #expect(try fixture.database.isCancelRequested(ofJob: job))
        #expect(try fixture.row(job).state == .running)
        #expect(try fixture.row(job).isCancelling)
        #expect(try fixture.end(job, ending, suspendAfter: 1) == nil)
        let row = try fixture.row(job)
        #expect(row.state == .cancelled && row.reason == "cancelled by hand in stage inference")
        #expect(!row.isCancelling && row.objects == 0)
        #expect(try fixture.database.deliveries(ofJob: job).isEmpty)
        #expect(try fixture.database.attempts(ofJob: job).map(\.ending) == ["cancelled by hand in stage inference"])
    }

    @Test("A wish to cancel outlives serve, and a lease that runs out")
    func afterRestart() throws {
        let fixture = try IndexFixture()
        let jobs = try [fixture.queue("1.1"), fixture.queue("1.2")]
        for job in jobs {
            _ = try fixture.lease()
            _ = try fixture.database.cancelJob(job, at: now)
            if job == jobs[0] {
                #expect(try fixture.database.recoverJobs(at: now) == 0)
            } else {
                #expect(try fixture.lease(at: 4000) == nil)
            }
            #expect(try fixture.row(job).state == .cancelled)
        }
        #expect(try fixture.database.problems() == [])
    }

    @Test("Only a failed or cancelled job can be tried again")
    func retry() throws {
        let fixture = try IndexFixture()
        let job = try fixture.queue("1.1")
        #expect(throws: StoreError.self) { try fixture.database.retryJob(job, at: now) }
        _ = try fixture.lease()
        #expect(throws: StoreError.self) { try fixture.database.retryJob(job, at: now) }
        try fixture.end(job, .failed(reason: "broken"))
        try fixture.database.retryJob(job, at: now)
        _ = try fixture.lease()
        try fixture.end(job, .nothingFound(outcome: "{}"))
        let error = #expect(throws: StoreError.self) { try fixture.database.retryJob(job, at: now) }
        #expect(error?.code == .notPossible && error?.message.contains("is done") == true)
    }

    @Test("So many jobs in a row that cost their workers suspend their deployment; its jobs wait until it is resumed")
    func suspension() throws {
        let fixture = try IndexFixture()
        for number in 1...3 { try fixture.queue("1.\(number)") }
        let first = try #require(try fixture.lease())
        #expect(try fixture.end(first.id, .failed(reason: "boom", lostWorker: true), suspendAfter: 2) == nil)
        let second = try #require(try fixture.lease())
        let suspension = try fixture.end(second.id, .failed(reason: "boom", lostWorker: true), suspendAfter: 2)
        #expect(suspension?.deployment == "liver")
        #expect(suspension?.reason == "2 jobs in a row cost their workers, the last one job \(second.id): boom")
        #expect(try fixture.database.suspensions() == [#require(suspension)])
        let waiting = try fixture.queue("1.4")
        let other = try fixture.queue("1.5", deployment: "spleen")
        #expect(try fixture.row(waiting).state == .suspended)
        #expect(try fixture.row(waiting).suspension == suspension?.reason)
        #expect(try fixture.database.jobs(JobFilter(states: [.suspended])).count == 2)
        #expect(try fixture.database.jobs(JobFilter(states: [.queued])).map(\.id) == [other])
        #expect(try fixture.lease()?.id == other)
        #expect(try fixture.lease() == nil)
        #expect(try fixture.database.deploymentCounts()["liver"] == DeploymentCounts(waiting: 2, running: 0, failed: 2))
        #expect(try fixture.database.resume(deployment: "liver"))
        #expect(try !fixture.database.resume(deployment: "liver"))
        // What was lost before counts no more.
        let next = try #require(try fixture.lease())
        #expect(try fixture.end(next.id, .failed(reason: "boom", lostWorker: true), suspendAfter: 2) == nil)
    }

    @Test("A job that ends well, and a limit of 0, keep a deployment from being suspended; other failures do not count")
    func noSuspension() throws {
        let fixture = try IndexFixture()
        let endings: [JobEnding] = [
            .failed(reason: "boom", lostWorker: true), .nothingFound(outcome: "{}"),
            .failed(reason: "boom", lostWorker: true), .failed(reason: "no regular volume"),
        ]
        for (number, ending) in endings.enumerated() {
            try fixture.queue("1.\(number + 1)")
            let job = try #require(try fixture.lease())
            #expect(try fixture.end(job.id, ending, suspendAfter: 2) == nil)
        }
        try fixture.queue("1.9")
        let job = try #require(try fixture.lease())
        #expect(try fixture.end(job.id, .failed(reason: "boom", lostWorker: true), suspendAfter: 0) == nil)
        #expect(try fixture.database.suspensions().isEmpty)
    }

    @Test("A suspension by hand keeps its first reason and survives a new opening of the index")
    func byHand() throws {
        let fixture = try IndexFixture()
        #expect(try fixture.database.suspend(deployment: "liver", reason: "under review", at: now))
        #expect(try !fixture.database.suspend(deployment: "liver", reason: "again", at: now + 5))
        try fixture.database.close()
        let reopened = try IndexDatabase(serving: fixture.directory)
        #expect(try reopened.suspensions() == [Suspension(deployment: "liver", since: now, reason: "under review")])
        try reopened.close()
    }
}
