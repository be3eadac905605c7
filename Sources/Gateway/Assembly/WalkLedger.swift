internal import Synchronization

/// What the comparison of the studies folder with the index has come to: whether all of it was done once, and which
/// studies could not be compared and are due for another try.
final class WalkLedger: Sendable {
    private struct State {
        var isDone = false
        var failed: Set<String> = []
        var due: Double?
        var failures = 0
    }

    /// A walk that is due.
    struct Retry {
        /// The studies to look at; `nil` looks at all.
        var studies: Set<String>?
    }

    /// The longest wait before another try, in seconds.
    private static let longestDelay = 300.0
    private let state = Mutex(State())

    /// The whole folder was walked once, whatever single studies failed.
    var isDone: Bool { state.withLock { $0.isDone } }

    /// When something is to be tried again, on the clock of ``Monotonic``.
    var due: Double? { state.withLock { $0.due } }

    /// Whether a study could not be compared, so that it must not be decided on.
    func isFailed(_ study: String) -> Bool { state.withLock { $0.failed.contains(study) } }

    /// What is to be tried again by now.
    func takeDue(at now: Double) -> Retry? {
        state.withLock { state in
            guard let due = state.due, due <= now else { return nil }
            state.due = nil
            return Retry(studies: state.isDone ? state.failed : nil)
        }
    }

    /// Notes a walk over these studies, or over all.
    func note(_ only: Set<String>?, failed: Set<String>, retryDelay: Double) {
        state.withLock { state in
            if only == nil { state.isDone = true }
            state.failed = (only.map { state.failed.subtracting($0) } ?? []).union(failed)
            state.failures = failed.isEmpty ? 0 : state.failures + 1
            Self.plan(&state, retryDelay, isNeeded: !state.failed.isEmpty)
        }
    }

    /// Notes a walk that came to nothing.
    func noteFailure(_ only: Set<String>?, retryDelay: Double) {
        state.withLock { state in
            state.failures += 1
            Self.plan(&state, retryDelay, isNeeded: only != nil || !state.isDone)
        }
    }

    private static func plan(_ state: inout State, _ retryDelay: Double, isNeeded: Bool) {
        guard isNeeded else { return }
        let doublings = min(max(state.failures - 1, 0), 20)
        state.due = Monotonic.now + min(retryDelay * Double(1 << doublings), longestDelay)
    }
}
