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

    @Test("One study that cannot be walked is named and holds up no other; later it is walked alone")
    func oneBad() throws {
        let fixture = try MiddleFixture()
        for study in ["1.1", "1.2", "1.3"] { _ = try fixture.receive(study, slices: 2) }
        var reconciler = reconciler(fixture)
        reconciler.list = { folder in
            if folder.lastPathComponent == "1.2.1" { throw JobPlanError("input/output error") }
            return try FileManager.default.contentsOfDirectory(atPath: folder.path)
        }
        #expect(try reconciler.run() == Reconciler.Report(found: 4, failed: ["1.2"]))
        #expect(fixture.log.lines.contains { $0.contains("study=1.2") && $0.contains("input/output error") })
        #expect(try self.reconciler(fixture).run(only: ["1.2"]) == Reconciler.Report(found: 2))
    }

    @Test("What lies in quarantine is noted again, and explained in words and in JSON")
    func quarantine() throws {
        let fixture = try MiddleFixture()
        let object = try #require(try fixture.receive(slices: 1).first)
        let folder = fixture.directory.quarantine
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        let name = "\(object.instance)-1.dcm"
        try FileManager.default.copyItem(
            at: fixture.directory.file(study: object.study, series: object.series, instance: object.instance),
            to: folder.appendingPathComponent(name))
        #expect(try reconciler(fixture).run() == Reconciler.Report(found: 1, quarantined: 1))
        #expect(try reconciler(fixture).run() == Reconciler.Report())
        let explanation = try Explanation(of: "1.2.3", in: fixture.database, files: fixture.directory)
        #expect(explanation.quarantined.map(\.uid) == [object.instance])
        #expect(explanation.inWords.contains { $0.contains("came again with other bytes") && $0.contains(name) })
        #expect(String(decoding: try JSONEncoder().encode(explanation), as: UTF8.self).contains(#""quarantined":[{"#))
    }

    @Test("A UID that two studies hold is explained with both")
    func twoStudies() throws {
        let fixture = try MiddleFixture()
        var objects = try fixture.receive("1.1", series: "1.9", slices: 1)
        objects += try fixture.receive("1.2", series: "1.9", slices: 1).map {
            var object = $0
            object.receivedAt += 10
            return object
        }
        try fixture.database.index(objects)
        for uid in ["1.9.1", "1.9"] {
            let explanation = try Explanation(of: uid, in: fixture.database, files: fixture.directory)
            #expect(explanation.study.uid == "1.2" && explanation.otherStudies == ["1.1"])
            #expect(explanation.inWords[0].hasSuffix("of study 1.2."))
            #expect(explanation.inWords[1].hasPrefix("It is also in study 1.1:"))
        }
        #expect(try Explanation(of: "1.1", in: fixture.database, files: fixture.directory).otherStudies == [])
    }
}
