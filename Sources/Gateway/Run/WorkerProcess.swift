import Foundation
import Logging
import Synchronization
import Voxels

/// The worker's side of the line protocol: jobs come in on standard input, events go out on standard output.
///
/// The end of standard input means that `serve` is gone or wants no more: the process ends at once, whatever it does,
/// because its job belongs to somebody else from then on.
final class WorkerProcess: Sendable {
    private let inbox = Inbox<JobSpecification>()
    private let outbox = EventWriter()
    private let cancelled = Mutex<Set<Int64>>([])
    private let limits: WorkerLimits
    private let logger: Logger

    init(limits: WorkerLimits, logger: Logger) {
        self.limits = limits
        self.logger = logger
    }

    /// Takes jobs until standard input ends; blocks the calling thread and ends the process.
    func run() -> Never {
        let jobs = Thread { self.work() }
        jobs.name = "job"
        jobs.stackSize = 64 << 20
        jobs.start()
        outbox.write(.ready)
        let heart = Thread { self.beat() }
        heart.name = "heartbeat"
        heart.start()
        while let line = readLine(strippingNewline: true) {
            let line = Data(line.utf8)
            if let order = try? JSONDecoder().decode(CancelOrder.self, from: line) {
                cancelled.withLock { _ = $0.insert(order.cancel) }
                continue
            }
            do {
                let job = try JSONDecoder().decode(JobSpecification.self, from: line)
                // A wish that came after the end of an earlier attempt is not about this one.
                cancelled.withLock { _ = $0.remove(job.job) }
                inbox.put(job)
            } catch {
                logger.error("a line on standard input is no job", metadata: ["bytes": "\(line.count)"])
            }
        }
        exit(0)
    }

    /// Says that the process lives, from a thread that a long computation does not hold up.
    private func beat() {
        while true {
            Thread.sleep(forTimeInterval: Self.heartbeat)
            outbox.write(.alive)
        }
    }

    /// Seconds between two signs of life, the shortest lease taken four times.
    private static let heartbeat = 1.25

    private func work() {
        let runner = JobRunner(modelMemory: limits.modelMemory)
        while true {
            let job = inbox.take()
            let number = job.job
            do {
                let outcome = try runner.run(
                    job, isCancelled: { self.cancelled.withLock { $0.contains(number) } },
                    report: { self.outbox.write($0) })
                outbox.write(.done(job: number, outcome: outcome))
            } catch is CancelledRun {
                outbox.write(.cancelled(job: number))
            } catch {
                outbox.write(
                    .failed(
                        job: number, reason: String(describing: error) + limits.remark(on: error),
                        retriable: Failure.mayPass(error)))
            }
            cancelled.withLock { _ = $0.remove(number) }
            // The next job may be hours away.
            VoxelMemory.release()
        }
    }
}

/// Hands values from one thread to another; the taker waits.
private final class Inbox<Value: Sendable>: Sendable {
    private let values = Mutex<[Value]>([])
    private let available = DispatchSemaphore(value: 0)

    func put(_ value: Value) {
        values.withLock { $0.append(value) }
        available.signal()
    }

    func take() -> Value {
        while true {
            available.wait()
            if let value = values.withLock({ $0.isEmpty ? nil : $0.removeFirst() }) { return value }
        }
    }
}

/// Writes events to standard output, a line each, whole even when two threads write.
private final class EventWriter: Sendable {
    private let lock = Mutex(())

    func write(_ event: WorkerEvent) {
        guard var line = try? JSONEncoder().encode(event) else { return }
        line.append(0x0A)
        lock.withLock { _ in
            // A closed pipe means that `serve` is gone; the end of standard input ends this process.
            try? FileHandle.standardOutput.write(contentsOf: line)
        }
    }
}
