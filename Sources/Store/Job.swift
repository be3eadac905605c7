public import Foundation
internal import GRDB

/// Where a job stands.
public enum JobState: String, Sendable, Hashable, Codable, CaseIterable {
    /// Waits for a worker.
    case queued
    /// A worker has it.
    case running
    /// Ended with results.
    case succeeded
    /// Ended well, and there is nothing to send.
    case nothingFound
    /// Given up.
    case failed
    /// Waits, and no worker takes it before its deployment is resumed. Never stored: it follows from the deployment.
    case suspended
    /// Ended by somebody's wish.
    case cancelled
}

/// A job in the hands of a worker.
public struct LeasedJob: Sendable, Hashable {
    /// The job's number.
    public var id: Int64
    /// Names (study, deployment, input).
    public var key: String
    /// Study Instance UID.
    public var study: String
    /// Series Instance UID of the input.
    public var series: String
    /// The deployment's name.
    public var deployment: String
    /// Attempts that were charged before this one.
    public var attempts: Int
    /// Attempts that cost their worker.
    public var crashes: Int
    /// The number of this attempt, with those that were not charged.
    public var attemptNumber: Int
    /// SOP Instance UIDs of the input: the series as it was in the job's revision.
    public var instances: [String]
    /// When the last of them was received: the time of its file, so that it is the same after a rebuild of the index.
    public var received: Date
}

/// How an attempt at a job ended.
public enum JobEnding: Sendable, Hashable {
    /// Results are there, to be sent to these destinations; `outcome` is JSON.
    case succeeded(outcome: String, results: [ResultDraft], destinations: [String])
    /// Nothing to send; `outcome` is JSON.
    case nothingFound(outcome: String)
    /// Given up for this reason; `lostWorker` says that the last attempt cost its worker.
    case failed(reason: String, lostWorker: Bool = false)
    /// Back to the queue; a try that was nobody's fault is not charged.
    case again(reason: String, notBefore: Date, charged: Bool, lostWorker: Bool = false)
    /// Ended because somebody asked for it.
    case cancelled(reason: String)

    fileprivate var isCancelled: Bool {
        if case .cancelled = self { true } else { false }
    }
}

/// A result object to be recorded.
public struct ResultDraft: Sendable, Hashable {
    /// Where the file lies, below the data directory.
    public var path: String
    /// SOP Class UID.
    public var sopClass: String
    /// SOP Instance UID.
    public var sopInstance: String
    /// Series Instance UID.
    public var series: String

    /// Makes a result.
    public init(path: String, sopClass: String, sopInstance: String, series: String) {
        self.path = path
        self.sopClass = sopClass
        self.sopInstance = sopInstance
        self.series = series
    }
}

extension IndexDatabase {
    /// Prolongs a lease and notes how far the job is.
    /// - Throws: ``StoreError`` with `.leaseLost` when the job is somebody else's by now.
    public func renewLease(
        job: Int64, owner: String, until expiry: Date, stage: String? = nil, progress: (done: Int, of: Int)? = nil,
        estimatedEnd: Date? = nil
    ) throws {
        try write { database in
            try database.execute(
                sql: """
                    UPDATE job SET leaseExpiresAt = ?3, stage = coalesce(?4, stage), done = ?5, total = ?6,
                    estimatedEnd = ?7 WHERE id = ?1 AND leaseOwner = ?2 AND state = 'running'
                    """,
                arguments: [
                    job, owner, expiry.timeIntervalSince1970, stage, progress?.done, progress?.of,
                    estimatedEnd?.timeIntervalSince1970,
                ])
            guard database.changesCount == 1 else { throw Self.leaseLost(job) }
        }
    }

