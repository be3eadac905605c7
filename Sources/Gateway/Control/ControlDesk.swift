import Foundation
import Logging
import Store

/// Does what commands ask for: in `serve`, or in the command itself where no `serve` runs.
struct ControlDesk: Sendable {
    let database: IndexDatabase
    /// Names of the deployments in the configuration.
    let deployments: [String]
    let logger: Logger
    /// Told when jobs may have to begin or to end.
    let onChange: @Sendable () -> Void

    /// Does it and says what was done.
    func perform(_ request: ControlRequest, at now: Date) -> ControlAnswer {
        do {
            let words = try carryOut(request, at: now)
            logger.info("done by hand", metadata: ["what": "\(words)"])
            onChange()
            return ControlAnswer(isDone: true, message: words)
        } catch let error as StoreError {
            return ControlAnswer(isDone: false, message: error.message)
        } catch {
            return ControlAnswer(isDone: false, message: String(describing: error))
        }
    }

    private func carryOut(_ request: ControlRequest, at now: Date) throws -> String {
        switch request {
        case .prioritise(let job, let priority):
            try database.setPriority(priority, ofJob: job)
            return "job \(job) is \(priority.rawValue) now"
        case .cancel(let job):
            switch try database.cancelJob(job, at: now) {
            case .cancelled: return "job \(job) is cancelled"
            case .requested: return "job \(job) is running; it ends at its next step"
            }
        case .retry(let job):
            try database.retryJob(job, at: now)
            return "job \(job) waits for another try"
        case .suspend(let deployment, let reason):
            try require(deployment)
            guard try database.suspend(deployment: deployment, reason: reason.printable(limit: 500), at: now) else {
                return "deployment \(deployment) was suspended already"
            }
            return "deployment \(deployment) is suspended; what runs goes on, what waits waits"
        case .resume(let deployment):
            // Also one that is gone from the configuration, whose jobs then fail with that reason.
            guard try database.resume(deployment: deployment) else {
                try require(deployment)
                return "deployment \(deployment) was not suspended"
            }
            return "deployment \(deployment) goes on"
        }
    }

    private func require(_ deployment: String) throws {
        guard deployments.contains(deployment) else {
            throw StoreError(
                .notFound,
                "There is no deployment \(deployment) in the configuration; `portico deployments` lists them.")
        }
    }
}
