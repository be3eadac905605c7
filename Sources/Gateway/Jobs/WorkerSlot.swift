internal import Foundation
internal import Logging
internal import Store
internal import Synchronization

/// The bells of all slots, so that one can wake the others.
final class SlotPeers: Sendable {
    private let list = Mutex<[PollBell]>([])

    var bells: [PollBell] {
        get { list.withLock { $0 } }
        set { list.withLock { $0 = newValue } }
    }

    func ring() { bells.forEach { $0.ring() } }
}

/// One worker process and the thread that supervises it: starts it, gives it one job after the other, and starts a
/// new one when it dies.
///
/// All of ``run()`` happens on one thread, which therefore lives longer than each of its workers.
final class WorkerSlot: Sendable {
    /// The lease's owner.
    let name: String
    /// Rings when there may be something to do.
    let bell: PollBell

    let plan: JobPlan
    let database: IndexDatabase
    let settings: WorkerSettings
    /// The control group of its workers; `nil` where the kernel limits none.
    let group: MemoryGroup?
    private let policy: LeasePolicy
    let timing: SupervisionTiming
    let logger: Logger
    let stopping = Latch()
    let onResults: @Sendable () -> Void
    let peers: SlotPeers
    private let executable: WorkerExecutable

    /// Seconds after which an idle worker is looked at.
    private static let idleTick = 30.0

    /// - Parameter isReserved: takes urgent jobs only.
    init(
        name: String, isReserved: Bool, group: MemoryGroup?, plan: JobPlan, database: IndexDatabase,
        executable: WorkerExecutable, timing: SupervisionTiming, logger: Logger,
        onResults: @escaping @Sendable () -> Void, peers: SlotPeers
    ) throws {
        self.name = name
        self.plan = plan
        self.database = database
        self.executable = executable
        self.group = group
        settings = plan.configuration.workers
        policy = plan.policy(urgentOnly: isReserved)
        self.timing = timing
        self.onResults = onResults
        self.peers = peers
        bell = try PollBell()
        var logger = logger
        logger[metadataKey: "slot"] = "\(name)"
        self.logger = logger
    }

    /// Asks the thread to end.
    func stop() {
        stopping.set()
        bell.ring()
    }

    /// Supervises until it is stopped.
    func run() {
        var failures = 0
        while !stopping.isSet {
            if failures > 0 { pause(timing.delay(timing.restartDelay, failures: failures)) }
            guard !stopping.isSet else { return }
            do {
                let worker = try WorkerChild(executable)
                try group?.take(worker.pid)
                guard try awaitReady(worker) else { return }
                logger.info("worker ready", metadata: ["pid": "\(worker.pid)"])
                let jobs = try serve(worker)
                // A worker that has done some work may be started again without much ado.
                failures = jobs > 0 ? 1 : failures + 1
            } catch {
                failures += 1
                logger.error("worker lost", metadata: ["error": "\(error)", "failures": "\(failures)"])
            }
        }
    }

    /// - Returns: `false` when shutdown came first.
    private func awaitReady(_ worker: WorkerChild) throws -> Bool {
        let limit = Monotonic.now + timing.startLimit
        while true {
            switch worker.next(timeout: limit - Monotonic.now, bell: bell.descriptor) {
            case .line(let line):
                if event(in: line, of: worker) == .ready { return true }
            case .ended(let end):
                throw JobPlanError("The worker (process \(worker.pid)) \(end) before it was ready.")
            case .woken:
                bell.clear()
                if stopping.isSet {
                    worker.endInput()
                    worker.kill()
                    return false
                }
            case .timeout:
                worker.kill()
                throw JobPlanError(
                    "The worker (process \(worker.pid)) did not say within \(timing.startLimit) s that it is ready.")
            }
        }
    }

    /// Gives a worker jobs until it dies or the slot is stopped.
    /// - Returns: How many jobs it has brought to an end of its own.
    private func serve(_ worker: WorkerChild) throws -> Int {
        var jobs = 0
        while !stopping.isSet {
            let asked = Date()
            guard let job = try lease(for: worker) else {
                // What was due and not given waits for more than time, and a bell rings when that changes.
                let due = try database.nextJobDue(after: asked).map { $0.timeIntervalSinceNow }
                switch worker.next(timeout: min(max(due ?? Self.idleTick, 0.05), Self.idleTick), bell: bell.descriptor)
                {
                case .woken: bell.clear()
                case .timeout: break
                case .line(let line): _ = event(in: line, of: worker)
                case .ended(let end):
                    logger.warning("idle worker gone", metadata: ["pid": "\(worker.pid)", "end": "\(end)"])
                    return jobs
                }
                continue
            }
            guard perform(job, worker) else { return jobs }
            jobs += 1
        }
        dismiss(worker)
        return jobs
    }

    private func lease(for worker: WorkerChild) throws -> LeasedJob? {
        while !stopping.isSet {
            let now = Date()
            let job = try database.leaseJob(
                owner: name, workerPID: worker.pid, at: now, until: now + settings.leaseDuration, policy: policy)
            guard let job else { return nil }
            // Leases that ran out are charged where they are taken back, so the limit is looked at here, too.
            guard job.attempts < max(1, settings.maximumAttempts) else {
                end(job, .failed(reason: "given up after \(job.attempts) attempts; in the last one, the lease ran out"))
                continue
            }
            return job
        }
        return nil
    }

    /// Lets an idle worker go: it ends itself at the end of its input.
    private func dismiss(_ worker: WorkerChild) {
        worker.endInput()
        let limit = Monotonic.now + timing.shutdownGrace
        while Monotonic.now < limit {
            if case .ended = worker.next(timeout: limit - Monotonic.now, bell: -1) { return }
        }
        worker.kill()
    }

    /// Waits without a worker; a stop ends the wait, a new job does not.
    private func pause(_ seconds: Double) {
        let limit = Monotonic.now + seconds
        while !stopping.isSet, Monotonic.now < limit { bell.wait(seconds: limit - Monotonic.now) }
    }

    /// Reads a line of a worker; anything but an event is logged by its length and otherwise ignored.
    func event(in line: Data, of worker: WorkerChild) -> WorkerEvent? {
        if let event = try? JSONDecoder().decode(WorkerEvent.self, from: line) { return event }
        logger.warning(
            "a worker wrote a line that is no event", metadata: ["pid": "\(worker.pid)", "bytes": "\(line.count)"])
        return nil
    }

    /// Records the end of an attempt; the index not being writable only delays it.
    func end(_ job: LeasedJob, _ ending: JobEnding, deliveries: [EndedDelivery] = []) {
        var delay = 0.2
        while true {
            do {
                let suspension = try database.end(
                    job: job.id, owner: name, as: ending, at: Date(), deliveries: deliveries,
                    suspendAfter: settings.suspendAfter)
                if let suspension {
                    logger.error(
                        "deployment suspended",
                        metadata: [
                            "deployment": "\(suspension.deployment)", "reason": "\(suspension.reason)",
                            "resume": "portico deployments resume \(suspension.deployment)",
                        ])
                }
                return
            } catch let error as StoreError where error.code == .leaseLost {
                logger.warning("a job was somebody else's by its end", metadata: ["job": "\(job.id)"])
                return
            } catch {
                logger.error("a job's end cannot be recorded", metadata: ["job": "\(job.id)", "error": "\(error)"])
                // The next start gives the job back, and the same UIDs come of it.
                guard !stopping.isSet else { return }
                pause(delay)
                delay = min(delay * 2, 10)
            }
        }
    }
}