    /// Ends an attempt: the job's new state, its results and one delivery per object and destination, as one.
    ///
    /// A job whose cancelling was asked for meanwhile ends as cancelled, whatever the attempt came to.
    /// - Parameters:
    ///   - deliveries: Those that had ended before the index was built anew; they are not sent again.
    ///   - suspendAfter: How many jobs of a deployment in a row may fail by losing their workers before it is
    ///     suspended; 0 never suspends.
    /// - Returns: The suspension that came of it.
    /// - Throws: ``StoreError`` with `.leaseLost` when the job is somebody else's by now; nothing changes then.
    @discardableResult
    public func end(
        job: Int64, owner: String, as ending: JobEnding, at now: Date, deliveries: [EndedDelivery] = [],
        suspendAfter: Int = 0
    ) throws -> Suspension? {
        try write { database in
            let moment = now.timeIntervalSince1970
            guard
                let row = try Row.fetchOne(
                    database,
                    sql: """
                        SELECT deployment, cancelRequestedAt IS NOT NULL, stage FROM job
                        WHERE id = ? AND leaseOwner = ? AND state = 'running'
                        """, arguments: [job, owner])
            else { throw Self.leaseLost(job) }
            let deployment: String = row[0]
            var ending = ending
            if row[1], !ending.isCancelled {
                let stage = (row[2] as String?).map { " in stage \($0)" } ?? ""
                ending = .cancelled(reason: "cancelled by hand\(stage)")
            }
            let words: String
            var suspension: Suspension?
            switch ending {
            case .succeeded(let outcome, let results, let destinations):
                words = "done"
                try Self.noteGoodEnd(of: deployment, database)
                try Self.close(job, state: .succeeded, reason: nil, outcome: outcome, at: moment, database)
                for result in results {
                    let ended = deliveries.filter { $0.sopInstance == result.sopInstance }
                    try Self.insert(result, job: job, to: destinations, ended: ended, at: moment, database)
                }
            case .nothingFound(let outcome):
                words = "done, nothing found"
                try Self.noteGoodEnd(of: deployment, database)
                try Self.close(job, state: .nothingFound, reason: words, outcome: outcome, at: moment, database)
            case .failed(let reason, let lostWorker):
                words = reason
                try Self.close(job, state: .failed, reason: reason, outcome: nil, at: moment, database)
                if lostWorker {
                    try Self.noteCrash(of: job, database)
                    suspension = try Self.noteLoss(
                        of: deployment, job: job, reason: reason, limit: suspendAfter, at: moment, database)
                }
            case .cancelled(let reason):
                words = reason
                try Self.cancel(job, reason: reason, at: moment, database)
            case .again(let reason, let notBefore, let charged, let lostWorker):
                words = reason
                if lostWorker { try Self.noteCrash(of: job, database) }
                try Self.putBack(job, reason: reason, notBefore: notBefore, charged: charged, database)
            }
            try database.execute(
                sql: "UPDATE attempt SET endedAt = ?, ending = ? WHERE jobId = ? AND endedAt IS NULL",
                arguments: [moment, words, job])
            return suspension
        }
    }

    private static func putBack(
        _ job: Int64, reason: String, notBefore: Date, charged: Bool, _ database: Database
    ) throws {
        try database.execute(
            sql: """
                UPDATE job SET state = 'queued', attempts = attempts + ?, reason = ?, notBefore = ?,
                leaseOwner = NULL, leaseExpiresAt = NULL, stage = NULL, done = NULL, total = NULL,
                estimatedEnd = NULL WHERE id = ?
                """, arguments: [charged ? 1 : 0, reason, notBefore.timeIntervalSince1970, job])
    }

    /// Records a result with one delivery for each destination; those that had ended before are not sent again.
    private static func insert(
        _ result: ResultDraft, job: Int64, to destinations: [String], ended: [EndedDelivery], at moment: Double,
        _ database: Database
    ) throws {
        let id = try insert(result, job: job, database)
        for delivery in ended { try insert(delivery, result: id, job: job, database) }
        for destination in destinations where !ended.contains(where: { $0.destination == destination }) {
            try insert(destination, result: id, job: job, at: moment, database)
        }
    }

    private static func noteCrash(of job: Int64, _ database: Database) throws {
        try database.execute(sql: "UPDATE job SET crashes = crashes + 1 WHERE id = ?", arguments: [job])
    }

    private static func leaseLost(_ job: Int64) -> StoreError {
        StoreError(.leaseLost, "Job \(job) is no longer leased to this worker; what it reports is not taken.")
    }

    private static func close(
        _ job: Int64, state: JobState, reason: String?, outcome: String?, at moment: Double, _ database: Database
    ) throws {
        try database.execute(
            sql: """
                UPDATE job SET state = ?, attempts = attempts + 1, reason = ?, outcome = ?, finishedAt = ?,
                leaseOwner = NULL, leaseExpiresAt = NULL, stage = NULL, done = NULL, total = NULL, estimatedEnd = NULL
                WHERE id = ?
                """, arguments: [state.rawValue, reason, outcome, moment, job])
    }

    private static func insert(_ result: ResultDraft, job: Int64, _ database: Database) throws -> Int64 {
        try database.execute(
            sql: """
                INSERT INTO result(jobId, path, sopClassUID, sopInstanceUID, seriesInstanceUID)
                VALUES (?, ?, ?, ?, ?)
                """, arguments: [job, result.path, result.sopClass, result.sopInstance, result.series])
        return database.lastInsertedRowID
    }

    private static func insert(
        _ destination: String, result: Int64, job: Int64, at moment: Double, _ database: Database
    ) throws {
        try database.execute(
            sql: """
                INSERT INTO delivery(resultId, jobId, destination, state, nextAttemptAt)
                VALUES (?, ?, ?, 'pending', ?)
                """, arguments: [result, job, destination, moment])
    }

    private static func insert(_ ended: EndedDelivery, result: Int64, job: Int64, _ database: Database) throws {
        try database.execute(
            sql: """
                INSERT INTO delivery(resultId, jobId, destination, state, attempts, nextAttemptAt, status, lastError,
                deliveredAt) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT(resultId, destination) DO NOTHING
                """,
            arguments: [
                result, job, ended.destination, ended.state.rawValue, ended.attempts, ended.endedAt, ended.status,
                ended.lastError, ended.state == .delivered ? ended.endedAt : nil,
            ])
    }
}
