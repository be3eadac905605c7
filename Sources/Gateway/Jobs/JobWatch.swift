/// How far a running job is, and until when it may go on. All moments are those of ``Monotonic``.
struct JobWatch {
    /// What has become due.
    enum Overdue: Equatable {
        /// The time that cancelling leaves is over.
        case cancelling
        /// The time that shutdown leaves is over.
        case stopping
        /// The worker may not go on; the words follow "the worker".
        case tooLong(String)
        /// The lease is to be renewed.
        case renewal
    }

    /// What the worker is at.
    private(set) var stage: String?
    /// Windows done of all.
    private(set) var progress: (done: Int, of: Int)?
    /// When the job is thought to end.
    private(set) var estimatedEnd: Double?
    /// When the worker was last heard.
    var lastWord: Double
    /// When its progress was last noted in the index.
    var lastNote: Double
    /// What the kernel had killed in the worker's control group before the job.
    let earlierKills: Int

    private let settings: WorkerSettings
    private let timing: SupervisionTiming
    private let begun: Double
    private let secondsAfterInference: Double
    private var lastStep: Double
    private var stageBegun: Double
    private var stopEnds: Double?
    private var cancelEnds: Double?

    /// - Parameter secondsAfterInference: what an earlier job of the deployment took after its last window.
    init(
        _ settings: WorkerSettings, _ timing: SupervisionTiming, earlierKills: Int = 0,
        secondsAfterInference: Double = 0, at now: Double = Monotonic.now
    ) {
        self.settings = settings
        self.timing = timing
        self.earlierKills = earlierKills
        self.secondsAfterInference = secondsAfterInference
        (begun, lastWord, lastStep, lastNote, stageBegun) = (now, now, now, now, now)
    }

    /// Whether the job is being cancelled.
    var isCancelling: Bool { cancelEnds != nil }
    /// Whether shutdown has begun.
    var isStopping: Bool { stopEnds != nil }

    /// Where the job is, for people.
    var place: String {
        let stage = stage.map { " in stage \($0)" } ?? " before its first stage"
        return progress.map { "\(stage), \($0.done) of \($0.of) windows done" } ?? stage
    }

    /// A stage has begun.
    mutating func begin(_ stage: String, at now: Double = Monotonic.now) {
        self.stage = stage
        progress = nil
        (lastStep, stageBegun) = (now, now)
    }

    /// So many windows are done.
    mutating func advance(to done: Int, of total: Int, at now: Double = Monotonic.now) {
        progress = (done, total)
        lastStep = now
        guard done > 0, total >= done else { return }
        estimatedEnd = now + (now - stageBegun) / Double(done) * Double(total - done) + secondsAfterInference
    }

    /// Leaves the job a while to end after shutdown was asked for; only the first call counts.
    mutating func stop(grace: Double, at now: Double = Monotonic.now) {
        stopEnds = stopEnds ?? now + grace
    }

    /// Leaves the job a while to end after its cancelling was asked for; only the first call counts.
    mutating func cancel(grace: Double, at now: Double = Monotonic.now) {
        cancelEnds = cancelEnds ?? now + grace
    }

    // A living worker says so every few seconds, whatever its job does; a job shows that it goes on now and then.
    private var patience: Double { max(settings.leaseDuration, timing.leastPatience) }
    private var silence: Double { lastWord + patience }
    private var standstill: Double { lastStep + timing.silenceLimit }
    private var timeUp: Double { settings.timeLimit.map { begun + $0 } ?? .infinity }
    private var renewal: Double { lastNote + settings.leaseDuration / 3 }

    /// When something becomes due next.
    var nextLook: Double {
        min(renewal, silence, standstill, timeUp, stopEnds ?? .infinity, cancelEnds ?? .infinity)
    }

    /// What is due.
    func overdue(at now: Double) -> Overdue? {
        if let cancelEnds, now >= cancelEnds { return .cancelling }
        if let stopEnds, now >= stopEnds { return .stopping }
        if let limit = settings.timeLimit, now >= timeUp {
            return .tooLong("was ended, because the job took longer than the \(limit) s of workers.timeLimit,")
        }
        if now >= silence { return .tooLong("said nothing for \(patience) s") }
        if now >= standstill { return .tooLong("is alive, but got no further for \(timing.silenceLimit) s") }
        return now >= renewal ? .renewal : nil
    }
}
