import Foundation
import TestSupport

/// An A-ASSOCIATE-RQ in bytes (PS3.8 §9.3.2) with whatever a test wants in it.
struct AssociateRequest: Sendable {
    var calling = "RAW"
    var implementationVersion = ""
    var applicationContext = "1.2.840.10008.3.1.1.1"
    var contexts: [(abstractSyntax: String, transferSyntaxes: [String])]

    var bytes: [UInt8] {
        var body: [UInt8] = [0, 1, 0, 0]
        for title in ["PORTICO", calling] {
            body += (Array(title.utf8) + [UInt8](repeating: 0x20, count: 16)).prefix(16)
        }
        body += [UInt8](repeating: 0, count: 32)
        body += item(0x10, Array(applicationContext.utf8))
        for (index, context) in contexts.enumerated() {
            let syntaxes = context.transferSyntaxes.flatMap { item(0x40, Array($0.utf8)) }
            body += item(
                0x20,
                [UInt8(truncatingIfNeeded: 2 * index + 1), 0, 0, 0] + item(0x30, Array(context.abstractSyntax.utf8))
                    + syntaxes)
        }
        var user = item(0x51, [0, 0, 0x40, 0]) + item(0x52, Array("2.25.1".utf8))
        if !implementationVersion.isEmpty { user += item(0x55, Array(implementationVersion.utf8)) }
        body += item(0x50, user)
        return [1, 0] + [24, 16, 8, 0].map { UInt8(truncatingIfNeeded: body.count >> $0) } + body
    }

    /// Sends it and returns the PDU that answers.
    func send(port: Int) throws -> [UInt8] {
        let socket = try RawSocket(port: port)
        try socket.send(bytes)
        guard let head = try socket.receive(exactly: 6) else { return [] }
        let length = head[2...].reduce(0) { $0 << 8 | Int($1) }
        return head + (try socket.receive(exactly: length) ?? [])
    }

    /// Sends it and returns the transfer syntax of each context that was accepted, nil of each that was refused.
    func negotiate(port: Int) throws -> [String?] {
        let answer = try send(port: port)
        guard answer.first == 2 else { throw SupportError("no A-ASSOCIATE-AC but \(answer.prefix(10))") }
        var syntaxes = [String?](repeating: nil, count: contexts.count)
        var place = 74
        while place + 4 <= answer.count {
            let end = place + 4 + (Int(answer[place + 2]) << 8 | Int(answer[place + 3]))
            if answer[place] == 0x21, answer[place + 6] == 0, end <= answer.count {
                syntaxes[Int(answer[place + 4]) / 2] = String(decoding: answer[(place + 12)..<end], as: UTF8.self)
            }
            place = end
        }
        return syntaxes
    }

    private func item(_ type: UInt8, _ body: [UInt8]) -> [UInt8] {
        [type, 0, UInt8(truncatingIfNeeded: body.count >> 8), UInt8(truncatingIfNeeded: body.count)] + body
    }
}
