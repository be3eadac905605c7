internal import CDCMTK
internal import Synchronization

/// A storage and verification provider: takes objects from peers, bit for bit as they send them.
///
/// Its threads are its own, one an association; nothing of it runs on the cooperative pool. What it serves: C-ECHO,
/// and C-STORE for every storage SOP class (those that DCMTK knows, all other ones below 1.2.840.10008.5.1.4.1.1, and
/// private ones) in whatever transfer syntax the peer proposes.
///
/// Where a peer proposes several transfer syntaxes in one presentation context, one of them is taken: the first of
/// explicit VR little endian, implicit VR little endian, explicit VR big endian, deflated, RLE, JPEG lossless (.57,
/// then .70) and JPEG-LS lossless that is among them, else the one that the peer names first. So a peer that could
/// send uncompressed does, and what was lossless stays so; a context with a single syntax is accepted whatever it is.
public final class StorageListener: Sendable {
    /// How a listener listens.
    public struct Configuration: Sendable {
        /// The address to listen on: `0.0.0.0` for every IPv4 one, `::` for IPv6 too.
        public var host = "0.0.0.0"

        /// The port, 0 for any that is free.
        public var port: UInt16 = 11112

        /// The titles that a peer may call; empty for any.
        public var calledAETitles: [AETitle] = []

        /// Who may call.
        public var peers = PeerPolicy.anyone

        /// Associations at a time; a surplus one is rejected as transient, with «local limit exceeded».
        public var maximumAssociations = 32

        /// Connections at a time that have not become an association; a surplus one pushes the oldest out.
        public var maximumPending = 64

        /// The longest PDU to receive, 4096 to 131072 bytes.
        public var maximumPDU = 131_072

        /// The time that a peer has from its connection to the end of the negotiation.
        public var negotiationTimeout = Duration.seconds(10)

        /// The longest silence between two messages.
        public var idleTimeout = Duration.seconds(60)

        /// The longest silence inside a message.
        public var transferTimeout = Duration.seconds(30)

        /// Makes a configuration that accepts everyone on port 11112.
        public init() {}
    }

    /// The port that the listener is bound to.
    public let port: UInt16

    private let handle: Mutex<Handle?>

    /// Binds and begins to accept.
    ///
    /// - Throws: `DICOMError` where the configuration makes no sense, the address cannot be bound or DCMTK's data
    ///   dictionary is missing.
    public init(_ configuration: Configuration, handler: any StorageHandler) throws(DICOMError) {
        try configuration.validate()
        let callbacks = ListenerCallbacks(configuration: configuration, handler: handler)
        let owner = Unmanaged.passRetained(callbacks)
        var functions = ListenerCallbacks.functions(context: owner.toOpaque())
        var listener: OpaquePointer?
        do throws(DICOMError) {
            try checked { error in
                configuration.withOptions { options in
                    withUnsafePointer(to: options) { pdx_listener_open($0, &functions, &listener, error) }
                }
            }
        } catch {
            owner.release()
            throw error
        }
        guard let listener else {
            owner.release()
            throw DICOMError(.foreign, "the listener was not made")
        }
        port = pdx_listener_port(listener)
        handle = Mutex(Handle(listener: listener, callbacks: owner))
    }

    deinit { stop(grace: .zero) }

    /// The number of associations that are open.
    public var openAssociations: Int {
        handle.withLock { $0.map { Int(pdx_listener_open_associations($0.listener)) } ?? 0 }
    }

    /// Stops accepting, lets every association end its present message within the grace time, aborts what is left and
    /// joins every thread.
    ///
    /// Blocks, so call it on a thread that may, and never from a handler's function. A second call does nothing.
    public func stop(grace: Duration) {
        let taken = handle.withLock { handle in
            defer { handle = nil }
            return handle
        }
        guard let taken else { return }
        pdx_listener_stop(taken.listener, grace.wholeMilliseconds)
        taken.callbacks.release()
    }
}

/// The C listener and what keeps its callbacks alive.
///
/// `@unchecked Sendable` is right because the listener's functions may be called from any thread, and the mutex around
/// the handle hands it to one caller of `pdx_listener_stop` only.
private struct Handle: @unchecked Sendable {
    let listener: OpaquePointer
    let callbacks: Unmanaged<ListenerCallbacks>
}

extension StorageListener.Configuration {
    func validate() throws(DICOMError) {
        let problem: String? =
            switch true {
            case !(4096...131_072).contains(maximumPDU): "the maximum PDU is not in 4096 ... 131072"
            case maximumPDU % 2 != 0: "the maximum PDU is odd"
            case !(1...10_000).contains(maximumAssociations): "the maximum of associations is not in 1 ... 10000"
            case !(1...10_000).contains(maximumPending): "the maximum of pending connections is not in 1 ... 10000"
            case negotiationTimeout <= .zero || idleTimeout <= .zero || transferTimeout <= .zero:
                "a time-out is not positive"
            default: nil
            }
        if let problem { throw DICOMError(.invalidArgument, "DICOM listener: \(problem)") }
    }

    func withOptions<Result>(_ body: (pdx_listener_options) -> Result) -> Result {
        host.withCString { host in
            Implementation.classUID.value.withCString { implementationClass in
                Implementation.versionName.withCString { version in
                    body(
                        pdx_listener_options(
                            host: host, port: port, most_associations: Int32(maximumAssociations),
                            most_pending: Int32(maximumPending), most_pdu: Int32(maximumPDU),
                            negotiation_ms: negotiationTimeout.wholeMilliseconds,
                            idle_ms: idleTimeout.wholeMilliseconds, transfer_ms: transferTimeout.wholeMilliseconds,
                            implementation_class: implementationClass, implementation_version: version))
                }
            }
        }
    }
}

extension Duration {
    /// Milliseconds, rounded up, as far as 32 bits go.
    var wholeMilliseconds: Int32 {
        let milliseconds = self / .milliseconds(1)
        return Int32(clamping: Int(min(max(milliseconds.rounded(.up), 0), 2_000_000_000)))
    }
}
