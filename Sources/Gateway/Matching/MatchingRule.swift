import Store

/// Decides on a complete study for one deployment.
///
/// The first form looks at one series at a time (``SeriesConditions``); a rule language takes its place behind this
/// protocol.
protocol MatchingRule: Sendable {
    /// Looks at a study; never throws and never guesses: what does not fit has a reason.
    func evaluate(_ study: StudySnapshot) -> Match
}

/// What a rule says of a study.
struct Match: Sendable, Equatable {
    /// What is to be done.
    enum Outcome: Sendable, Equatable {
        /// Run on this series.
        case matched(series: String)
        /// No series fits.
        case notMatched
    }

    var outcome: Outcome
    /// Why, in words.
    var reason: String
    /// One for each series of the study, in its order.
    var series: [SeriesVerdict]
}

/// What a rule says of one series.
struct SeriesVerdict: Sendable, Equatable {
    /// The verdict in one word, as it is stored and shown.
    enum Kind: String, Sendable, Equatable {
        /// It is the input.
        case matched
        /// It fits, but another fits better.
        case passedOver
        /// It does not fit.
        case notMatched
    }

    var series: String
    var kind: Kind
    var reason: String
}
