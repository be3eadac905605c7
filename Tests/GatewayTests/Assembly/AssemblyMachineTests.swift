import Testing

@testable import Gateway

@Suite("When a study is complete")
struct AssemblyMachineTests {
    /// A line of a table: at a moment an object comes, or the machine is asked.
    enum Step: Sendable {
        case object(Double, String, String)
        case resend(Double, String, String)
        /// Advance to the moment and expect these completions, as `study:why`.
        case expect(Double, [String])
    }

    struct Case: Sendable, CustomTestStringConvertible {
        var name: String
        var studyQuiet = 30.0
        var seriesQuiet = 10.0
        var cap = 100.0
        var steps: [Step]
        var testDescription: String { name }
    }

    static let cases: [Case] = [
        Case(
            name: "one object, then quiet",
            steps: [.object(0, "A", "1"), .expect(29.9, []), .expect(30, ["A:quiet"]), .expect(500, [])]),
        Case(
            name: "each object starts the wait again",
            steps: [
                .object(0, "A", "1"), .object(29, "A", "1"), .expect(58, []), .expect(59, ["A:quiet"]),
            ]),
        Case(
            name: "an object of another series starts it again, too",
            steps: [
                .object(0, "A", "1"), .object(29, "A", "2"), .expect(58.9, []), .expect(59, ["A:quiet"]),
            ]),
        Case(
            name: "an object of another study does not",
            steps: [
                .object(0, "A", "1"), .object(29, "B", "1"), .expect(30, ["A:quiet"]), .expect(58, []),
                .expect(59, ["B:quiet"]),
            ]),
        Case(
            name: "the longer of both quiet times counts", studyQuiet: 5, seriesQuiet: 20,
            steps: [
                .object(0, "A", "1"), .object(3, "A", "2"), .expect(22, []), .expect(23, ["A:quiet"]),
            ]),
        Case(
            name: "the cap ends an endless stream", cap: 40,
            steps: [
                .object(0, "A", "1"), .object(20, "A", "1"), .object(39, "A", "1"), .expect(39.5, []),
                .expect(40, ["A:cap"]),
            ]),
        Case(
            name: "after the cap, what comes next is the next revision with a cap of its own", cap: 40,
            steps: [
                .object(0, "A", "1"), .object(39, "A", "1"), .expect(40, ["A:cap"]), .object(41, "A", "1"),
                .object(60, "A", "1"),
                .object(75, "A", "1"), .expect(80, []), .expect(81, ["A:cap"]),
            ]),
        Case(
            name: "a late object opens the study again",
            steps: [
                .object(0, "A", "1"), .expect(30, ["A:quiet"]), .object(31, "A", "2"), .expect(60, []),
                .expect(61, ["A:quiet"]),
            ]),
        Case(
            name: "a resend prolongs the wait of an open study",
            steps: [
                .object(0, "A", "1"), .resend(20, "A", "1"), .expect(49, []), .expect(50, ["A:quiet"]),
            ]),
        Case(
            name: "a resend of a complete study opens nothing",
            steps: [
                .object(0, "A", "1"), .expect(30, ["A:quiet"]), .resend(31, "A", "1"), .expect(500, []),
            ]),
        Case(
            name: "events out of order do not shorten the wait",
            steps: [
                .object(10, "A", "1"), .object(5, "A", "1"), .object(4, "A", "2"), .expect(39, []),
                .expect(40, ["A:quiet"]),
            ]),
        Case(
            name: "two studies due at once come in the order of their UIDs",
            steps: [
                .object(0, "B", "1"), .object(1, "A", "1"), .expect(99, ["A:quiet", "B:quiet"]),
            ]),
        Case(
            name: "quiet times of nothing complete at once", studyQuiet: 0, seriesQuiet: 0,
            steps: [
                .object(7, "A", "1"), .expect(7, ["A:quiet"]),
            ]),
        Case(
            name: "when quiet and cap are both over, quiet is the reason", cap: 30,
            steps: [
                .object(0, "A", "1"), .expect(30, ["A:quiet"]),
            ]),
    ]

