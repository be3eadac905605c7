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
    @Flag(name: .long, help: "Log in detail.")
    var debug = false

    func run() async throws {
        LogSetup.start(debug: debug)
        signal(SIGPIPE, SIG_IGN)
        let configuration = try configuration.load()
        let logger = Logger(label: "portico.serve")
        // A bundle that is not there yet, on a late mount say, must not keep images from being received.
        for problem in ConfigurationCheck.bundles(of: configuration) {
            logger.error("a bundle does not run", metadata: ["problem": "\(problem)"])
        }
        // Images and results are nobody else's to read.
        umask(0o027)
        let server = try Server(configuration: configuration, logger: logger)
        Output.write("portico \(PorticoVersion.current): \(server.address)")
        try await server.run()
    }
}
