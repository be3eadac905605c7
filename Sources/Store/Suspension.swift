public import Foundation
internal import GRDB

/// A deployment whose jobs wait until somebody resumes it.
public struct Suspension: Sendable, Hashable {
    /// The deployment's name.
    public var deployment: String
    /// Since when.
    public var since: Date
    /// Why, in words.
    public var reason: String
}

/// How many jobs of a deployment stand where.
public struct DeploymentCounts: Sendable, Hashable {
    /// Jobs that wait, also for a suspended deployment.
    public var waiting = 0
    /// Jobs that run.
    public var running = 0
    /// Jobs that failed.
    public var failed = 0

    /// Makes counts of nothing.
    public init() {}

    init(waiting: Int, running: Int, failed: Int) {
        (self.waiting, self.running, self.failed) = (waiting, running, failed)
    }
}

extension IndexDatabase {
    /// The suspended deployments, by name.
    public func suspensions() throws -> [Suspension] {
        try read { database in
            try Row.fetchAll(
                database,
                sql: "SELECT name, suspendedAt, reason FROM deployment WHERE suspendedAt IS NOT NULL ORDER BY name"
            ).map { Suspension(deployment: $0[0], since: $0.date(1), reason: $0[2] as String? ?? "") }
        }
    }

    /// The jobs of each deployment that has any, by its name.
    public func deploymentCounts() throws -> [String: DeploymentCounts] {
        try read { database in
            var all: [String: DeploymentCounts] = [:]
            let rows = try Row.fetchAll(database, sql: "SELECT deployment, state, count(*) FROM job GROUP BY 1, 2")
            for row in rows {
                var counts = all[row[0]] ?? DeploymentCounts()
                switch JobState(rawValue: row[1]) {
                case .queued: counts.waiting = row[2]
                case .running: counts.running = row[2]
                case .failed: counts.failed = row[2]
                default: break
                }
                all[row[0]] = counts
            }
            return all
        }
    }

    /// Keeps a deployment's jobs waiting until it is resumed; those that run go on.
    ///
    /// One that is suspended already keeps its moment and its reason.
    /// - Returns: Whether it was not suspended before.
    public func suspend(deployment: String, reason: String, at now: Date) throws -> Bool {
        try write { database in
            try Self.suspend(deployment, reason: reason, at: now.timeIntervalSince1970, database)
        }
    }

    /// Lets a deployment's jobs run again and forgets the workers that they cost.
    /// - Returns: Whether it was suspended.
    public func resume(deployment: String) throws -> Bool {
        try write { database in
            let was = try Bool.fetchOne(
                database, sql: "SELECT suspendedAt IS NOT NULL FROM deployment WHERE name = ?", arguments: [deployment])
            try database.execute(sql: "DELETE FROM deployment WHERE name = ?", arguments: [deployment])
            return was ?? false
        }
    }

    /// A job has ended well: earlier ones that lost their workers no longer count. A suspension stays.
    static func noteGoodEnd(of deployment: String, _ database: Database) throws {
        try database.execute(sql: "UPDATE deployment SET losses = 0 WHERE name = ?", arguments: [deployment])
    }

    /// A job has failed by losing its workers.
    /// - Returns: The suspension, where it was one too many.
    static func noteLoss(
        of deployment: String, job: Int64, reason: String, limit: Int, at moment: Double, _ database: Database
    ) throws -> Suspension? {
        try database.execute(
            sql: """
                INSERT INTO deployment(name, losses) VALUES (?, 1)
                ON CONFLICT(name) DO UPDATE SET losses = losses + 1
                """, arguments: [deployment])
        let losses =
            try Int.fetchOne(database, sql: "SELECT losses FROM deployment WHERE name = ?", arguments: [deployment])
            ?? 0
        guard limit > 0, losses >= limit else { return nil }
        let jobs = losses == 1 ? "a job" : "\(losses) jobs in a row"
        let words = "\(jobs) cost their workers, the last one job \(job): \(reason)"
        guard try suspend(deployment, reason: words, at: moment, database) else { return nil }
        return Suspension(deployment: deployment, since: Date(timeIntervalSince1970: moment), reason: words)
    }

    private static func suspend(
        _ deployment: String, reason: String, at moment: Double, _ database: Database
    ) throws -> Bool {
        try database.execute(
            sql: """
                INSERT INTO deployment(name, suspendedAt, reason) VALUES (?1, ?2, ?3)
                ON CONFLICT(name) DO UPDATE SET suspendedAt = ?2, reason = ?3 WHERE suspendedAt IS NULL
                """, arguments: [deployment, moment, reason])
        return database.changesCount == 1
    }
}
