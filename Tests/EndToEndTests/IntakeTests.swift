import Foundation
import TestSupport
import Testing

extension EndToEnd {
    /// What the configuration says of the intake, through the real program; the wire itself is DICOMTests' part.
    @Suite(.serialized, .timeLimit(EndToEnd.guardTime))
    struct IntakeTests {
        @Test("Peers that the configuration does not name are refused with source and reason")
        func refusedTitles() async throws {
            try await Scratch.with { scratch in
                var settings = PorticoSettings()
                settings.peers = ["PACS"]
                let portico = try await Portico.serve(settings, in: scratch)
                let port = try portico.port
                func answer(called: String, calling: String) async throws -> RawAssociation.Answer {
                    try await onThread {
                        try RawAssociation(port: port).request(called: called, calling: calling)
                    }
                }
                #expect(try await answer(called: "PORTICO", calling: "PACS") == .accepted([1]))
                let wrongCaller = RawAssociation.Answer.rejected(result: 1, source: 1, reason: 3)
                #expect(try await answer(called: "PORTICO", calling: "SOMEBODY") == wrongCaller)
                let wrongCalled = RawAssociation.Answer.rejected(result: 1, source: 1, reason: 7)
                #expect(try await answer(called: "ANY-SCP", calling: "PACS") == wrongCalled)
            }
        }

        @Test("One association more than the limit is refused for the moment; when one ends, there is room again")
        func surplus() async throws {
            try await Scratch.with { scratch in
                var settings = PorticoSettings()
                settings.dicom = ["maximumAssociations: 2"]
                let portico = try await Portico.serve(settings, in: scratch)
                let port = try portico.port
                try await onThread {
                    let open = try (0..<2).map { _ in try RawAssociation(port: port) }
                    for association in open {
                        #expect(try association.request(called: "PORTICO", calling: "PACS") == .accepted([1]))
                    }
                    let third = try RawAssociation(port: port).request(called: "PORTICO", calling: "PACS")
                    #expect(third == .rejected(result: 2, source: 3, reason: 2))
                    #expect(try open[1].echo() == 0)
                    try open[0].release()
                    // The place is free when the association's thread has ended, a moment after the release.
                    var answer = third
                    let deadline = ContinuousClock.now + .seconds(30)
                    while answer == third, ContinuousClock.now < deadline {
                        answer = try RawAssociation(port: port).request(called: "PORTICO", calling: "PACS")
                    }
                    #expect(answer == .accepted([1]))
                }
            }
        }

        @Test("Peers that say nothing hold up nobody and are dropped")
        func silentPeers() async throws {
            try await Scratch.with { scratch in
                var settings = PorticoSettings()
                settings.dicom = ["negotiationTimeout: 2s", "idleTimeout: 2s"]
                let portico = try await Portico.serve(settings, in: scratch)
                let port = try portico.port
                try await onThread {
                    // Without a word, in the middle of the request, and after it.
                    var silent = try (0..<20).map { _ in try RawSocket(port: port) }
                    let half = try RawSocket(port: port)
                    try half.send([0x01, 0, 0, 0, 1, 0, 0, 1])
                    silent.append(half)
                    let idle = try RawAssociation(port: port)
                    #expect(try idle.request(called: "PORTICO", calling: "PACS") == .accepted([1]))
                    let lively = try RawAssociation(port: port)
                    #expect(try lively.request(called: "PORTICO", calling: "PACS") == .accepted([1]))
                    #expect(try lively.echo() == 0)
                    try lively.release()
                    for socket in silent { while try !socket.receive().isEmpty {} }
                    try idle.waitForEnd()
                }
                #expect(try portico.process.isRunning)
            }
        }

        @Test("Below the disk watermark C-STORE is answered with A700H and leaves nothing; C-ECHO still works")
        func watermark() async throws {
            try await Scratch.with { scratch in
                var settings = PorticoSettings()
                settings.minimumFreeSpace = "900000TB"
                let portico = try await Portico.serve(settings, in: scratch)
                let sent = try await Command.run(
                    "storescu",
                    [
                        "--verbose", "--no-halt", "-aec", Portico.aeTitle, "127.0.0.1", String(portico.port),
                        Project.phantomSeries.appendingPathComponent("0001.dcm").path,
                        Project.phantomSeries.appendingPathComponent("0002.dcm").path,
                    ])
                let answers = sent.errors.split(separator: "\n").filter { $0.contains("Store Response") }
                #expect(answers.count == 2)
                #expect(answers.allSatisfy { $0.contains("Refused") || $0.lowercased().contains("resources") })
                #expect(try Project.files(below: portico.data).allSatisfy { !$0.path.hasSuffix(".dcm") })
                #expect(try await Portico.run(["echo", "PORTICO@127.0.0.1:\(portico.port)"]).status == 0)
            }
        }

        @Test("Objects that are cut off or are not what they are called are refused, and the association goes on")
        func badObjects() async throws {
            try await Scratch.with { scratch in
                let portico = try await Portico.serve(PorticoSettings(), in: scratch)
                let port = try portico.port
                let files = try Project.files(below: Project.phantomSeries)
                let objects = try files.prefix(2).map { try Part10(contentsOf: $0) }
                try await onThread {
                    let association = try RawAssociation(port: port)
                    let answer = try association.request(
                        called: "PORTICO", calling: "PACS",
                        contexts: [
                            .verification,
                            .init(abstractSyntax: objects[0].sopClass, transferSyntax: objects[0].transferSyntax),
                        ])
                    #expect(answer == .accepted([1, 3]))
                    func store(_ instance: String, _ dataSet: Data) throws -> UInt16? {
                        try association.store(
                            sopClass: objects[0].sopClass, sopInstance: instance, dataSet: dataSet, context: 3)
                    }
                    let whole = objects[0].dataSet
                    #expect(try store(objects[0].sopInstance, whole.prefix(whole.count / 2)) == 0xC000)
                    #expect(try store(objects[0].sopInstance, Data("no data set".utf8) + [0]) == 0xC000)
                    #expect(try store(objects[1].sopInstance, whole) == 0xA900)
                    #expect(try store(objects[0].sopInstance, whole) == 0)
                    #expect(try association.echo() == 0)
                    // Broken off in the middle: no answer, and no file.
                    try association.storeHalf(
                        sopClass: objects[1].sopClass, sopInstance: objects[1].sopInstance,
                        dataSet: objects[1].dataSet, context: 3)
                    try association.abort()
                }
                let study = try await Dump.study(of: Project.phantomSeries)
                _ = try await portico.explanation("the one good object", of: study) {
                    $0.study.series.map(\.instances) == [1]
                }
                #expect(await portico.stop() == .exited(0))
                try await CrashTests.expectStored([files[0]], in: portico, andNothingElse: true)
            }
        }
    }
}
