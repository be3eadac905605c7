internal import Foundation
internal import Logging
public import ServiceLifecycle
internal import Store

/// Timing of the supervision that `portico.yaml` does not set.
struct SupervisionTiming: Sendable, Equatable {
    /// Seconds that a new worker has to say that it is ready.
    var startLimit = 60.0
    /// Seconds without a stage or progress after which the job of a living worker is taken for hung.
    var silenceLimit = 1800.0
    /// Seconds of complete silence that a worker is always allowed, however short its lease: it says that it is alive
    /// every ten seconds. With a longer lease it is the lease.
    var leastPatience = 30.0
    /// Seconds that a running job has to end after shutdown was asked for.
    var shutdownGrace = 10.0
    /// Seconds that a running job has to end at its next step after its cancelling was asked for.
    var cancelGrace = 5.0
    /// Seconds before the second try at a job; doubled at each further one, at most `longestDelay`.
    var retryDelay = 1.0
    /// Seconds before a worker is started again that did no job since its start; doubled each time.
    var restartDelay = 1.0
    /// The longest of both delays.
    var longestDelay = 60.0

    /// The delay before a try, after so many that failed.
    func delay(_ first: Double, failures: Int) -> Double {
        min(first * pow(2, Double(min(max(failures - 1, 0), 30))), longestDelay)
    }
}

/// Runs the queue: a few workers, each with a thread that supervises it.
public final class JobService: Service {
    private let slots: [WorkerSlot]
    private let database: IndexDatabase
    private let logger: Logger

    /// Makes the service; nothing is started yet.
    /// - Parameters:
    ///   - memory: How the kernel limits workers.
    ///   - onResults: Told when a job's results wait for delivery.
    init(
        configuration: Configuration, directory: DataDirectory, database: IndexDatabase,
        executable: WorkerExecutable, memory: MemoryEnforcement = .none,
        timing: SupervisionTiming = SupervisionTiming(), logger: Logger, onResults: @escaping @Sendable () -> Void
    ) throws {
        self.database = database
        self.logger = logger
        let plan = JobPlan(configuration: configuration, directory: directory)
        let peers = SlotPeers()
        let workers = configuration.workers
        slots = try (0..<max(1, workers.count)).map { number in
            var group: MemoryGroup?
            if case .groups(let groups) = memory { group = try groups.group(number) }
            return try WorkerSlot(
                name: "serve-\(getpid())/\(number)", isReserved: number < workers.reservedForUrgent, group: group,
                plan: plan, database: database, executable: executable, timing: timing, logger: logger,
                onResults: onResults, peers: peers)
        }
        peers.bells = slots.map(\.bell)
    }

    /// Says that jobs wait; never blocks.
    public func wake() {
        for slot in slots { slot.bell.ring() }
    }

    /// Runs until graceful shutdown: then no job is begun, running ones have a short time to end, and what does not
    /// goes back to the queue without being charged.
    public func run() async throws {
        let recovered = try await BlockingThread.run(name: "jobs") { [database] in
            try database.recoverJobs(at: Date())
        }
        if recovered > 0 {
            logger.info("jobs of the last run are taken up again", metadata: ["jobs": "\(recovered)"])
        }
        for suspension in try database.suspensions() {
            logger.warning(
                "a deployment is still suspended",
                metadata: ["deployment": "\(suspension.deployment)", "reason": "\(suspension.reason)"])
        }
        try await withThrowingTaskGroup(of: Void.self) { group in
            for slot in slots {
                group.addTask {
                    try await runThreaded(name: "worker \(slot.name)", stop: { slot.stop() }, work: { slot.run() })
                }
            }
            try await group.waitForAll()
        }
    }
}
