public import Testing
import Foundation

/// Runs each test of a suite on threads of its own, one test of all such suites after the other.
///
/// The cooperative pool has as many threads as the machine has cores. A test that waits for a network, a compiler or
/// Python without suspending holds one of them, and where two do, every other test waits, whatever its time limit. One
/// after the other, because they keep all cores busy.
public struct OwnThread: SuiteTrait, TestTrait, TestScoping {
    private static let turn = Turn()

    /// It is handed down to the tests of a suite.
    public var isRecursive: Bool { true }

    /// Runs a test.
    public func provideScope(
        for test: Test, testCase: Test.Case?, performing function: @Sendable () async throws -> Void
    ) async throws {
        await Self.turn.take()
        do {
            try await withTaskExecutorPreference(ThreadExecutor()) { try await function() }
        } catch {
            await Self.turn.give()
            throw error
        }
        await Self.turn.give()
    }
}

extension Trait where Self == OwnThread {
    /// The tests block: they run on threads of their own.
    public static var ownThread: Self { Self() }
}

/// Runs each job on a new thread.
private final class ThreadExecutor: TaskExecutor {
    func enqueue(_ job: consuming ExecutorJob) {
        let job = UnownedJob(job)
        let thread = Thread {
            // Linux has this for each thread, and what it starts inherits it: who only waits goes first.
            setpriority(__priority_which_t(PRIO_PROCESS.rawValue), 0, 10)
            job.runSynchronously(on: self.asUnownedTaskExecutor())
        }
        thread.stackSize = 64 << 20
        thread.start()
    }
}

/// What one task at a time has; the others wait in the order in which they came.
private actor Turn {
    private var isTaken = false
    private var waiting: [CheckedContinuation<Void, Never>] = []

    func take() async {
        guard isTaken else {
            isTaken = true
            return
        }
        await withCheckedContinuation { waiting.append($0) }
    }

    func give() {
        guard waiting.isEmpty else { return waiting.removeFirst().resume() }
        isTaken = false
    }
}
