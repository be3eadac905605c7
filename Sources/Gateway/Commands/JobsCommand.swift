import ArgumentParser
import Foundation
import Store

/// `portico jobs`
struct JobsCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "jobs",
        abstract: "See what runs, what ran, what came of it and where it was sent; and change what waits or runs.",
        subcommands: [
            List.self, Show.self, Wait.self, Watch.self, Urgent.self, Priority.self, Cancel.self, Retry.self,
        ], defaultSubcommand: List.self)

    /// `portico jobs list`
    struct List: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "List jobs, the newest first.")

        @OptionGroup var configuration: ConfigurationOptions
        @Option(name: .long, help: "Only jobs of this study (Study Instance UID).")
        var study: String?
        @Option(name: .long, help: "Only jobs of this deployment.")
        var deployment: String?
        @Option(name: .long, help: "At most so many.")
        var limit = 100
        @OptionGroup var output: OutputOptions

        func run() async throws {
            let database = try IndexAccess.open(configuration)
            let filter = JobFilter(study: study, deployment: deployment, states: [], limit: limit)
            try Output.print(JobsReport(jobs: JobListing.all(in: database, filter: filter)), as: output.format)
        }
    }

    /// `portico jobs show ID`
    struct Show: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Show one job whole.")

        @Argument(help: "The job's number, as `portico jobs` lists it.")
        var job: Int64
        @OptionGroup var configuration: ConfigurationOptions
        @OptionGroup var output: OutputOptions

        func run() async throws {
            let database = try IndexAccess.open(configuration)
            let jobs = try JobListing.all(in: database, filter: JobFilter(job: job))
            guard !jobs.isEmpty else {
                throw CommandFailure("there is no job \(job); `portico jobs` lists them")
            }
            try Output.print(JobsReport(jobs: jobs), as: output.format)
        }
    }

    /// `portico jobs wait`
    struct Wait: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Wait until all jobs of a study have ended and their results are delivered or given up.",
            discussion: """
                Exit status 0 when all is done and delivered; 1 when anything failed, when no deployment takes the \
                study, or when time ran out.
                """)

        @Option(name: .long, help: "The Study Instance UID.")
        var study: String
        @Option(name: .long, help: "Seconds to wait at most.")
        var timeout = 600.0
        @OptionGroup var configuration: ConfigurationOptions
        @OptionGroup var output: OutputOptions

        func validate() throws {
            guard (0...31_622_400).contains(timeout) else { throw ValidationError("--timeout: expected seconds") }
        }

        func run() async throws {
            let database = try IndexAccess.open(configuration)
            let filter = JobFilter(study: study, deployment: nil, states: [], limit: Int.max)
            let deadline = ContinuousClock.now + .seconds(timeout)
            var state = ""
            while true {
                let jobs = try JobListing.all(in: database, filter: filter)
                let now = jobs.map(\.summary).joined(separator: "\n")
                if now != state, !now.isEmpty { Output.note(now) }
                state = now
                if !jobs.isEmpty, jobs.allSatisfy(\.isSettled) {
                    try Output.print(JobsReport(jobs: jobs), as: output.format)
                    if let failed = jobs.first(where: \.hasFailed) {
                        throw CommandFailure("job \(failed.id) did not end well: \(failed.trouble)")
                    }
                    return
                }
                if jobs.isEmpty, let words = try Self.decidedAgainst(study, in: database, options: configuration) {
                    throw CommandFailure(words)
                }
                guard ContinuousClock.now < deadline else {
                    throw CommandFailure(
                        "after \(Int(timeout)) s the study is not done: \(jobs.isEmpty ? "it has no job" : now); "
                            + "see `portico explain \(study)`")
                }
                // Another process writes the database, and SQLite tells nobody of that: looking again is all there is.
                try await Task.sleep(for: .milliseconds(200))
            }
        }

        /// What was decided of a study that no deployment takes; `nil` while it is being assembled.
        private static func decidedAgainst(
            _ study: String, in database: IndexDatabase, options: ConfigurationOptions
        ) throws -> String? {
            let directory = DataDirectory(try options.load().dataDirectory)
            guard let explanation = try? Explanation(of: study, in: database, files: directory),
                !explanation.revisions.isEmpty, explanation.jobs.isEmpty
            else { return nil }
            return "the study has no job, because no deployment takes it:\n"
                + explanation.inWords.joined(separator: "\n")
        }
    }
}

/// Opens the index for reading.
enum IndexAccess {
    /// The database of the configuration's data directory.
    ///
    /// - Throws: `CommandFailure` where there is none yet.
    static func open(_ options: ConfigurationOptions) throws -> IndexDatabase {
        try IndexDatabase(reading: DataDirectory(try options.load().dataDirectory))
    }
}

/// What `portico jobs` prints.
struct JobsReport: Printable {
    var jobs: [JobListing]

    func encode(to encoder: any Encoder) throws {
        try jobs.encode(to: encoder)
    }

    var table: String {
        var table = TextTable(["JOB", "DEPLOYMENT", "PRIORITY", "STATE", "TRIES", "DELIVERY", "STUDY", "REMARK"])
        for job in jobs {
            table.append([
                String(job.id), job.deployment, job.priority, job.progressInWords, String(job.attempts),
                job.deliveryInWords, job.study, job.trouble,
            ])
        }
        return table.text
    }
}

extension JobListing {
    /// The state, with the stage and the progress of a running job.
    var progressInWords: String {
        guard state == "running" else { return stateInWords }
        let percent = progress.map { " \(Int($0 * 100)) %" } ?? ""
        return "\(stateInWords)\(stage.map { ": \($0)" } ?? "")\(percent)"
    }

    /// Where the results are, such as `pacs: delivered`.
    var deliveryInWords: String {
        let words = deliveries.map { "\($0.destination): \($0.state)" }
        return words.isEmpty ? "-" : words.joined(separator: ", ")
    }

    /// What went wrong, if anything did.
    var trouble: String {
        ([reason] + deliveries.filter { $0.state != "delivered" }.map(\.lastError)).compactMap { $0 }
            .joined(separator: "; ")
    }

    /// One line for somebody who waits.
    var summary: String { "job \(id) (\(deployment)): \(progressInWords), delivery \(deliveryInWords)" }

    /// Whether the job was cancelled, or it or one of its deliveries given up.
    var hasFailed: Bool { ["failed", "cancelled"].contains(state) || deliveries.contains { $0.state == "failed" } }

    /// Whether nothing more will happen by itself.
    var isSettled: Bool {
        ["succeeded", "nothingFound", "failed", "cancelled"].contains(state)
            && deliveries.allSatisfy { ["delivered", "failed"].contains($0.state) }
    }
}
