internal import Glibc

/// Runs work that blocks on a thread of its own and waits for it without blocking the caller's thread.
///
/// The cooperative pool has as few threads as the machine has processors, so nothing that waits for a peer or a disk
/// may run there.
func onOwnThread<Value: Sendable>(_ work: @escaping @Sendable () throws -> Value) async throws -> Value {
    try await withCheckedThrowingContinuation { continuation in
        let box = ThreadWork { continuation.resume(with: Result { try work() }) }
        var attributes = pthread_attr_t()
        pthread_attr_init(&attributes)
        defer { pthread_attr_destroy(&attributes) }
        pthread_attr_setstacksize(&attributes, 1 << 20)
        pthread_attr_setdetachstate(&attributes, Int32(PTHREAD_CREATE_DETACHED))
        var thread = pthread_t()
        let owned = Unmanaged.passRetained(box)
        let code = pthread_create(
            &thread, &attributes,
            { argument in
                if let argument { Unmanaged<ThreadWork>.fromOpaque(argument).takeRetainedValue().run() }
                return nil
            }, owned.toOpaque())
        if code != 0 {
            owned.release()
            continuation.resume(throwing: DICOMError(.foreign, "no thread can be started", foreignCode: code))
        }
    }
}

private final class ThreadWork: Sendable {
    let run: @Sendable () -> Void

    init(run: @escaping @Sendable () -> Void) { self.run = run }
}
