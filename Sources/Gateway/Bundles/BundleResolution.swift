import Foundation
import ModelBundles

/// The resolved values of a bundle's configuration, or of one that stands alone, in the form of `ResolvedForm`.
struct BundleResolution {
    private let name: String
    private let configurations: [String]
    private let configuration: BundleConfiguration
    private let form: ResolvedForm
    private let places: [(id: String, place: String)]

    /// Opens what is to be resolved.
    ///
    /// - Parameter isFile: whether the path is that of one configuration file, without a bundle around it.
    init(_ reference: BundleReference, device: String, isFile: Bool) throws {
        if isFile {
            guard reference.configurations.isEmpty else {
                throw CommandFailure(
                    "\(reference.path): --config names configurations of a bundle, and this is one file")
            }
            let file = URL(fileURLWithPath: reference.path)
            configuration = try BundleConfiguration(
                contentsOf: file, overlays: reference.laidOver,
                context: EvaluationContext(cudaIsAvailable: device.hasPrefix("cuda")))
            name = file.deletingPathExtension().lastPathComponent
            configurations = [file.lastPathComponent]
            form = ResolvedForm(root: nil, indentation: 1)
            let configuration = configuration
            places = Self.ids.compactMap { id in
                id.places.first(where: configuration.contains).map { (id.rawValue, $0) }
            }
        } else {
            let bundle = try reference.open(device: device, cache: nil)
            configuration = bundle.configuration
            name = bundle.folderName
            configurations = bundle.configurations
            form = ResolvedForm(root: bundle.root, indentation: 1)
            places = Self.ids.compactMap { id in bundle.place(of: id).map { (id.rawValue, $0) } }
        }
    }

    private static let ids: [WellKnownID] = [
        .device, .preprocessing, .inferer, .postprocessing, .networkDefinition,
    ]

    /// The value of one id.
    func value(of id: String) throws -> String { form.text(of: try configuration.resolve(id)) }

    /// The values of several ids.
    func values(of ids: [String]) throws -> String {
        var members: [(key: String, value: ConfigValue)] = []
        for id in ids { members.append((id, try configuration.resolve(id))) }
        return document(members)
    }

    /// The values of the well-known ids that there are; one that cannot be resolved holds the reason.
    func wellKnown() -> String {
        document(
            places.map { id, place in
                do { return (id, try configuration.resolve(place)) } catch {
                    return (id, .mapping([("$error", .string(String(describing: error)))]))
                }
            })
    }

    private func document(_ members: [(key: String, value: ConfigValue)]) -> String {
        let files = configurations.map { $0.split(separator: "/").last.map(String.init) ?? $0 }
        return form.text(
            of: .mapping([
                ("bundle", .string(name)), ("config", .string(files.joined(separator: ","))),
                ("resolved", .mapping(members)),
            ]))
    }
}
