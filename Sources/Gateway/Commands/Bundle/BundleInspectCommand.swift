import ArgumentParser
import Foundation
import ModelBundles

/// `portico bundle inspect PATH`
struct BundleInspectCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "inspect",
        abstract: "Print what a bundle takes, does and gives, whether it runs here, and the provenance it writes.",
        discussion: """
            The verdict is one of: runs, runs once its weights are there, runs after export, refused. Exit status 1 \
            when the bundle is refused; every reason is printed with the id in the configuration.
            """)

    @Argument(help: "The bundle's folder, its zip, or its TorchScript archive.")
    var path: String
    @OptionGroup(title: "Configuration") var overlaying: OverlayOptions
    @OptionGroup(title: "Configuration") var device: DeviceOption
    @Flag(name: .long, help: "Also say on standard error how long reading the bundle and hashing its weights took.")
    var times = false
    @OptionGroup(title: "Output") var output: OutputOptions

    func run() throws {
        let clock = ContinuousClock()
        let start = clock.now
        let bundle = try overlaying.reference(to: path).open(device: device.device, cache: .user)
        let inspection = BundleInspection(bundle)
        let elapsed = (clock.now - start).seconds
        try Output.print(inspection, as: output.format)
        if times { Output.note(InspectionTimes(elapsed: elapsed, hashing: bundle.hashing).text) }
        if inspection.verdict == .refused { throw ExitCode.failure }
    }
}

/// What an inspection took.
struct InspectionTimes {
    var elapsed: Double
    var hashing: HashMeasurement?

    /// One line.
    var text: String {
        let hashed = hashing.flatMap { $0.isCached ? nil : $0.seconds } ?? 0
        let reading = String(format: "read and checked in %.1f ms", (elapsed - hashed) * 1000)
        guard let hashing else { return reading + "; there are no weights to hash" }
        let size = String(format: "%.1f MB", Double(hashing.bytes) / 1e6)
        guard !hashing.isCached else { return reading + "; the digest of the weights (\(size)) was remembered" }
        let rate = String(format: "%.3f s, %.2f GB/s", hashed, Double(hashing.bytes) / max(hashed, 1e-9) / 1e9)
        return reading + "; \(size) of weights hashed in \(rate)"
    }
}
