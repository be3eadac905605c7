internal import Foundation
internal import Logging
internal import ServiceLifecycle
internal import Store

/// The services between the listener and the PACS, wired together: index, assembly and matching, jobs, delivery.
struct GatewayServices: Sendable {
    /// Takes received objects into the index.
    let indexer: IntakeIndexer
    /// Says when studies are complete, and has them decided on.
    let assembly: AssemblyService
    /// Runs jobs.
    let jobs: JobService
    /// Sends results.
    let deliveries: DeliveryService
    /// Hands what the listener stores to the indexer.
    let recorder: IntakeRecorder
    /// Takes what commands ask for.
    let control: ControlService

    /// In the order in which they start; graceful shutdown goes the other way.
    var all: [any Service] { [indexer, deliveries, jobs, assembly, control] }

    /// Wires the services; nothing is started yet.
    /// - Parameters:
    ///   - memory: How the kernel limits workers.
    ///   - scan: Reads the header of a file that the index does not know.
    init(
        configuration: Configuration, directory: DataDirectory, database: IndexDatabase, sender: any ResultSender,
        worker: WorkerExecutable, memory: MemoryEnforcement = .none, timing: SupervisionTiming = SupervisionTiming(),
        logger: Logger,
        scan: @escaping @Sendable (URL) throws -> ReceivedInstance = { try ReceivedInstance(scanning: $0) }
    ) throws {
        let inbox = AssemblyInbox()
        let indexer = IntakeIndexer(
            database: database, logger: logger, onIndexed: { inbox.put($0) },
            onMissed: { inbox.requestReconciliation() })
        let deliveries = DeliveryService(
            configuration: configuration, directory: directory, database: database, sender: sender, logger: logger)
        let jobs = try JobService(
            configuration: configuration, directory: directory, database: database, executable: worker,
            memory: memory, timing: timing, logger: logger, onResults: { deliveries.wake() })
        let matcher = Matcher(
            database: database, deployments: configuration.deployments, logger: logger, onJobs: { jobs.wake() })
        assembly = AssemblyService(
            database: database, settings: configuration.completion, indexer: indexer, inbox: inbox,
            reconciler: Reconciler(
                directory: directory, database: database, logger: logger, scan: scan,
                take: { indexer.submit($0) }), logger: logger,
            complete: { matcher.complete($0, reason: $1) })
        recorder = IntakeRecorder(indexer: indexer, database: database, logger: logger)
        let desk = ControlDesk(
            database: database, deployments: configuration.deployments.map(\.name), logger: logger,
            onChange: { jobs.wake() })
        control = try ControlService(directory: directory, logger: logger) { desk.perform($0, at: Date()) }
        self.indexer = indexer
        self.deliveries = deliveries
        self.jobs = jobs
    }
}
