import Foundation
import GRDB
import Testing

@testable import Store

@Suite("Objects, series, studies and revisions")
struct IntakeTests {
    @Test("An object comes back from the index as it went in, and is taken once")
    func roundTrip() throws {
        let fixture = try IndexFixture()
        let slices = IndexFixture.slices(3)
        #expect(try fixture.database.index(slices) == [true, true, true])
        #expect(try fixture.database.index(slices + IndexFixture.slices(1, from: 4)) == [false, false, false, true])
        let snapshot = try #require(try fixture.database.snapshot(ofStudy: "1.2.3"))
        #expect(snapshot.instanceCount == 4)
        #expect(snapshot.unassigned == 4)
        #expect(snapshot.revision == 0)
        let series = try #require(snapshot.series.first)
        #expect(series.modality == "CT")
        #expect(series.number == 2)
        #expect(!series.isOwnResult)
        #expect(series.instances[2].position == [0.1, -0.2, 7.5])
        #expect(series.instances[2].orientation == [1, 0, 0, 0, 1, 0])
        #expect(series.instances[2].rows == 16)
        #expect(try fixture.database.snapshot(ofStudy: "1.2.4") == nil)
    }

    @Test("One SOP Instance UID in two series is two objects; the same UID again in one of them is none")
    func sameInstanceInTwoSeries() throws {
        let fixture = try IndexFixture()
        var one = IndexFixture.slices(1)[0]
        #expect(try fixture.database.index([one]) == [true])
        one.series = "1.2.3.2"
        #expect(try fixture.database.index([one, one]) == [true, false])
        #expect(
            try fixture.database.instances(ofStudy: "1.2.3") == ["1.2.3.1": ["1.2.3.1.1"], "1.2.3.2": ["1.2.3.1.1"]])
    }

    @Test("A batch with an object that the tables refuse is not taken at all")
    func atomic() throws {
        let fixture = try IndexFixture()
        try fixture.database.write {
            try $0.execute(
                sql:
                    "CREATE TRIGGER t BEFORE INSERT ON instance WHEN new.number = 3 BEGIN SELECT RAISE(ABORT, 'no'); END"
            )
        }
        #expect(throws: StoreError.self) { try fixture.database.index(IndexFixture.slices(5)) }
        #expect(try fixture.database.instanceCount() == 0)
        #expect(try fixture.database.studies() == [])
    }

    @Test("A revision takes what is there, the next one only exists when something came after")
    func revisions() throws {
        let fixture = try IndexFixture()
        try fixture.database.index(IndexFixture.slices(3))
        #expect(try fixture.database.openSeries().map(\.objects) == [3])
        #expect(try fixture.complete() == .recorded(number: 1, jobs: [1]))
        #expect(try fixture.database.openSeries() == [])
        #expect(try fixture.complete() == .nothingNew)
        try fixture.database.index(IndexFixture.slices(2, series: "1.2.3.7"))
        let open = try #require(try fixture.database.openSeries().first)
        #expect(open.series == "1.2.3.7")
        #expect(open.first == Date(timeIntervalSince1970: 1001))
        #expect(open.last == Date(timeIntervalSince1970: 1002))
        // The job's input is the same, so its key is: no second job.
        #expect(try fixture.complete() == .recorded(number: 2, jobs: []))
        let revisions = try fixture.database.revisions(ofStudy: "1.2.3")
        #expect(revisions.map(\.instances) == [3, 5])
        #expect(revisions[1].decisions[0].job == 1)
        #expect(revisions[1].decisions[0].reason == "fits; its input is the same as in revision 1, so job 1 stands")
        #expect(revisions[1].decisions[0].candidates.map(\.series) == ["1.2.3.1", "1.2.3.7"])
    }

    @Test("A study that has grown since it was looked at is not recorded")
    func changed() throws {
        let fixture = try IndexFixture()
        try fixture.database.index(IndexFixture.slices(3))
        let draft = RevisionDraft(
            study: "1.2.3", instances: 2, completedAt: Date(), reason: "", digest: "", decisions: [])
        #expect(try fixture.database.record(draft) == .studyChanged)
        #expect(try fixture.database.revisions(ofStudy: "1.2.3") == [])
        #expect(try fixture.database.openSeries().count == 1)
    }

    @Test("A job runs on the series as it was in its revision, not on what came later")
    func inputOfRevision() throws {
        let fixture = try IndexFixture()
        try fixture.database.index(IndexFixture.slices(3))
        try fixture.complete()
        try fixture.database.index(IndexFixture.slices(2, from: 4))
        #expect(try fixture.lease()?.instances == ["1.2.3.1.1", "1.2.3.1.2", "1.2.3.1.3"])
        #expect(try fixture.complete(key: "k2") == .recorded(number: 2, jobs: [2]))
        #expect(try fixture.lease()?.instances.count == 5)
    }

    @Test("Objects of no revision whose files are gone are forgotten, decided ones stay")
    func forget() throws {
        let fixture = try IndexFixture()
        try fixture.database.index(IndexFixture.slices(2))
        try fixture.complete()
        try fixture.database.index(IndexFixture.slices(2, from: 3))
        let gone = ["1.2.3.1": Set(["1.2.3.1.1", "1.2.3.1.3"])]
        #expect(try fixture.database.forget(study: "1.2.3", instances: gone) == 1)
        #expect(
            try fixture.database.instances(ofStudy: "1.2.3") == ["1.2.3.1": ["1.2.3.1.1", "1.2.3.1.2", "1.2.3.1.4"]])
    }

    @Test("A result that comes back is known as Portico's own, by its series and by itself")
    func ownResults() throws {
        let fixture = try IndexFixture()
        _ = try fixture.finishedJob(results: ["9.1"])
        var segmentation = IndexFixture.slices(1, series: "9")[0]
        segmentation.instance = "9.77"
        segmentation.modality = "SEG"
        var moved = segmentation
        moved.series = "10"
        moved.instance = "9.1"
        try fixture.database.index([segmentation, moved])
        let snapshot = try #require(try fixture.database.snapshot(ofStudy: "1.2.3"))
        #expect(snapshot.series.map(\.isOwnResult) == [false, true, true])
    }

    @Test(
        "A UID is found as what it is",
        arguments: [
            ("1.2.3", UIDSubject.study), ("1.2.3.1", .series(study: "1.2.3")), ("1.2.3.1.2", .instance(study: "1.2.3")),
            ("9.1", .result(job: 1, study: "1.2.3")), ("9", .result(job: 1, study: "1.2.3")),
        ])
    func subjects(uid: String, expected: UIDSubject) throws {
        let fixture = try IndexFixture()
        _ = try fixture.finishedJob()
        #expect(try fixture.database.subject(of: uid) == expected)
        #expect(try fixture.database.subject(of: uid + ".5") == nil)
    }
}
