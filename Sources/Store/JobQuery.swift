public import Foundation
internal import GRDB

/// Which jobs a list is to hold.
public struct JobFilter: Sendable, Hashable {
    /// Only those of this study.
    public var study: String?
    /// Only those of this deployment.
    public var deployment: String?
    /// Only those in one of these states; empty takes all.
    public var states: Set<JobState>
    /// Only this one.
    public var job: Int64?
    /// At most so many, the newest first.
    public var limit: Int

    /// Makes a filter.
    public init(
        study: String? = nil, deployment: String? = nil, states: Set<JobState> = [], job: Int64? = nil,
        limit: Int = 100
    ) {
        self.study = study
        self.deployment = deployment
        self.states = states
        self.job = job
        self.limit = limit
    }
}

/// A job as the index holds it.
public struct JobRow: Sendable, Hashable {
    /// The job's number.
    public var id: Int64
    /// Names (study, deployment, input).
    public var key: String
    /// Study Instance UID.
    public var study: String
    /// The number of the study's revision that the job was made for.
    public var revision: Int
    /// Series Instance UID of the input.
    public var series: String
    /// The deployment's name.
    public var deployment: String
    /// Where it stands.
    public var state: JobState
    /// What it runs before.
    public var priority: JobPriority
    /// Tries that were charged.
    public var attempts: Int
    /// Those of them that cost their worker.
    public var crashes: Int
    /// What the worker is at.
    public var stage: String?
    /// Windows that are done.
    public var done: Int?
    /// Windows in all.
    public var total: Int?
    /// Why it stands where it stands.
    public var reason: String?
    /// The worker's outcome as JSON.
    public var outcome: String?
    /// When it was queued.
    public var createdAt: Date
    /// When it was first taken up.
    public var startedAt: Date?
    /// When it came to its end.
    public var finishedAt: Date?
    /// Before this it is not tried again.
    public var notBefore: Date?
    /// When a running job is thought to end.
    public var estimatedEnd: Date?
    /// Somebody has asked for a running job's end.
    public var isCancelling: Bool
    /// Why its deployment is suspended, while the job waits for that.
    public var suspension: String?
    /// How many objects it made.
    public var objects: Int
}

/// A try at a job.
public struct AttemptRow: Sendable, Hashable {
    /// Counted from 1, charged or not.
    public var number: Int
    /// The worker's process.
    public var workerPID: Int32
    /// When it began.
    public var startedAt: Date
    /// When it ended; `nil` while it runs.
    public var endedAt: Date?
    /// How it ended.
    public var ending: String?
}

/// A delivery of one object.
public struct DeliveryRow: Sendable, Hashable {
    /// The delivery's number.
    public var id: Int64
    /// The destination's name.
    public var destination: String
    /// SOP Instance UID of the object.
    public var sopInstance: String
    /// Where it stands.
    public var state: DeliveryState
    /// Tries that have ended.
    public var attempts: Int
    /// When it is tried next, while it is pending.
    public var nextAttemptAt: Date?
    /// The peer's last DIMSE status.
    public var status: Int?
    /// What the last try met, or the peer's warning.
    public var lastError: String?
    /// When the peer had it.
    public var deliveredAt: Date?
}

extension IndexDatabase {
    /// A job's state as people see it: one that waits for a suspended deployment is `suspended`.
    private static let shownState =
        "CASE WHEN job.state = 'queued' AND deployment.suspendedAt IS NOT NULL THEN 'suspended' ELSE job.state END"

