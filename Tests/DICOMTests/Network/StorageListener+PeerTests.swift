import DICOM
import Foundation
import TestSupport
import Testing

@Suite("Who may come in, and who is dropped")
struct StorageListenerPeerTests {
    @Test("echoscu is answered")
    func echo() async throws {
        try await Scratch.with { scratch in
            let intake = try Intake(scratch)
            let echo = try await Command.run("echoscu", ["127.0.0.1", "\(intake.port)"])
            #expect(echo.status == 0)
            try await intake.recorder.wait(.released)
        }
    }

    @Test("Of what is proposed, every storage SOP class and Verification is accepted, and nothing else")
    func contexts() async throws {
        try await Scratch.with { scratch in
            let intake = try Intake(scratch)
            let served = [
                "1.2.840.10008.1.1", "1.2.840.10008.5.1.4.1.1.2", "1.2.840.10008.5.1.4.1.1.66.7",
                "1.2.840.10008.5.1.4.34.7", "1.3.12.2.1107.5.9.1",
            ]
            let others = [
                "1.2.840.10008.5.1.4.31", "1.2.840.10008.5.1.4.1.2.2.1", "1.2.840.10008.1.20.1", "nonsense",
            ]
            let answer = try await onThread {
                let association = try RawAssociation(port: intake.port)
                defer { try? association.release() }
                return try association.request(
                    called: "ANY", calling: "RAW", contexts: (served + others).map { .init(abstractSyntax: $0) })
            }
            #expect(answer == .accepted([1, 3, 5, 7, 9]))
        }
    }

    @Test("128 contexts with 60 transfer syntaxes each are negotiated, and the first syntax of each is taken")
    func manyContexts() async throws {
        try await Scratch.with { scratch in
            let intake = try Intake(scratch)
            let first = "1.2.840.10008.1.2.4.201"
            let syntaxes = [first] + (0..<59).map { "1.2.826.0.1.\($0)" }
            let request = AssociateRequest(
                contexts: (0..<128).map { _ in (SmallObject.sopClass, syntaxes) })
            let answer = try await onThread { try request.send(port: intake.port) }
            #expect(answer.first == 2)
            let body = Data(answer)
            #expect(body.ranges(of: Data([0x40, 0, 0, UInt8(first.utf8.count)] + Array(first.utf8))).count == 128)
        }
    }

    @Test("Titles and hosts that are not on the lists get A-ASSOCIATE-RJ with the right source and reason")
    func refusals() async throws {
        let portico = try AETitle("PORTICO")
        let known = try AETitle("MODALITY")
        let other = try AETitle("ELSEWHERE")
        try await Scratch.with { scratch in
            let intake = try Intake(scratch) {
                $0.calledAETitles = [portico]
                $0.peers = .listed([
                    PeerRule(aeTitle: known, hosts: ["10.9.8.7", "127.0.0.0/8"]),
                    PeerRule(aeTitle: other, hosts: ["192.0.2.0/24"]),
                ])
            }
            let answers = try await onThread {
                try [("PORTICO", "MODALITY"), ("OTHER", "MODALITY"), ("PORTICO", "STRANGER"), ("PORTICO", "ELSEWHERE")]
                    .map { called, calling in
                        let association = try RawAssociation(port: intake.port)
                        return try association.request(called: called, calling: calling)
                    }
            }
            #expect(answers[0] == .accepted([1]))
            #expect(answers[1] == .rejected(result: 1, source: 1, reason: 7))
            #expect(answers[2] == .rejected(result: 1, source: 1, reason: 3))
            #expect(answers[3] == .rejected(result: 1, source: 1, reason: 3))
            let echo = try await Command.run(
                "echoscu", ["-v", "-aec", "NOBODY", "-aet", "MODALITY", "127.0.0.1", "\(intake.port)"])
            #expect(echo.status != 0)
            #expect((echo.output + echo.errors).contains("Called AE Title Not Recognized"))
        }
    }

    @Test("An unknown application context is refused, and a first PDU that is no request is aborted")
    func wrongFirstPDU() async throws {
        try await Scratch.with { scratch in
            let intake = try Intake(scratch)
            let request = AssociateRequest(applicationContext: "1.2.3", contexts: [(SmallObject.sopClass, ["1.2"])])
            let refused = try await onThread { try request.send(port: intake.port) }
            #expect(Array(refused.prefix(10)) == [3, 0, 0, 0, 0, 4, 0, 1, 1, 2])
            for bytes: [UInt8] in [
                Array("GET / HTTP/1.1\r\n\r\n".utf8), [1, 0, 0xFF, 0xFF, 0xFF, 0xFF], [4, 0, 0, 0, 0, 8],
                [1, 0, 0, 0, 0, 80] + [UInt8](repeating: 0, count: 80),
            ] {
                let answer = try await onThread {
                    let socket = try RawSocket(port: intake.port)
                    try socket.send(bytes)
                    return try socket.receive()
                }
                #expect([3, 7].contains(answer.first), "\(bytes.prefix(8))")
            }
        }
    }

    @Test("A surplus association is rejected as transient, and its place is free again when one ends")
    func surplus() async throws {
        try await Scratch.with { scratch in
            let intake = try Intake(scratch) { $0.maximumAssociations = 2 }
            let first = try await onThread { (try intake.open(), try intake.open()) }
            #expect(intake.listener.openAssociations == 2)
            let answer = try await onThread {
                try RawAssociation(port: intake.port).request(called: "PORTICO", calling: "RAW")
            }
            #expect(answer == .rejected(result: 2, source: 3, reason: 2))
            try await onThread { try first.0.release() }
            try await intake.recorder.wait(.released)
            try await onThread { while intake.listener.openAssociations == 2 { sched_yield() } }
            #expect(try await onThread { try intake.open().echo(context: 3) } == 0)
            #expect(try await onThread { try first.1.echo(context: 3) } == 0)
        }
    }

