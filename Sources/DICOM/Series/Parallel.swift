internal import Dispatch
internal import Synchronization

/// Calls a function for every index, on several threads of its own; returns when all are done.
///
/// - Parameter threads: at most so many; one per processor serves where files are read and decoded.
/// - Throws: the first error; indices that were not begun by then are left out.
func forEachInParallel(
    _ count: Int, threads: Int = System.processors, _ body: @Sendable (Int) throws -> Void
) throws {
    let next = Atomic<Int>(0)
    let failure = Mutex<(any Error)?>(nil)
    DispatchQueue.concurrentPerform(iterations: max(1, min(threads, count))) { _ in
        while true {
            let index = next.wrappingAdd(1, ordering: .relaxed).oldValue
            if index >= count || failure.withLock({ $0 != nil }) { return }
            do {
                try body(index)
            } catch {
                failure.withLock { if $0 == nil { $0 = error } }
            }
        }
    }
    if let error = failure.withLock({ $0 }) { throw error }
}
