import ArgumentParser

/// `portico bundle verify PATH`
struct BundleVerifyCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "verify",
        abstract: "Check a bundle: files, metadata, configuration, operators, weights, and its network once.",
        discussion: """
            All findings are printed at once. Exit status 0 when none of them is an error, else 1. The network is run \
            on random input of the shape that the metadata declare, as MONAI's verify_net_in_out does, and the engines \
            that could run it are compared, where that has not been done.
            """)

    @Argument(help: "The bundle's folder, its zip, or its TorchScript archive.")
    var path: String
    @OptionGroup(title: "Configuration") var overlaying: OverlayOptions
    @OptionGroup(title: "Network") var device: DeviceOption
    @Option(
        name: .long,
        help: ArgumentHelp("The spatial shape to run the network on, such as 96,96,96.", valueName: "lengths"))
    var shape: String?
    @Flag(name: .long, help: "Do not load and run the network.")
    var skipNetwork = false
    @OptionGroup(title: "Output") var output: OutputOptions

    private func spatialShape() throws -> [Int]? {
        guard let shape else { return nil }
        let lengths = shape.split(separator: ",", omittingEmptySubsequences: false).map { Int($0) }
        let known = lengths.compactMap { $0 }.filter(NetworkTrial.lengths.contains)
        guard (1...3).contains(lengths.count), known.count == lengths.count else {
            throw ValidationError("--shape: expected 1 to 3 lengths such as 96,96,96")
        }
        return known
    }

    func validate() throws { _ = try spatialShape() }

    func run() throws {
        let trial = skipNetwork ? nil : NetworkTrial(device: device.device, shape: try spatialShape())
        let verification = BundleVerification(overlaying.reference(to: path), network: trial)
        try Output.print(verification, as: output.format)
        if !verification.passes { throw ExitCode.failure }
    }
}
