internal import CDCMTK

/// The functions that the C listener calls, on the threads of its associations.
///
/// They are static and isolated to nothing: a closure formed in the isolation of an actor traps on a foreign thread.
final class ListenerCallbacks: Sendable {
    private let calledTitles: Set<AETitle>
    private let peers: PeerPolicy
    private let handler: any StorageHandler

    init(configuration: StorageListener.Configuration, handler: any StorageHandler) {
        calledTitles = Set(configuration.calledAETitles)
        peers = configuration.peers
        self.handler = handler
    }

    /// The table for C; `context` is an unmanaged `ListenerCallbacks`.
    nonisolated static func functions(context: UnsafeMutableRawPointer) -> pdx_handler {
        pdx_handler(
            context: context,
            admit: { context, association, admission in
                guard let callbacks = ListenerCallbacks.of(context) else { return }
                admission.pointee = callbacks.admit(association.pointee)
            },
            will_store: { context, request, decision in
                guard let callbacks = ListenerCallbacks.of(context) else { return }
                callbacks.willStore(request.pointee, &decision.pointee)
            },
            did_receive: { context, object, response in
                guard let callbacks = ListenerCallbacks.of(context) else { return }
                callbacks.didReceive(object.pointee, &response.pointee)
            },
            event: { context, event in
                guard let callbacks = ListenerCallbacks.of(context) else { return }
                callbacks.event(event.pointee)
            })
    }

    private static func of(_ context: UnsafeMutableRawPointer?) -> ListenerCallbacks? {
        context.map { Unmanaged<ListenerCallbacks>.fromOpaque($0).takeUnretainedValue() }
    }

    private func admit(_ association: pdx_association) -> pdx_admission {
        let info = AssociationInfo(association)
        if !calledTitles.isEmpty {
            guard let called = AETitle(received: info.calledAETitle), calledTitles.contains(called) else {
                return pdx_admission(.calledAETitleNotRecognized)
            }
        }
        guard peers.allows(callingTitle: info.callingAETitle, address: info.peerAddress) else {
            return pdx_admission(.callingAETitleNotRecognized)
        }
        return switch handler.admit(info) {
        case .accept: pdx_admission()
        case .refuse(let refusal): pdx_admission(refusal)
        }
    }

    private func willStore(_ request: pdx_store_request, _ decision: inout pdx_store_decision) {
        guard let known = StoreRequest(request) else {
            decision.status = StoreStatus.cannotUnderstand.rawValue
            put("a UID of the request is not valid", into: &decision.comment)
            return
        }
        switch handler.willStore(known) {
        case .receive(let path, let mostBytes):
            guard path.utf8.count < Int(PDX_PATH_SIZE) else {
                decision.status = StoreStatus.outOfResources.rawValue
                put("the path of the temporary file is too long", into: &decision.comment)
                return
            }
            decision.status = 0
            decision.most_bytes = mostBytes
            put(path, into: &decision.path)
        case .refuse(let response):
            decision.status = response.status.rawValue
            put(response.comment, into: &decision.comment)
        }
    }

    private func didReceive(_ object: pdx_received, _ response: inout pdx_response) {
        guard let request = StoreRequest(object.request.pointee) else {
            response.status = StoreStatus.cannotUnderstand.rawValue
            return
        }
        let answer = handler.didReceive(
            ReceivedObject(
                request: request, path: String(cString: object.path), descriptor: object.descriptor,
                dataOffset: object.data_offset, byteCount: object.size))
        response.status = answer.status.rawValue
        put(answer.comment, into: &response.comment)
    }

    private func event(_ event: pdx_event) {
        guard let kind = AssociationEvent.Kind(event) else { return }
        handler.event(
            AssociationEvent(
                kind: kind, association: AssociationInfo(event.association.pointee), wasOpen: event.was_open != 0,
                storedObjects: event.stored, failedObjects: event.failed, detail: String(cString: event.detail)))
    }
}

extension AssociationInfo {
    init(_ association: pdx_association) {
        self.init(
            id: association.number, callingAETitle: harmlessText(of: association.calling_title),
            calledAETitle: harmlessText(of: association.called_title),
            peerAddress: harmlessText(of: association.address), peerPort: association.port,
            implementationClassUID: harmlessText(of: association.implementation_class),
            implementationVersionName: harmlessText(of: association.implementation_version))
    }
}

extension StoreRequest {
    init?(_ request: pdx_store_request) {
        guard let sopClass = UID(text(of: request.sop_class)), let instance = UID(text(of: request.sop_instance)),
            let syntax = UID(text(of: request.transfer_syntax))
        else { return nil }
        self.init(
            association: AssociationInfo(request.association.pointee), sopClassUID: sopClass, sopInstanceUID: instance,
            transferSyntaxUID: syntax, messageID: request.message_id)
    }
}

extension pdx_admission {
    init(_ refusal: AssociationRefusal) {
        self.init(result: refusal.result, source: refusal.source, reason: refusal.reason)
    }
}

extension AssociationEvent.Kind {
    init?(_ event: pdx_event) {
        let admission = event.admission
        switch Int(event.kind) {
        case Int(PDX_EVENT_OPENED): self = .opened
        case Int(PDX_EVENT_REFUSED):
            self = .refused(
                AssociationRefusal(result: admission.result, source: admission.source, reason: admission.reason))
        case Int(PDX_EVENT_RELEASED): self = .released
        case Int(PDX_EVENT_ABORTED): self = .aborted
        case Int(PDX_EVENT_TIMED_OUT): self = .timedOut
        case Int(PDX_EVENT_PROTOCOL_ERROR): self = .protocolError
        case Int(PDX_EVENT_STOPPED): self = .stopped
        case Int(PDX_EVENT_OBJECT_FAILED): self = .objectFailed
        case Int(PDX_EVENT_OBJECT_DISCARDED): self = .objectDiscarded
        case Int(PDX_EVENT_NOT_ACCEPTING): self = .notAccepting
        default: return nil
        }
    }
}
