internal import Dispatch
internal import Foundation
internal import Logging
public import ServiceLifecycle
internal import Store
internal import Synchronization

/// Drives ``AssemblyMachine``: hands it what the indexer reports, sleeps until its next deadline, and has complete
/// studies decided on.
///
/// Its state is the index: objects that belong to no revision. A restart takes open studies up as if their last
/// object had come at the start, because silence while nobody listened is no silence: a peer that was cut off sends
/// the rest again. The cap goes on from the first object, but leaves the peer one quiet time. Nothing is decided
/// before the studies folder has been compared with the index once, and nothing on a study of which that failed.
public final class AssemblyService: Service {
    /// What became of a study that was to be completed.
    enum Completed: Sendable, Equatable {
        /// It is recorded, or there was nothing to record.
        case settled
        /// It could not be settled now; try again.
        case later
    }

    /// A complete study whose decision could not be recorded yet.
    private struct Unsettled {
        var study: String
        var reason: AssemblyMachine.Reason
        var due: Double
    }

    private let database: IndexDatabase
    private let settings: CompletionSettings
    private let indexer: IntakeIndexer
    private let reconciler: Reconciler
    private let complete: @Sendable (String, AssemblyMachine.Reason) -> Completed
    private let inbox: AssemblyInbox
    private let stopping = Latch()
    private let walked = WalkLedger()
    private let logger: Logger
    /// Seconds after which a study is tried again that could not be settled.
    private let retryDelay: Double

    /// Makes the service.
    /// - Parameter complete: Decides on a complete study; called on the service's thread.
    init(
        database: IndexDatabase, settings: CompletionSettings, indexer: IntakeIndexer, inbox: AssemblyInbox,
        reconciler: Reconciler, logger: Logger, retryDelay: Double = 5,
        complete: @escaping @Sendable (String, AssemblyMachine.Reason) -> Completed
    ) {
        self.database = database
        self.settings = settings
        self.indexer = indexer
        self.inbox = inbox
        self.reconciler = reconciler
        self.logger = logger
        self.retryDelay = retryDelay
        self.complete = complete
    }

    /// Runs until graceful shutdown; studies that are open then are taken up by the next start.
    public func run() async throws {
        try await runThreaded(
            name: "assembly",
            stop: { [self] in
                stopping.set()
                inbox.bell.ring()
            }, work: { [self] in try work() })
    }

    private func work() throws {
        var machine = AssemblyMachine(settings)
        var unsettled: [Unsettled] = []
        try restore(&machine)
        // The walk takes as long as the folder is large; what it finds comes through the indexer like the rest.
        let walks = DispatchGroup()
        reconcile(walks)
        while !stopping.isSet {
            take(into: &machine, walks)
            if let again = walked.takeDue(at: Monotonic.now) { reconcile(walks, only: again.studies) }
            var deadline = ([machine.nextDeadline] + unsettled.map(\.due)).compactMap(\.self).min()
            // A study of which only a part is indexed must not be taken for whole: the walk's end rings the bell.
            if !walked.isDone { deadline = nil }
            if let deadline, deadline <= Monotonic.now {
                // An object may be durable and acknowledged, but not indexed yet: it counts, so wait for it.
                indexer.drain()
                take(into: &machine, walks)
                settle(machine.advance(to: Monotonic.now), &unsettled)
            } else {
                let next = [deadline, walked.due].compactMap(\.self).min()
                inbox.bell.wait(seconds: next.map { $0 - Monotonic.now })
            }
        }
        walks.wait()
    }

    private func restore(_ machine: inout AssemblyMachine) throws {
        let (wall, now) = (Date(), Monotonic.now)
        let latest = max(settings.studyQuiet, settings.seriesQuiet) - settings.cap
        for open in try database.openSeries() {
            let age = max(0, wall.timeIntervalSince(open.first))
            machine.restore(
                study: open.study, series: open.series, objects: open.objects,
                first: min(now, max(now - age, now + latest)), last: now)
        }
        if machine.openStudies > 0 {
            logger.info("open studies are taken up again", metadata: ["studies": "\(machine.openStudies)"])
        }
    }

    private func take(into machine: inout AssemblyMachine, _ walks: DispatchGroup) {
        let (objects, mustReconcile) = inbox.take()
        for object in objects {
            machine.handle(
                .object(study: object.study, series: object.series, isNew: object.isNew), at: object.moment)
        }
        if mustReconcile { reconcile(walks) }
    }

    /// Compares the studies folder with the index on a thread of its own; what fails is tried again later.
    private func reconcile(_ walks: DispatchGroup, only: Set<String>? = nil) {
        walks.enter()
        let walk = Thread { [self] in
            defer {
                inbox.bell.ring()
                walks.leave()
            }
            do {
                let report = try reconciler.run(only: only) { stopping.isSet }
                walked.note(only, failed: report.failed, retryDelay: retryDelay)
                logger.info(
                    report.failed.isEmpty
                        ? "the index agrees with the studies folder"
                        : "the index agrees with the studies folder, but for some studies",
                    metadata: [
                        "found": "\(report.found)", "unreadable": "\(report.unreadable)",
                        "forgotten": "\(report.forgotten)", "vanished": "\(report.vanished)",
                        "quarantined": "\(report.quarantined)", "failed": "\(report.failed.count)",
                    ])
            } catch {
                walked.noteFailure(only, retryDelay: retryDelay)
                logger.error(
                    "the studies folder could not be compared with the index; nothing is decided until it can",
                    metadata: ["error": "\("\(error)".printable())"])
            }
        }
        walk.name = "reconcile"
        walk.start()
    }

    /// Has complete studies decided on, those first that could not be settled before.
    private func settle(_ actions: [AssemblyMachine.Action], _ unsettled: inout [Unsettled]) {
        let now = Monotonic.now
        var due = unsettled.filter { $0.due <= now }.map { ($0.study, $0.reason) }
        unsettled.removeAll { $0.due <= now }
        for action in actions {
            switch action {
            case .seriesClosed(let study, let series):
                logger.debug("series closed", metadata: ["study": "\(study)", "series": "\(series)"])
            case .complete(let study, let reason):
                due.append((study, reason))
            }
        }
        for (study, reason) in due where walked.isFailed(study) || complete(study, reason) == .later {
            unsettled.append(Unsettled(study: study, reason: reason, due: Monotonic.now + retryDelay))
        }
    }
}

/// Carries what the indexer reports to the assembly thread.
final class AssemblyInbox: Sendable {
    private struct State {
        var objects: [IndexedObject] = []
        var mustReconcile = false
    }

    let bell = Doorbell()
    private let state = Mutex(State())

    /// Takes a batch; never blocks.
    func put(_ objects: [IndexedObject]) {
        state.withLock { $0.objects += objects }
        bell.ring()
    }

    /// Asks for a comparison with the studies folder.
    func requestReconciliation() {
        state.withLock { $0.mustReconcile = true }
        bell.ring()
    }

    /// What has come since the last call.
    func take() -> (objects: [IndexedObject], mustReconcile: Bool) {
        state.withLock { state in
            defer { state = State() }
            return (state.objects, state.mustReconcile)
        }
    }
}
