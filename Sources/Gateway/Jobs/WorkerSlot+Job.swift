internal import Foundation
internal import Logging
internal import Store

extension WorkerSlot {
    /// What came of one step of a job.
    private enum Step {
        case goOn
        case over(JobEnding, workerIsGood: Bool)
    }

    /// Seconds between two notes of progress in the index.
    private static let noteInterval = 0.5
    /// So many workers a job may cost: once is an accident.
    private static let mostLosses = 2

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
        var watch = JobWatch(
            settings, timing, earlierKills: group?.kills ?? 0,
            secondsAfterInference: plan.secondsAfterInference(of: job.deployment, in: database))
        while true {
            let step = step(job, worker, &watch)
            guard case .over(let ending, let workerIsGood) = step else { continue }
            if !workerIsGood { worker.kill() }
            finish(job, ending)
            return workerIsGood
        }
    }

    private func step(_ job: LeasedJob, _ worker: WorkerChild, _ watch: inout JobWatch) -> Step {
        switch worker.next(timeout: watch.nextLook - Monotonic.now, bell: bell.descriptor) {
        case .ended(let end):
            let reason = "\(self.worker(worker)) \(end)\(watch.place)\(memoryWords(worker, watch))."
            if watch.isCancelling { return .over(cancelled(watch), workerIsGood: false) }
            return .over(watch.isStopping ? giveBack(reason) : lose(job, reason), workerIsGood: false)
        case .woken:
            bell.clear()
            if stopping.isSet { watch.stop(grace: timing.shutdownGrace) }
            if !watch.isCancelling, (try? database.isCancelRequested(ofJob: job.id)) == true {
                watch.cancel(grace: timing.cancelGrace)
                if let order = try? JSONEncoder().encode(CancelOrder(cancel: job.id)) { worker.send(order) }
            }
        case .line(let line):
            watch.lastWord = Monotonic.now
            if let event = event(in: line, of: worker) { return take(event, job, &watch) }
        case .timeout:
            break
        }
        switch watch.overdue(at: Monotonic.now) {
        case .cancelling: return .over(cancelled(watch), workerIsGood: false)
        case .stopping: return .over(giveBack("portico serve was stopped\(watch.place)"), workerIsGood: false)
        case .tooLong(let words):
            return .over(lose(job, "\(self.worker(worker)) \(words)\(watch.place)."), workerIsGood: false)
        case .renewal: return note(job, &watch)
        case nil: return .goOn
        }
    }

    private func worker(_ worker: WorkerChild) -> String { "The worker (process \(worker.pid))" }

    /// What is known of the memory of a worker that has died, after its end.
    private func memoryWords(_ worker: WorkerChild, _ watch: JobWatch) -> String {
        guard let limit = settings.memoryLimit else { return "" }
        if let group, group.kills > watch.earlierKills {
            return "; it had reached the \(Bytes.words(limit)) that workers.memoryLimit allows, and the kernel ended it"
        }
        guard worker.peakMemory >= limit / 4 * 3 else { return "" }
        return "; its memory had grown to \(Bytes.words(worker.peakMemory)), and workers.memoryLimit allows "
            + Bytes.words(limit)
    }

    private func take(_ event: WorkerEvent, _ job: LeasedJob, _ watch: inout JobWatch) -> Step {
        if watch.isCancelling, event.ends(job.id) { return .over(cancelled(watch), workerIsGood: true) }
        switch event {
        case .ready, .alive:
            return .goOn
        case .stage(job.id, let name):
            watch.begin(name.printable(limit: 200))
            return note(job, &watch)
        case .progress(job.id, let done, let total):
            watch.advance(to: done, of: total)
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
    private func note(_ job: LeasedJob, _ watch: inout JobWatch) -> Step {
        watch.lastNote = Monotonic.now
        do {
            try database.renewLease(
                job: job.id, owner: name, until: Date() + settings.leaseDuration, stage: watch.stage,
                progress: watch.progress, estimatedEnd: watch.estimatedEnd.map { Date() + ($0 - Monotonic.now) })
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

    private func cancelled(_ watch: JobWatch) -> JobEnding {
        .cancelled(reason: "cancelled by hand\(watch.place)")
    }

    /// After an attempt that cost its worker: one more try, or the end, where it was the second such attempt or the
    /// last that is allowed.
    private func lose(_ job: LeasedJob, _ reason: String) -> JobEnding {
        let (losses, failures) = (job.crashes + 1, job.attempts + 1)
        if losses >= Self.mostLosses {
            let endings = (try? database.attempts(ofJob: job.id))?.compactMap(\.ending) ?? []
            let before = endings.last.map { "; before: \($0)" } ?? ""
            return .failed(
                reason: "given up, because the job has cost \(losses) workers; the last time: \(reason)\(before)",
                lostWorker: true)
        }
        guard failures < settings.maximumAttempts else { return .failed(reason: reason, lostWorker: true) }
        return .again(
            reason: reason, notBefore: Date() + timing.delay(timing.retryDelay, failures: failures), charged: true,
            lostWorker: true)
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
        case .cancelled(let reason):
            logger.info("job cancelled", metadata: about.merging(["reason": "\(reason)"]) { $1 })
        case .failed(let reason, _):
            logger.error("job failed", metadata: about.merging(["reason": "\(reason)"]) { $1 })
        case .again(let reason, _, _, _):
            logger.warning("job goes back to the queue", metadata: about.merging(["reason": "\(reason)"]) { $1 })
        }
        // A device may have become free, or a deployment suspended.
        peers.ring()
    }
}
