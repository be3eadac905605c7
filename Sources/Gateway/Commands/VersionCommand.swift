import ArgumentParser

/// The version of the program.
public enum PorticoVersion {
    /// As it is written into results (Software Versions) and printed by `portico version`.
    public static let current = "0.1.0"
}

/// `portico version`
struct VersionCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "version", abstract: "Print the version of Portico and of what it is built on.")

    @OptionGroup var output: OutputOptions

    func run() throws {
        try Output.print(VersionReport.current(), as: output.format)
    }
}
