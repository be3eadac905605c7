import ArgumentParser
import Foundation
import Store

/// `portico deployments`
struct DeploymentsCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "deployments", abstract: "See which deployments run, suspend one, and let it go on.",
        subcommands: [List.self, Suspend.self, Resume.self], defaultSubcommand: List.self)

    /// `portico deployments list`
    struct List: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "List the deployments with their jobs.")

        @OptionGroup var configuration: ConfigurationOptions
        @OptionGroup var output: OutputOptions

        func run() async throws {
            let configuration = try configuration.load()
            let database = try IndexDatabase(reading: DataDirectory(configuration.dataDirectory))
            try Output.print(try DeploymentsReport(configuration, database), as: output.format)
        }
    }

    /// `portico deployments suspend NAME`
    struct Suspend: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Keep a deployment's jobs waiting until it is resumed; those that run go on.")

        @Argument(help: "The deployment's name.")
        var name: String
        @Option(name: .long, help: "Why, for everybody who looks at its jobs.")
        var reason = "suspended by hand"
        @OptionGroup var configuration: ConfigurationOptions

        func run() async throws {
            let client = ControlClient(configuration: try configuration.load())
            Output.write(try client.ask(.suspend(deployment: name, reason: reason)))
        }
    }

    /// `portico deployments resume NAME`
    struct Resume: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Let a suspended deployment's jobs run, and forget the workers that they cost.",
            discussion: "Jobs that have failed stay failed; `portico jobs retry` puts them back into the queue.")

        @Argument(help: "The deployment's name.")
        var name: String
        @OptionGroup var configuration: ConfigurationOptions

        func run() async throws {
            let client = ControlClient(configuration: try configuration.load())
            Output.write(try client.ask(.resume(deployment: name)))
        }
    }
}

/// What `portico deployments` prints.
struct DeploymentsReport: Printable {
    /// A deployment of the configuration, or one that is gone from it and still has jobs that wait.
    struct Item: Encodable {
        var name: String
        /// `active`, `suspended` or `removed`.
        var state: String
        /// The device that its network runs on; `nil` where it is gone from the configuration.
        var device: String?
        /// The priority of its new jobs; `nil` where it is gone from the configuration.
        var priority: String?
        var waiting: Int
        var running: Int
        var failed: Int
        /// Since when it is suspended.
        var since: Date?
        /// Why it is suspended.
        var reason: String?
    }

    var items: [Item]

    /// Reads what the index says of the deployments.
    init(_ configuration: Configuration, _ database: IndexDatabase) throws {
        let counts = try database.deploymentCounts()
        let suspensions = Dictionary(
            try database.suspensions().map { ($0.deployment, $0) }, uniquingKeysWith: { first, _ in first })
        let known = Set(configuration.deployments.map(\.name))
        let gone = Set(counts.filter { $0.value.waiting > 0 }.keys).union(suspensions.keys).subtracting(known)
        func item(_ name: String, _ deployment: Deployment?) -> Item {
            let count = counts[name] ?? DeploymentCounts()
            let suspension = suspensions[name]
            return Item(
                name: name, state: suspension != nil ? "suspended" : deployment == nil ? "removed" : "active",
                device: deployment?.device, priority: deployment?.priority.rawValue, waiting: count.waiting,
                running: count.running, failed: count.failed, since: suspension?.since, reason: suspension?.reason)
        }
        items = configuration.deployments.map { item($0.name, $0) } + gone.sorted().map { item($0, nil) }
    }

    func encode(to encoder: any Encoder) throws {
        try items.encode(to: encoder)
    }

    var table: String {
        var table = TextTable(["DEPLOYMENT", "STATE", "DEVICE", "PRIORITY", "WAITING", "RUNNING", "FAILED", "REMARK"])
        for item in items {
            let since = item.since.map { "since \($0.formatted(.iso8601)): " } ?? ""
            table.append([
                item.name, item.state, item.device ?? "-", item.priority ?? "-", String(item.waiting),
                String(item.running), String(item.failed), (since + (item.reason ?? "")).printable(),
            ])
        }
        return table.text
    }
}
