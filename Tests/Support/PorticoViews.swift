/// A job, as `portico jobs --format json` prints it.
public struct JobView: Decodable, Sendable {
    /// The delivery of one object to one destination.
    public struct Delivery: Decodable, Sendable {
        /// The destination's name.
        public var destination: String
        /// SOP Instance UID.
        public var sopInstanceUID: String
        /// `pending`, `sending`, `delivered` or `failed`.
        public var state: String
        /// Tries that have ended.
        public var attempts: Int
        /// What the last try met.
        public var lastError: String?
    }

    /// The job's number.
    public var id: Int
    /// Names (study, deployment, input); also the folder of its results.
    public var key: String
    /// Study Instance UID.
    public var study: String
    /// Series Instance UID.
    public var series: String
    /// The study's revision.
    public var revision: Int
    /// The deployment's name.
    public var deployment: String
    /// `queued`, `suspended`, `running`, `succeeded`, `nothingFound`, `failed` or `cancelled`.
    public var state: String
    /// The state for people.
    public var stateInWords: String
    /// `urgent`, `routine` or `background`.
    public var priority: String
    /// Tries that were charged.
    public var attempts: Int
    /// Those of them that cost their worker.
    public var crashes: Int
    /// What the worker is at.
    public var stage: String?
    /// 0 to 1.
    public var progress: Double?
    /// Why the job stands where it stands.
    public var reason: String?
    /// How many objects it made.
    public var objects: Int
    /// Where they were sent.
    public var deliveries: [Delivery]
}

/// What `portico explain --format json` prints, as far as the tests look at it.
public struct ExplanationView: Decodable, Sendable {
    /// A study.
    public struct Study: Decodable, Sendable {
        /// Study Instance UID.
        public var uid: String
        /// `assembling` or `complete`.
        public var state: String
        /// Its series.
        public var series: [Series]
    }

    /// A series.
    public struct Series: Decodable, Sendable {
        /// Series Instance UID.
        public var uid: String
        /// Modality.
        public var modality: String?
        /// How many instances are stored.
        public var instances: Int
    }

    /// A complete state of the study.
    public struct Revision: Decodable, Sendable {
        /// Counted from 1.
        public var number: Int
        /// Why it is complete.
        public var reason: String
        /// How many instances it has.
        public var instances: Int
        /// What each deployment takes of it.
        public var decisions: [Decision]
    }

    /// What a deployment takes of a revision, or why nothing.
    public struct Decision: Decodable, Sendable {
        /// The deployment's name.
        public var deployment: String
        /// The outcome in a word.
        public var outcome: String
        /// The reason in a sentence.
        public var reason: String?
        /// Each series with its own outcome.
        public var series: [SeriesDecision]
    }

    /// What became of a series.
    public struct SeriesDecision: Decodable, Sendable {
        /// Series Instance UID.
        public var uid: String
        /// The outcome in a word.
        public var outcome: String
        /// The reason in a sentence.
        public var reason: String?
    }

    /// A job.
    public struct Job: Decodable, Sendable {
        /// As `portico jobs` lists it.
        public var listing: JobView
        /// The tries.
        public var attempts: [Attempt]
    }

    /// A try at a job.
    public struct Attempt: Decodable, Sendable {
        /// Counted from 1.
        public var number: Int
        /// The worker's process.
        public var workerPID: Int32
        /// How it ended.
        public var ending: String?
    }

    /// The study.
    public var study: Study
    /// Its complete states.
    public var revisions: [Revision]
    /// Its jobs.
    public var jobs: [Job]
    /// What `portico explain` prints for people.
    public var inWords = ""

    private enum CodingKeys: String, CodingKey {
        case study, revisions, jobs
    }
}
