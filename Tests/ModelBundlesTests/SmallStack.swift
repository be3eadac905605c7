import Foundation
import Synchronization

/// Runs code on a thread with a stack of 1 MB, the smallest that a bundle may be opened on.
enum SmallStack {
    #if DEBUG
        // Code that is not optimised takes several times as much.
        private static let size = 4 << 20
    #else
        private static let size = 1 << 20
    #endif

    static func run<Result: Sendable>(_ body: @escaping @Sendable () -> Result) -> Result {
        let result = Mutex<Result?>(nil)
        let done = DispatchSemaphore(value: 0)
        let thread = Thread {
            let value = body()
            result.withLock { $0 = value }
            done.signal()
        }
        thread.stackSize = size
        thread.start()
        done.wait()
        guard let value = result.withLock({ $0 }) else { fatalError("the thread ended without a result") }
        return value
    }
}
