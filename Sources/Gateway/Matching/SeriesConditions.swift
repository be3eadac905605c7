import Store

/// The first form of the rules: a modality and a least number of slices.
///
/// Conditions are looked at in a fixed order, and the first that fails is the reason: made by Portico itself, the
/// modality, no images, too few slices. The modality is compared as a whole and without regard to case. Of several
/// series that fit, the one with most slices is taken, then the lowest series number, then the first UID.
struct SeriesConditions: MatchingRule {
    let rules: MatchingRules

    func evaluate(_ study: StudySnapshot) -> Match {
        let fitting = study.series.filter { firstFailure($0) == nil }
        let chosen = fitting.min(by: Self.isBetter)
        let verdicts = study.series.map { series -> SeriesVerdict in
            if let failure = firstFailure(series) {
                return SeriesVerdict(series: series.uid, kind: .notMatched, reason: failure)
            }
            guard let chosen, chosen.uid != series.uid else {
                return SeriesVerdict(series: series.uid, kind: .matched, reason: fit(series))
            }
            return SeriesVerdict(
                series: series.uid, kind: .passedOver,
                reason: "fits as well, but \(chosen.uid) is taken: \(Self.advantage(of: chosen, over: series))")
        }
        guard let chosen else {
            let reason =
                study.series.isEmpty ? "the study has no series" : "none of \(study.series.count) series fits"
            return Match(outcome: .notMatched, reason: reason, series: verdicts)
        }
        return Match(
            outcome: .matched(series: chosen.uid), reason: "series \(chosen.uid): \(fit(chosen))", series: verdicts)
    }

    /// The first condition that a series does not meet, with the value found.
    private func firstFailure(_ series: SeriesSnapshot) -> String? {
        if series.isOwnResult {
            return "is a result that Portico itself made"
        }
        let modality = Self.trimmed(series.modality ?? "")
        guard modality.uppercased() == Self.trimmed(rules.modality).uppercased() else {
            let found = modality.isEmpty ? "states no modality (0008,0060)" : "modality is \(modality)"
            return "\(found), the deployment asks for \(rules.modality)"
        }
        let slices = ImageStorage.slices(of: series)
        guard slices > 0 else {
            return "has no image to run on: \(ImageStorage.kinds(of: series))"
        }
        guard slices >= rules.minimumSlices else {
            return "\(slices) \(slices == 1 ? "slice" : "slices"), at least \(rules.minimumSlices) needed"
        }
        return nil
    }

    private func fit(_ series: SeriesSnapshot) -> String {
        "modality is \(Self.trimmed(series.modality ?? "")), \(ImageStorage.slices(of: series)) slices, "
            + "at least \(rules.minimumSlices) needed"
    }

    private static func isBetter(_ one: SeriesSnapshot, _ other: SeriesSnapshot) -> Bool {
        let (ours, theirs) = (ImageStorage.slices(of: one), ImageStorage.slices(of: other))
        if ours != theirs { return ours > theirs }
        let (number, otherNumber) = (one.number ?? Int.max, other.number ?? Int.max)
        return number != otherNumber ? number < otherNumber : one.uid < other.uid
    }

    private static func advantage(of one: SeriesSnapshot, over other: SeriesSnapshot) -> String {
        let (ours, theirs) = (ImageStorage.slices(of: one), ImageStorage.slices(of: other))
        if ours != theirs { return "it has more slices (\(ours) to \(theirs))" }
        if let number = one.number, number < other.number ?? Int.max {
            return "as many slices (\(ours)), and the lower series number "
                + "(\(number) to \(other.number.map(String.init) ?? "none"))"
        }
        return "as many slices (\(ours)) and the same series number, and its UID comes first"
    }

    private static func trimmed(_ text: String) -> String {
        String(text.drop { $0 == " " || $0 == "\0" }.reversed().drop { $0 == " " || $0 == "\0" }.reversed())
    }
}
