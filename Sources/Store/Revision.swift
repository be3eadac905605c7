public import Foundation
internal import GRDB

/// A study's completion with everything that was decided on it, to be recorded as one.
public struct RevisionDraft: Sendable, Hashable {
    /// Study Instance UID.
    public var study: String
    /// How many objects the study had when it was decided on.
    public var instances: Int
    /// When the study was complete.
    public var completedAt: Date
    /// Why the study counts as complete, in words.
    public var reason: String
    /// Names the set of objects.
    public var digest: String
    /// One for each deployment.
    public var decisions: [DecisionDraft]

    /// Makes a draft.
    public init(
        study: String, instances: Int, completedAt: Date, reason: String, digest: String, decisions: [DecisionDraft]
    ) {
        self.study = study
        self.instances = instances
        self.completedAt = completedAt
        self.reason = reason
        self.digest = digest
        self.decisions = decisions
    }
}

/// What was decided for one deployment.
public struct DecisionDraft: Sendable, Hashable {
    /// The deployment's name.
    public var deployment: String
    /// The outcome's name, such as `matched`.
    public var outcome: String
    /// Why, in words.
    public var reason: String
    /// What was said of each series.
    public var candidates: [CandidateDraft]
    /// The job to run; `nil` where nothing matched.
    public var job: JobDraft?

    /// Makes a decision.
    public init(
        deployment: String, outcome: String, reason: String, candidates: [CandidateDraft], job: JobDraft? = nil
    ) {
        self.deployment = deployment
        self.outcome = outcome
        self.reason = reason
        self.candidates = candidates
        self.job = job
    }
}

/// What was said of one series.
public struct CandidateDraft: Sendable, Hashable {
    /// Series Instance UID.
    public var series: String
    /// The outcome's name, such as `notMatched`.
    public var outcome: String
    /// Why, in words.
    public var reason: String

    /// Makes a candidate.
    public init(series: String, outcome: String, reason: String) {
        self.series = series
        self.outcome = outcome
        self.reason = reason
    }
}

/// A job to be queued.
public struct JobDraft: Sendable, Hashable {
    /// Names (study, deployment, input): the same input never makes a second job.
    public var key: String
    /// Series Instance UID of the input.
    public var series: String
    /// What it runs before.
    public var priority: JobPriority

    /// Makes a job.
    public init(key: String, series: String, priority: JobPriority = .routine) {
        self.key = key
        self.series = series
        self.priority = priority
    }
}

/// What became of a draft.
public enum RevisionRecording: Sendable, Hashable {
    /// It is recorded under this number, and these jobs are new.
    case recorded(number: Int, jobs: [Int64])
    /// Objects came since the snapshot: look again.
    case studyChanged
    /// The study holds no object that an earlier revision did not hold.
    case nothingNew
}

extension IndexDatabase {
    /// Records a completed study with its decisions and queues its jobs, all in one transaction.
    ///
    /// A job whose key is already there is not queued again: the decision points to the earlier one and says so.
    public func record(_ draft: RevisionDraft) throws -> RevisionRecording {
        try write { database in
            guard
                let study = try Int64.fetchOne(
                    database, sql: "SELECT id FROM study WHERE uid = ?", arguments: [draft.study])
            else { return .nothingNew }
            let counts = try Row.fetchOne(
                database,
                sql: """
                    SELECT count(*), count(*) - count(revisionId) FROM instance
                    WHERE seriesId IN (SELECT id FROM series WHERE studyId = ?)
                    """, arguments: [study])
            guard let counts, counts[1] > 0 else { return .nothingNew }
            guard counts[0] == draft.instances else { return .studyChanged }
            let number = try Self.insert(draft, study: study, database)
            let writer = try DecisionWriter(database, study: study, revision: number.id, at: draft.completedAt)
            let jobs = try draft.decisions.compactMap { try writer.write($0) }
            return .recorded(number: number.number, jobs: jobs)
        }
    }

    private static func insert(
        _ draft: RevisionDraft, study: Int64, _ database: Database
    ) throws -> (id: Int64, number: Int) {
        let last = try Int.fetchOne(
            database, sql: "SELECT max(number) FROM revision WHERE studyId = ?", arguments: [study])
        let number = (last ?? 0) + 1
        try database.execute(
            sql: """
                INSERT INTO revision(studyId, number, completedAt, reason, instances, digest)
                VALUES (?, ?, ?, ?, ?, ?)
                """,
            arguments: [
                study, number, draft.completedAt.timeIntervalSince1970, draft.reason, draft.instances, draft.digest,
            ])
        let id = database.lastInsertedRowID
        try database.execute(
            sql: """
                UPDATE instance SET revisionId = ?
                WHERE revisionId IS NULL AND seriesId IN (SELECT id FROM series WHERE studyId = ?)
                """, arguments: [id, study])
        return (id, number)
    }
}

/// Writes the decisions of one revision, with each statement compiled once.
private struct DecisionWriter {
    private let database: Database
    private let revision: Int64
    private let moment: Double
    private let series: [String: Int64]
    private let findJob: Statement
    private let insertJob: Statement
    private let insertDecision: Statement
    private let insertCandidate: Statement

    init(_ database: Database, study: Int64, revision: Int64, at date: Date) throws {
        self.database = database
        self.revision = revision
        moment = date.timeIntervalSince1970
        let rows = try Row.fetchAll(
            database, sql: "SELECT uid, id FROM series WHERE studyId = ?", arguments: [study])
        series = Dictionary(uniqueKeysWithValues: rows.map { ($0[0], $0[1]) })
        findJob = try database.cachedStatement(
            sql: """
                SELECT job.id, revision.number FROM job JOIN revision ON revision.id = job.revisionId
                WHERE job.key = ?
                """)
        insertJob = try database.cachedStatement(
            sql: """
                INSERT INTO job(key, revisionId, seriesId, deployment, state, priority, createdAt, queuedAt)
                VALUES (?1, ?2, ?3, ?4, 'queued', ?5, ?6, ?6)
                """)
        insertDecision = try database.cachedStatement(
            sql: "INSERT INTO decision(revisionId, deployment, outcome, reason, jobId) VALUES (?, ?, ?, ?, ?)")
        insertCandidate = try database.cachedStatement(
            sql: "INSERT INTO candidate(decisionId, seriesId, outcome, reason) VALUES (?, ?, ?, ?)")
    }

    /// - Returns: The number of the job, if it is new.
    func write(_ decision: DecisionDraft) throws -> Int64? {
        var job: Int64?
        var isNew = false
        var reason = decision.reason
        if let wanted = decision.job {
            if let earlier = try Row.fetchOne(findJob, arguments: [wanted.key]) {
                let (number, revision): (Int64, Int) = (earlier[0], earlier[1])
                job = number
                reason += "; its input is the same as in revision \(revision), so job \(number) stands"
            } else {
                try insertJob.execute(arguments: [
                    wanted.key, revision, series[wanted.series], decision.deployment, wanted.priority.level, moment,
                ])
                job = database.lastInsertedRowID
                isNew = true
            }
        }
        try insertDecision.execute(arguments: [revision, decision.deployment, decision.outcome, reason, job])
        let id = database.lastInsertedRowID
        for candidate in decision.candidates {
            try insertCandidate.execute(arguments: [
                id, series[candidate.series], candidate.outcome, candidate.reason,
            ])
        }
        return isNew ? job : nil
    }
}
