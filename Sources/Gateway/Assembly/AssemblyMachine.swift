/// Says when a study is complete: a pure state machine, events in, actions out, the clock passed in.
///
/// A series is *closed* when none of its objects came for `seriesQuiet`; a further object opens it again. A study is
/// complete when every one of its series is closed and none of its objects came for `studyQuiet`, or, whatever comes,
/// `cap` after the first object that belongs to no revision yet. An object after that opens the study again, for its
/// next revision. An object that is sent once more prolongs the wait of an open study, because its sender is still at
/// it, and opens nothing.
///
/// With quiet times alone, both conditions together mean the longer of the two after the study's last object. They
/// come apart as soon as another signal closes a series or holds it open; that is why each series keeps its own state.
struct AssemblyMachine: Sendable {
    /// What the machine hears.
    enum Event: Sendable, Equatable {
        /// An object is durable and in the index.
        case object(study: String, series: String, isNew: Bool)
    }

    /// What the machine asks for.
    enum Action: Sendable, Equatable {
        /// A series is closed until another object of it comes.
        case seriesClosed(study: String, series: String)
        /// The study is complete; the machine has forgotten it.
        case complete(study: String, reason: Reason)
    }

    /// Why a study counts as complete.
    enum Reason: Sendable, Equatable {
        case quiet(objects: Int, series: Int, studyQuiet: Double, seriesQuiet: Double)
        case cap(objects: Int, series: Int, cap: Double)
    }

    private struct OpenSeries {
        var last: Double
        var isClosed = false
    }

    private struct OpenStudy {
        var first: Double
        var last: Double
        var objects = 0
        var series: [String: OpenSeries] = [:]

        /// When the quiet times are over, as things stand.
        func quietAt(_ settings: CompletionSettings) -> Double {
            series.values.reduce(last + settings.studyQuiet) { max($0, $1.last + settings.seriesQuiet) }
        }

        /// The next moment at which something may have to be done.
        func deadline(_ settings: CompletionSettings) -> Double {
            let complete = min(quietAt(settings), first + settings.cap)
            let open = series.values.filter { !$0.isClosed }.map { $0.last + settings.seriesQuiet }
            return open.reduce(complete, min)
        }
    }

    private let settings: CompletionSettings
    private var studies: [String: OpenStudy] = [:]

    /// Makes a machine that knows of no study.
    init(_ settings: CompletionSettings) {
        self.settings = settings
    }

    /// How many studies are open.
    var openStudies: Int { studies.count }

    /// When ``advance(to:)`` has something to do next; `nil` while no study is open.
    var nextDeadline: Double? {
        studies.values.lazy.map { $0.deadline(settings) }.min()
    }

    /// Takes an event.
    ///
    /// Events may come out of order by their moments: batches of several associations do.
    mutating func handle(_ event: Event, at moment: Double) {
        switch event {
        case .object(let study, let series, let isNew):
            if isNew {
                take(study: study, series: series, objects: 1, first: moment, last: moment)
            } else if studies[study] != nil {
                take(study: study, series: series, objects: 0, first: moment, last: moment)
            }
        }
    }

    /// Takes up objects that an earlier process has received.
    mutating func restore(study: String, series: String, objects: Int, first: Double, last: Double) {
        take(study: study, series: series, objects: objects, first: first, last: last)
    }

    /// Lets the time pass.
    /// - Returns: What is due, study by study in the order of their UIDs, so that a run can be repeated.
    mutating func advance(to now: Double) -> [Action] {
        var actions: [Action] = []
        let due = studies.filter { $0.value.deadline(settings) <= now }
        for uid in due.keys.sorted() {
            guard var study = studies[uid] else { continue }
            for series in study.series.keys.sorted() {
                guard let state = study.series[series], !state.isClosed, state.last + settings.seriesQuiet <= now else {
                    continue
                }
                study.series[series]?.isClosed = true
                actions.append(.seriesClosed(study: uid, series: series))
            }
            if study.quietAt(settings) <= now {
                actions.append(
                    .complete(
                        study: uid,
                        reason: .quiet(
                            objects: study.objects, series: study.series.count, studyQuiet: settings.studyQuiet,
                            seriesQuiet: settings.seriesQuiet)))
                studies[uid] = nil
            } else if study.first + settings.cap <= now {
                actions.append(
                    .complete(
                        study: uid,
                        reason: .cap(objects: study.objects, series: study.series.count, cap: settings.cap)))
                studies[uid] = nil
            } else {
                studies[uid] = study
            }
        }
        return actions
    }

    private mutating func take(study uid: String, series: String, objects: Int, first: Double, last: Double) {
        var study = studies[uid] ?? OpenStudy(first: first, last: last)
        study.first = min(study.first, first)
        study.last = max(study.last, last)
        study.objects += objects
        let before = study.series[series]?.last ?? last
        study.series[series] = OpenSeries(last: max(before, last))
        studies[uid] = study
    }
}

extension AssemblyMachine.Reason: CustomStringConvertible {
    /// A sentence for `explain`.
    var description: String {
        switch self {
        case .quiet(let objects, let series, let studyQuiet, let seriesQuiet):
            "\(Self.count(objects, "new object")) in \(series) series; then no object for \(Self.seconds(studyQuiet)) "
                + "in the study and for \(Self.seconds(seriesQuiet)) in each of these series"
        case .cap(let objects, let series, let cap):
            "\(Self.count(objects, "new object")) in \(series) series within \(Self.seconds(cap)), the longest that a "
                + "study is waited for; objects were still coming"
        }
    }

    private static func count(_ number: Int, _ noun: String) -> String {
        number == 1 ? "1 \(noun)" : "\(number) \(noun)s"
    }

    private static func seconds(_ value: Double) -> String {
        value == value.rounded() && abs(value) < 1e9 ? "\(Int(value)) s" : "\(value) s"
    }
}
