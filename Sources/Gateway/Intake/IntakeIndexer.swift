internal import Dispatch
internal import Foundation
internal import Logging
public import ServiceLifecycle
public import Store
internal import Synchronization

/// An object that has come into the index, or was there before.
struct IndexedObject: Sendable, Equatable {
    var study: String
    var series: String
    /// It was not in the index before.
    var isNew: Bool
    /// When it was received or found, on the clock of ``Monotonic``.
    var moment: Double
}

/// Takes received objects into the index, in batches, behind the back of the associations.
///
/// An association's thread only puts an object's facts into a bounded queue; its file is durable by then, so nothing
/// is lost with the queue. A full queue holds the association up for a while (back-pressure); if the index still does
/// not move, the object is left to the reconciler, and intake goes on.
public final class IntakeIndexer: Service {
    private struct State {
        var queue: [(object: ReceivedInstance, moment: Double)] = []
        var submitted: UInt64 = 0
        var committed: UInt64 = 0
        var waiters: [(target: UInt64, semaphore: DispatchSemaphore)] = []
        var hasMissed = false
        var isClosed = false
    }

    private let database: IndexDatabase
    private let logger: Logger
    private let capacity: Int
    private let patience: Double
    private let state = Mutex(State())
    private let bell = Doorbell()
    private let stopping = Latch()
    private let onIndexed: @Sendable ([IndexedObject]) -> Void
    private let onMissed: @Sendable () -> Void

    private static let batchLimit = 512
    /// Seconds that the first object of a batch waits for company.
    private static let linger = 0.03

    /// Makes an indexer.
    /// - Parameters:
    ///   - capacity: Objects that may wait.
    ///   - patience: Seconds that a full queue holds an association up.
    ///   - onIndexed: Told of each committed batch, on the indexing thread; must not block.
    ///   - onMissed: Told when objects were left to the reconciler and the index moves again.
    init(
        database: IndexDatabase, logger: Logger, capacity: Int = 10_000, patience: Double = 5,
        onIndexed: @escaping @Sendable ([IndexedObject]) -> Void, onMissed: @escaping @Sendable () -> Void = {}
    ) {
        self.database = database
        self.logger = logger
        self.capacity = capacity
        self.patience = patience
        self.onIndexed = onIndexed
        self.onMissed = onMissed
    }

    /// Takes an object whose file is durable; blocks only while the queue is full.
    ///
    /// After the end of the service nothing is taken: the file is found by the next start.
    public func submit(_ object: ReceivedInstance) {
        let moment = Monotonic.now
        if append(object, moment) == .full {
            let target = state.withLock { $0.committed + 1 }
            wait(for: target, seconds: patience)
            if append(object, moment) == .full {
                state.withLock { $0.hasMissed = true }
                logger.warning(
                    "the index does not keep up, an object is left to the reconciler",
                    metadata: ["study": "\(object.study)", "instance": "\(object.instance)"])
            }
        }
        bell.ring()
    }

    /// Blocks until everything that was submitted before is in the index, or the service has ended.
    public func drain() {
        let target = state.withLock { $0.submitted }
        bell.ring()
        wait(for: target, seconds: nil)
    }

    /// Runs until graceful shutdown; what is in the queue then is still taken.
    public func run() async throws {
        try await runThreaded(
            name: "index",
            stop: { [self] in
                stopping.set()
                bell.ring()
            }, work: { [self] in work() })
    }

    private enum Appending { case taken, full, closed }

    private func append(_ object: ReceivedInstance, _ moment: Double) -> Appending {
        state.withLock { state in
            guard !state.isClosed else { return .closed }
            guard state.queue.count < capacity else { return .full }
            state.queue.append((object, moment))
            state.submitted += 1
            return .taken
        }
    }

    private func wait(for target: UInt64, seconds: Double?) {
        let semaphore = DispatchSemaphore(value: 0)
        let mustWait = state.withLock { state in
            guard state.committed < target, !state.isClosed else { return false }
            state.waiters.append((target, semaphore))
            return true
        }
        guard mustWait else { return }
        if let seconds {
            _ = semaphore.wait(timeout: .now() + seconds)
        } else {
            semaphore.wait()
        }
    }

    private func work() {
        var pause = 0.0
        while true {
            let batch = state.withLock { Array($0.queue.prefix(Self.batchLimit)) }
            if batch.isEmpty {
                if stopping.isSet { break }
                bell.wait(seconds: nil)
                // A short wait lets a stream of objects share transactions; nobody waits for the index.
                if !stopping.isSet { Thread.sleep(forTimeInterval: Self.linger) }
                continue
            }
            do {
                let news = try write(batch.map(\.object))
                pause = 0
                finish(batch, news)
            } catch {
                logger.error("the index could not be written, trying again", metadata: ["error": "\(error)"])
                if stopping.isSet { break }
                pause = min(max(0.5, pause * 2), 10)
                bell.wait(seconds: pause)
            }
        }
        close()
    }

    /// Writes a batch as one, or, where that fails for a reason of its content, one by one.
    private func write(_ batch: [ReceivedInstance]) throws -> [Bool?] {
        do {
            return try database.index(batch)
        } catch let error as StoreError where error.isConstraint {
            return try batch.map { object in
                do {
                    return try database.index([object]).first
                } catch let error as StoreError where error.isConstraint {
                    logger.error(
                        "an object does not fit into the index and is left out",
                        metadata: ["instance": "\(object.instance)", "error": "\(error)"])
                    return nil
                }
            }
        }
    }

    private func finish(_ batch: [(object: ReceivedInstance, moment: Double)], _ news: [Bool?]) {
        onIndexed(
            zip(batch, news).compactMap { item, isNew in
                isNew.map {
                    IndexedObject(
                        study: item.object.study, series: item.object.series, isNew: $0, moment: item.moment)
                }
            })
        let (ready, missed) = state.withLock { state in
            state.queue.removeFirst(batch.count)
            state.committed += UInt64(batch.count)
            let ready = state.waiters.filter { $0.target <= state.committed }
            state.waiters.removeAll { $0.target <= state.committed }
            defer { state.hasMissed = false }
            return (ready.map(\.semaphore), state.hasMissed)
        }
        for semaphore in ready { semaphore.signal() }
        if missed { onMissed() }
    }

    private func close() {
        let waiters = state.withLock { state in
            state.isClosed = true
            defer { state.waiters = [] }
            return state.waiters.map(\.semaphore)
        }
        for semaphore in waiters { semaphore.signal() }
    }
}

extension StoreError {
    /// SQLite refused the row for what is in it, so that trying again cannot help.
    fileprivate var isConstraint: Bool {
        // SQLITE_CONSTRAINT, SQLITE_MISMATCH and SQLITE_TOOBIG in the low byte of the extended code.
        guard let sqliteCode else { return false }
        return [19, 20, 18].contains(sqliteCode & 0xFF)
    }
}
