import Foundation
import ModelBundles

/// A bundle as somebody means it: where it lies, which of its configurations, and what is laid over them.
public struct BundleReference: Codable, Sendable, Equatable {
    /// A value that is set in the configuration.
    public struct Setting: Codable, Sendable, Equatable {
        /// The id, such as `evaluator::amp`.
        public var id: String
        /// The value: JSON, else a Python literal, else a string as it stands.
        public var text: String

        /// Makes a setting.
        public init(id: String, text: String) {
            self.id = id
            self.text = text
        }
    }

    /// The bundle's folder, its zip, or its TorchScript archive.
    public var path: String
    /// Configurations of the bundle, merged left to right; empty takes `configs/inference.json` or `.yaml`.
    public var configurations: [String]
    /// Files that are merged over the bundle's configurations, left to right.
    public var overlays: [String]
    /// Values that are set after the overlays, in order.
    public var settings: [Setting]

    /// Makes a reference; with the path alone it means the bundle as it is.
    public init(
        path: String, configurations: [String] = [], overlays: [String] = [], settings: [Setting] = []
    ) {
        self.path = path
        self.configurations = configurations
        self.overlays = overlays
        self.settings = settings
    }

    /// What is laid over the bundle.
    var laidOver: BundleOverlays {
        BundleOverlays(
            files: overlays.map { URL(fileURLWithPath: $0) }, settings: settings.map { (id: $0.id, text: $0.text) })
    }

    /// Opens the bundle.
    ///
    /// - Parameters:
    ///   - device: where the network is to run; expressions see CUDA where it is `cuda` or `cuda:N`.
    ///   - cache: where digests of weights are remembered.
    func open(device: String = "cpu", cache: DigestCache?) throws -> ModelBundle {
        try ModelBundle(
            opening: URL(fileURLWithPath: path), configurations: configurations, overlays: laidOver,
            context: EvaluationContext(cudaIsAvailable: device.hasPrefix("cuda")), digestCache: cache)
    }
}
