import ArgumentParser
import Foundation
import Store

/// `portico explain UID`
struct ExplainCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "explain",
        abstract: "Say what happened to a study, or which model made a result from which images.",
        discussion: """
            UID is a Study, Series or SOP Instance UID: of a study that came in, or of an object that Portico made.
            """)

    @Argument(help: "A Study, Series or SOP Instance UID.")
    var uid: String
    @OptionGroup var configuration: ConfigurationOptions
    @OptionGroup var output: OutputOptions

    func run() async throws {
        let directory = DataDirectory(try configuration.load().dataDirectory)
        let database = try IndexDatabase(reading: directory)
        let explanation = try Explanation(of: uid, in: database, files: directory)
        try Output.print(ExplanationReport(explanation: explanation), as: output.format)
    }
}

/// What `portico explain` prints.
struct ExplanationReport: Printable {
    var explanation: Explanation

    func encode(to encoder: any Encoder) throws {
        try explanation.encode(to: encoder)
    }

    var table: String { explanation.inWords.joined(separator: "\n") }
}
