import ArgumentParser
import Foundation

/// The options that say which configurations of a bundle count and what is laid over them.
struct OverlayOptions: ParsableArguments {
    @Option(
        name: .customLong("config"),
        help: ArgumentHelp(
            """
            A configuration of the bundle, instead of configs/inference.json or .yaml. Several, as further options or \
            with commas, are merged left to right.
            """, valueName: "name"))
    var configurations: [String] = []
    @Option(
        name: .customLong("overlay"),
        help: ArgumentHelp(
            "A configuration file that is merged over the bundle's, as MONAI merges several. May be repeated.",
            valueName: "file"))
    var overlays: [String] = []
    @Option(
        name: .customLong("set"), parsing: .singleValue,
        help: ArgumentHelp(
            """
            A value of the configuration, after the overlays, such as --set 'inferer#overlap=0.25'. JSON, else a \
            Python literal, else a string. May be repeated.
            """, valueName: "id=value"))
    var settings: [String] = []

    func validate() throws {
        for setting in settings where setting.firstIndex(of: "=").map({ $0 > setting.startIndex }) != true {
            throw ValidationError("--set \(setting): expected an id, an equals sign and a value")
        }
    }

    /// The bundle at a path with these options.
    func reference(to path: String) -> BundleReference {
        BundleReference(
            path: URL(fileURLWithPath: path).path, configurations: configurations.flatMap(Self.names),
            overlays: overlays.map { URL(fileURLWithPath: $0).path },
            settings: settings.compactMap { setting in
                guard let end = setting.firstIndex(of: "=") else { return nil }
                return BundleReference.Setting(
                    id: String(setting[..<end]), text: String(setting[setting.index(after: end)...]))
            })
    }

    /// What is laid over a configuration that stands alone.
    var reference: BundleReference { reference(to: "") }

    private static func names(_ option: String) -> [String] {
        option.split(separator: ",").map { $0.trimmingCharacters(in: .whitespaces) }.filter { !$0.isEmpty }
    }
}

/// The option that says which devices expressions see.
struct DeviceOption: ParsableArguments {
    @Option(name: .long, help: "cpu, cuda or cuda:N: what expressions see, and where the network runs if it is run.")
    var device = "cpu"

    func validate() throws {
        let parts = device.split(separator: ":", omittingEmptySubsequences: false)
        let fits =
            device == "cpu" || device == "cuda" || (parts.count == 2 && parts[0] == "cuda" && UInt16(parts[1]) != nil)
        guard fits else { throw ValidationError("--device: expected cpu, cuda or cuda:N") }
    }
}
