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
    /// Given up for this reason.
    case failed(reason: String)
    /// Back to the queue; a try that was nobody's fault is not charged.
    case again(reason: String, notBefore: Date, charged: Bool)
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
    /// Takes back what a dead predecessor had leased; the tries are not charged, because the worker was not at fault.
    /// - Returns: How many jobs went back to the queue.
    @discardableResult
    public func recoverJobs(at now: Date) throws -> Int {
        try write { database in
            try database.execute(
                sql: """
                    UPDATE attempt SET endedAt = ?, ending = 'portico serve ended before the job did'
                    WHERE endedAt IS NULL
                    """, arguments: [now.timeIntervalSince1970])
            try database.execute(
                sql: """
                    UPDATE job SET state = 'queued', leaseOwner = NULL, leaseExpiresAt = NULL, stage = NULL,
                    done = NULL, total = NULL WHERE state = 'running'
                    """)
            return database.changesCount
        }
    }

    /// Leases the next job: the highest priority first, then the oldest.
    ///
    /// Jobs whose lease has run out go back to the queue before, and are charged a try.
    /// - Returns: `nil` when nothing is due.
    public func leaseJob(owner: String, workerPID: Int32, at now: Date, until expiry: Date) throws -> LeasedJob? {
        try write { database in
            let moment = now.timeIntervalSince1970
            try Self.takeBackExpired(at: moment, database)
            let due = try Row.fetchOne(
                database,
                sql: """
                    SELECT job.id, job.key, study.uid, series.uid, job.deployment, job.attempts, job.seriesId,
                    revision.number
                    FROM job INDEXED BY jobQueue JOIN series ON series.id = job.seriesId
                    JOIN study ON study.id = series.studyId JOIN revision ON revision.id = job.revisionId
                    WHERE job.state = 'queued' AND (job.notBefore IS NULL OR job.notBefore <= ?)
                    ORDER BY job.priority DESC, job.id LIMIT 1
                    """, arguments: [moment])
            guard let due else { return nil }
            let id: Int64 = due[0]
            try database.execute(
                sql: """
                    UPDATE job SET state = 'running', leaseOwner = ?, leaseExpiresAt = ?, stage = NULL, done = NULL,
                    total = NULL, notBefore = NULL, startedAt = coalesce(startedAt, ?) WHERE id = ?
                    """, arguments: [owner, expiry.timeIntervalSince1970, moment, id])
            let tries = try Int.fetchOne(
                database, sql: "SELECT count(*) FROM attempt WHERE jobId = ?", arguments: [id])
            let number = (tries ?? 0) + 1
            try database.execute(
                sql: "INSERT INTO attempt(jobId, number, owner, workerPID, startedAt) VALUES (?, ?, ?, ?, ?)",
                arguments: [id, number, owner, workerPID, moment])
            let instances = try Row.fetchAll(
                database,
                sql: """
                    SELECT instance.uid, instance.receivedAt FROM instance JOIN revision ON revision.id = instance.revisionId
                    WHERE instance.seriesId = ? AND revision.number <= ? ORDER BY instance.number, instance.uid
                    """, arguments: [due[6] as Int64, due[7] as Int])
            return LeasedJob(
                id: id, key: due[1], study: due[2], series: due[3], deployment: due[4], attempts: due[5],
                attemptNumber: number, instances: instances.map { $0[0] },
                received: instances.map { $0.date(1) }.max() ?? now)
        }
    }

    private static func takeBackExpired(at moment: Double, _ database: Database) throws {
        let expired = try Int64.fetchAll(
            database, sql: "SELECT id FROM job WHERE state = 'running' AND leaseExpiresAt < ?", arguments: [moment])
        for id in expired {
            try database.execute(
                sql: """
                    UPDATE job SET state = 'queued', attempts = attempts + 1, leaseOwner = NULL,
                    leaseExpiresAt = NULL, reason = 'the lease ran out' WHERE id = ?
                    """, arguments: [id])
            try database.execute(
                sql: "UPDATE attempt SET endedAt = ?, ending = 'the lease ran out' WHERE jobId = ? AND endedAt IS NULL",
                arguments: [moment, id])
        }
    }

    /// When the next job that waits for its time is due.
    public func nextJobDue() throws -> Date? {
        try read { database in
            try Double.fetchOne(
                database, sql: "SELECT min(coalesce(notBefore, 0)) FROM job WHERE state = 'queued'"
            ).map { Date(timeIntervalSince1970: $0) }
        }
    }

    /// Prolongs a lease and notes how far the job is.
    /// - Throws: ``StoreError`` with `.leaseLost` when the job is somebody else's by now.
    public func renewLease(
        job: Int64, owner: String, until expiry: Date, stage: String? = nil, progress: (done: Int, of: Int)? = nil
    ) throws {
        try write { database in
            try database.execute(
                sql: """
                    UPDATE job SET leaseExpiresAt = ?3, stage = coalesce(?4, stage), done = ?5, total = ?6
                    WHERE id = ?1 AND leaseOwner = ?2 AND state = 'running'
                    """,
                arguments: [job, owner, expiry.timeIntervalSince1970, stage, progress?.done, progress?.of])
            guard database.changesCount == 1 else { throw Self.leaseLost(job) }
        }
    }

    /// Ends an attempt: the job's new state, its results and one delivery per object and destination, as one.
    /// - Parameter deliveries: Those that had ended before the index was built anew; they are not sent again.
    /// - Throws: ``StoreError`` with `.leaseLost` when the job is somebody else's by now; nothing changes then.
    public func end(
        job: Int64, owner: String, as ending: JobEnding, at now: Date, deliveries: [EndedDelivery] = []
    ) throws {
        try write { database in
            let moment = now.timeIntervalSince1970
            guard
                try Bool.fetchOne(
                    database, sql: "SELECT 1 FROM job WHERE id = ? AND leaseOwner = ? AND state = 'running'",
                    arguments: [job, owner]) == true
            else { throw Self.leaseLost(job) }
            let words: String
            switch ending {
            case .succeeded(let outcome, let results, let destinations):
                words = "done"
                try Self.close(job, state: .succeeded, reason: nil, outcome: outcome, at: moment, database)
                for result in results {
                    let id = try Self.insert(result, job: job, database)
                    let ended = deliveries.filter { $0.sopInstance == result.sopInstance }
                    for delivery in ended { try Self.insert(delivery, result: id, job: job, database) }
                    for destination in destinations where !ended.contains(where: { $0.destination == destination }) {
                        try Self.insert(destination, result: id, job: job, at: moment, database)
                    }
                }
            case .nothingFound(let outcome):
                words = "done, nothing found"
                try Self.close(job, state: .nothingFound, reason: words, outcome: outcome, at: moment, database)
            case .failed(let reason):
                words = reason
                try Self.close(job, state: .failed, reason: reason, outcome: nil, at: moment, database)
            case .again(let reason, let notBefore, let charged):
                words = reason
                try database.execute(
                    sql: """
                        UPDATE job SET state = 'queued', attempts = attempts + ?, reason = ?, notBefore = ?,
                        leaseOwner = NULL, leaseExpiresAt = NULL, stage = NULL, done = NULL, total = NULL
                        WHERE id = ?
                        """, arguments: [charged ? 1 : 0, reason, notBefore.timeIntervalSince1970, job])
            }
            try database.execute(
                sql: "UPDATE attempt SET endedAt = ?, ending = ? WHERE jobId = ? AND endedAt IS NULL",
                arguments: [moment, words, job])
        }
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
                leaseOwner = NULL, leaseExpiresAt = NULL, stage = NULL, done = NULL, total = NULL WHERE id = ?
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
