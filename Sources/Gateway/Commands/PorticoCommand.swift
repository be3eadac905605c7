public import ArgumentParser

/// The command line of Portico.
public struct PorticoCommand: AsyncParsableCommand {
    /// The name, the help and the subcommands.
    public static let configuration = CommandConfiguration(
        commandName: "portico",
        abstract: "The gateway between a PACS and MONAI bundles: studies in, segmentations with provenance back.",
        discussion: """
            Results are printed on standard output, as a table or as JSON (--format json); logs go to standard error.
            Exit status: 0 the command did what was asked, 1 it could not (the reason is on standard error), \
            64 the command line was wrong.
            """,
        version: "portico \(PorticoVersion.current)",
        subcommands: [
            ServeCommand.self, WorkerCommand.self, RunCommand.self, CheckCommand.self, JobsCommand.self,
            DeploymentsCommand.self, ExplainCommand.self, EchoCommand.self, SendCommand.self, BundleCommand.self,
            PreviewCommand.self, DoctorCommand.self, VersionCommand.self, ProveCommand.self,
        ])

    /// Makes a command without arguments.
    public init() {}
}
