import Logging
import Synchronization

/// A log that a test can wait on: what a service says is how a test knows that it has done it.
final class LogTap: Sendable {
    private struct Waiter {
        var id: Int
        var needle: String
        var count: Int
        var continuation: CheckedContinuation<Void, Never>

        func isDone(_ lines: [String]) -> Bool { lines.count { $0.contains(needle) } >= count }
    }

    private struct State {
        var lines: [String] = []
        var waiters: [Waiter] = []
        var nextID = 0
    }

    private let state = Mutex(State())

    var logger: Logger { Logger(label: "test") { _ in Handler(tap: self) } }

    /// Everything that was logged, message and metadata.
    var lines: [String] { state.withLock { $0.lines } }

    /// How many lines hold a text.
    func count(_ needle: String) -> Int { lines.count { $0.contains(needle) } }

    /// Waits until so many lines hold a text, or the test's time limit cancels it.
    func wait(for needle: String, count: Int = 1) async {
        let id = state.withLock { state in
            state.nextID += 1
            return state.nextID
        }
        await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let waiter = Waiter(id: id, needle: needle, count: count, continuation: continuation)
                let isDone = state.withLock { state in
                    if waiter.isDone(state.lines) || Task.isCancelled { return true }
                    state.waiters.append(waiter)
                    return false
                }
                if isDone { continuation.resume() }
            }
        } onCancel: {
            let waiter = state.withLock { state in
                let found = state.waiters.first { $0.id == id }
                state.waiters.removeAll { $0.id == id }
                return found
            }
            waiter?.continuation.resume()
        }
    }

    private func add(_ line: String) {
        let ready = state.withLock { state in
            state.lines.append(line)
            let lines = state.lines
            let ready = state.waiters.filter { $0.isDone(lines) }
            state.waiters.removeAll { $0.isDone(lines) }
            return ready
        }
        for waiter in ready { waiter.continuation.resume() }
    }

    private struct Handler: LogHandler {
        let tap: LogTap
        var logLevel = Logger.Level.trace
        var metadata: Logger.Metadata = [:]

        subscript(metadataKey key: String) -> Logger.Metadata.Value? {
            get { metadata[key] }
            set { metadata[key] = newValue }
        }

        func log(event: LogEvent) {
            let all = metadata.merging(event.metadata ?? [:]) { $1 }
            let words = all.sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value)" }.joined(separator: " ")
            tap.add("\(event.message) \(words)")
        }
    }
}
