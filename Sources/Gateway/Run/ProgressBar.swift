/// A bar of text and the time that is left, for terminals.
enum ProgressBar {
    /// Such as `[#####---------------]`.
    static func text(done: Int, of total: Int, width: Int) -> String {
        let filled = total > 0 ? min(max(width * done / total, 0), width) : 0
        return "[" + String(repeating: "#", count: filled) + String(repeating: "-", count: width - filled) + "]"
    }

    /// Such as `45 s`, `3 min 20 s` or `2 h 05 min`; what is over is `0 s`.
    static func words(seconds: Double) -> String {
        let whole = Int(min(max(seconds, 0), 8_640_000).rounded(.up))
        func two(_ number: Int) -> String { number < 10 ? "0\(number)" : "\(number)" }
        switch whole {
        case ..<60: return "\(whole) s"
        case ..<3600: return "\(whole / 60) min \(two(whole % 60)) s"
        default: return "\(whole / 3600) h \(two(whole / 60 % 60)) min"
        }
    }
}

/// What a run in the foreground shows of its progress.
///
/// A terminal has one line that is drawn again and again; elsewhere there is a line for each stage and each tenth of
/// the windows.
struct ProgressText {
    private let isTerminal: Bool
    private var stage = ""
    private var begun = 0.0
    private var tenths = 0

    init(isTerminal: Bool) {
        self.isTerminal = isTerminal
    }

    /// The text for a stage that begins at a moment, in seconds.
    mutating func begin(_ stage: String, at now: Double) -> String {
        self.stage = stage
        (begun, tenths) = (now, 0)
        return stage
    }

    /// The text when so many windows are done.
    /// - Returns: `nil` where nothing new is to be shown.
    mutating func advance(to done: Int, of total: Int, at now: Double) -> String? {
        guard total > 0, done > 0 else { return nil }
        let left = ProgressBar.words(seconds: (now - begun) / Double(done) * Double(total - done))
        if isTerminal {
            return
                "\(stage) \(ProgressBar.text(done: done, of: total, width: 30)) window \(done) of \(total), \(left) left"
        }
        let reached = 10 * done / total
        guard reached > tenths else { return nil }
        tenths = reached
        return "\(stage): window \(done) of \(total), \(left) left"
    }
}
