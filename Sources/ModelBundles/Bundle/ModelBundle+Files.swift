public import FoundationEssentials
internal import Crypto

extension ModelBundle {
    /// Whether the bundle is one TorchScript file that carries its configuration.
    public var isTorchScriptFile: Bool { files.layout.isTorchScript }

    /// Whether the bundle is a zip or one TorchScript file.
    public var isArchive: Bool {
        if case .folder = files.layout.container { false } else { true }
    }

    /// Where the metadata lie in the bundle.
    public var metadataPath: String { files.layout.metadataPath }

    /// Whether the bundle has a file at a path.
    public func containsFile(_ path: String) -> Bool { files.contains(path) }

    /// The SHA-256 of a file of the bundle in lower-case hexadecimal digits, such as that of `scripts/transforms.py`.
    ///
    /// - Throws: `BundleError` where there is no such file, or it is larger than a configuration may be.
    public func digest(ofFile path: String) throws(BundleError) -> String {
        BundleFiles.hex(SHA256.hash(data: try files.layout.read(path)))
    }

    /// Everything that keeps a bundle from being opened, where `init` tells the first thing alone.
    public static func problems(
        opening location: URL, configurations: [String] = [], overlays: BundleOverlays = BundleOverlays()
    ) -> [BundleError] {
        let layout: BundleLayout
        do { layout = try BundleLayout(location.path) } catch { return [error] }
        var problems: [BundleError] = []
        func collect(_ body: () throws(BundleError) -> Void) {
            do throws(BundleError) { try body() } catch { problems.append(error) }
        }
        let files = BundleFiles(layout)
        let budget = NodeBudget()
        collect { () throws(BundleError) in
            let node = try files.layoutConfiguration(layout.metadataPath, budget: budget)
            _ = try BundleMetadata(node, folderName: layout.name, report: MetadataReport(node))
        }
        let standard = layout.standardConfigurations.first(where: layout.contains).map { [$0] } ?? []
        let named = configurations.isEmpty ? standard : configurations
        for name in named {
            collect { () throws(BundleError) in
                let path = try OpenedBundle.place(of: name, in: files)
                _ = try files.layoutConfiguration(path, budget: budget)
            }
        }
        for file in overlays.files {
            collect { () throws(BundleError) in _ = try BundleOverlays(files: [file]).read(budget: budget) }
        }
        for setting in overlays.settings {
            collect { () throws(BundleError) in _ = try BundleOverlays(settings: [setting]).read(budget: budget) }
        }
        guard problems.isEmpty else { return problems }
        // Each piece alone is right, so it is how they fit together.
        do throws(BundleError) {
            _ = try ModelBundle(opening: location, configurations: configurations, overlays: overlays)
            return []
        } catch { return [error] }
    }
}
