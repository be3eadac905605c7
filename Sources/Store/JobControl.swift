public import Foundation
internal import GRDB

/// What became of the wish to cancel a job.
public enum Cancellation: Sendable, Hashable {
    /// It waited, and is cancelled.
    case cancelled
    /// A worker has it; it ends at its next step.
    case requested
}

/// What people do to jobs by hand.
extension IndexDatabase {
    /// Lets a waiting job run before or after others.
    /// - Throws: ``StoreError`` with `.notFound`, or `.notPossible` where it no longer waits.
    public func setPriority(_ priority: JobPriority, ofJob job: Int64) throws {
        try write { database in
            let state = try Self.state(of: job, database)
            guard state == .queued else {
                throw StoreError(
                    .notPossible, "Job \(job) \(Self.words(state)): only a waiting job's priority can be changed.")
            }
            try database.execute(
                sql: "UPDATE job SET priority = ? WHERE id = ?", arguments: [priority.level, job])
        }
    }

    /// Cancels a waiting job, or asks for the end of a running one.
    /// - Throws: ``StoreError`` with `.notFound`, or `.notPossible` where it has ended.
    public func cancelJob(_ job: Int64, at now: Date) throws -> Cancellation {
        try write { database in
            let moment = now.timeIntervalSince1970
            switch try Self.state(of: job, database) {
            case .queued:
                try Self.cancel(job, reason: "cancelled by hand before it began", at: moment, database)
                return .cancelled
            case .running:
                try database.execute(
                    sql: "UPDATE job SET cancelRequestedAt = coalesce(cancelRequestedAt, ?) WHERE id = ?",
                    arguments: [moment, job])
                return .requested
            case let state:
                throw StoreError(
                    .notPossible, "Job \(job) \(Self.words(state)): only a waiting or running job can be cancelled.")
            }
        }
    }

    /// Whether somebody has asked for the end of a running job.
    public func isCancelRequested(ofJob job: Int64) throws -> Bool {
        try read { database in
            try Bool.fetchOne(
                database, sql: "SELECT cancelRequestedAt IS NOT NULL FROM job WHERE id = ? AND state = 'running'",
                arguments: [job]) ?? false
        }
    }

    /// Puts a failed or cancelled job back into the queue, with all its tries before it.
    /// - Throws: ``StoreError`` with `.notFound`, or `.notPossible` where it is neither.
    public func retryJob(_ job: Int64, at now: Date) throws {
        try write { database in
            let state = try Self.state(of: job, database)
            guard state == .failed || state == .cancelled else {
                throw StoreError(
                    .notPossible, "Job \(job) \(Self.words(state)): only a failed or cancelled job can be tried again.")
            }
            try database.execute(
                sql: """
                    UPDATE job SET state = 'queued', attempts = 0, crashes = 0, reason = NULL, outcome = NULL,
                    finishedAt = NULL, notBefore = NULL, cancelRequestedAt = NULL, queuedAt = ? WHERE id = ?
                    """, arguments: [now.timeIntervalSince1970, job])
        }
    }

    /// Ends a job as cancelled; the try is not charged.
    static func cancel(_ job: Int64, reason: String, at moment: Double, _ database: Database) throws {
        try database.execute(
            sql: """
                UPDATE job SET state = 'cancelled', reason = ?, finishedAt = ?, leaseOwner = NULL,
                leaseExpiresAt = NULL, stage = NULL, done = NULL, total = NULL, estimatedEnd = NULL,
                notBefore = NULL, cancelRequestedAt = NULL WHERE id = ?
                """, arguments: [reason, moment, job])
    }

    private static func state(of job: Int64, _ database: Database) throws -> JobState {
        let name = try String.fetchOne(database, sql: "SELECT state FROM job WHERE id = ?", arguments: [job])
        guard let state = name.flatMap(JobState.init(rawValue:)) else {
            throw StoreError(.notFound, "There is no job \(job); `portico jobs` lists them.")
        }
        return state
    }

    private static func words(_ state: JobState) -> String {
        switch state {
        case .queued, .suspended: "waits"
        case .running: "is running"
        case .succeeded, .nothingFound: "is done"
        case .failed: "has failed"
        case .cancelled: "is cancelled"
        }
    }
}
