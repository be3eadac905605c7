import ArgumentParser
import Foundation
import ModelBundles

/// `portico bundle resolve PATH [ID…]`
struct BundleResolveCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "resolve",
        abstract: "Print ids of a bundle's configuration as MONAI would resolve them, as JSON.",
        discussion: """
            With one ID its value alone is printed; '' is the whole configuration. Without IDs, or with several, \
            {"bundle", "config", "resolved": {ID: value}} is printed, without IDs for those of device, preprocessing, \
            inferer, postprocessing and network_def that the configuration has.

            A component is {"$component": full name, "args"}, with "$mode" where _mode_ is not the default; a Python \
            object is {"$py"}, a lambda {"$lambda"}, a tuple {"$tuple"}; the bundle's place is <BUNDLE_ROOT>.

            An id without a value is an error on standard error with exit status 1. Where the well-known ids are \
            printed, it is {"$error"} in its place.
            """)

    @Argument(help: "A bundle, or a configuration file (.json, .yaml, .yml) that stands alone.")
    var path: String
    @Argument(help: "Ids such as preprocessing::transforms::0 or preprocessing#transforms#0.")
    var ids: [String] = []
    @OptionGroup(title: "Configuration") var overlaying: OverlayOptions
    @OptionGroup(title: "Configuration") var device: DeviceOption

    func run() throws {
        let resolution = try BundleResolution(
            overlaying.reference(to: path), device: device.device, isFile: Self.isConfiguration(path))
        switch ids.count {
        case 0: Output.write(resolution.wellKnown())
        case 1: Output.write(try resolution.value(of: ids[0]))
        default: Output.write(try resolution.values(of: ids))
        }
    }

    /// Whether a path is that of a configuration rather than of a bundle.
    private static func isConfiguration(_ path: String) -> Bool {
        var isFolder: ObjCBool = false
        let suffixes = [".json", ".yaml", ".yml"]
        return suffixes.contains { path.lowercased().hasSuffix($0) }
            && FileManager.default.fileExists(atPath: path, isDirectory: &isFolder) && !isFolder.boolValue
    }
}
