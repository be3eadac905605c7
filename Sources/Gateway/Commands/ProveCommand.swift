import ArgumentParser
import Foundation
import Glibc

/// `portico prove`, which Portico starts itself.
struct ProveCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "prove",
        abstract: "Try engines on a network that is described by a line of JSON on standard input.",
        discussion: "Started by Portico itself, so that a conversion that fails costs no job.",
        shouldDisplay: false)

    func run() throws {
        signal(SIGPIPE, SIG_IGN)
        // Another process's job must not wait for an experiment.
        setpriority(__priority_which_t(PRIO_PROCESS.rawValue), 0, 10)
        guard let line = readLine(strippingNewline: true) else { throw ExitCode.failure }
        let request = try JSONDecoder().decode(TrialRequest.self, from: Data(line.utf8))
        // A worker's own limit is handed down, and cannot be raised.
        let data = __rlimit_resource_t(RLIMIT_DATA.rawValue)
        var limit = rlimit()
        if getrlimit(data, &limit) == 0 {
            limit.rlim_cur = min(limit.rlim_max, rlim_t(request.memoryLimit))
            guard setrlimit(data, &limit) == 0 else { throw ExitCode.failure }
        }
        Self.endWithStarter()
        let thread = Thread {
            EngineTrial(request: request) { event in
                guard var line = try? JSONEncoder().encode(event) else { return }
                line.append(0x0A)
                try? FileHandle.standardOutput.write(contentsOf: line)
            }.run()
            Glibc.exit(0)
        }
        thread.name = "trial"
        thread.stackSize = 64 << 20
        thread.start()
        while true { pause() }
    }

    /// Ends the process when standard input does: whoever started it is gone.
    private static func endWithStarter() {
        let thread = Thread {
            while readLine() != nil {}
            Glibc.exit(0)
        }
        thread.name = "starter"
        thread.start()
    }
}