    /// Jobs, the newest first.
    public func jobs(_ filter: JobFilter = JobFilter()) throws -> [JobRow] {
        var conditions: [String] = []
        var arguments: [(any DatabaseValueConvertible)?] = []
        if let study = filter.study {
            conditions.append("study.uid = ?")
            arguments.append(study)
        }
        if let deployment = filter.deployment {
            conditions.append("job.deployment = ?")
            arguments.append(deployment)
        }
        if !filter.states.isEmpty {
            let states = filter.states.map(\.rawValue).sorted()
            conditions.append("\(Self.shownState) IN (" + states.map { _ in "?" }.joined(separator: ", ") + ")")
            arguments += states
        }
        if let job = filter.job {
            conditions.append("job.id = ?")
            arguments.append(job)
        }
        arguments.append(filter.limit)
        return try read { database in
            try Row.fetchAll(
                database,
                sql: """
                    SELECT job.id, job.key, study.uid, revision.number, series.uid, job.deployment, \(Self.shownState),
                    job.attempts, job.stage, job.done, job.total, job.reason, job.outcome, job.createdAt,
                    job.startedAt, job.finishedAt, job.notBefore,
                    (SELECT count(*) FROM result WHERE result.jobId = job.id), job.priority, job.crashes,
                    job.estimatedEnd, job.cancelRequestedAt IS NOT NULL AND job.state = 'running', deployment.reason
                    FROM job JOIN series ON series.id = job.seriesId JOIN study ON study.id = series.studyId
                    JOIN revision ON revision.id = job.revisionId
                    LEFT JOIN deployment ON deployment.name = job.deployment
                    \(conditions.isEmpty ? "" : "WHERE " + conditions.joined(separator: " AND "))
                    ORDER BY job.id DESC LIMIT ?
                    """, arguments: StatementArguments(arguments)
            ).map(JobRow.init)
        }
    }

    /// The tries at a job, in order.
    public func attempts(ofJob job: Int64) throws -> [AttemptRow] {
        try read { database in
            try Row.fetchAll(
                database,
                sql: """
                    SELECT number, workerPID, startedAt, endedAt, ending FROM attempt WHERE jobId = ? ORDER BY number
                    """, arguments: [job]
            ).map {
                AttemptRow(
                    number: $0[0], workerPID: $0[1], startedAt: $0.date(2), endedAt: $0.optionalDate(3), ending: $0[4])
            }
        }
    }

    /// The deliveries of a job, in order.
    public func deliveries(ofJob job: Int64) throws -> [DeliveryRow] {
        try read { database in
            try Row.fetchAll(
                database,
                sql: """
                    SELECT delivery.id, delivery.destination, result.sopInstanceUID, delivery.state,
                    delivery.attempts, delivery.nextAttemptAt, delivery.status, delivery.lastError,
                    delivery.deliveredAt
                    FROM delivery JOIN result ON result.id = delivery.resultId
                    WHERE delivery.jobId = ? ORDER BY delivery.id
                    """, arguments: [job]
            ).map { row in
                let state = DeliveryState(rawValue: row[3]) ?? .failed
                return DeliveryRow(
                    id: row[0], destination: row[1], sopInstance: row[2], state: state, attempts: row[4],
                    nextAttemptAt: state == .pending ? row.date(5) : nil, status: row[6], lastError: row[7],
                    deliveredAt: row.optionalDate(8))
            }
        }
    }

    /// The results of a job, in order.
    public func results(ofJob job: Int64) throws -> [ResultDraft] {
        try read { database in
            try Row.fetchAll(
                database,
                sql: """
                    SELECT path, sopClassUID, sopInstanceUID, seriesInstanceUID FROM result WHERE jobId = ? ORDER BY id
                    """, arguments: [job]
            ).map { ResultDraft(path: $0[0], sopClass: $0[1], sopInstance: $0[2], series: $0[3]) }
        }
    }
}

extension JobRow {
    init(_ row: Row) {
        let state = JobState(rawValue: row[6]) ?? .failed
        self.init(
            id: row[0], key: row[1], study: row[2], revision: row[3], series: row[4], deployment: row[5],
            state: state, priority: JobPriority(level: row[18]), attempts: row[7], crashes: row[19], stage: row[8],
            done: row[9],
            total: row[10], reason: row[11], outcome: row[12], createdAt: row.date(13),
            startedAt: row.optionalDate(14), finishedAt: row.optionalDate(15), notBefore: row.optionalDate(16),
            estimatedEnd: row.optionalDate(20), isCancelling: row[21], suspension: state == .suspended ? row[22] : nil,
            objects: row[17])
    }
}

extension Row {
    /// A moment, kept as seconds since 1970.
    func date(_ index: Int) -> Date { Date(timeIntervalSince1970: self[index]) }

    /// A moment that may be missing.
    func optionalDate(_ index: Int) -> Date? { (self[index] as Double?).map { Date(timeIntervalSince1970: $0) } }
}
