public import Foundation

/// A DICOM association in bytes (PS3.8 §9.3), for tests that need many of them or need to break one off.
///
/// Everything blocks: call it inside `onThread`.
public final class RawAssociation: Sendable {
    /// How the peer answered the request (PS3.8 §9.3.4).
    public enum Answer: Sendable, Equatable {
        /// Accepted; the identifiers of the accepted presentation contexts.
        case accepted([UInt8])
        /// Refused.
        case rejected(result: UInt8, source: UInt8, reason: UInt8)
        /// A-ABORT, or the connection ended.
        case aborted
    }

    /// A presentation context that is proposed.
    public struct Context: Sendable {
        var abstractSyntax: String
        var transferSyntax: String

        /// Makes a context.
        public init(abstractSyntax: String, transferSyntax: String = "1.2.840.10008.1.2.1") {
            self.abstractSyntax = abstractSyntax
            self.transferSyntax = transferSyntax
        }

        /// C-ECHO.
        public static let verification = Context(abstractSyntax: "1.2.840.10008.1.1")
    }

    private let socket: RawSocket

    /// Connects; nothing is said yet.
    public init(port: Int, patience: Duration = .seconds(60)) throws {
        socket = try RawSocket(port: port, patience: patience)
    }

    /// Asks for the association and waits for the answer.
    public func request(called: String, calling: String, contexts: [Context] = [.verification]) throws -> Answer {
        try socket.send(Self.request(called: called, calling: calling, contexts: contexts))
        guard let pdu = try receivePDU() else { return .aborted }
        switch pdu.type {
        case 0x02: return .accepted(Self.acceptedContexts(pdu.body))
        case 0x03 where pdu.body.count >= 4:
            return .rejected(result: pdu.body[1], source: pdu.body[2], reason: pdu.body[3])
        default: return .aborted
        }
    }

    /// C-ECHO; its status, or `nil` where the association ended.
    public func echo(context: UInt8 = 1) throws -> UInt16? {
        let command = DIMSECommand(field: 0x0030, sopClass: "1.2.840.10008.1.1", hasDataSet: false)
        try send(command.bytes, context: context, isCommand: true)
        return try receiveStatus()
    }

    /// C-STORE of a data set, in fragments; its status, or `nil` where the association ended.
    public func store(sopClass: String, sopInstance: String, dataSet: Data, context: UInt8) throws -> UInt16? {
        try beginStore(sopClass: sopClass, sopInstance: sopInstance, context: context)
        try send(dataSet, context: context, isCommand: false)
        return try receiveStatus()
    }

    /// C-STORE that stops in the middle of the data set.
    public func storeHalf(sopClass: String, sopInstance: String, dataSet: Data, context: UInt8) throws {
        try beginStore(sopClass: sopClass, sopInstance: sopInstance, context: context)
        try send(dataSet.prefix(dataSet.count / 2), context: context, isCommand: false, isWhole: false)
    }

    /// A-RELEASE, waiting for the answer and the end of the connection.
    public func release() throws {
        try socket.send([0x05, 0, 0, 0, 0, 4, 0, 0, 0, 0])
        _ = try receivePDU()
        socket.shutDown()
    }

    /// A-ABORT, and the end of the connection.
    public func abort() throws {
        try socket.send([0x07, 0, 0, 0, 0, 4, 0, 0, 0, 0])
        socket.shutDown()
    }

    /// Waits until the peer ends the connection; what it sends before is thrown away.
    public func waitForEnd() throws {
        while try !socket.receive().isEmpty {}
    }

    private func beginStore(sopClass: String, sopInstance: String, context: UInt8) throws {
        let command = DIMSECommand(field: 0x0001, sopClass: sopClass, sopInstance: sopInstance, hasDataSet: true)
        try send(command.bytes, context: context, isCommand: true)
    }

    private func send(_ bytes: Data, context: UInt8, isCommand: Bool, isWhole: Bool = true) throws {
        let largest = 16_000
        var rest = bytes[...]
        repeat {
            let part = rest.prefix(largest)
            rest = rest.dropFirst(largest)
            let isLast = rest.isEmpty && isWhole
            var pdu = Data([0x04, 0]) + Self.big32(part.count + 6) + Self.big32(part.count + 2)
            pdu += [context, (isCommand ? 1 : 0) | (isLast ? 2 : 0)]
            try socket.send(pdu + part)
        } while !rest.isEmpty
    }

