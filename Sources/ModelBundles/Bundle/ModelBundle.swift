public import FoundationEssentials
internal import Synchronization

/// A MONAI bundle: its metadata, its configuration in MONAI's language, its weights and what identifies it.
///
/// Opening one reads its configuration files and nothing else; no code of it is ever run.
public final class ModelBundle: Sendable {
    /// The bundle's folder as it was given.
    public let folder: URL

    /// What `configs/metadata.json` says.
    public let metadata: BundleMetadata

    /// The configuration files that were merged, left to right, relative to the folder.
    public let configurations: [String]

    /// The merged configuration.
    public let configuration: BundleConfiguration

    private let root: String
    private let ingredients: BundleDigest.Ingredients
    private let computed = Mutex<BundleDigest?>(nil)

    /// The configuration files that are looked for when none is named, the first found is taken.
    public static let standardConfigurations = [
        "configs/inference.json", "configs/inference.yaml", "configs/inference.yml",
    ]

    /// Where the weights lie that Portico runs: a TorchScript archive.
    public static let weightsPath = "models/model.ts"

    /// Opens a folder in the layout of MONAI's bundle specification.
    ///
    /// `configurations` are paths relative to the folder; with none of them `configs/inference.json` or `.yaml` is
    /// taken. `bundle_root` becomes the folder unless an overlay sets it.
    ///
    /// - Throws: `BundleError` with the file and the line, or the id, of what is wrong.
    public init(
        opening folder: URL, configurations: [String] = [], overlays: BundleOverlays = BundleOverlays(),
        context: EvaluationContext = EvaluationContext()
    ) throws(BundleError) {
        let opened = try OpenedBundle(folder.path, configurations: configurations, overlays: overlays)
        self.folder = folder
        self.configurations = opened.configurations
        root = opened.files.root
        let folderName = root.split(separator: "/").last.map(String.init) ?? "bundle"
        metadata = try BundleMetadata(opened.metadata, folderName: folderName)
        let merged = opened.configurations
        let overlayDigests = opened.overlays.files.map(\.digest)
        let (resolver, digests) = try opened.resolver(context: context)
        configuration = BundleConfiguration(resolver: resolver)
        ingredients = BundleDigest.Ingredients(
            name: metadata.declaredName, version: metadata.version, configurations: merged, files: digests,
            overlays: overlayDigests, settings: overlays.settings)
    }

    // MARK: Configuration

    /// The value of an id such as `postprocessing::transforms::1`; `""` is the whole configuration.
    ///
    /// It is computed once; the components that other ids refer to are the same instances.
    public func resolve(_ id: String) throws(BundleError) -> ConfigValue { try configuration.resolve(id) }

    /// The value of a well-known id at the first of its places that the configuration has; nil where it has none.
    public func resolve(_ id: WellKnownID) throws(BundleError) -> ConfigValue? {
        guard let place = place(of: id) else { return nil }
        return try resolve(place)
    }

    /// The id under which the configuration has a well-known one; nil where it has it nowhere.
    public func place(of id: WellKnownID) -> String? { id.places.first(where: contains) }

    /// Whether the configuration has an id.
    public func contains(_ id: String) -> Bool { configuration.contains(id) }

    /// `preprocessing`, or `dataset::transform`.
    public var preprocessing: ConfigValue? { get throws(BundleError) { try resolve(.preprocessing) } }

    /// `postprocessing`, or `evaluator::postprocessing`.
    public var postprocessing: ConfigValue? { get throws(BundleError) { try resolve(.postprocessing) } }

    /// `inferer`, or `evaluator::inferer`.
    public var inferer: ConfigValue? { get throws(BundleError) { try resolve(.inferer) } }

    /// `device`, or `evaluator::device`.
    public var device: ConfigValue? { get throws(BundleError) { try resolve(.device) } }

    // MARK: Weights and identity

    /// The TorchScript archive `models/model.ts`.
    ///
    /// - Throws: `BundleError` of code `weightsMissing` that says how to make one.
    public var weights: URL {
        get throws(BundleError) {
            guard hasWeights else {
                throw BundleError(
                    .weightsMissing,
                    """
                    the weights are not there as TorchScript. Where the bundle's large_files.yml lists the file, fetch \
                    it with `python -m monai.bundle download_large_files --bundle_path \(folder.path)`. Otherwise \
                    export it where MONAI is installed: `python -m monai.bundle ckpt_export network_def --filepath \
                    models/model.ts --ckpt_file models/model.pt --meta_file configs/metadata.json --config_file \
                    \(configurations.joined(separator: ","))` in the bundle's folder
                    """, file: Self.weightsPath)
            }
            return folder.appending(path: Self.weightsPath)
        }
    }

    private var hasWeights: Bool {
        (try? RegularFile(root + "/" + Self.weightsPath, named: Self.weightsPath)) != nil
    }

    /// What the bundle consists of, in one number; weights are read the first time.
    ///
    /// A bundle whose weights are missing has a digest too, which says so.
    public var digest: BundleDigest {
        get throws(BundleError) {
            if let digest = computed.withLock({ $0 }) { return digest }
            let weights = hasWeights ? try BundleDigest.hash(root + "/" + Self.weightsPath, Self.weightsPath) : nil
            let digest = BundleDigest(ingredients, weights: weights)
            computed.withLock { $0 = digest }
            return digest
        }
    }

    /// The UID that stands for this bundle as a device, `2.25.` and a number made of its digest (PS3.5 B.2).
    public var deviceUID: String { get throws(BundleError) { try digest.deviceUID } }

    /// What results say of the bundle that made them.
    ///
    /// - Throws: `BundleError` with the field of the metadata that is missing, or the reading of the weights failed.
    public var provenance: BundleProvenance {
        get throws(BundleError) { try BundleProvenance(metadata, deviceUID: try deviceUID) }
    }
}
