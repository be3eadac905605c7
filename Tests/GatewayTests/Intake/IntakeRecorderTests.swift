import DICOM
import Foundation
import Store
import Testing

@testable import Gateway

@Suite("What the listener reports")
struct IntakeRecorderTests {
    private func facts() throws -> HeaderFacts {
        let uid = { (text: String) in try #require(UID(text)) }
        return HeaderFacts(
            sopClassUID: try uid("1.2.840.10008.5.1.4.1.1.2"), sopInstanceUID: try uid("1.2.3.1.1"),
            studyInstanceUID: try uid("1.2.3"), seriesInstanceUID: try uid("1.2.3.1"),
            transferSyntaxUID: try uid("1.2.840.10008.1.2.1"), dataSetOffset: 0)
    }

    @Test("A quarantined object is noted once, however often it comes, with its file and its time")
    func quarantined() throws {
        let fixture = try MiddleFixture()
        let indexer = IntakeIndexer(database: fixture.database, logger: fixture.log.logger, onIndexed: { _ in })
        let recorder = IntakeRecorder(indexer: indexer, database: fixture.database, logger: fixture.log.logger)
        let folder = fixture.directory.quarantine
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        let file = folder.appendingPathComponent("1.2.3.1.1-1.dcm")
        try Data("x".utf8).write(to: file)
        for _ in 1...2 {
            recorder.quarantined(
                QuarantinedObject(facts: try facts(), path: file.path, first: "/first.dcm", association: nil))
        }
        let found = try fixture.database.quarantined(ofStudy: "1.2.3")
        #expect(found.map(\.file) == ["1.2.3.1.1-1.dcm"] && found.map(\.instance) == ["1.2.3.1.1"])
        #expect(found.first.map(\.receivedAt) == FileTime.modified(file.path))
    }

    @Test("An object is received when its file was written, so that a rebuild of the index says the same")
    func received() async throws {
        let fixture = try MiddleFixture()
        let indexer = IntakeIndexer(database: fixture.database, logger: fixture.log.logger, onIndexed: { _ in })
        let recorder = IntakeRecorder(indexer: indexer, database: fixture.database, logger: fixture.log.logger)
        let file = fixture.directory.root.appendingPathComponent("object.dcm")
        try Data("x".utf8).write(to: file)
        let moment = Date(timeIntervalSince1970: 1_000_000_000.5)
        try FileManager.default.setAttributes([.modificationDate: moment], ofItemAtPath: file.path)
        let facts = try facts()
        try await fixture.run([indexer]) {
            try await BlockingThread.run(name: "peer") {
                recorder.stored(StoredObject(facts: facts, path: file.path, byteCount: 1, association: nil))
                indexer.drain()
            }
        }
        #expect(try fixture.database.study("1.2.3")?.firstReceivedAt == moment)
    }
}
