import ArgumentParser
import DICOM
import Foundation
import Logging
import ServiceLifecycle
import Store

/// `portico serve`
struct ServeCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "serve",
        abstract: "Receive studies, run the deployed bundles on them, and send the results.",
        discussion: """
            Prints one line once it listens: its AE title, address and port. Logs go to standard error. SIGTERM and \
            SIGINT end it in order: images that are being received are finished, jobs go back to the queue.
            """)

    @OptionGroup var configuration: ConfigurationOptions
    @ArgumentParser.Flag(name: .long, help: "Log in detail.")
    var debug = false

    func run() async throws {
        LogSetup.start(debug: debug)
        signal(SIGPIPE, SIG_IGN)
        let configuration = try configuration.load()
        let problems = ConfigurationCheck.bundles(of: configuration)
        guard problems.isEmpty else {
            throw CommandFailure(problems.map(\.description).joined(separator: "\n"))
        }
        let logger = Logger(label: "portico.serve")
        let server = try Server(configuration: configuration, logger: logger)
        Output.write("portico \(PorticoVersion.current): \(server.address)")
        try await server.run()
    }
}
