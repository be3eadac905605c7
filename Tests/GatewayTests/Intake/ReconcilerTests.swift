import Foundation
import Store
import Testing

@testable import Gateway

@Suite("The index follows the files")
struct ReconcilerTests {
    private func reconciler(_ fixture: MiddleFixture) -> Reconciler {
        let database = fixture.database
        return Reconciler(
            directory: fixture.directory, database: database, logger: fixture.log.logger,
            scan: { try MiddleFixture.scan($0) }, take: { object in _ = try? database.index([object]) })
    }

    @Test("What lies on the disk comes into the index; a second run finds nothing to do")
    func twice() throws {
        let fixture = try MiddleFixture()
        let objects = try fixture.receive(slices: 12) + fixture.receive("1.9", slices: 3)
        try fixture.database.index(Array(objects.prefix(4)))
        #expect(try reconciler(fixture).run() == Reconciler.Report(found: 11))
        #expect(try fixture.database.instanceCount() == 15)
        #expect(try reconciler(fixture).run() == Reconciler.Report())
        #expect(try fixture.database.problems() == [])
    }

    @Test("Files that are no objects, that lie under foreign UIDs or are hidden are left out and named")
    func strangers() throws {
        let fixture = try MiddleFixture()
        _ = try fixture.receive(slices: 1)
        let folder = fixture.directory.studies.appendingPathComponent("1.2.3/1.2.3.1")
        try Data("rubbish".utf8).write(to: folder.appendingPathComponent("7.dcm"))
        try Data("1.2.3 1.2.3.1 8 CT".utf8).write(to: folder.appendingPathComponent("9.dcm"))
        try Data("x".utf8).write(to: folder.appendingPathComponent(".1.2.3.part.dcm"))
        try Data("x".utf8).write(to: fixture.directory.studies.appendingPathComponent("stray"))
        #expect(try reconciler(fixture).run() == Reconciler.Report(found: 1, unreadable: 2))
        #expect(fixture.log.lines.contains { $0.contains("under other UIDs") && $0.contains("9.dcm") })
    }

    @Test("Objects whose files are gone are forgotten while nothing was decided on them, and kept after")
    func vanished() throws {
        let fixture = try MiddleFixture()
        try fixture.completeStudy(slices: 3)
        try fixture.database.index(try fixture.receive(slices: 2, from: 4))
        for number in [1, 4] {
            try FileManager.default.removeItem(
                at: fixture.directory.file(study: "1.2.3", series: "1.2.3.1", instance: "1.2.3.1.\(number)"))
        }
        #expect(try reconciler(fixture).run() == Reconciler.Report(forgotten: 1, vanished: 1))
        #expect(try fixture.database.instanceCount() == 4)
        try FileManager.default.removeItem(at: fixture.directory.studies.appendingPathComponent("1.2.3"))
        #expect(try reconciler(fixture).run() == Reconciler.Report(forgotten: 1, vanished: 3))
    }
}