    @Test("The table of arrivals and completions", arguments: cases)
    func table(_ entry: Case) {
        var settings = CompletionSettings()
        settings.studyQuiet = entry.studyQuiet
        settings.seriesQuiet = entry.seriesQuiet
        settings.cap = entry.cap
        var machine = AssemblyMachine(settings)
        for step in entry.steps {
            switch step {
            case .object(let time, let study, let series):
                machine.handle(.object(study: study, series: series, isNew: true), at: time)
            case .resend(let time, let study, let series):
                machine.handle(.object(study: study, series: series, isNew: false), at: time)
            case .expect(let time, let expected):
                let found = machine.advance(to: time).compactMap { action -> String? in
                    guard case .complete(let study, let reason) = action else { return nil }
                    if case .cap = reason { return "\(study):cap" }
                    return "\(study):quiet"
                }
                #expect(found == expected, "at \(time)")
            }
        }
    }

    @Test("The next deadline is never late: advancing only there gives the same as advancing all the time")
    func deadlines() {
        var generator = SystemRandomNumberGenerator()
        for _ in 0..<50 {
            var settings = CompletionSettings()
            settings.studyQuiet = Double(Int.random(in: 0...20, using: &generator))
            settings.seriesQuiet = Double(Int.random(in: 0...20, using: &generator))
            settings.cap = Double(Int.random(in: 10...60, using: &generator))
            let events = (0..<40).map { _ in
                (
                    Double(Int.random(in: 0...150, using: &generator)), "S\(Int.random(in: 0...3))",
                    "\(Int.random(in: 0...2))"
                )
            }.sorted { $0.0 < $1.0 }
            #expect(Self.run(events, settings, lazily: true) == Self.run(events, settings, lazily: false))
        }
    }

    private static func run(_ events: [(Double, String, String)], _ settings: CompletionSettings, lazily: Bool)
        -> [String]
    {
        var machine = AssemblyMachine(settings)
        var found: [String] = []
        for time in stride(from: 0.0, through: 400, by: 1) {
            if lazily, let deadline = machine.nextDeadline, deadline > time {
                // Nothing may be due.
            } else {
                for action in machine.advance(to: time) { found.append("\(time) \(action)") }
            }
            for event in events where event.0 == time {
                machine.handle(.object(study: event.1, series: event.2, isNew: true), at: time)
            }
        }
        return found
    }

    @Test("A series is closed after its own quiet time, and opened again by its next object")
    func seriesClosed() {
        var machine = AssemblyMachine(CompletionSettings())
        machine.handle(.object(study: "A", series: "1", isNew: true), at: 0)
        machine.handle(.object(study: "A", series: "2", isNew: true), at: 8)
        #expect(machine.nextDeadline == 10)
        #expect(machine.advance(to: 10) == [.seriesClosed(study: "A", series: "1")])
        #expect(machine.advance(to: 11) == [])
        machine.handle(.object(study: "A", series: "1", isNew: true), at: 12)
        #expect(machine.advance(to: 18) == [.seriesClosed(study: "A", series: "2")])
        #expect(machine.advance(to: 22) == [.seriesClosed(study: "A", series: "1")])
    }

    @Test("What an earlier process received keeps its deadline")
    func restored() {
        var machine = AssemblyMachine(CompletionSettings())
        machine.restore(study: "A", series: "1", objects: 5, first: -100, last: -20)
        #expect(machine.advance(to: 9) == [.seriesClosed(study: "A", series: "1")])
        guard case .complete("A", let reason)? = machine.advance(to: 10).first else {
            Issue.record("the study is not complete")
            return
        }
        #expect("\(reason)".hasPrefix("5 new objects in 1 series; then no object for 30 s in the study"))
        #expect(machine.openStudies == 0)
        #expect(machine.nextDeadline == nil)
    }
}
