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

    func run() throws {
        LogSetup.start()
        signal(SIGPIPE, SIG_IGN)
        umask(0o027)
        // Ctrl-C reaches the whole process group; `serve` decides when a worker ends.
        signal(SIGINT, SIG_IGN)
        WorkerProcess(logger: Logger(label: "portico.worker")).run()
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
