public import ArgumentParser
import Foundation
public import Store

extension JobsCommand {
    /// `portico jobs urgent ID…`
    struct Urgent: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Let waiting jobs start at the next free worker, before all others.")

        @OptionGroup var target: JobNumbers

        func run() async throws {
            try target.ask { .prioritise(job: $0, priority: .urgent) }
        }
    }

    /// `portico jobs priority LEVEL ID…`
    struct Priority: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Give waiting jobs another priority: urgent, routine or background.")

        @Argument(help: "urgent, routine or background.")
        var level: JobPriority
        @OptionGroup var target: JobNumbers

        func run() async throws {
            try target.ask { .prioritise(job: $0, priority: level) }
        }
    }

    /// `portico jobs cancel ID…`
    struct Cancel: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "End jobs: waiting ones at once, running ones at their next step.",
            discussion: "Nothing of a cancelled job is sent. `portico jobs retry` puts it back into the queue.")

        @OptionGroup var target: JobNumbers

        func run() async throws {
            try target.ask { .cancel(job: $0) }
        }
    }

    /// `portico jobs retry ID…`
    struct Retry: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Put failed or cancelled jobs back into the queue, with all their tries before them.")

        @OptionGroup var target: JobNumbers

        func run() async throws {
            try target.ask { .retry(job: $0) }
        }
    }

    /// `portico jobs watch`
    struct Watch: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Show the jobs again and again, with a bar and the estimated end, until Ctrl-C.",
            discussion: """
                On a terminal the table is drawn in place every second; elsewhere it is printed whenever it changes.
                """)

        @Option(name: .long, help: "Only jobs of this study (Study Instance UID).")
        var study: String?
        @Option(name: .long, help: "Only jobs of this deployment.")
        var deployment: String?
        @Option(name: .long, help: "At most so many, the newest first.")
        var limit = 20
        @OptionGroup var configuration: ConfigurationOptions

        func run() async throws {
            let database = try IndexAccess.open(configuration)
            let filter = JobFilter(study: study, deployment: deployment, limit: limit)
            let isTerminal = isatty(STDOUT_FILENO) == 1
            var shown: String?
            while true {
                let text = JobsProgress(jobs: try JobListing.all(in: database, filter: filter), now: Date()).table
                if isTerminal {
                    // Home, each line cleared to its end, then everything below.
                    let lines = text.split(separator: "\n").map { $0 + "\u{1B}[K\n" }.joined()
                    FileHandle.standardOutput.write(Data("\u{1B}[H\(lines)\u{1B}[J".utf8))
                } else if text != shown {
                    Output.write(text)
                }
                shown = text
                // Another process writes the index, and SQLite tells nobody of that: looking again is all there is.
                try await Task.sleep(for: .seconds(1))
            }
        }
    }
}

extension JobPriority: ExpressibleByArgument {}

/// The numbers of jobs that something is done to.
struct JobNumbers: ParsableArguments {
    @Argument(help: "The jobs' numbers, as `portico jobs` lists them.")
    var jobs: [Int64]
    @OptionGroup var configuration: ConfigurationOptions

    /// Asks for each job, goes on after a refusal, and prints what was done.
    ///
    /// - Throws: `CommandFailure` with every refusal.
    func ask(_ request: (Int64) -> ControlRequest) throws {
        let client = ControlClient(configuration: try configuration.load())
        var refusals: [String] = []
        for job in jobs {
            do {
                Output.write(try client.ask(request(job)))
            } catch let refusal as CommandFailure {
                refusals.append(refusal.description)
            }
        }
        guard refusals.isEmpty else { throw CommandFailure(refusals.joined(separator: "\n")) }
    }
}

/// What `portico jobs watch` shows.
struct JobsProgress {
    var jobs: [JobListing]
    var now: Date

    /// A bar has so many places.
    private static let barWidth = 20

    /// The jobs with bars; says so where there is none.
    var table: String {
        guard !jobs.isEmpty else { return "no jobs" }
        var table = TextTable(["JOB", "DEPLOYMENT", "PRIORITY", "STATE", "PROGRESS", "ENDS IN", "STUDY", "REMARK"])
        for job in jobs {
            table.append([
                String(job.id), job.deployment, job.priority, state(of: job), progress(of: job), end(of: job),
                job.study, job.trouble,
            ])
        }
        return table.text
    }

    private func state(of job: JobListing) -> String {
        job.stage.map { "\(job.stateInWords): \($0)" } ?? job.stateInWords
    }

    private func progress(of job: JobListing) -> String {
        guard let done = job.windowsDone, let total = job.windows else { return "-" }
        return "\(ProgressBar.text(done: done, of: total, width: Self.barWidth)) \(done)/\(total)"
    }

    private func end(of job: JobListing) -> String {
        job.estimatedEnd.map { ProgressBar.words(seconds: $0.timeIntervalSince(now)) } ?? "-"
    }
}
