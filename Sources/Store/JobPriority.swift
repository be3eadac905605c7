/// What a waiting job runs before.
public enum JobPriority: String, Sendable, Hashable, Codable, CaseIterable {
    /// Starts at the next free worker, before all others.
    case urgent
    /// In the order in which it was queued.
    case routine
    /// When nothing else waits.
    case background

    /// The number that the index orders by; a higher one runs first.
    var level: Int {
        switch self {
        case .urgent: 1
        case .routine: 0
        case .background: -1
        }
    }

    /// Takes what the index holds; numbers beyond the three are the nearest of them.
    init(level: Int) {
        self = level > 0 ? .urgent : level < 0 ? .background : .routine
    }
}
