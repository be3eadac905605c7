import DICOM
import Foundation
import TestSupport
import Testing

@Suite("Sending")
struct StorageSenderTests {
    @Test("storescp gets what is sent, bit for bit, and echo is answered", .needsSharedData)
    func storescp() async throws {
        try await Scratch.with { scratch in
            let pacs = try await StoreSCP.start(in: scratch)
            let files = try Project.files(
                below: SharedData.url("dicom/ibsi/ibsi_validation/dicom/STS_008/CT/image")
            ).prefix(5)
            let peer = try peer(pacs.port, called: StoreSCP.aeTitle)
            #expect(try await StorageSender.echo(peer) > .zero)
            let outcomes = try await StorageSender.send(files.map(\.path), to: peer)
            #expect(outcomes.map(\.status) == files.map { _ in .success })
            let received = try pacs.files().map { try Part10(contentsOf: $0) }
            for file in files {
                let original = try Part10(contentsOf: file)
                let copy = try #require(received.first { $0.sopInstance == original.sopInstance })
                #expect(copy.dataSet == original.dataSet)
            }
        }
    }

    @Test("Each file has its own outcome: unreadable, not accepted by the peer, refused, stored")
    func outcomes() async throws {
        try await Scratch.with { scratch in
            let intake = try Intake(scratch)
            let good = scratch.path("good.dcm")
            try ElementBytes.file(ElementBytes().object(sopInstance: "2.25.1")).write(to: good)
            let query = scratch.path("query.dcm")
            let find = "1.2.840.10008.5.1.4.31"
            try ElementBytes.file(ElementBytes().object(sopClass: find, sopInstance: "2.25.2")).write(to: query)
            let garbage = scratch.path("garbage.dcm")
            try Data("nothing".utf8).write(to: garbage)
            let outcomes = try await StorageSender.send(
                [garbage.path, query.path, good.path, scratch.path("absent").path], to: peer(intake.port))
            #expect(outcomes.map(\.isDelivered) == [false, false, true, false])
            #expect(outcomes[0].error?.code == .malformed)
            #expect(outcomes[1].error?.code == .noContext)
            #expect(outcomes[1].error?.message.contains(find) == true)
            #expect(outcomes[1].error?.message.contains("1.2.840.10008.1.2.1") == true)
            #expect(outcomes[2].sopInstanceUID?.value == "2.25.1")

            let full = try Intake(scratch, minimumFreeBytes: .max, named: "full")
            let refused = try await StorageSender.send([good.path], to: peer(full.port))
            #expect(refused[0].status == .outOfResources)
            #expect(refused[0].comment == "the disk is full")
        }
    }

    @Test("More than 128 pairs of SOP class and transfer syntax take more than one association")
    func manyContexts() async throws {
        try await Scratch.with { scratch in
            let intake = try Intake(scratch)
            let files = try (0..<130).map { number in
                let file = scratch.path("\(number).dcm")
                let sopClass = "1.2.840.10008.5.1.4.1.1.999.\(number)"
                try ElementBytes.file(ElementBytes().object(sopClass: sopClass, sopInstance: "2.25.\(number)"))
                    .write(to: file)
                return file.path
            }
            let outcomes = try await StorageSender.send(files, to: peer(intake.port))
            #expect(outcomes.filter(\.isDelivered).count == 130)
            try await intake.recorder.wait(.released, times: 2)
        }
    }

    @Test("Nobody there, a refusal and a silent peer are errors that say what happened")
    func failures() async throws {
        try await Scratch.with { scratch in
            let nobody = try peer(RawSocket.freePort())
            await #expect { try await StorageSender.echo(nobody) } throws: { ($0 as? DICOMError)?.code == .network }
            let listed = try AETitle("PORTICO")
            let intake = try Intake(scratch) { $0.calledAETitles = [listed] }
            let wrong = try peer(intake.port, called: "WRONG")
            await #expect { try await StorageSender.echo(wrong) } throws: {
                let error = $0 as? DICOMError
                return error?.code == .rejected && error?.message.contains("called AE title not recognized") == true
            }
            // The relay takes the connection and passes nothing on.
            let relay = try Relay(to: intake.port, passing: 0, in: scratch)
            var silent = try peer(relay.port)
            silent.connectTimeout = .seconds(1)
            silent.negotiationTimeout = .milliseconds(300)
            let mute = silent
            await #expect { try await StorageSender.echo(mute) } throws: { ($0 as? DICOMError)?.code == .timedOut }
        }
    }

    @Test("When the association breaks, the files that are left say so")
    func broken() async throws {
        try await Scratch.with { scratch in
            let intake = try Intake(scratch)
            let files = try (0..<3).map { number in
                let file = scratch.path("\(number).dcm")
                let object = ElementBytes().object(sopInstance: "2.25.\(number)", pixels: 100_000)
                try ElementBytes.file(object).write(to: file)
                return file.path
            }
            let relay = try Relay(to: intake.port, passing: 150_000, in: scratch)
            let target = try peer(relay.port)
            async let outcomes = StorageSender.send(files, to: target)
            try await relay.holding()
            relay.cut()
            let found = try await outcomes
            #expect(found.map(\.isDelivered) == [true, false, false])
            #expect(found[1].error != nil && found[2].error != nil)
            try await intake.recorder.wait(.objectDiscarded)
            #expect(intake.files("incoming").isEmpty)
        }
    }

    private func peer(_ port: Int, called: String = "PORTICO") throws -> RemotePeer {
        RemotePeer(
            host: "127.0.0.1", port: UInt16(port), calledAETitle: try AETitle(called),
            callingAETitle: try AETitle("SENDER"))
    }
}
