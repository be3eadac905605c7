import Foundation

/// Runs work that blocks, such as inference, on a thread of its own: the cooperative pool has as many threads as the
/// machine has cores, and two blocked ones would stop the gateway.
enum BlockingThread {
    /// Bytes of stack; TorchScript's interpreter and DCMTK's parser both recurse.
    private static let stackSize = 64 << 20

    /// Runs a closure on a new thread and returns what it returns.
    static func run<Value: Sendable>(
        name: String, _ work: @escaping @Sendable () throws -> Value
    ) async throws -> Value {
        try await withCheckedThrowingContinuation { continuation in
            let thread = Thread { continuation.resume(with: Result { try work() }) }
            thread.name = name
            thread.stackSize = stackSize
            thread.start()
        }
    }
}
