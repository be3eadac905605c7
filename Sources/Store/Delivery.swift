public import Foundation
internal import GRDB

/// Where a delivery stands.
public enum DeliveryState: String, Sendable, Hashable, Codable, CaseIterable {
    /// Waits for its time.
    case pending
    /// Is being sent.
    case sending
    /// The peer has answered with success or a warning.
    case delivered
    /// Given up.
    case failed
}

/// The objects of one job that go to one destination over one association.
public struct DeliveryBatch: Sendable, Hashable {
    /// The job's number.
    public var job: Int64
    /// The job's key, which names the folder of its results.
    public var key: String
    /// Study Instance UID.
    public var study: String
    /// The deployment's name.
    public var deployment: String
    /// The objects.
    public var items: [Item]

    /// One object on its way to one destination.
    public struct Item: Sendable, Hashable {
        /// The delivery's number.
        public var id: Int64
        /// Tries that have ended.
        public var attempts: Int
        /// Those of them that the peer answered with a refusal that trying again does not change.
        public var refusals: Int
        /// When the first of them began.
        public var firstAttemptAt: Date
        /// Where the file lies, below the data directory.
        public var path: String
        /// SOP Class UID.
        public var sopClass: String
        /// SOP Instance UID.
        public var sopInstance: String
    }
}

/// What came of trying to deliver one object.
public enum DeliveryEnding: Sendable, Hashable {
    /// The peer has it; a warning's status and words are kept.
    case delivered(status: Int, warning: String?)
    /// To be tried again; a refusal is counted as one.
    case again(reason: String, status: Int?, notBefore: Date, isRefusal: Bool)
    /// Given up.
    case failed(reason: String, status: Int?)
}

/// How a delivery had ended before the index was built anew.
public struct EndedDelivery: Sendable, Hashable, Codable {
    /// The destination's name.
    public var destination: String
    /// SOP Instance UID of the object.
    public var sopInstance: String
    /// ``DeliveryState/delivered`` or ``DeliveryState/failed``.
    public var state: DeliveryState
    /// Tries in all.
    public var attempts: Int
    /// The peer's last DIMSE status.
    public var status: Int?
    /// What the last try met, or the peer's warning.
    public var lastError: String?
    /// When it ended, in seconds since 1970.
    public var endedAt: Double

    /// Makes a note of how a delivery ended.
    public init(
        destination: String, sopInstance: String, state: DeliveryState, attempts: Int, status: Int?,
        lastError: String?, endedAt: Double
    ) {
        self.destination = destination
        self.sopInstance = sopInstance
        self.state = state
        self.attempts = attempts
        self.status = status
        self.lastError = lastError
        self.endedAt = endedAt
    }
}

extension IndexDatabase {
    /// Takes up what was being sent when a predecessor died: it is sent again, the identical object.
    @discardableResult
    public func recoverDeliveries() throws -> Int {
        try write { database in
            try database.execute(sql: "UPDATE delivery SET state = 'pending' WHERE state = 'sending'")
            return database.changesCount
        }
    }

    /// The next job with objects due for a destination, all its due objects marked as being sent.
    /// - Returns: `nil` when nothing is due.
    public func leaseDeliveries(to destination: String, at now: Date) throws -> DeliveryBatch? {
        try write { database in
            let moment = now.timeIntervalSince1970
            let job = try Row.fetchOne(
                database,
                sql: """
                    SELECT delivery.jobId, study.uid, job.deployment, job.key FROM delivery INDEXED BY deliveryDue
                    JOIN job ON job.id = delivery.jobId JOIN series ON series.id = job.seriesId
                    JOIN study ON study.id = series.studyId
                    WHERE delivery.destination = ? AND delivery.state = 'pending' AND delivery.nextAttemptAt <= ?
                    ORDER BY delivery.nextAttemptAt, delivery.id LIMIT 1
                    """, arguments: [destination, moment])
            guard let job else { return nil }
            let id: Int64 = job[0]
            let items = try Row.fetchAll(
                database,
                sql: """
                    SELECT delivery.id, delivery.attempts, delivery.refusals, delivery.firstAttemptAt, result.path,
                    result.sopClassUID, result.sopInstanceUID
                    FROM delivery JOIN result ON result.id = delivery.resultId
                    WHERE delivery.jobId = ? AND delivery.destination = ? AND delivery.state = 'pending'
                    AND delivery.nextAttemptAt <= ? ORDER BY delivery.id
                    """, arguments: [id, destination, moment]
            ).map {
                DeliveryBatch.Item(
                    id: $0[0], attempts: $0[1], refusals: $0[2], firstAttemptAt: $0.optionalDate(3) ?? now, path: $0[4],
                    sopClass: $0[5], sopInstance: $0[6])
            }
            for item in items {
                try database.execute(
                    sql: """
                        UPDATE delivery SET state = 'sending', firstAttemptAt = coalesce(firstAttemptAt, ?)
                        WHERE id = ?
                        """, arguments: [moment, item.id])
            }
            return DeliveryBatch(job: id, key: job[3], study: job[1], deployment: job[2], items: items)
        }
    }

    /// Records what came of a batch, as one.
    public func end(deliveries: [(id: Int64, ending: DeliveryEnding)], at now: Date) throws {
        try write { database in
            for (id, ending) in deliveries {
                switch ending {
                case .delivered(let status, let warning):
                    try database.execute(
                        sql: """
                            UPDATE delivery SET state = 'delivered', attempts = attempts + 1, status = ?,
                            lastError = ?, deliveredAt = ? WHERE id = ? AND state = 'sending'
                            """, arguments: [status, warning, now.timeIntervalSince1970, id])
                case .again(let reason, let status, let notBefore, let isRefusal):
                    try database.execute(
                        sql: """
                            UPDATE delivery SET state = 'pending', attempts = attempts + 1, status = ?,
                            lastError = ?, nextAttemptAt = ?, refusals = refusals + ?
                            WHERE id = ? AND state = 'sending'
                            """,
                        arguments: [status, reason, notBefore.timeIntervalSince1970, isRefusal ? 1 : 0, id])
                case .failed(let reason, let status):
                    try database.execute(
                        sql: """
                            UPDATE delivery SET state = 'failed', attempts = attempts + 1, status = ?,
                            lastError = ? WHERE id = ? AND state = 'sending'
                            """, arguments: [status, reason, id])
                }
            }
        }
    }

    /// When the next delivery to a destination is due.
    public func nextDeliveryDue(to destination: String) throws -> Date? {
        try read { database in
            try Double.fetchOne(
                database,
                sql: "SELECT min(nextAttemptAt) FROM delivery WHERE destination = ? AND state = 'pending'",
                arguments: [destination]
            ).map { Date(timeIntervalSince1970: $0) }
        }
    }

    /// Destinations that open deliveries are for, with their number.
    public func openDestinations() throws -> [String: Int] {
        try read { database in
            let rows = try Row.fetchAll(
                database,
                sql: "SELECT destination, count(*) FROM delivery WHERE state IN ('pending', 'sending') GROUP BY 1")
            return Dictionary(uniqueKeysWithValues: rows.map { ($0[0], $0[1]) })
        }
    }
}
