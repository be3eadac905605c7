/// The ids that MONAI's inference workflow names (MONAI 1.6.1 bundle/properties.py, `InferProperties`).
public enum WellKnownID: String, CaseIterable, Sendable {
    /// The device that the pipeline runs on.
    case device
    /// The transforms before the network.
    case preprocessing
    /// How the network is applied to an image.
    case inferer
    /// The transforms after the network.
    case postprocessing
    /// The network itself.
    case networkDefinition = "network_def"
    /// The bundle's folder.
    case bundleRoot = "bundle_root"

    /// Where the configuration may have it: under its own id, or where the evaluator or the data set name it.
    public var places: [String] {
        switch self {
        case .preprocessing: [rawValue, "dataset::transform"]
        case .postprocessing: [rawValue, "evaluator::postprocessing"]
        case .inferer: [rawValue, "evaluator::inferer"]
        case .networkDefinition: [rawValue, "evaluator::network"]
        case .device: [rawValue, "evaluator::device"]
        case .bundleRoot: [rawValue]
        }
    }
}
