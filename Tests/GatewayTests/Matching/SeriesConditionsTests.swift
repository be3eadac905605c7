import Store
import Testing

@testable import Gateway

@Suite("Which series a deployment takes")
struct SeriesConditionsTests {
    private static let ct = "1.2.840.10008.5.1.4.1.1.2"

    private static func series(
        _ uid: String, _ modality: String?, _ count: Int, sopClass: String = ct, number: Int? = nil, frames: Int? = nil,
        rows: Int? = 8, own: Bool = false
    ) -> SeriesSnapshot {
        SeriesSnapshot(
            uid: uid, modality: modality, number: number, isOwnResult: own,
            instances: (0..<count).map {
                InstanceSnapshot(uid: "\(uid).\($0)", sopClass: sopClass, rows: rows, columns: rows, frames: frames)
            })
    }

    struct Case: Sendable, CustomTestStringConvertible {
        var name: String
        var series: SeriesSnapshot
        /// `nil` when it fits.
        var reason: String?
        var modality = "CT"
        var least = 20
        var testDescription: String { name }
    }

    static let cases: [Case] = [
        Case(name: "CT with enough slices", series: series("1", "CT", 20)),
        Case(name: "padded and lower case", series: series("1", "ct ", 20)),
        Case(name: "a rule in lower case", series: series("1", "CT", 20), modality: "ct"),
        Case(name: "one slice short", series: series("1", "CT", 19), reason: "19 slices, at least 20 needed"),
        Case(name: "one slice", series: series("1", "CT", 1), reason: "1 slice, at least 20 needed"),
        Case(
            name: "another modality",
            series: series("1", "RTSTRUCT", 1, sopClass: "1.2.840.10008.5.1.4.1.1.481.3", rows: nil),
            reason: "modality is RTSTRUCT, the deployment asks for CT"),
        Case(
            name: "OCT is not CT", series: series("1", "OCT", 30), reason: "modality is OCT, the deployment asks for CT"
        ),
        Case(
            name: "CT is not OCT", series: series("1", "CT", 30), reason: "modality is CT, the deployment asks for OCT",
            modality: "OCT"),
        Case(
            name: "no modality", series: series("1", nil, 30),
            reason: "states no modality (0008,0060), the deployment asks for CT"),
        Case(
            name: "an empty modality", series: series("1", "  ", 30),
            reason: "states no modality (0008,0060), the deployment asks for CT"),
        Case(
            name: "our own result", series: series("1", "CT", 30, own: true),
            reason: "is a result that Portico itself made"),
        Case(
            name: "screen shots that say CT", series: series("1", "CT", 30, sopClass: "1.2.840.10008.5.1.4.1.1.7"),
            reason: "has no image to run on: 30 secondary capture"),
        Case(
            name: "a structured report that says CT",
            series: series("1", "CT", 1, sopClass: "1.2.840.10008.5.1.4.1.1.88.67", rows: nil),
            reason: "has no image to run on: 1 dose report"),
        Case(
            name: "a private class", series: series("1", "CT", 2, sopClass: "1.3.9"),
            reason: "has no image to run on: 2 object of SOP class 1.3.9"),
        Case(
            name: "frames count as slices",
            series: series("1", "CT", 1, sopClass: "1.2.840.10008.5.1.4.1.1.2.1", frames: 51)),
        Case(
            name: "an image without rows", series: series("1", "CT", 30, rows: nil),
            reason: "has no image to run on: 30 CT image"),
        Case(
            name: "a rule that asks for no slices still wants an image", series: series("1", "CT", 0),
            reason: "has no image to run on: ", least: 0),
    ]

    @Test("The table of single series", arguments: cases)
    func table(_ entry: Case) {
        let rule = SeriesConditions(rules: MatchingRules(modality: entry.modality, minimumSlices: entry.least))
        let match = rule.evaluate(StudySnapshot(uid: "S", series: [entry.series]))
        if let reason = entry.reason {
            #expect(match.outcome == .notMatched)
            #expect(match.series == [SeriesVerdict(series: "1", kind: .notMatched, reason: reason)])
            #expect(match.reason == "none of 1 series fits")
        } else {
            #expect(match.outcome == .matched(series: "1"))
            #expect(match.series.map(\.kind) == [.matched])
        }
    }

    @Test(
        "Of several that fit, most slices, then the lowest number, then the first UID is taken, and the others say why not"
    )
    func choice() {
        let rule = SeriesConditions(rules: MatchingRules(modality: "CT", minimumSlices: 2))
        let study = StudySnapshot(
            uid: "S",
            series: [
                Self.series("5", "CT", 30, number: 1), Self.series("4", "CT", 51, number: 7),
                Self.series("3", "CT", 51, number: 3), Self.series("2", "CT", 51, number: 3),
                Self.series("1", "CT", 51),
                Self.series("0", "MR", 99),
            ])
        let match = rule.evaluate(study)
        #expect(match.outcome == .matched(series: "2"))
        #expect(
            match.series.map(\.kind) == [.passedOver, .passedOver, .passedOver, .matched, .passedOver, .notMatched])
        #expect(match.series[0].reason == "fits as well, but 2 is taken: it has more slices (51 to 30)")
        #expect(match.series[1].reason.hasSuffix("as many slices (51), and the lower series number (3 to 7)"))
        #expect(match.series[2].reason.hasSuffix("the same series number, and its UID comes first"))
        #expect(match.series[4].reason.hasSuffix("the lower series number (3 to none)"))
    }

    @Test("A study without series matches nothing and says so")
    func empty() {
        let rule = SeriesConditions(rules: MatchingRules(modality: "CT", minimumSlices: 1))
        let match = rule.evaluate(StudySnapshot(uid: "S", series: []))
        #expect(match == Match(outcome: .notMatched, reason: "the study has no series", series: []))
    }

    @Test("A job's key names study, deployment and objects, whatever their order")
    func key() {
        let key = Matcher.jobKey(study: "1", deployment: "d", instances: ["1.1", "1.2"])
        #expect(key.count == 32)
        #expect(key == Matcher.jobKey(study: "1", deployment: "d", instances: ["1.2", "1.1"]))
        let others = [
            Matcher.jobKey(study: "2", deployment: "d", instances: ["1.1", "1.2"]),
            Matcher.jobKey(study: "1", deployment: "e", instances: ["1.1", "1.2"]),
            Matcher.jobKey(study: "1", deployment: "d", instances: ["1.1"]),
            Matcher.jobKey(study: "1", deployment: "d", instances: ["1.1", "1.2", "1.3"]),
            Matcher.jobKey(study: "1", deployment: "d", instances: ["1.11.2"]),
        ]
        #expect(!others.contains(key))
        #expect(Set(others).count == others.count)
    }
}
