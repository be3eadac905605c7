import ArgumentParser
import Foundation

/// The option that names the configuration file.
struct ConfigurationOptions: ParsableArguments {
    @Option(
        name: [.customShort("c"), .long],
        help: "The configuration file. Without it: ./portico.yaml, else /etc/portico/portico.yaml.")
    var config: String?

    /// Where the configuration lies.
    var url: URL {
        if let config { return URL(fileURLWithPath: config) }
        let local = URL(fileURLWithPath: "portico.yaml")
        return FileManager.default.fileExists(atPath: local.path) ? local : URL(fileURLWithPath: Self.systemPath)
    }

    private static let systemPath = "/etc/portico/portico.yaml"

    /// Reads the configuration.
    ///
    /// - Throws: `CommandFailure` with every problem, one a line.
    func load() throws -> Configuration {
        do {
            return try Configuration(contentsOf: url)
        } catch let error as ConfigurationError {
            throw CommandFailure(error.description)
        }
    }
}