    private func receivePDU() throws -> (type: UInt8, body: [UInt8])? {
        guard let head = try socket.receive(exactly: 6) else { return nil }
        let length = head[2...].reduce(0) { $0 << 8 | Int($1) }
        guard let body = try socket.receive(exactly: length) else { return nil }
        return (head[0], body)
    }

    /// The status of a response that fits into one P-DATA, as responses without a data set do.
    private func receiveStatus() throws -> UInt16? {
        guard let pdu = try receivePDU(), pdu.type == 0x04 else { return nil }
        let status: [UInt8] = [0x00, 0x00, 0x00, 0x09, 0x02, 0x00, 0x00, 0x00]
        guard let place = Data(pdu.body).range(of: Data(status)), place.upperBound + 1 < pdu.body.count else {
            return nil
        }
        return UInt16(pdu.body[place.upperBound]) | UInt16(pdu.body[place.upperBound + 1]) << 8
    }
}

extension RawAssociation {
    private static func request(called: String, calling: String, contexts: [Context]) -> Data {
        var body = Data([0, 1, 0, 0])
        for title in [called, calling] { body += Data(title.padding(toLength: 16, withPad: " ", startingAt: 0).utf8) }
        body += Data(count: 32)
        body += item(0x10, Data("1.2.840.10008.3.1.1.1".utf8))
        for (index, context) in contexts.enumerated() {
            let syntaxes =
                item(0x30, Data(context.abstractSyntax.utf8)) + item(0x40, Data(context.transferSyntax.utf8))
            body += item(0x20, Data([UInt8(2 * index + 1), 0, 0, 0]) + syntaxes)
        }
        let user = item(0x51, big32(16_384)) + item(0x52, Data("2.25.1".utf8)) + item(0x55, Data("PORTICOTEST".utf8))
        body += item(0x50, user)
        return Data([0x01, 0]) + big32(body.count) + body
    }

    private static func acceptedContexts(_ body: [UInt8]) -> [UInt8] {
        var accepted: [UInt8] = []
        var place = 68
        while place + 4 <= body.count {
            let length = Int(body[place + 2]) << 8 | Int(body[place + 3])
            if body[place] == 0x21, place + 8 <= body.count, body[place + 6] == 0 { accepted.append(body[place + 4]) }
            place += 4 + length
        }
        return accepted
    }

    private static func item(_ type: UInt8, _ body: Data) -> Data {
        Data([type, 0, UInt8(truncatingIfNeeded: body.count >> 8), UInt8(truncatingIfNeeded: body.count)]) + body
    }

    private static func big32(_ number: Int) -> Data {
        Data([24, 16, 8, 0].map { UInt8(truncatingIfNeeded: number >> $0) })
    }
}

/// A command set in implicit VR little endian (PS3.7 §6.3.1).
private struct DIMSECommand {
    let bytes: Data

    init(field: UInt16, sopClass: String, sopInstance: String? = nil, hasDataSet: Bool) {
        var elements = Self.element(0x0002, Self.uid(sopClass))
        elements += Self.element(0x0100, Self.little(field))
        elements += Self.element(0x0110, Self.little(1))
        if sopInstance != nil { elements += Self.element(0x0700, Self.little(0)) }
        elements += Self.element(0x0800, Self.little(hasDataSet ? 0x0001 : 0x0101))
        if let sopInstance { elements += Self.element(0x1000, Self.uid(sopInstance)) }
        let length = UInt32(elements.count)
        let lengthBytes = Self.little(UInt16(truncatingIfNeeded: length)) + Self.little(UInt16(length >> 16))
        bytes = Self.element(0x0000, lengthBytes) + elements
    }

    private static func element(_ number: UInt16, _ value: Data) -> Data {
        little(0) + little(number) + little(UInt16(value.count)) + little(0) + value
    }

    private static func little(_ number: UInt16) -> Data {
        Data([UInt8(truncatingIfNeeded: number), UInt8(number >> 8)])
    }

    private static func uid(_ text: String) -> Data {
        Data(text.utf8) + (text.utf8.count % 2 == 0 ? [] : [0])
    }
}
