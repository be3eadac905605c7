public import Foundation
internal import GRDB

/// Which jobs a worker may take.
public struct LeasePolicy: Sendable, Hashable {
    /// Deployments that share a device, and how many of their jobs may run at once.
    public struct DeviceShare: Sendable, Hashable {
        /// Names of the deployments.
        public var deployments: [String]
        /// At most so many jobs.
        public var most: Int

        /// Makes a share.
        public init(deployments: [String], most: Int) {
            self.deployments = deployments
            self.most = most
        }
    }

    /// Takes urgent jobs only.
    public var urgentOnly: Bool
    /// Devices that take a limited number of jobs.
    public var devices: [DeviceShare]

    /// Makes a policy; without arguments it allows everything.
    public init(urgentOnly: Bool = false, devices: [DeviceShare] = []) {
        self.urgentOnly = urgentOnly
        self.devices = devices
    }

    /// Every so many leases, one goes to the job that has waited longest, whatever its priority …
    public static let agingInterval = 8
    /// … if it has waited for this many seconds: a short queue never delays an urgent job.
    public static let agingWait = 900.0
}

extension IndexDatabase {
    /// Takes back what a dead predecessor had leased; the tries are not charged, because the worker was not at fault.
    /// - Returns: How many jobs went back to the queue.
    @discardableResult
    public func recoverJobs(at now: Date) throws -> Int {
        try write { database in
            let moment = now.timeIntervalSince1970
            try database.execute(
                sql: """
                    UPDATE attempt SET endedAt = ?, ending = 'portico serve ended before the job did'
                    WHERE endedAt IS NULL
                    """, arguments: [moment])
            let cancelled = try Int64.fetchAll(
                database, sql: "SELECT id FROM job WHERE state = 'running' AND cancelRequestedAt IS NOT NULL")
            for job in cancelled { try Self.cancel(job, reason: "cancelled by hand", at: moment, database) }
            try database.execute(
                sql: """
                    UPDATE job SET state = 'queued', leaseOwner = NULL, leaseExpiresAt = NULL, stage = NULL,
                    done = NULL, total = NULL, estimatedEnd = NULL WHERE state = 'running'
                    """)
            return database.changesCount
        }
    }

    /// Leases the next job: the highest priority first, then the oldest; every ``LeasePolicy/agingInterval``th lease
    /// goes to the job that has waited longest, so that nothing is starved. Jobs of suspended deployments wait.
    ///
    /// Jobs whose lease has run out go back to the queue before, and are charged a try.
    /// - Returns: `nil` when nothing is due that the policy allows.
    public func leaseJob(
        owner: String, workerPID: Int32, at now: Date, until expiry: Date, policy: LeasePolicy = LeasePolicy()
    ) throws -> LeasedJob? {
        try write { database in
            let moment = now.timeIntervalSince1970
            try Self.takeBackExpired(at: moment, database)
            guard let due = try Self.nextJob(at: moment, policy, database) else { return nil }
            let id: Int64 = due[0]
            try database.execute(
                sql: """
                    UPDATE job SET state = 'running', leaseOwner = ?, leaseExpiresAt = ?, stage = NULL, done = NULL,
                    total = NULL, estimatedEnd = NULL, notBefore = NULL, startedAt = coalesce(startedAt, ?)
                    WHERE id = ?
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
                crashes: due[8], attemptNumber: number, instances: instances.map { $0[0] },
                received: instances.map { $0.date(1) }.max() ?? now)
        }
    }

    /// The job that is to be leased, by its turn.
    private static func nextJob(at moment: Double, _ policy: LeasePolicy, _ database: Database) throws -> Row? {
        let busy = try policy.devices.filter { share in
            try running(of: share.deployments, database) >= share.most
        }.flatMap(\.deployments)
        // A worker that is kept for urgent jobs has no turns to give away.
        if !policy.urgentOnly {
            try database.execute(sql: "UPDATE scheduler SET leases = leases + 1")
            let leases = try Int.fetchOne(database, sql: "SELECT leases FROM scheduler") ?? 0
            if leases % LeasePolicy.agingInterval == 0,
                let oldest = try job(
                    "INDEXED BY jobByAge", "job.queuedAt <= ?", [moment - LeasePolicy.agingWait],
                    order: "job.queuedAt, job.id", at: moment, without: busy, database)
            {
                return oldest
            }
        }
        let next = try job(
            "INDEXED BY jobQueue", policy.urgentOnly ? "job.priority > 0" : "1", [], order: "job.priority DESC, job.id",
            at: moment, without: busy, database)
        // Only a lease counts, not a look that found nothing.
        if next == nil, !policy.urgentOnly { try database.execute(sql: "UPDATE scheduler SET leases = leases - 1") }
        return next
    }

    private static func job(
        _ index: String, _ condition: String, _ values: [Double], order: String, at moment: Double,
        without busy: [String], _ database: Database
    ) throws -> Row? {
        let marks = busy.map { _ in "?" }.joined(separator: ", ")
        return try Row.fetchOne(
            database,
            sql: """
                SELECT job.id, job.key, study.uid, series.uid, job.deployment, job.attempts, job.seriesId,
                revision.number, job.crashes
                FROM job \(index) JOIN series ON series.id = job.seriesId
                JOIN study ON study.id = series.studyId JOIN revision ON revision.id = job.revisionId
                WHERE job.state = 'queued' AND \(condition) AND (job.notBefore IS NULL OR job.notBefore <= ?)
                AND job.deployment NOT IN (SELECT name FROM deployment WHERE suspendedAt IS NOT NULL)
                AND job.deployment NOT IN (\(marks))
                ORDER BY \(order) LIMIT 1
                """, arguments: StatementArguments(values) + [moment] + StatementArguments(busy))
    }

    private static func running(of deployments: [String], _ database: Database) throws -> Int {
        let marks = deployments.map { _ in "?" }.joined(separator: ", ")
        return try Int.fetchOne(
            database, sql: "SELECT count(*) FROM job WHERE state = 'running' AND deployment IN (\(marks))",
            arguments: StatementArguments(deployments)) ?? 0
    }

    private static func takeBackExpired(at moment: Double, _ database: Database) throws {
        let expired = try Row.fetchAll(
            database,
            sql: "SELECT id, cancelRequestedAt IS NOT NULL FROM job WHERE state = 'running' AND leaseExpiresAt < ?",
            arguments: [moment])
        for row in expired {
            let id: Int64 = row[0]
            if row[1] {
                try cancel(id, reason: "cancelled by hand", at: moment, database)
            } else {
                try database.execute(
                    sql: """
                        UPDATE job SET state = 'queued', attempts = attempts + 1, leaseOwner = NULL,
                        leaseExpiresAt = NULL, estimatedEnd = NULL, reason = 'the lease ran out' WHERE id = ?
                        """, arguments: [id])
            }
            try database.execute(
                sql: "UPDATE attempt SET endedAt = ?, ending = 'the lease ran out' WHERE jobId = ? AND endedAt IS NULL",
                arguments: [moment, id])
        }
    }

    /// When the next job that waits for its time is due.
    /// - Parameter now: Jobs that were due by then wait for something else than time.
    public func nextJobDue(after now: Date) throws -> Date? {
        try read { database in
            try Double.fetchOne(
                database, sql: "SELECT min(notBefore) FROM job WHERE state = 'queued' AND notBefore > ?",
                arguments: [now.timeIntervalSince1970]
            ).map { Date(timeIntervalSince1970: $0) }
        }
    }
}
