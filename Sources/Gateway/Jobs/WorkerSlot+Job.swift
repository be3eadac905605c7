internal import Foundation
internal import Logging
internal import Store

extension WorkerSlot {
    /// How far a job is, and until when it may go on.
    private struct Watch {
        var stage: String?
        var progress: (done: Int, of: Int)?
        var lastWord = Monotonic.now
        var lastStep = Monotonic.now
        var lastNote = Monotonic.now
        var graceEnds: Double?

        /// Where the job was, for people.
        var place: String {
            let stage = stage.map { " in stage \($0)" } ?? " before its first stage"
            return progress.map { "\(stage), \($0.done) of \($0.of) windows done" } ?? stage
        }
    }

    /// What came of one step of a job.
    private enum Step {
        case goOn
        case over(JobEnding, workerIsGood: Bool)
    }

    /// Seconds between two notes of progress in the index.
    private static let noteInterval = 0.5

    /// Has a worker do a job and records what came of it.
    /// - Returns: Whether the worker can take another job.
    func perform(_ job: LeasedJob, _ worker: WorkerChild) -> Bool {
        do {
            if let earlier = try plan.earlier(of: job) {
                finish(job, earlier.ending, deliveries: earlier.deliveries)
                return true
            }
        } catch {
            finish(job, retry(job, "What the job's folder holds could not be taken up: \(error)".printable()))
            return true
        }
        do {
            worker.send(try plan.line(for: job))
        } catch let error as JobPlanError {
            finish(job, .failed(reason: error.description))
            return true
        } catch {
            finish(job, retry(job, "The job could not be prepared: \(error)".printable()))
            return true
        }
        logger.info(
            "job begun",
            metadata: [
                "job": "\(job.id)", "study": "\(job.study)", "deployment": "\(job.deployment)",
                "attempt": "\(job.attemptNumber)", "pid": "\(worker.pid)",
            ])
        var watch = Watch()
        while true {
            let step = step(job, worker, &watch)
            guard case .over(let ending, let workerIsGood) = step else { continue }
            if !workerIsGood { worker.kill() }
            finish(job, ending)
            return workerIsGood
        }
    }

    private func step(_ job: LeasedJob, _ worker: WorkerChild, _ watch: inout Watch) -> Step {
        // A living worker says so every ten seconds, whatever its job does; a job shows that it goes on now and then.
        let patience = max(settings.leaseDuration, timing.leastPatience)
        let silence = watch.lastWord + patience
        let standstill = watch.lastStep + timing.silenceLimit
        let renewal = watch.lastNote + settings.leaseDuration / 3
        let until = min(renewal, silence, standstill, watch.graceEnds ?? .infinity)
        switch worker.next(timeout: until - Monotonic.now, bell: bell.descriptor) {
        case .ended(let end):
            let reason = "The worker (process \(worker.pid)) \(end)\(watch.place)."
            return .over(watch.graceEnds == nil ? retry(job, reason) : giveBack(reason), workerIsGood: false)
        case .woken:
            bell.clear()
            if stopping.isSet, watch.graceEnds == nil { watch.graceEnds = Monotonic.now + timing.shutdownGrace }
        case .line(let line):
            watch.lastWord = Monotonic.now
            if let event = event(in: line, of: worker) { return take(event, job, &watch) }
        case .timeout:
            break
        }
        let now = Monotonic.now
        if let graceEnds = watch.graceEnds, now >= graceEnds {
            return .over(giveBack("portico serve was stopped\(watch.place)"), workerIsGood: false)
        }
        if now >= silence {
            let reason = "The worker (process \(worker.pid)) said nothing for \(patience) s\(watch.place)."
            return .over(retry(job, reason), workerIsGood: false)
        }
        if now >= standstill {
            let reason =
                "The worker (process \(worker.pid)) is alive, but got no further for \(timing.silenceLimit) s"
                + "\(watch.place)."
            return .over(retry(job, reason), workerIsGood: false)
        }
        return now >= renewal ? note(job, &watch) : .goOn
    }

    private func take(_ event: WorkerEvent, _ job: LeasedJob, _ watch: inout Watch) -> Step {
        switch event {
        case .ready, .alive:
            return .goOn
        case .stage(job.id, let name):
            watch.lastStep = Monotonic.now
            watch.stage = name.printable(limit: 200)
            watch.progress = nil
            return note(job, &watch)
        case .progress(job.id, let done, let total):
            watch.lastStep = Monotonic.now
            watch.progress = (done, total)
            return Monotonic.now >= watch.lastNote + Self.noteInterval ? note(job, &watch) : .goOn
        case .done(job.id, let outcome):
            do {
                return .over(try plan.ending(for: job, outcome: outcome), workerIsGood: true)
            } catch {
                return .over(retry(job, "\(error)".printable()), workerIsGood: true)
            }
        case .failed(job.id, let reason, let retriable):
            let reason = reason.printable()
            return .over(retriable ? retry(job, reason) : .failed(reason: reason), workerIsGood: true)
        default:
            logger.warning("a worker spoke of a job that it does not have", metadata: ["job": "\(job.id)"])
            return .goOn
        }
    }

    /// Renews the lease and notes the progress.
    private func note(_ job: LeasedJob, _ watch: inout Watch) -> Step {
        watch.lastNote = Monotonic.now
        do {
            try database.renewLease(
                job: job.id, owner: name, until: Date() + settings.leaseDuration, stage: watch.stage,
                progress: watch.progress)
        } catch let error as StoreError where error.code == .leaseLost {
            return .over(giveBack("the lease was lost"), workerIsGood: false)
        } catch {
            logger.error("a job's progress cannot be noted", metadata: ["job": "\(job.id)", "error": "\(error)"])
        }
        return .goOn
    }

    private func giveBack(_ reason: String) -> JobEnding {
        .again(reason: reason, notBefore: Date(), charged: false)
    }

    /// Another try after a while, or the end, when this was the last one.
    private func retry(_ job: LeasedJob, _ reason: String) -> JobEnding {
        let failures = job.attempts + 1
        guard failures < settings.maximumAttempts else {
            return .failed(
                reason: failures == 1 ? reason : "given up after \(failures) attempts; the last one: \(reason)")
        }
        return .again(
            reason: reason, notBefore: Date() + timing.delay(timing.retryDelay, failures: failures), charged: true)
    }

    private func finish(_ job: LeasedJob, _ ending: JobEnding, deliveries: [EndedDelivery]? = nil) {
        end(job, ending, deliveries: deliveries ?? [])
        let about: Logger.Metadata = [
            "job": "\(job.id)", "study": "\(job.study)", "deployment": "\(job.deployment)",
            "attempt": "\(job.attemptNumber)",
        ]
        switch ending {
        case .succeeded(_, let results, _):
            let note = deliveries == nil ? "" : ", as its folder says"
            logger.info("job done\(note)", metadata: about.merging(["objects": "\(results.count)"]) { $1 })
            onResults()
        case .nothingFound:
            logger.info("job done, nothing found", metadata: about)
        case .failed(let reason):
            logger.error("job failed", metadata: about.merging(["reason": "\(reason)"]) { $1 })
        case .again(let reason, _, _):
            logger.warning("job goes back to the queue", metadata: about.merging(["reason": "\(reason)"]) { $1 })
            peers.ring()
        }
    }
}
