import ArgumentParser

/// `portico bundle`
struct BundleCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "bundle",
        abstract: "Look at MONAI bundles; no code of a bundle is ever run.",
        discussion: """
            A bundle is a folder, a zip of one, or a TorchScript file that carries its configuration. It is never \
            changed: what a site wants otherwise is laid over it with --overlay and --set, and is part of its digest.
            """,
        subcommands: [BundleInspectCommand.self, BundleResolveCommand.self, BundleVerifyCommand.self])
}
