internal import Foundation
internal import Logging
public import ServiceLifecycle
internal import Store

/// Sends results to their destinations: one thread for each, so that a slow or dead one delays no other.
public final class DeliveryService: Service {
    private let lines: [DeliveryLine]
    private let database: IndexDatabase
    private let logger: Logger

    /// Makes the service; nothing is sent yet.
    /// - Parameter jitter: A number in −1...1 that moves a wait by up to a fifth.
    init(
        configuration: Configuration, directory: DataDirectory, database: IndexDatabase, sender: any ResultSender,
        logger: Logger, jitter: @escaping @Sendable () -> Double = { Double.random(in: -1...1) }
    ) {
        self.database = database
        self.logger = logger
        lines = configuration.destinations.values.sorted { $0.name < $1.name }.map {
            DeliveryLine(
                destination: $0, settings: configuration.delivery, directory: directory, database: database,
                sender: sender, jitter: jitter, logger: logger)
        }
    }

    /// Says that results wait; never blocks.
    public func wake() {
        for line in lines { line.bell.ring() }
    }

    /// Runs until graceful shutdown; an association that is open then is brought to its end.
    public func run() async throws {
        let open = try await BlockingThread.run(name: "delivery") { [database] in
            try database.recoverDeliveries()
            return try database.openDestinations()
        }
        for (name, count) in open where !lines.contains(where: { $0.destination.name == name }) {
            logger.warning(
                "results wait for a destination that is not in the configuration",
                metadata: ["destination": "\(name)", "deliveries": "\(count)"])
        }
        try await withThrowingTaskGroup(of: Void.self) { group in
            if lines.isEmpty {
                group.addTask { try? await gracefulShutdown() }
            }
            for line in lines {
                group.addTask {
                    try await runThreaded(
                        name: "delivery \(line.destination.name)", stop: { line.stop() }, work: { line.run() })
                }
            }
            try await group.waitForAll()
        }
    }
}

/// The queue of one destination and the thread that works it off.
final class DeliveryLine: Sendable {
    let destination: Destination
    let bell = Doorbell()
    private let settings: DeliverySettings
    private let directory: DataDirectory
    private let database: IndexDatabase
    private let sender: any ResultSender
    private let jitter: @Sendable () -> Double
    private let logger: Logger
    private let stopping = Latch()

    init(
        destination: Destination, settings: DeliverySettings, directory: DataDirectory, database: IndexDatabase,
        sender: any ResultSender, jitter: @escaping @Sendable () -> Double, logger: Logger
    ) {
        self.destination = destination
        self.settings = settings
        self.directory = directory
        self.database = database
        self.sender = sender
        self.jitter = jitter
        var logger = logger
        logger[metadataKey: "destination"] = "\(destination.name)"
        self.logger = logger
    }

    func stop() {
        stopping.set()
        bell.ring()
    }

    func run() {
        var delay = 0.0
        while !stopping.isSet {
            do {
                if let batch = try database.leaseDeliveries(to: destination.name, at: Date()) {
                    deliver(batch)
                } else {
                    bell.wait(seconds: try database.nextDeliveryDue(to: destination.name)?.timeIntervalSinceNow)
                }
                delay = 0
            } catch {
                logger.error("the index cannot be read or written, trying again", metadata: ["error": "\(error)"])
                delay = min(max(0.5, delay * 2), 30)
                bell.wait(seconds: delay)
            }
        }
    }

    private func deliver(_ batch: DeliveryBatch) {
        let (there, gone) = split(batch)
        var endings = gone.map {
            (id: $0.id, ending: DeliveryEnding.failed(reason: "the result file \($0.path) is gone", status: nil))
        }
        if !there.isEmpty {
            let objects = there.map {
                OutgoingObject(
                    path: directory.root.appendingPathComponent($0.path).path, sopClass: $0.sopClass,
                    sopInstance: $0.sopInstance)
            }
            let answers: [SendAnswer]
            do {
                answers = try sender.send(objects, to: destination)
            } catch {
                answers = objects.map { _ in .unsent(reason: "\(error)") }
            }
            for (index, item) in there.enumerated() {
                let answer =
                    index < answers.count ? answers[index] : .unsent(reason: "the association ended before its turn")
                endings.append((item.id, ending(of: item, answer)))
            }
        }
        record(endings, of: batch)
    }

