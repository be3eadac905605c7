internal import Dispatch
internal import Synchronization

/// Wakes one thread that waits for something to do; rings that come while it is busy are kept as one.
final class Doorbell: Sendable {
    private let semaphore = DispatchSemaphore(value: 0)
    private let isRung = Mutex(false)

    /// Wakes the waiting thread, or keeps it from waiting next time.
    func ring() {
        let isFirst = isRung.withLock { rung in
            defer { rung = true }
            return !rung
        }
        if isFirst { semaphore.signal() }
    }

    /// Blocks until the bell rings or the time is over; `nil` waits without end.
    ///
    /// The time is measured on a clock that nobody sets. A return says nothing about the cause: look at the work.
    func wait(seconds: Double?) {
        if let seconds {
            let nanoseconds = Int(min(max(seconds, 0), 86_400) * 1e9)
            _ = semaphore.wait(timeout: .now() + .nanoseconds(nanoseconds))
        } else {
            semaphore.wait()
        }
        isRung.withLock { $0 = false }
    }
}

/// A mark that any thread can set and look at, such as the request to end.
final class Latch: Sendable {
    private let flag = Mutex(false)

    /// Sets the mark, for good.
    func set() { flag.withLock { $0 = true } }

    /// Whether the mark is set.
    var isSet: Bool { flag.withLock { $0 } }
}

/// Seconds on a clock that never goes back and that nobody sets.
enum Monotonic {
    private static let origin = ContinuousClock.now

    /// Seconds since some moment near the start of the process.
    static var now: Double {
        let (seconds, attoseconds) = (ContinuousClock.now - origin).components
        return Double(seconds) + Double(attoseconds) * 1e-18
    }
}
