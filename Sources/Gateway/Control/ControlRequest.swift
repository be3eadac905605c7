import Store

/// What a command asks of `serve`, as one line of JSON on its control socket.
enum ControlRequest: Codable, Sendable, Equatable {
    /// Lets a waiting job run before or after others.
    case prioritise(job: Int64, priority: JobPriority)
    /// Ends a job.
    case cancel(job: Int64)
    /// Puts a failed or cancelled job back into the queue.
    case retry(job: Int64)
    /// Keeps a deployment's jobs waiting.
    case suspend(deployment: String, reason: String)
    /// Lets a suspended deployment's jobs run.
    case resume(deployment: String)
}

/// What `serve` says to a request, as one line of JSON.
struct ControlAnswer: Codable, Sendable, Equatable {
    /// Whether it was done, or begun.
    var isDone: Bool
    /// What was done, or why it was not, in a sentence.
    var message: String
}
