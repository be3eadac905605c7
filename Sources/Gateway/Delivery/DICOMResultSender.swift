internal import DICOM

/// Sends results by C-STORE, all objects of a call over one association.
struct DICOMResultSender: ResultSender {
    private let callingAETitle: String
    private let timeout: Duration

    /// Takes the listener's AE title and the time-outs from a configuration.
    init(_ configuration: Configuration) {
        callingAETitle = configuration.dicom.aeTitle
        timeout = .seconds(configuration.delivery.timeout)
    }

    func send(_ objects: [OutgoingObject], to destination: Destination) throws -> [SendAnswer] {
        let outcomes: [FileOutcome]
        do throws(DICOMError) {
            outcomes = try StorageSender.send(objects.map(\.path), to: try peer(destination))
        } catch {
            return objects.map { _ in .unsent(reason: error.description, isPermanent: Self.isPermanent(error)) }
        }
        return objects.indices.map { index in
            guard index < outcomes.count else { return .unsent(reason: "the association ended before its turn") }
            let outcome = outcomes[index]
            if let status = outcome.status {
                return .answered(status: status.rawValue, comment: outcome.comment)
            }
            return .unsent(
                reason: outcome.error.map(\.description) ?? "the peer gave no answer",
                isPermanent: outcome.error.map(Self.isPermanent) ?? false)
        }
    }

    private func peer(_ destination: Destination) throws(DICOMError) -> RemotePeer {
        guard let port = UInt16(exactly: destination.port) else {
            throw DICOMError(.invalidArgument, "The destination \(destination.name) has the port \(destination.port).")
        }
        var peer = RemotePeer(
            host: destination.host, port: port, calledAETitle: try AETitle(destination.aeTitle),
            callingAETitle: try AETitle(destination.callingAETitle ?? callingAETitle))
        peer.connectTimeout = timeout
        peer.negotiationTimeout = timeout
        peer.responseTimeout = timeout
        return peer
    }

    /// Whether waiting cannot help: what is sent or what our configuration says has to change.
    ///
    /// A rejected association may pass, whatever the peer calls it: in the morning somebody enters our AE title there.
    static func isPermanent(_ error: DICOMError) -> Bool {
        switch error.code {
        case .invalidArgument, .invalidUID, .malformed, .unsupported, .noContext: true
        default: false
        }
    }
}
