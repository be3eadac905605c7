public import FoundationEssentials
internal import Synchronization

/// A MONAI bundle: its metadata, its configuration in MONAI's language, its weights and what identifies it.
///
/// It is a folder, a zip of one, or a TorchScript archive that carries its configuration. Opening one reads its
/// configuration files and nothing else; no code of it is ever run.
public final class ModelBundle: Sendable {
    /// The bundle's folder or file as it was given.
    public let location: URL

    /// The bundle's folder or file with symbolic links resolved, which `bundle_root` is.
    public let root: String

    /// What its metadata says (`configs/metadata.json`, or `extra/metadata.json` of a TorchScript archive).
    public let metadata: BundleMetadata

    /// The configuration files that were merged, left to right, relative to the bundle.
    public let configurations: [String]

    /// What was laid over them.
    public let overlays: BundleOverlays

    /// The merged configuration.
    public let configuration: BundleConfiguration

    /// The name of the bundle's folder, or of its file without the suffix.
    public let folderName: String

    /// Keys that stand twice in one mapping of a file, each with file and line; the last one counts.
    public let repeatedKeys: [String]

    let files: BundleWeights
    private let ingredients: BundleDigest.Ingredients
    private let computed = Mutex<BundleDigest?>(nil)

    /// The configuration files that are looked for when none is named, the first found is taken.
    public static let standardConfigurations = [
        "configs/inference.json", "configs/inference.yaml", "configs/inference.yml",
    ]

    /// Where the weights lie that Portico runs: a TorchScript archive.
    public static let weightsPath = "models/model.ts"

    /// Opens a folder in the layout of MONAI's bundle specification, a zip of one, or a TorchScript archive.
    ///
    /// - Parameters:
    ///   - location: the folder or the file.
    ///   - configurations: paths relative to the bundle, or names below `configs/`; with none of them
    ///     `configs/inference.json` or `.yaml` is taken.
    ///   - overlays: what a site lays over the bundle. `bundle_root` is the bundle unless they set it.
    ///   - context: what expressions may know of the machine.
    ///   - digestCache: where digests of weights are remembered; without one they are read each time.
    /// - Throws: `BundleError` with the file and the line, or the id, of what is wrong.
    public init(
        opening location: URL, configurations: [String] = [], overlays: BundleOverlays = BundleOverlays(),
        context: EvaluationContext = EvaluationContext(), digestCache: DigestCache? = nil
    ) throws(BundleError) {
        let opened = try OpenedBundle(location.path, configurations: configurations, overlays: overlays)
        self.location = location
        self.overlays = overlays
        self.configurations = opened.configurations
        let layout = opened.files.layout
        root = layout.root
        folderName = layout.name
        repeatedKeys = opened.repeatedKeys
        files = BundleWeights(layout: layout, cache: digestCache)
        metadata = try BundleMetadata(opened.metadata, folderName: layout.name, report: opened.report)
        let merged = opened.configurations
        let overlayDigests = opened.overlays.files.map(\.digest)
        let settings = opened.overlays.settings.map { ($0.id, $0.canonicalText) }
        let (resolver, digests) = try opened.resolver(context: context)
        configuration = BundleConfiguration(resolver: resolver)
        ingredients = BundleDigest.Ingredients(
            name: metadata.declaredName, version: metadata.version, configurations: merged, files: digests,
            overlays: overlayDigests, settings: settings)
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

    // MARK: Identity

    /// What the bundle consists of, in one number; weights are read the first time.
    ///
    /// A bundle whose weights are missing has a digest too, which says so.
    public var digest: BundleDigest {
        get throws(BundleError) {
            if let digest = computed.withLock({ $0 }) { return digest }
            let digest = BundleDigest(ingredients, weights: hasWeights ? try files.digest(of: Self.weightsPath) : nil)
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
