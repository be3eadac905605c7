internal import ServiceLifecycle

/// Runs a service's blocking work on a thread of its own until graceful shutdown or cancellation asks for its end.
/// - Parameters:
///   - stop: Asks the work to end; called from any thread, more than once.
///   - work: Blocks until its work is done or `stop` was called.
func runThreaded(
    name: String, stop: @escaping @Sendable () -> Void, work: @escaping @Sendable () throws -> Void
) async throws {
    try await withTaskCancellationHandler {
        try await withGracefulShutdownHandler {
            try await BlockingThread.run(name: name, work)
        } onGracefulShutdown: {
            stop()
        }
    } onCancel: {
        stop()
    }
}
