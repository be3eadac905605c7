/// What runs a bundle's network, as a deployment or `--engine` names it.
public enum EngineChoice: String, Codable, Sendable, CaseIterable {
    /// The fastest engine that was proven to give what libtorch gives.
    case auto
    /// libtorch, which MONAI runs on.
    case torch
    /// OpenVINO, or an error where it does not give what libtorch gives.
    case openvino

    /// All of them, for an error or a help text.
    static var words: String { allCases.map(\.rawValue).joined(separator: ", ") }
}