    @Test("Whoever is silent before, during or after negotiation or inside an object is dropped and holds up nobody")
    func silence() async throws {
        try await Scratch.with { scratch in
            let intake = try Intake(scratch) {
                $0.negotiationTimeout = .milliseconds(700)
                $0.idleTimeout = .milliseconds(800)
                $0.transferTimeout = .milliseconds(600)
            }
            let request = AssociateRequest(contexts: [(SmallObject.sopClass, [SmallObject.context])])
            let mute = try await onThread { try RawSocket(port: intake.port) }
            let halfway = try await onThread {
                let socket = try RawSocket(port: intake.port)
                try socket.send(request.bytes.prefix(100))
                return socket
            }
            let idle = try await onThread { try intake.open() }
            let inside = try await onThread {
                let association = try intake.open()
                let dataSet = ElementBytes().object(sopInstance: "2.25.1", pixels: 200_000)
                try association.storeHalf(
                    sopClass: SmallObject.sopClass, sopInstance: "2.25.1", dataSet: dataSet, context: 1)
                return association
            }
            // Somebody else is served while all four hold still.
            #expect(try await onThread { try intake.open().storeSmall("2.25.2") } == 0)
            try await onThread {
                for socket in [mute, halfway] { while try !socket.receive().isEmpty {} }
                try idle.waitForEnd()
                try inside.waitForEnd()
            }
            try await intake.recorder.wait(.timedOut, times: 4)
            #expect(intake.recorder.heard.value.count(.objectDiscarded) == 1)
            #expect(intake.files("incoming").isEmpty)
            #expect(intake.files("studies") == ["2.25.11/2.25.12/2.25.2.dcm"])
        }
    }

    @Test("A byte now and then does not stretch the time that a negotiation has")
    func trickle() async throws {
        try await Scratch.with { scratch in
            let intake = try Intake(scratch) { $0.negotiationTimeout = .milliseconds(500) }
            let request = AssociateRequest(contexts: [(SmallObject.sopClass, [SmallObject.context])])
            let socket = try await onThread { try RawSocket(port: intake.port) }
            try await onThread {
                for byte in request.bytes.prefix(200) {
                    guard intake.recorder.heard.value.count(.timedOut) == 0 else { break }
                    try socket.send([byte])
                    // The pause is what is tested: a peer that is never silent for long, and never done.
                    usleep(20_000)
                }
            }
            try await intake.recorder.wait(.timedOut)
        }
    }

    @Test("Silent connections push each other out and nobody who speaks")
    func flood() async throws {
        try await Scratch.with { scratch in
            let intake = try Intake(scratch) {
                $0.maximumPending = 4
                $0.negotiationTimeout = .seconds(600)
            }
            let silent = try await onThread { try (0..<12).map { _ in try RawSocket(port: intake.port) } }
            #expect(try await onThread { try intake.open().echo(context: 3) } == 0)
            try await intake.recorder.wait(.stopped, times: 8)
            silent.forEach { $0.shutDown() }
        }
    }

    @Test("A peer that aborts in the middle of an object leaves no file and hurts nobody")
    func abort() async throws {
        try await Scratch.with { scratch in
            let intake = try Intake(scratch)
            try await onThread {
                for number in 0..<8 {
                    let association = try intake.open()
                    let dataSet = ElementBytes().object(sopInstance: "2.25.1", pixels: 200_000)
                    try association.storeHalf(
                        sopClass: SmallObject.sopClass, sopInstance: "2.25.1", dataSet: dataSet, context: 1)
                    if number % 2 == 0 { try association.abort() }
                }
            }
            try await intake.recorder.wait(.aborted, times: 8)
            #expect(intake.recorder.heard.value.count(.objectDiscarded) == 8)
            #expect(intake.files("incoming").isEmpty && intake.files("studies").isEmpty)
        }
    }

    @Test("A PDU or a message that breaks the protocol is answered with A-ABORT, and others are served on")
    func brokenPDU() async throws {
        try await Scratch.with { scratch in
            let intake = try Intake(scratch)
            let request = AssociateRequest(contexts: [(SmallObject.sopClass, [SmallObject.context])])
            let broken: [[UInt8]] = [
                // A PDU that is longer than was agreed on.
                [4, 0, 0, 0x10, 0, 0, 0, 0, 0, 4, 1, 3],
                // A PDV that is longer than its PDU.
                [4, 0, 0, 0, 0, 8, 0, 0, 0, 99, 1, 3, 0, 0],
                // A data set without a command.
                [4, 0, 0, 0, 0, 8, 0, 0, 0, 4, 1, 2, 0, 0],
                // A command that is none.
                [4, 0, 0, 0, 0, 8, 0, 0, 0, 4, 1, 3, 0xFF, 0xFF],
                // A second request for an association, and no PDU at all.
                request.bytes, [0x47, 0x45, 0x54, 0x20, 0x2F, 0x20],
            ]
            for bytes in broken {
                let answer = try await onThread {
                    let socket = try RawSocket(port: intake.port)
                    try socket.send(request.bytes)
                    let head = try socket.receive(exactly: 6) ?? []
                    _ = try socket.receive(exactly: head.dropFirst(2).reduce(0) { $0 << 8 | Int($1) })
                    try socket.send(bytes)
                    return try socket.receive(exactly: 10) ?? []
                }
                #expect(answer.first == 7, "\(bytes.prefix(16))")
            }
            #expect(try await onThread { try intake.open().echo(context: 3) } == 0)
            try await intake.recorder.wait(.protocolError, times: broken.count)
        }
    }
}
