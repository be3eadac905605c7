import Foundation
import ModelBundles
import Pipelines

/// What `portico bundle inspect` prints.
struct BundleInspection: Printable {
    /// One port of the network.
    struct Port: Encodable {
        var name: String
        var type: String?
        var format: String?
        var modality: String?
        var channels: Int?
        var shape: [String]
        var dtype: String?
        var valueRange: String?
        var isPatch: Bool
        var labels: [String: String]
    }

    /// One step of the pipeline.
    struct Step: Encodable {
        /// An argument as the configuration has it, in one line; a component in it is `@` and its id.
        struct Argument: Encodable {
            var name: String
            var value: String
        }

        var id: String
        var name: String
        var arguments: [Argument]
    }

    /// How the metadata compare with the schema that they declare.
    struct Metadata: Encodable {
        var schema: String?
        var violations: [String]
        var notes: [String]
        /// Fields that no schema names, with their values in one line.
        var furtherFields: [Step.Argument]
    }

    var name: String
    var version: String
    var monaiVersion: String?
    /// How the configuration is understood where releases of MONAI differ.
    var semantics: [String]
    var task: String?
    var description: String?
    var authors: String?
    var copyright: String?
    var intendedUse: String?
    /// Packages that the metadata name, each with the version that the bundle was made with.
    var packages: [String]
    /// The configurations that were merged.
    var configurations: [String]
    /// What was laid over them.
    var overlays: [String]
    var settings: [String]
    var inputs: [Port]
    var outputs: [Port]
    var preprocessing: [Step]
    var inferer: Step?
    var postprocessing: [Step]
    var metadata: Metadata
    var digest: String?
    var weights: String?
    var deviceUID: String?
    var manufacturer: String?
    var modelName: String?
    var softwareVersion: String?
    /// `runs`, `runs once its weights are there`, `runs after export`, `refused`.
    var verdict: SupportVerdict.Outcome
    /// Everything that the bundle is refused for.
    var reasons: [SupportReason]
    /// What a person should know where it is not refused: what it takes, and why `serve` may not run it.
    var needs: [String]
    /// Where weights that are missing come from.
    var download: SupportVerdict.Download?
    /// How weights that nobody offers are made.
    var export: SupportVerdict.Export?

    /// Looks at a bundle; nothing of it is loaded or run.
    init(_ bundle: ModelBundle) {
        let fields = bundle.metadata
        name = fields.name
        version = fields.version
        monaiVersion = fields.monaiVersion
        semantics = MONAISemantics(monaiVersion: fields.monaiVersion).statements
        task = fields.task
        description = fields.description
        authors = fields.authors
        copyright = fields.copyright
        intendedUse = fields.intendedUse
        packages = (fields.requiredPackages + fields.optionalPackages).map { "\($0.name) \($0.versionText)" }
        configurations = bundle.configurations
        overlays = bundle.overlays.files.map(\.lastPathComponent)
        settings = bundle.overlays.settings.map { "\($0.id)=\($0.text)" }
        inputs = fields.inputs.map(Port.init)
        outputs = fields.outputs.map(Port.init)
        let writer = ResolvedForm(root: bundle.root)
        preprocessing = Step.all(of: try? bundle.preprocessing, writer)
        inferer = Step.all(of: try? bundle.inferer, writer).first
        postprocessing = Step.all(of: try? bundle.postprocessing, writer)
        metadata = Metadata(fields, writer)
        let judgement = SupportVerdict(bundle, BundleExamination(bundle))
        verdict = judgement.outcome
        reasons = judgement.reasons
        needs = judgement.needs
        download = judgement.download
        export = judgement.export
        if let digest = try? bundle.digest {
            self.digest = digest.hex
            weights = digest.weights
        }
        if let provenance = try? bundle.provenance {
            deviceUID = provenance.deviceUID
            manufacturer = provenance.manufacturer
            modelName = provenance.modelName
            softwareVersion = provenance.softwareVersion
        }
    }
}

extension BundleInspection.Port {
    init(_ port: NetworkPort) {
        name = port.name
        type = port.type
        format = port.format
        modality = port.modality
        channels = port.numChannels
        shape = port.spatialShape.map(\.description)
        dtype = port.dtype
        valueRange = port.valueRange == .unspecified ? nil : port.valueRange.description
        isPatch = port.isPatchData
        labels = Dictionary(uniqueKeysWithValues: port.channelDefinition.map { (String($0.key), $0.value) })
    }

    /// The port in one line.
    var inWords: String {
        let labels = labels.sorted { (Int($0.key) ?? 0) < (Int($1.key) ?? 0) }.map { "\($0.key) \($0.value)" }
        let lengths = shape.isEmpty ? nil : shape.joined(separator: " × ") + (isPatch ? " (a patch)" : "")
        let count = channels.map { "\($0) channel\($0 == 1 ? "" : "s")" }
        let range = valueRange.map { "values \($0)" }
        let parts = [modality, format, count, lengths, dtype, range].compactMap { $0 }
        return "\(name): \(parts.joined(separator: ", "))"
            + (labels.isEmpty ? "" : " (\(labels.joined(separator: ", ")))")
    }
}

extension BundleInspection.Step {
    /// The steps of a pipeline in their order.
    static func all(of value: ConfigValue??, _ writer: ResolvedForm) -> [BundleInspection.Step] {
        (value ?? nil)?.steps.map { BundleInspection.Step($0, writer) } ?? []
    }

    private init(_ component: Component, _ writer: ResolvedForm) {
        id = component.id
        name = component.name
        arguments = component.arguments.map { name, value in
            Argument(name: name, value: writer.text(of: Self.shortened(value)))
        }
    }

    /// The value with components in it named by their ids: `Invertd` holds the whole preprocessing.
    private static func shortened(_ value: ConfigValue) -> ConfigValue {
        switch value {
        case .component(let component): .string("@" + component.id)
        case .list(let values): .list(values.map(shortened))
        case .tuple(let values): .tuple(values.map(shortened))
        case .mapping(let members): .mapping(members.map { ($0.key, shortened($0.value)) })
        case .symbol(let name): .string(name)
        case .device(let name): .string(name)
        case .lambda(let source): .string("$" + source.text)
        default: value
        }
    }

    /// The step in one line.
    var inWords: String { "\(name)(\(arguments.map { "\($0.name)=\($0.value)" }.joined(separator: ", ")))" }
}

extension BundleInspection.Metadata {
    init(_ fields: BundleMetadata, _ writer: ResolvedForm) {
        if case .known(let schema) = fields.report.schema { self.schema = schema.fileName }
        violations = fields.report.violations.map(\.description)
        notes = fields.report.notes.filter { !$0.isExplanation }.map(\.description)
        furtherFields = fields.unknownFields.map { field in
            BundleInspection.Step.Argument(name: field.name, value: writer.text(of: field.value))
        }
    }
}
