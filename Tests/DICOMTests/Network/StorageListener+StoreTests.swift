import DICOM
import Foundation
import TestSupport
import Testing

@Suite("Storing")
struct StorageListenerStoreTests {
    @Test("What storescu sends is acknowledged, filed under its UIDs and what storescp gets of it", .needsSharedData)
    func storescu() async throws {
        try await Scratch.with { scratch in
            let intake = try Intake(scratch)
            let reference = try await StoreSCP.start(in: scratch, "reference")
            let folder = try SharedData.url("dicom/ibsi/ibsi_validation/dicom/STS_008/CT/image")
            let files = try Project.files(below: folder).prefix(6).map(\.path)
            for port in [reference.port, intake.port] {
                let sent = try await Command.run("storescu", ["-xi", "127.0.0.1", "\(port)"] + files)
                #expect(sent.status == 0)
            }
            try await intake.recorder.wait(.released)
            #expect(intake.files("studies").count == files.count)
            #expect(intake.files("incoming").isEmpty)
            // storescu rewrites sequences on their way, so a peer that keeps every bit is what to compare with.
            let expected = try reference.files().map { try Part10(contentsOf: $0) }
            #expect(expected.count == files.count)
            for object in intake.recorder.heard.value.stored {
                let kept = try Part10(contentsOf: URL(fileURLWithPath: object.path))
                let original = try #require(expected.first { $0.sopInstance == kept.sopInstance })
                #expect(kept.dataSet == original.dataSet, "\(kept.sopInstance)")
                #expect(kept.transferSyntax == original.transferSyntax)
                let facts = object.facts
                #expect(
                    object.path.hasSuffix(
                        "studies/\(facts.studyInstanceUID)/\(facts.seriesInstanceUID)/\(kept.sopInstance).dcm"))
                #expect(object.association?.callingAETitle == "STORESCU")
            }
        }
    }

    @Test(
        "Objects of every transfer syntax come and go again unchanged, through the sender and the listener",
        .needsSharedData)
    func everyTransferSyntax() async throws {
        try await Scratch.with { scratch in
            let intake = try Intake(scratch)
            let folders = ["dicom/orthanc-tests/TransferSyntaxes", "dicom/pydicom/test_files", "dicom/nema-wg04"]
            var files: [URL] = []
            for folder in folders { files += try Project.files(below: SharedData.url(folder)) }
            let sendable = files.filter { (try? HeaderScanner.scan(path: $0.path)) != nil }.map(\.path)
            let peer = RemotePeer(
                host: "127.0.0.1", port: intake.listener.port, calledAETitle: try AETitle("PORTICO"),
                callingAETitle: try AETitle("SENDER"))
            let outcomes = try await StorageSender.send(sendable, to: peer)
            #expect(outcomes.filter { !$0.isDelivered }.map(\.path) == [])
            let heard = intake.recorder.heard.value
            let syntaxes = Set(heard.stored.map(\.facts.transferSyntaxUID))
            #expect(syntaxes.count >= 12)
            for path in sendable {
                let facts = try HeaderScanner.scan(path: path)
                let original = try Data(contentsOf: URL(fileURLWithPath: path)).dropFirst(facts.dataSetOffset)
                let kept = try (heard.stored.map(\.path) + heard.quarantined.map(\.path)).contains { candidate in
                    let offset = try HeaderScanner.scan(path: candidate).dataSetOffset
                    let bytes = try Data(contentsOf: URL(fileURLWithPath: candidate)).dropFirst(offset)
                    // A deflated data set of an odd length is padded on the wire (PS3.5 §A.5).
                    return bytes == original || bytes == original + [0]
                }
                #expect(kept, "\(path)")
            }
        }
    }

    @Test("A transfer syntax and a storage SOP class that DCMTK has never heard of are taken")
    func unknownSyntax() async throws {
        try await Scratch.with { scratch in
            let intake = try Intake(scratch)
            let sopClass = "1.2.840.10008.5.1.4.1.1.999.1"
            let status = try await onThread {
                let association = try intake.open([.init(abstractSyntax: sopClass, transferSyntax: "1.2.3.4.5")])
                defer { try? association.release() }
                let dataSet = ElementBytes().object(sopClass: sopClass, sopInstance: "2.25.1")
                return try association.store(
                    sopClass: sopClass, sopInstance: "2.25.1", dataSet: dataSet, context: 1)
            }
            #expect(status == 0)
            #expect(intake.recorder.heard.value.stored.map(\.facts.transferSyntaxUID.value) == ["1.2.3.4.5"])
        }
    }

    @Test("Objects that do not match, cannot be understood or are cut get A900H and C000H, and the association goes on")
    func statuses() async throws {
        try await Scratch.with { scratch in
            let intake = try Intake(scratch)
            let whole = ElementBytes().object(sopInstance: "2.25.9")
            let cases: [(String, String, Data, UInt16)] = [
                ("another instance", "2.25.1", ElementBytes().object(sopInstance: "2.25.2"), 0xA900),
                ("another class", "2.25.1", ElementBytes().object(sopClass: "1.2.3", sopInstance: "2.25.1"), 0xA900),
                ("no bytes of sense", "2.25.1", Data(repeating: 0x41, count: 100), 0xC000),
                ("cut short", "2.25.9", whole.dropLast(2), 0xC000),
                (
                    "no study", "2.25.1",
                    ElementBytes().text(0x0008_0016, "UI", SmallObject.sopClass)
                        + ElementBytes().text(0x0008_0018, "UI", "2.25.1"), 0xC000
                ),
                ("an instance that is no UID", "../../etc", whole, 0x0117),
                ("whole", "2.25.9", whole, 0x0000),
            ]
            let statuses = try await onThread {
                let association = try intake.open()
                defer { try? association.release() }
                return try cases.map { try association.storeSmall($0.1, $0.2) }
            }
            for (item, status) in zip(cases, statuses) { #expect(status == item.3, "\(item.0)") }
            #expect(intake.files("studies") == ["2.25.11/2.25.12/2.25.9.dcm"])
            #expect(intake.files("incoming").isEmpty)
            #expect(intake.recorder.heard.value.refused.count == cases.count - 2)
        }
    }

    @Test("A C-STORE whose SOP class is not that of its context gets 0122H, an unknown operation 0211H")
    func wrongRequests() async throws {
        try await Scratch.with { scratch in
            let intake = try Intake(scratch)
            let statuses = try await onThread {
                let association = try intake.open()
                defer { try? association.release() }
                let dataSet = ElementBytes().object(sopInstance: "2.25.1")
                return [
                    try association.store(
                        sopClass: "1.2.840.10008.5.1.4.1.1.2", sopInstance: "2.25.1", dataSet: dataSet, context: 1),
                    try association.storeSmall("2.25.1", dataSet, context: 3),
                    try association.echo(context: 1),
                    try association.echo(context: 3),
                ]
            }
            #expect(statuses == [0x0122, 0x0122, 0x0122, 0])
            let find = try await Command.run(
                "findscu", ["-W", "-k", "0008,0060=CT", "127.0.0.1", "\(intake.port)"])
            #expect(find.status != 0)
            let echo = try await Command.run("echoscu", ["127.0.0.1", "\(intake.port)"])
            #expect(echo.status == 0)
        }
    }

    @Test("Below the watermark of the disk a C-STORE gets A700H and leaves no file, and the association goes on")
    func watermark() async throws {
        try await Scratch.with { scratch in
            let intake = try Intake(scratch, minimumFreeBytes: .max)
            let statuses = try await onThread {
                let association = try intake.open()
                defer { try? association.release() }
                let large = ElementBytes().object(sopInstance: "2.25.1", pixels: 400_000)
                return [try association.storeSmall("2.25.1", large), try association.echo(context: 3)]
            }
            #expect(statuses == [0xA700, 0])
            #expect(intake.files("").filter { $0 != ".lock" }.isEmpty)
        }
    }

    @Test("An object that cannot be written, made durable, filed or indexed gets A700H, and the association goes on")
    func notDurable() async throws {
        try await Scratch.with { scratch in
            let intake = try Intake(scratch)
            let manager = FileManager.default
            let incoming = intake.root.appendingPathComponent("incoming")
            let studies = intake.root.appendingPathComponent("studies")
            try await onThread {
                let association = try intake.open()
                defer { try? association.release() }
                try manager.removeItem(at: incoming)
                #expect(try association.storeSmall("2.25.1") == 0xA700)
                try manager.createDirectory(at: incoming, withIntermediateDirectories: false)
                try manager.removeItem(at: studies)
                try Data().write(to: studies)
                #expect(try association.storeSmall("2.25.2") == 0xA700)
                try manager.removeItem(at: studies)
                #expect(try association.storeSmall("2.25.3") == 0)
            }
            try await intake.recorder.wait(.objectFailed)
            #expect(intake.files("studies") == ["2.25.11/2.25.12/2.25.3.dcm"])
            #expect(intake.files("incoming").isEmpty)
        }
        try await Scratch.with { scratch in
            let intake = try Intake(scratch, isBroken: true)
            let status = try await onThread { try intake.open().storeSmall("2.25.1") }
            #expect(status == 0xA700)
            #expect(intake.files("studies").count == 1)
        }
    }

    @Test("A full disk in the middle of an object gives A700H after the rest of it was read")
    func outgrown() async throws {
        try await Scratch.with { scratch in
            let path = scratch.path("small.part").path
            let handler = SmallSpace(path: path)
            var configuration = StorageListener.Configuration()
            configuration.port = 0
            let listener = try StorageListener(configuration, handler: handler)
            scratch.atEnd { try? await onThread { listener.stop(grace: .zero) } }
            let statuses = try await onThread {
                let association = try RawAssociation(port: Int(listener.port))
                _ = try association.request(called: "A", calling: "B", contexts: Intake.contexts)
                defer { try? association.release() }
                let large = ElementBytes().object(sopInstance: "2.25.1", pixels: 400_000)
                return [try association.storeSmall("2.25.1", large), try association.echo(context: 3)]
            }
            #expect(statuses == [0xA700, 0])
            #expect(!FileManager.default.fileExists(atPath: path))
        }
    }
}

/// Has room for 100,000 bytes.
private final class SmallSpace: StorageHandler {
    let path: String
    init(path: String) { self.path = path }
    func willStore(_ request: StoreRequest) -> StoreDecision { .receive(temporary: path, mostBytes: 100_000) }
    func didReceive(_ object: ReceivedObject) -> StoreResponse { StoreResponse(.success) }
}
