import Foundation
import Store
import Testing

@testable import Gateway

@Suite("Progress for people")
struct ProgressTests {
    @Test(
        "A bar is as full as the work is done",
        arguments: [(0, "[----------]"), (5, "[#####-----]"), (99, "[##########]")])
    func bar(done: Int, expected: String) {
        #expect(ProgressBar.text(done: done, of: 10, width: 10) == expected)
    }

    @Test(
        "The time that is left is said in the units that fit it",
        arguments: [
            (-3.0, "0 s"), (44.2, "45 s"), (200, "3 min 20 s"), (7501, "2 h 05 min"), (.infinity, "2400 h 00 min"),
        ])
    func time(seconds: Double, expected: String) {
        #expect(ProgressBar.words(seconds: seconds) == expected)
    }

    @Test("A terminal sees every window with a bar, elsewhere each tenth has a line")
    func run() {
        var terminal = ProgressText(isTerminal: true)
        #expect(terminal.begin("inference", at: 10) == "inference")
        #expect(terminal.advance(to: 0, of: 40, at: 11) == nil)
        #expect(
            terminal.advance(to: 10, of: 40, at: 30)
                == "inference [#######-----------------------] window 10 of 40, 1 min 00 s left")
        var plain = ProgressText(isTerminal: false)
        #expect(plain.begin("inference", at: 0) == "inference")
        let lines = (1...40).compactMap { plain.advance(to: $0, of: 40, at: Double($0)) }
        #expect(lines.count == 10)
        #expect(lines.first == "inference: window 4 of 40, 36 s left")
        #expect(lines.last == "inference: window 40 of 40, 0 s left")
    }

    @Test("The watched table shows a running job's bar and end, and what waits")
    func watched() throws {
        let fixture = try MiddleFixture()
        #expect(JobsProgress(jobs: [], now: Date()).table == "no jobs")
        try fixture.completeStudy("1.1")
        try fixture.completeStudy("1.2")
        let now = Date()
        _ = try fixture.database.leaseJob(owner: "w", workerPID: 1, at: now, until: now + 60)
        try fixture.database.renewLease(
            job: 1, owner: "w", until: now + 60, stage: "inference", progress: (5, 20), estimatedEnd: now + 89.5)
        let lines = JobsProgress(jobs: try JobListing.all(in: fixture.database), now: now).table.split(separator: "\n")
        #expect(lines.count == 3)
        #expect(lines[1].contains("waiting") && lines[1].contains(" -  "))
        #expect(lines[2].contains("running: inference"))
        #expect(lines[2].contains("[#####---------------] 5/20  1 min 30 s"))
    }
}
