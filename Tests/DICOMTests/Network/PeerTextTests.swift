import Foundation
import TestSupport
import Testing

@testable import DICOM

@Suite("Text of peers")
struct PeerTextTests {
    @Test("Whatever is no printable ASCII character is written as a number")
    func harmlessBytes() {
        for byte in UInt8.min...UInt8.max {
            let text = harmless([byte])
            #expect(text.utf8.allSatisfy { (0x20...0x7E).contains($0) })
            #expect((0x20...0x7E).contains(byte) ? text.utf8.elementsEqual([byte]) : text.utf8.count == 4, "\(byte)")
        }
        #expect(harmless("CT 1\r\n\u{1B}[2Jä".utf8) == "CT 1\\x0D\\x0A\\x1B[2J\\xC3\\xA4")
    }

    @Test("Titles and versions of a peer reach nobody raw, and a title with such bytes is nobody's")
    func association() async throws {
        let known = try AETitle("CT")
        try await Scratch.with { scratch in
            var request = AssociateRequest(contexts: [(SmallObject.sopClass, [SmallObject.context])])
            request.calling = "CT\nINFO ok\u{1B}[2J"
            request.implementationVersion = "V1\r\nä"
            let sent = request
            let intake = try Intake(scratch)
            _ = try await onThread { try sent.negotiate(port: intake.port) }
            try await intake.recorder.wait(.opened)
            let info = try #require(intake.recorder.heard.value.events.first).association
            #expect(info.callingAETitle == "CT\\x0AINFO ok\\x1B[2J")
            #expect(info.implementationVersionName == "V1\\x0D\\x0A\\xC3\\xA4")
            let strict = try Intake(scratch, named: "strict") { $0.peers = .listed([PeerRule(aeTitle: known)]) }
            let answer = try await onThread { try sent.send(port: strict.port) }
            #expect(answer.first == 3)
            #expect {
                try AETitle("A\nB")
            } throws: {
                ($0 as? DICOMError)?.message.contains("A\\x0AB") == true
            }
        }
    }

    @Test("The comment of a peer that answers is harmless")
    func comment() async throws {
        try await Scratch.with { scratch in
            var configuration = StorageListener.Configuration()
            configuration.port = 0
            let listener = try StorageListener(configuration, handler: Chatterer())
            scratch.atEnd { try? await onThread { listener.stop(grace: .zero) } }
            let file = scratch.path("good.dcm")
            try ElementBytes.file(ElementBytes().object(sopInstance: "2.25.1")).write(to: file)
            let peer = RemotePeer(
                host: "127.0.0.1", port: listener.port, calledAETitle: try AETitle("PORTICO"),
                callingAETitle: try AETitle("SENDER"))
            let outcome = try #require(try await StorageSender.send([file.path], to: peer).first)
            #expect(outcome.status == .outOfResources)
            #expect(outcome.comment == "no\\x0AINFO \\x1B[2Jroom")
        }
    }
}

private final class Chatterer: StorageHandler {
    func willStore(_ request: StoreRequest) -> StoreDecision {
        .refuse(StoreResponse(.outOfResources, comment: "no\nINFO \u{1B}[2Jroom"))
    }
    func didReceive(_ object: ReceivedObject) -> StoreResponse { StoreResponse(.success) }
}
