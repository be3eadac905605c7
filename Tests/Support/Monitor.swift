import Foundation
import Synchronization

/// A value that tasks wait on: waiters are suspended until it changes, never blocked and never polling.
public final class Monitor<Value: Sendable>: Sendable {
    private struct State {
        var value: Value
        var version: UInt64 = 0
        var nextWaiter: UInt64 = 0
        var waiters: [UInt64: CheckedContinuation<Void, Never>] = [:]
    }

    private let state: Mutex<State>

    /// Makes a monitor of a first value.
    public init(_ value: Value) {
        state = Mutex(State(value: value))
    }

    /// The value as it is now.
    public var value: Value { state.withLock(\.value) }

    /// Changes the value and wakes everybody who waits for it.
    public func update(_ change: (inout Value) -> Void) {
        let waiters = state.withLock { state in
            change(&state.value)
            state.version += 1
            defer { state.waiters = [:] }
            return state.waiters.values.map { $0 }
        }
        for waiter in waiters { waiter.resume() }
    }

    /// Waits until the value gives what is asked for.
    ///
    /// - Parameters:
    ///   - what: names it in the error.
    ///   - limit: a guard against hanging, not an expectation.
    ///   - answer: looks at the value; `nil` waits for the next change.
    /// - Throws: `SupportError` when the limit is over, and what `answer` throws.
    public func wait<Answer>(
        for what: String, within limit: Duration = .seconds(120), _ answer: (Value) throws -> Answer?
    ) async throws -> Answer {
        let deadline = ContinuousClock.now + limit
        while true {
            let (value, version) = state.withLock { ($0.value, $0.version) }
            if let found = try answer(value) { return found }
            let left = deadline - .now
            guard left > .zero else { throw SupportError("waited \(limit) in vain for \(what)") }
            await change(after: version, within: left)
        }
    }

    private func change(after version: UInt64, within limit: Duration) async {
        await withCheckedContinuation { (continuation: CheckedContinuation<Void, Never>) in
            let waiter: UInt64? = state.withLock { state in
                guard state.version == version else { return nil }
                state.nextWaiter += 1
                state.waiters[state.nextWaiter] = continuation
                return state.nextWaiter
            }
            guard let waiter else {
                continuation.resume()
                return
            }
            DispatchQueue.global().asyncAfter(deadline: .now() + limit.seconds) { [weak self] in
                self?.state.withLock { $0.waiters.removeValue(forKey: waiter) }?.resume()
            }
        }
    }
}

/// Why a fixture could not do its part; the test that needs it fails with these words.
public struct SupportError: Error, CustomStringConvertible {
    /// What went wrong and what would help.
    public var description: String

    /// Makes an error.
    public init(_ description: String) {
        self.description = description
    }
}

extension Duration {
    /// The duration as a number of seconds.
    public var seconds: Double { Double(components.seconds) + Double(components.attoseconds) / 1e18 }
}

/// Runs work that blocks on a thread of its own, so that the two threads of the cooperative pool stay free.
public func onThread<Result: Sendable>(_ work: @escaping @Sendable () throws -> Result) async throws -> Result {
    try await withCheckedThrowingContinuation { continuation in
        let thread = Thread { continuation.resume(with: Swift.Result { try work() }) }
        thread.stackSize = 4 << 20
        thread.start()
    }
}
