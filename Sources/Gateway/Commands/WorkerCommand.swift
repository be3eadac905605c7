import ArgumentParser
import Foundation
import Logging

/// `portico worker`
struct WorkerCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "worker",
        abstract: "Run jobs that arrive as lines of JSON on standard input (started by `portico serve`).",
        discussion: """
            Events go to standard output, a line of JSON each; the end of standard input ends the process.
            """)

    @Option(name: .long, help: "Bytes that the process may allocate (RLIMIT_DATA).")
    var memoryLimit: Int64?
    @Option(name: .long, help: "Bytes of loaded bundles to keep for later jobs.")
    var modelMemory = WorkerSettings().modelMemory
    @Flag(name: .long, help: "Compute only with what the rest of the machine leaves (SCHED_IDLE, else nice 19).")
    var lowPriority = false

    func run() throws {
        // Before anything is loaded and any thread made that computes.
        let limits = WorkerLimits(memory: memoryLimit, modelMemory: modelMemory, isLowPriority: lowPriority)
        let words = limits.apply()
        LogSetup.start()
        signal(SIGPIPE, SIG_IGN)
        umask(0o027)
        // Ctrl-C reaches the whole process group; `serve` decides when a worker ends.
        signal(SIGINT, SIG_IGN)
        let logger = Logger(label: "portico.worker")
        logger.info("limits in force", metadata: ["limits": "\(words.joined(separator: "; "))"])
        WorkerProcess(limits: limits, logger: logger).run()
    }
}

/// Sends logs to standard error.
enum LogSetup {
    /// Starts logging; once in a process.
    static func start(debug: Bool = false) {
        LoggingSystem.bootstrap { label in
            var handler = StreamLogHandler.standardError(label: label)
            handler.logLevel = debug ? .debug : .info
            return handler
        }
    }
}
