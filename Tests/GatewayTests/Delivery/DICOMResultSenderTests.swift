import DICOM
import Foundation
import Store
import TestSupport
import Testing

@testable import Gateway

@Suite("Results to a real peer", .timeLimit(.minutes(2)))
struct DICOMResultSenderTests {
    private func sender(_ configuration: Configuration) -> DICOMResultSender { DICOMResultSender(configuration) }

    @Test("storescp takes the object and answers with success", .needsSharedData)
    func delivered() async throws {
        let file = try Self.file()
        try await Scratch.with { scratch in
            let peer = try await StoreSCP.start(in: scratch)
            var configuration = Configuration(dataDirectory: scratch.folder)
            configuration.delivery.timeout = 20
            let destination = Destination(name: "pacs", aeTitle: StoreSCP.aeTitle, host: "127.0.0.1", port: peer.port)
            let sender = sender(configuration)
            let answers = try await BlockingThread.run(name: "send") {
                try sender.send(
                    [OutgoingObject(path: file.path, sopClass: "", sopInstance: "")], to: destination)
            }
            #expect(answers == [.answered(status: 0, comment: "")])
            #expect(try peer.files().count == 1)
        }
    }

    @Test("Nobody at the port, and a port that is none, are errors in words", .needsSharedData)
    func nobody() async throws {
        let path = try Self.file().path
        let sender = sender(Configuration(dataDirectory: URL(fileURLWithPath: "/nowhere")))
        for port in [try RawSocket.freePort(), 70_000] {
            let destination = Destination(name: "pacs", aeTitle: "PACS", host: "127.0.0.1", port: port)
            let words = try await BlockingThread.run(name: "send") {
                do {
                    return try sender.send(
                        [OutgoingObject(path: path, sopClass: "", sopInstance: "")], to: destination
                    ).map { "\($0)" }.joined()
                } catch {
                    return "\(error)"
                }
            }
            #expect(words.contains("\(port)"), "\(words)")
            #expect(!words.contains("answered"))
        }
    }

    @Test("What waiting cannot mend is told from what may pass")
    func permanence() {
        for code in [DICOMError.Code.network, .timedOut, .aborted, .rejected, .io, .foreign] {
            #expect(!DICOMResultSender.isPermanent(DICOMError(code, "x")), "\(code.rawValue)")
        }
        for code in [DICOMError.Code.noContext, .invalidArgument, .malformed, .unsupported] {
            #expect(DICOMResultSender.isPermanent(DICOMError(code, "x")), "\(code.rawValue)")
        }
        #expect([0xA700, 0xA7FF, 0x0110, 0x0213].allSatisfy { StoreAnswer.mayPass($0) })
        #expect(![0x0122, 0xA900, 0xC000, 0x0124, 0xFE00].contains { StoreAnswer.mayPass($0) })
    }

    private static func file() throws -> URL {
        let folder = try SharedData.url("dicom/ibsi/ibsi_validation/dicom/STS_008/CT/image")
        return try #require(
            try FileManager.default.contentsOfDirectory(at: folder, includingPropertiesForKeys: nil)
                .min { $0.path < $1.path })
    }
}
