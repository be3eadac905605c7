import Foundation
import Store
import Testing

/// An index in a folder of its own, which goes when the fixture goes.
final class IndexFixture {
    let directory: DataDirectory
    let database: IndexDatabase

    init() throws {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("portico-store-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        directory = DataDirectory(folder)
        database = try IndexDatabase(serving: directory)
    }

    deinit {
        try? database.close()
        try? FileManager.default.removeItem(at: directory.root)
    }

    /// A CT series of so many slices.
    static func slices(_ count: Int, study: String = "1.2.3", series: String = "1.2.3.1", from: Int = 1)
        -> [ReceivedInstance]
    {
        (from..<from + count).map { number in
            ReceivedInstance(
                study: study, series: series, instance: "\(series).\(number)", sopClass: "1.2.840.10008.5.1.4.1.1.2",
                transferSyntax: "1.2.840.10008.1.2.1", modality: "CT", seriesNumber: 2, number: number,
                frameOfReference: "1.2.3.9", rows: 16, columns: 12, position: [0.1, -0.2, Double(number) * 2.5],
                orientation: [1, 0, 0, 0, 1, 0], byteCount: 400,
                receivedAt: Date(timeIntervalSince1970: 1000 + Double(number)), callingAE: "SCANNER")
        }
    }

    /// Records everything that is there as a revision with one job.
    @discardableResult
    func complete(
        _ study: String = "1.2.3", key: String = "k1", series: String = "1.2.3.1", deployment: String = "liver"
    )
        throws -> RevisionRecording
    {
        let snapshot = try #require(try database.snapshot(ofStudy: study))
        return try database.record(
            RevisionDraft(
                study: study, instances: snapshot.instanceCount, completedAt: Date(timeIntervalSince1970: 2000),
                reason: "quiet", digest: "d\(snapshot.instanceCount)",
                decisions: [
                    DecisionDraft(
                        deployment: deployment, outcome: "matched", reason: "fits",
                        candidates: snapshot.series.map {
                            CandidateDraft(
                                series: $0.uid, outcome: $0.uid == series ? "matched" : "notMatched", reason: "because")
                        }, job: JobDraft(key: key, series: series))
                ]))
    }

    /// Queues one job of a study of its own, at a moment in seconds.
    @discardableResult
    func queue(
        _ study: String, deployment: String = "liver", priority: JobPriority = .routine, at seconds: Double = 2000
    ) throws -> Int64 {
        let series = study + ".1"
        try database.index(Self.slices(1, study: study, series: series))
        let recording = try database.record(
            RevisionDraft(
                study: study, instances: 1, completedAt: Date(timeIntervalSince1970: seconds), reason: "", digest: "",
                decisions: [
                    DecisionDraft(
                        deployment: deployment, outcome: "matched", reason: "", candidates: [],
                        job: JobDraft(key: "k\(study)", series: series, priority: priority))
                ]))
        guard case .recorded(_, let jobs) = recording else { return 0 }
        return try #require(jobs.first)
    }

    /// Leases the next job as the worker `w`.
    func lease(
        at seconds: Double = 3000, owner: String = "w", duration: Double = 60, policy: LeasePolicy = LeasePolicy()
    ) throws -> LeasedJob? {
        let now = Date(timeIntervalSince1970: seconds)
        return try database.leaseJob(
            owner: owner, workerPID: 77, at: now, until: now + duration, policy: policy)
    }

    /// Ends a job as the worker `w`.
    @discardableResult
    func end(_ job: Int64, _ ending: JobEnding, at seconds: Double = 3001, suspendAfter: Int = 0) throws -> Suspension?
    {
        try database.end(
            job: job, owner: "w", as: ending, at: Date(timeIntervalSince1970: seconds), suspendAfter: suspendAfter)
    }

    /// The job as lists show it.
    func row(_ job: Int64) throws -> JobRow {
        try #require(try database.jobs(JobFilter(job: job)).first)
    }

    /// Indexes, completes, runs and ends one job with results for the destinations.
    func finishedJob(results: [String] = ["9.1"], destinations: [String] = ["pacs"]) throws -> Int64 {
        try database.index(Self.slices(3))
        try complete()
        let job = try #require(try lease())
        try database.end(
            job: job.id, owner: "w",
            as: .succeeded(
                outcome: "{}",
                results: results.map {
                    ResultDraft(
                        path: "results/k1/\($0).dcm", sopClass: "1.2.840.10008.5.1.4.1.1.66.4", sopInstance: $0,
                        series: "9")
                }, destinations: destinations), at: Date(timeIntervalSince1970: 3010))
        return job.id
    }
}
