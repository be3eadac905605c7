internal import CDCMTK

/// Sends objects to a peer, bit for bit as they lie in their files.
///
/// The functions block. The ones with `await` do so on a thread of their own.
public enum StorageSender {
    /// Asks a peer whether it is there (C-ECHO).
    ///
    /// - Returns: the time from the request to the answer, without the negotiation.
    public static func echo(_ peer: RemotePeer) throws(DICOMError) -> Duration {
        let verification = ContextKey(sopClass: "1.2.840.10008.1.1", transferSyntax: "1.2.840.10008.1.2")
        let association = try SendingAssociation(peer, [verification])
        var status: UInt16 = 0
        let begin = ContinuousClock.now
        try checked { pdx_sender_echo(association.sender, &status, $0) }
        let duration = ContinuousClock.now - begin
        guard status == 0 else {
            throw DICOMError(.rejected, "C-ECHO was answered with \(StoreStatus(rawValue: status))")
        }
        return duration
    }

    /// Sends files over one association, or over more where they need more than 128 presentation contexts.
    ///
    /// Each is sent in its own transfer syntax; nothing is converted. A file that cannot be read or that the peer
    /// refuses is named in its outcome and does not keep the others back. When the association breaks, the files that
    /// are left say so in their outcomes.
    ///
    /// - Returns: an outcome for each file, in their order.
    /// - Throws: `DICOMError` where no association could be opened at all.
    public static func send(_ files: [String], to peer: RemotePeer) throws(DICOMError) -> [FileOutcome] {
        var outcomes = files.map { FileOutcome(path: $0) }
        var groups: [[(index: Int, facts: HeaderFacts)]] = []
        var keys: [Set<ContextKey>] = []
        for (index, file) in files.enumerated() {
            do throws(HeaderScanError) {
                let facts = try HeaderScanner.scan(path: file)
                outcomes[index].sopInstanceUID = facts.sopInstanceUID
                let key = ContextKey(facts)
                if keys.isEmpty || (keys[keys.count - 1].count == 128 && !keys[keys.count - 1].contains(key)) {
                    keys.append([])
                    groups.append([])
                }
                keys[keys.count - 1].insert(key)
                groups[groups.count - 1].append((index, facts))
            } catch {
                outcomes[index].error = DICOMError(.malformed, "\(file): \(error)")
            }
        }
        for (group, keys) in zip(groups, keys) {
            let association: SendingAssociation
            do throws(DICOMError) {
                association = try SendingAssociation(peer, keys.sorted())
            } catch {
                // Nothing was sent yet, so the whole call failed; later the first objects did arrive.
                if outcomes.allSatisfy({ $0.status == nil }) { throw error }
                for (index, _) in group { outcomes[index].error = error }
                continue
            }
            for (index, facts) in group { association.send(&outcomes[index], facts) }
        }
        return outcomes
    }

    /// Asks a peer whether it is there, without blocking the caller's thread.
    public static func echo(_ peer: RemotePeer) async throws -> Duration {
        try await onOwnThread { try blockingEcho(peer) }
    }

    /// Sends files without blocking the caller's thread.
    public static func send(_ files: [String], to peer: RemotePeer) async throws -> [FileOutcome] {
        try await onOwnThread { try blockingSend(files, peer) }
    }

    // A synchronous function chooses the blocking overloads.
    private static func blockingEcho(_ peer: RemotePeer) throws -> Duration { try echo(peer) }

    private static func blockingSend(_ files: [String], _ peer: RemotePeer) throws -> [FileOutcome] {
        try send(files, to: peer)
    }
}

/// What a presentation context is for.
private struct ContextKey: Hashable, Comparable {
    var sopClass: String
    var transferSyntax: String

    init(sopClass: String, transferSyntax: String) {
        self.sopClass = sopClass
        self.transferSyntax = transferSyntax
    }

    init(_ facts: HeaderFacts) {
        self.init(sopClass: facts.sopClassUID.value, transferSyntax: facts.transferSyntaxUID.value)
    }

    static func < (left: ContextKey, right: ContextKey) -> Bool {
        (left.sopClass, left.transferSyntax) < (right.sopClass, right.transferSyntax)
    }

    func withContext<Result>(_ body: (UnsafePointer<pdx_context>) -> Result) -> Result {
        sopClass.withCString { sopClass in
            transferSyntax.withCString { syntax in
                withUnsafePointer(to: pdx_context(sop_class: sopClass, transfer_syntax: syntax), body)
            }
        }
    }
}

/// An association that was opened to send; released with the object.
private final class SendingAssociation {
    let sender: OpaquePointer

    init(_ peer: RemotePeer, _ keys: [ContextKey]) throws(DICOMError) {
        var sender: OpaquePointer?
        try checked { error in
            SendingAssociation.withContexts(keys) { contexts in
                peer.withOptions { options in
                    withUnsafePointer(to: options) { options in
                        pdx_sender_open(options, contexts, Int32(keys.count), &sender, error)
                    }
                }
            }
        }
        guard let sender else { throw DICOMError(.foreign, "the association was not made") }
        self.sender = sender
    }

    deinit { pdx_sender_close(sender) }

    func send(_ outcome: inout FileOutcome, _ facts: HeaderFacts) {
        var response = pdx_response()
        do throws(DICOMError) {
            try checked { error in
                ContextKey(facts).withContext { context in
                    pdx_sender_store(
                        sender, context, facts.sopInstanceUID.value, outcome.path, UInt64(facts.dataSetOffset),
                        &response, error)
                }
            }
            outcome.status = StoreStatus(rawValue: response.status)
            outcome.comment = harmlessText(of: response.comment)
        } catch {
            outcome.error = error
        }
    }

    /// Lends the contexts as a C array whose strings live in one buffer for as long.
    private static func withContexts(
        _ keys: [ContextKey], _ body: (UnsafePointer<pdx_context>) -> Int32
    ) -> Int32 {
        let texts = keys.flatMap { [Array($0.sopClass.utf8CString), Array($0.transferSyntax.utf8CString)] }
        return texts.flatMap { $0 }.withUnsafeBufferPointer { buffer in
            var starts: [UnsafePointer<CChar>] = []
            var next = buffer.baseAddress
            for text in texts {
                if let start = next { starts.append(start) }
                next = next.map { $0 + text.count }
            }
            let contexts = stride(from: 0, to: starts.count, by: 2).map {
                pdx_context(sop_class: starts[$0], transfer_syntax: starts[$0 + 1])
            }
            return contexts.withUnsafeBufferPointer { contexts in
                contexts.baseAddress.map(body) ?? Int32(PDX_INVALID_ARGUMENT)
            }
        }
    }
}

extension RemotePeer {
    fileprivate func withOptions<Result>(_ body: (pdx_sender_options) -> Result) -> Result {
        host.withCString { host in
            callingAETitle.value.withCString { calling in
                calledAETitle.value.withCString { called in
                    Implementation.classUID.value.withCString { implementationClass in
                        Implementation.versionName.withCString { version in
                            body(
                                pdx_sender_options(
                                    host: host, port: port, calling_title: calling, called_title: called,
                                    most_pdu: Int32(clamping: maximumPDU), connect_ms: connectTimeout.wholeMilliseconds,
                                    negotiation_ms: negotiationTimeout.wholeMilliseconds,
                                    response_ms: responseTimeout.wholeMilliseconds,
                                    implementation_class: implementationClass, implementation_version: version))
                        }
                    }
                }
            }
        }
    }
}
