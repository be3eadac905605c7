import ArgumentParser
import Foundation

/// `portico check`
struct CheckCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "check",
        abstract: "Look for everything that would keep a configuration from working, and report it at once.",
        discussion: "Exit status 1 when anything is wrong; warnings alone give 0.")

    @OptionGroup var configuration: ConfigurationOptions
    @Flag(name: .long, help: "Also ask each destination whether it is there (C-ECHO).")
    var echo = false
    @OptionGroup var output: OutputOptions

    func run() async throws {
        let configuration = try configuration.load()
        let findings = await ConfigurationCheck.all(of: configuration, echo: echo)
        try Output.print(CheckReport(findings: findings), as: output.format)
        let errors = findings.count { $0.level == .error }
        if errors > 0 {
            throw CommandFailure("\(errors) problem\(errors == 1 ? "" : "s") found; nothing was changed")
        }
    }
}

/// What `portico check` prints.
struct CheckReport: Printable {
    var findings: [ConfigurationCheck.Finding]

    var table: String {
        var table = TextTable(["", "WHAT", "FINDING"])
        for finding in findings { table.append([finding.level.rawValue, finding.subject, finding.message]) }
        return table.text
    }
}
