import DICOM
import Foundation
import Logging
import ServiceLifecycle
import Store
import UnixSignals

/// All services of `portico serve`, wired together.
struct Server {
    private let configuration: Configuration
    private let logger: Logger
    private let lock: DataDirectory.Claim
    private let services: GatewayServices
    private let listener: ListenerService

    /// Claims the data directory, opens the index and binds the port.
    ///
    /// - Throws: where the directory is in use, the database is newer than the program or the port is taken.
    init(configuration: Configuration, logger: Logger) throws {
        self.configuration = configuration
        self.logger = logger
        let directory = DataDirectory(configuration.dataDirectory)
        lock = try directory.claim()
        let database = try IndexDatabase(serving: directory)
        let memory = MemoryEnforcement(configuration.workers)
        logger.info("memory of workers", metadata: ["limit": "\(memory.words)"])
        let limits = memory.limits(configuration.workers)
        services = try GatewayServices(
            configuration: configuration, directory: directory, database: database,
            sender: DICOMResultSender(configuration), worker: .portico(arguments: ["worker"] + limits.arguments),
            memory: memory, logger: logger)
        let store = try DurableStore(
            DurableStore.Configuration(
                root: directory.root.path,
                minimumFreeBytes: UInt64(clamping: configuration.dicom.minimumFreeBytes)),
            observer: services.recorder)
        listener = try ListenerService(configuration.dicom, handler: store)
    }

    /// How peers reach the listener: `DICOM AETITLE on HOST:PORT`.
    var address: String {
        "DICOM \(configuration.dicom.aeTitle) on \(configuration.dicom.host):\(listener.port)"
    }

    /// Runs until SIGTERM or SIGINT, then ends everything in order, the listener first.
    func run() async throws {
        let group = ServiceGroup(
            configuration: ServiceGroupConfiguration(
                services: (services.all + [listener]).map {
                    ServiceGroupConfiguration.ServiceConfiguration(service: $0)
                },
                gracefulShutdownSignals: [.sigterm, .sigint], logger: logger))
        try await group.run()
        withExtendedLifetime(lock) {}
    }
}

/// The listener as a service: it runs from its making until graceful shutdown.
struct ListenerService: Service {
    private let listener: StorageListener
    private let grace: Duration

    /// Binds and begins to listen.
    init(_ settings: DICOMSettings, handler: any StorageHandler, grace: Duration = .seconds(10)) throws {
        var configuration = StorageListener.Configuration()
        configuration.host = settings.host
        configuration.port = UInt16(clamping: settings.port)
        configuration.calledAETitles = [try AETitle(settings.aeTitle)]
        configuration.peers =
            settings.acceptAnyPeer
            ? .anyone
            : .listed(try settings.peers.map { PeerRule(aeTitle: try AETitle($0.aeTitle), hosts: $0.hosts) })
        configuration.maximumAssociations = settings.maximumAssociations
        configuration.maximumPDU = settings.maximumPDU
        configuration.negotiationTimeout = .seconds(settings.negotiationTimeout)
        configuration.idleTimeout = .seconds(settings.idleTimeout)
        listener = try StorageListener(configuration, handler: handler)
        self.grace = grace
    }

    /// The port that is bound.
    var port: Int { Int(listener.port) }

    func run() async throws {
        try? await gracefulShutdown()
        let listener = listener
        let grace = grace
        try await BlockingThread.run(name: "listener stop") { listener.stop(grace: grace) }
    }
}
