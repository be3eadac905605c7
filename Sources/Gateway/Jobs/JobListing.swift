public import Foundation
public import Store

/// A job with its deliveries, as `portico jobs` shows it.
public struct JobListing: Encodable, Sendable, Equatable {
    /// The job's number.
    public var id: Int64
    /// Names (study, deployment, input).
    public var key: String
    /// Study Instance UID.
    public var study: String
    /// The revision of the study that the job was made for.
    public var revision: Int
    /// Series Instance UID of the input.
    public var series: String
    /// The deployment's name.
    public var deployment: String
    /// `queued`, `suspended`, `running`, `succeeded`, `nothingFound`, `failed` or `cancelled`.
    public var state: String
    /// The state as a person says it.
    public var stateInWords: String
    /// `urgent`, `routine` or `background`.
    public var priority: String
    /// Tries that were charged.
    public var attempts: Int
    /// Those of them that cost their worker.
    public var crashes: Int
    /// What the worker is at.
    public var stage: String?
    /// Windows that are done.
    public var windowsDone: Int?
    /// Windows in all.
    public var windows: Int?
    /// How much of the stage is done, from 0 to 1.
    public var progress: Double?
    /// Why it stands where it stands.
    public var reason: String?
    /// How many objects it made.
    public var objects: Int
    /// When it was queued.
    public var created: Date
    /// When it was first taken up.
    public var started: Date?
    /// When it came to its end.
    public var finished: Date?
    /// When a running job is thought to end.
    public var estimatedEnd: Date?
    /// Before this it is not tried again.
    public var notBefore: Date?
    /// One for each object and destination.
    public var deliveries: [DeliveryListing]

    /// Jobs, the newest first.
    public static func all(in database: IndexDatabase, filter: JobFilter = JobFilter()) throws -> [JobListing] {
        try database.jobs(filter).map { try JobListing($0, in: database) }
    }

    init(_ row: JobRow, in database: IndexDatabase) throws {
        id = row.id
        key = row.key
        study = row.study
        revision = row.revision
        series = row.series
        deployment = row.deployment
        state = row.state.rawValue
        stateInWords = Self.words(row)
        priority = row.priority.rawValue
        attempts = row.attempts
        crashes = row.crashes
        stage = row.stage
        windowsDone = row.done
        windows = row.total
        estimatedEnd = row.estimatedEnd
        if let done = row.done, let total = row.total, total > 0 {
            progress = min(1, max(0, Double(done) / Double(total)))
        }
        // That nothing was found is the state itself and needs no further reason.
        reason = row.state == .nothingFound ? nil : Self.reason(row)
        objects = row.objects
        created = row.createdAt
        started = row.startedAt
        finished = row.finishedAt
        notBefore = row.state == .queued ? row.notBefore : nil
        deliveries = try database.deliveries(ofJob: row.id).map(DeliveryListing.init)
    }

    private static func words(_ row: JobRow) -> String {
        switch row.state {
        case .queued: row.attempts == 0 ? "waiting" : "waiting for another try"
        case .suspended: "suspended"
        case .running: row.isCancelling ? "running, being cancelled" : "running"
        case .succeeded: "done"
        case .nothingFound: "done, nothing found"
        case .failed: "failed"
        case .cancelled: "cancelled"
        }
    }

    private static func reason(_ row: JobRow) -> String? {
        guard let suspension = row.suspension else { return row.reason }
        let own = row.reason.map { "\($0); " } ?? ""
        return own + "deployment \(row.deployment) is suspended: \(suspension); "
            + "`portico deployments resume \(row.deployment)` lets it go on"
    }
}

/// The delivery of one object to one destination.
public struct DeliveryListing: Encodable, Sendable, Equatable {
    /// The delivery's number.
    public var id: Int64
    /// The destination's name.
    public var destination: String
    /// SOP Instance UID of the object.
    public var sopInstanceUID: String
    /// `pending`, `sending`, `delivered` or `failed`.
    public var state: String
    /// Tries that have ended.
    public var attempts: Int
    /// When it is tried next.
    public var nextAttempt: Date?
    /// What the last try met, or the peer's warning.
    public var lastError: String?
    /// When the peer had it.
    public var delivered: Date?

    init(_ row: DeliveryRow) {
        id = row.id
        destination = row.destination
        sopInstanceUID = row.sopInstance
        state = row.state.rawValue
        attempts = row.attempts
        nextAttempt = row.nextAttemptAt
        lastError = row.lastError
        delivered = row.deliveredAt
    }
}
