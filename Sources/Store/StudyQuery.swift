public import Foundation
internal import GRDB

/// What a UID names in the index.
public enum UIDSubject: Sendable, Hashable {
    /// A study.
    case study
    /// A series of the study.
    case series(study: String)
    /// A received object of the study.
    case instance(study: String)
    /// An object that a job made.
    case result(job: Int64, study: String)

    /// The study that it belongs to, for all but a study itself.
    public var study: String? {
        switch self {
        case .study: nil
        case .series(let study), .instance(let study), .result(_, let study): study
        }
    }
}

/// A study's times.
public struct StudyRow: Sendable, Hashable {
    /// Study Instance UID.
    public var uid: String
    /// When the first object was received.
    public var firstReceivedAt: Date
    /// When the last object was received.
    public var lastReceivedAt: Date
    /// How many objects belong to no revision yet.
    public var unassigned: Int
}

/// A recorded revision.
public struct RevisionRow: Sendable, Hashable {
    /// Counted from 1.
    public var number: Int
    /// When the study was complete.
    public var completedAt: Date
    /// Why it counts as complete.
    public var reason: String
    /// How many objects it has.
    public var instances: Int
    /// Names the set of objects.
    public var digest: String
    /// One for each deployment of that time.
    public var decisions: [DecisionRow]
}

/// A recorded decision.
public struct DecisionRow: Sendable, Hashable {
    /// The deployment's name.
    public var deployment: String
    /// The outcome's name.
    public var outcome: String
    /// Why, in words.
    public var reason: String
    /// The job that runs or ran on it.
    public var job: Int64?
    /// What was said of each series.
    public var candidates: [CandidateDraft]
}

extension IndexDatabase {
    /// What a UID names: results first, because a result that has come back is a received object, too.
    public func subject(of uid: String) throws -> UIDSubject? {
        try read { database in
            if let row = try Row.fetchOne(
                database,
                sql: """
                    SELECT job.id, study.uid FROM result JOIN job ON job.id = result.jobId
                    JOIN series ON series.id = job.seriesId JOIN study ON study.id = series.studyId
                    WHERE result.sopInstanceUID = ?1 OR result.seriesInstanceUID = ?1 ORDER BY job.id DESC LIMIT 1
                    """, arguments: [uid])
            {
                return .result(job: row[0], study: row[1])
            }
            if try Int64.fetchOne(database, sql: "SELECT id FROM study WHERE uid = ?", arguments: [uid]) != nil {
                return .study
            }
            let newest = "ORDER BY study.lastReceivedAt DESC, study.id DESC LIMIT 1"
            let ofSeries =
                "SELECT study.uid FROM series JOIN study ON study.id = series.studyId WHERE series.uid = ? "
                + newest
            if let study = try String.fetchOne(database, sql: ofSeries, arguments: [uid]) {
                return .series(study: study)
            }
            let ofInstance = """
                SELECT study.uid FROM instance JOIN series ON series.id = instance.seriesId
                JOIN study ON study.id = series.studyId WHERE instance.uid = ? \(newest)
                """
            return try String.fetchOne(database, sql: ofInstance, arguments: [uid]).map { .instance(study: $0) }
        }
    }

    /// All studies that hold a series or an object of this UID, the one first that was received last.
    ///
    /// A UID names one thing in the world; two studies that hold it are a peer's mistake that a person should see.
    public func studies(holding uid: String) throws -> [String] {
        try read { database in
            try String.fetchAll(
                database,
                sql: """
                    SELECT uid FROM study WHERE id IN (SELECT studyId FROM series WHERE uid = ?1)
                    OR id IN (SELECT series.studyId FROM instance JOIN series ON series.id = instance.seriesId
                              WHERE instance.uid = ?1)
                    ORDER BY lastReceivedAt DESC, id DESC
                    """, arguments: [uid])
        }
    }

    /// A study's times.
    public func study(_ uid: String) throws -> StudyRow? {
        try read { database in
            try Row.fetchOne(
                database,
                sql: """
                    SELECT uid, firstReceivedAt, lastReceivedAt,
                    (SELECT count(*) FROM series JOIN instance INDEXED BY instanceOpen ON instance.seriesId = series.id
                     WHERE series.studyId = study.id AND instance.revisionId IS NULL)
                    FROM study WHERE uid = ?
                    """, arguments: [uid]
            ).map {
                StudyRow(uid: $0[0], firstReceivedAt: $0.date(1), lastReceivedAt: $0.date(2), unassigned: $0[3])
            }
        }
    }

    /// The revisions of a study with their decisions, in order.
    public func revisions(ofStudy uid: String) throws -> [RevisionRow] {
        try read { database in
            try Row.fetchAll(
                database,
                sql: """
                    SELECT revision.id, revision.number, completedAt, reason, instances, digest
                    FROM revision JOIN study ON study.id = revision.studyId WHERE study.uid = ?
                    ORDER BY revision.number
                    """, arguments: [uid]
            ).map { row in
                RevisionRow(
                    number: row[1], completedAt: row.date(2), reason: row[3], instances: row[4], digest: row[5],
                    decisions: try Self.decisions(ofRevision: row[0], database))
            }
        }
    }

    private static func decisions(ofRevision id: Int64, _ database: Database) throws -> [DecisionRow] {
        try Row.fetchAll(
            database,
            sql: "SELECT id, deployment, outcome, reason, jobId FROM decision WHERE revisionId = ? ORDER BY id",
            arguments: [id]
        ).map { row in
            let candidates = try Row.fetchAll(
                database,
                sql: """
                    SELECT series.uid, outcome, reason FROM candidate JOIN series ON series.id = candidate.seriesId
                    WHERE decisionId = ? ORDER BY series.id
                    """, arguments: [row[0] as Int64])
            return DecisionRow(
                deployment: row[1], outcome: row[2], reason: row[3], job: row[4],
                candidates: candidates.map { CandidateDraft(series: $0[0], outcome: $0[1], reason: $0[2]) })
        }
    }
}
