public import Foundation
public import Store

/// What happened to a study, and why: what `portico explain` shows.
public struct Explanation: Encodable, Sendable, Equatable {
    /// What was asked about: `study`, `series`, `instance` or `result`.
    public var subject: String
    /// The UID that was asked about.
    public var uid: String
    /// The study that it belongs to; of several, the one that received something last.
    public var study: StudyPart
    /// Other studies that hold a series or an object of the same UID, which no two studies should.
    public var otherStudies: [String]
    /// Objects of the study that came again with other bytes, and take part in nothing.
    public var quarantined: [QuarantinePart]
    /// Each completion of the study with its decisions, in order.
    public var revisions: [RevisionPart]
    /// The jobs: of a result the one that made it, else all of the study, in order.
    public var jobs: [JobPart]

    /// The study and its series.
    public struct StudyPart: Encodable, Sendable, Equatable {
        /// Study Instance UID.
        public var uid: String
        /// When the first object was received.
        public var firstReceived: Date
        /// When the last object was received.
        public var lastReceived: Date
        /// `assembling` while objects belong to no revision, else `complete`.
        public var state: String
        /// In the order of their first object.
        public var series: [SeriesPart]
    }

    /// A series.
    public struct SeriesPart: Encodable, Sendable, Equatable {
        /// Series Instance UID.
        public var uid: String
        /// Modality (0008,0060).
        public var modality: String?
        /// Series Number (0020,0011).
        public var number: Int?
        /// How many objects.
        public var instances: Int
        /// How many slices: frames of images.
        public var slices: Int
        /// SOP Class UIDs, sorted.
        public var sopClasses: [String]
        /// Portico itself made it.
        public var isOwnResult: Bool
    }

    /// An object with the UID of an earlier one and other bytes.
    public struct QuarantinePart: Encodable, Sendable, Equatable {
        /// SOP Instance UID.
        public var uid: String
        /// Series Instance UID that it names.
        public var series: String
        /// When it was received.
        public var received: Date
        /// Where it lies.
        public var file: String
    }

    /// A completion of the study.
    public struct RevisionPart: Encodable, Sendable, Equatable {
        /// Counted from 1.
        public var number: Int
        /// When the study was complete.
        public var completed: Date
        /// Why it counts as complete.
        public var reason: String
        /// How many objects it has.
        public var instances: Int
        /// One for each deployment of that time.
        public var decisions: [DecisionPart]
    }

    /// What was decided for a deployment.
    public struct DecisionPart: Encodable, Sendable, Equatable {
        /// The deployment's name.
        public var deployment: String
        /// `matched` or `notMatched`.
        public var outcome: String
        /// Why, in words.
        public var reason: String
        /// The job that runs or ran on it.
        public var job: Int64?
        /// What was said of each series.
        public var series: [VerdictPart]
    }

    /// What was said of a series.
    public struct VerdictPart: Encodable, Sendable, Equatable {
        /// Series Instance UID.
        public var uid: String
        /// `matched`, `passedOver` or `notMatched`.
        public var outcome: String
        /// Why, in words.
        public var reason: String
    }

    /// A job with all that is known of it.
    public struct JobPart: Encodable, Sendable, Equatable {
        /// The job and its deliveries.
        public var listing: JobListing
        /// Its tries, in order.
        public var attempts: [AttemptPart]
        /// What came of it: segments, times of the stages, provenance, notes.
        public var outcome: JobOutcome?
    }

    /// A try at a job.
    public struct AttemptPart: Encodable, Sendable, Equatable {
        /// Counted from 1, charged or not.
        public var number: Int
        /// When it began.
        public var started: Date
        /// When it ended.
        public var ended: Date?
        /// The worker's process.
        public var workerPID: Int32
        /// How it ended.
        public var ending: String?
    }

    /// Collects what is known of a UID: of a study, a series, a received object, or a result or its series.
    /// - Parameter directory: Where the files lie that the index speaks of.
    /// - Throws: `StoreError` with `.notFound` when the index knows nothing of it.
    public init(of uid: String, in database: IndexDatabase, files directory: DataDirectory) throws {
        guard let found = try database.subject(of: uid), let row = try database.study(found.study ?? uid),
            let snapshot = try database.snapshot(ofStudy: row.uid)
        else {
            throw StoreError(
                .notFound,
                "The index of \(directory.root.path) knows no study, series, object or result with the UID \(uid). "
                    + "Has it been received here? `portico jobs` lists what was worked on.")
        }
        self.uid = uid
        var filter = JobFilter(study: row.uid, limit: Int.max)
        switch found {
        case .study: subject = "study"
        case .series: subject = "series"
        case .instance: subject = "instance"
        case .result(let job, _):
            subject = "result"
            filter.job = job
        }
        otherStudies = subject == "study" ? [] : try database.studies(holding: uid).filter { $0 != row.uid }
        quarantined = try database.quarantined(ofStudy: row.uid).map {
            QuarantinePart(
                uid: $0.instance, series: $0.series, received: $0.receivedAt,
                file: directory.quarantine.appendingPathComponent($0.file).path)
        }
        study = StudyPart(
            uid: row.uid, firstReceived: row.firstReceivedAt, lastReceived: row.lastReceivedAt,
            state: row.unassigned > 0 ? "assembling" : "complete", series: snapshot.series.map(SeriesPart.init))
        revisions = try database.revisions(ofStudy: row.uid).map(RevisionPart.init)
        jobs = try database.jobs(filter).reversed().map { job in
            JobPart(
                listing: try JobListing(job, in: database),
                attempts: try database.attempts(ofJob: job.id).map(AttemptPart.init),
                outcome: job.outcome.flatMap { try? JSONDecoder().decode(JobOutcome.self, from: Data($0.utf8)) })
        }
    }
}

extension Explanation.SeriesPart {
    init(_ series: SeriesSnapshot) {
        uid = series.uid
        modality = series.modality
        number = series.number
        instances = series.instances.count
        slices = ImageStorage.slices(of: series)
        sopClasses = Set(series.instances.map(\.sopClass)).sorted()
        isOwnResult = series.isOwnResult
    }
}

extension Explanation.RevisionPart {
    init(_ row: RevisionRow) {
        number = row.number
        completed = row.completedAt
        reason = row.reason
        instances = row.instances
        decisions = row.decisions.map { decision in
            Explanation.DecisionPart(
                deployment: decision.deployment, outcome: decision.outcome, reason: decision.reason,
                job: decision.job,
                series: decision.candidates.map {
                    Explanation.VerdictPart(uid: $0.series, outcome: $0.outcome, reason: $0.reason)
                })
        }
    }
}

extension Explanation.AttemptPart {
    init(_ row: AttemptRow) {
        number = row.number
        started = row.startedAt
        ended = row.endedAt
        workerPID = row.workerPID
        ending = row.ending
    }
}