    /// Writes what has ended beside the results, for the day on which the index is built anew.
    private func note(_ endings: [(id: Int64, ending: DeliveryEnding)], of batch: DeliveryBatch) {
        let now = Date().timeIntervalSince1970
        let ended = endings.compactMap { id, ending -> EndedDelivery? in
            guard let item = batch.items.first(where: { $0.id == id }) else { return nil }
            var note = EndedDelivery(
                destination: destination.name, sopInstance: item.sopInstance, state: .delivered,
                attempts: item.attempts + 1, status: nil, lastError: nil, endedAt: now)
            switch ending {
            case .delivered(let status, let warning): (note.status, note.lastError) = (status, warning)
            case .failed(let reason, let status): (note.state, note.status, note.lastError) = (.failed, status, reason)
            case .again: return nil
            }
            return note
        }
        guard !ended.isEmpty else { return }
        do {
            try ResultLedger(directory, key: batch.key).write(ended, to: destination.name)
        } catch {
            // The index still knows; only a rebuild of it would send these objects once more.
            logger.error(
                "a delivery cannot be noted beside its result", metadata: ["job": "\(batch.job)", "error": "\(error)"])
        }
    }

    private func split(_ batch: DeliveryBatch) -> (there: [DeliveryBatch.Item], gone: [DeliveryBatch.Item]) {
        let isThere = { (item: DeliveryBatch.Item) in
            FileManager.default.fileExists(atPath: self.directory.root.appendingPathComponent(item.path).path)
        }
        return (batch.items.filter(isThere), batch.items.filter { !isThere($0) })
    }

    private func ending(of item: DeliveryBatch.Item, _ answer: SendAnswer) -> DeliveryEnding {
        let reason: String
        var status: Int?
        let isRefusal: Bool
        switch answer {
        case .answered(let code, let comment):
            let words = StoreAnswer.words(code) + (comment.isEmpty ? "" : ": \(comment.printable())")
            status = Int(code)
            if StoreAnswer.isDelivered(code) {
                return .delivered(status: Int(code), warning: code == 0 ? nil : "delivered with a warning: \(words)")
            }
            reason = "\(destination.name) answered \(words)"
            isRefusal = !StoreAnswer.mayPass(code)
        case .unsent(let words, let isPermanent):
            reason = words.printable()
            isRefusal = isPermanent
        }
        let attempts = item.attempts + 1
        let tries = attempts == 1 ? "1 attempt" : "\(attempts) attempts"
        if isRefusal, item.refusals + 1 >= settings.maximumAttempts {
            return .failed(reason: "given up after \(tries); the last one: \(reason)", status: status)
        }
        let age = Date().timeIntervalSince(item.firstAttemptAt)
        if !isRefusal, age >= settings.giveUpAfter {
            return .failed(
                reason: "given up after \(tries) in \(Int(age)) s; the last one: \(reason)", status: status)
        }
        return .again(
            reason: reason, status: status, notBefore: Date() + wait(after: attempts), isRefusal: isRefusal)
    }

    /// Doubled at each try, bounded, and moved a little, so that gateways do not knock in step.
    func wait(after attempts: Int) -> Double {
        let plain = settings.initialBackoff * pow(2, Double(min(attempts - 1, 40)))
        return min(plain, settings.maximumBackoff) * (1 + 0.2 * min(max(jitter(), -1), 1))
    }

    /// Until this is done nothing else is sent here; after a crash before it, the identical objects are sent again.
    private func record(_ endings: [(id: Int64, ending: DeliveryEnding)], of batch: DeliveryBatch) {
        note(endings, of: batch)
        var delay = 0.2
        while true {
            do {
                try database.end(deliveries: endings, at: Date())
                break
            } catch {
                logger.error("a delivery cannot be recorded", metadata: ["job": "\(batch.job)", "error": "\(error)"])
                guard !stopping.isSet else { return }
                bell.wait(seconds: delay)
                delay = min(delay * 2, 10)
            }
        }
        for (_, ending) in endings {
            let about: Logger.Metadata = ["job": "\(batch.job)", "study": "\(batch.study)"]
            switch ending {
            case .delivered(_, let warning):
                logger.info("delivered", metadata: about.merging(["warning": "\(warning ?? "none")"]) { $1 })
            case .again(let reason, _, let date, _):
                logger.warning(
                    "delivery to be tried again",
                    metadata: about.merging(["reason": "\(reason)", "at": "\(date)"]) { $1 })
            case .failed(let reason, _):
                logger.error("delivery given up", metadata: about.merging(["reason": "\(reason)"]) { $1 })
            }
        }
    }
}
