import ArgumentParser
import Foundation
import ModelBundles
import Pipelines

/// `portico bundle`
struct BundleCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "bundle", abstract: "Look at MONAI bundles.", subcommands: [Inspect.self])

    /// `portico bundle inspect PATH`
    struct Inspect: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Print what a bundle takes, does and gives, whether it runs here, and the provenance it writes.",
            discussion: "Exit status 1 when the bundle does not run; every reason is printed.")

        @Argument(help: "The bundle's folder.")
        var path: String
        @OptionGroup var output: OutputOptions

        func run() throws {
            let bundle = try ModelBundle(opening: URL(fileURLWithPath: path))
            let inspection = BundleInspection(bundle)
            try Output.print(inspection, as: output.format)
            if !inspection.runs { throw ExitCode.failure }
        }
    }
}

/// What `portico bundle inspect` prints.
struct BundleInspection: Printable {
    /// One port of the network.
    struct Port: Encodable {
        var name: String
        var modality: String?
        var format: String?
        var channels: Int?
        var labels: [String: String]
    }

    /// One step of the pipeline.
    struct Step: Encodable {
        var id: String
        var name: String
    }

    var name: String
    var version: String
    var monaiVersion: String?
    var task: String?
    var authors: String?
    var intendedUse: String?
    var inputs: [Port]
    var outputs: [Port]
    var preprocessing: [Step]
    var inferer: String?
    var postprocessing: [Step]
    var digest: String?
    var deviceUID: String?
    var manufacturer: String?
    var modelName: String?
    var softwareVersion: String?
    /// `runs` or `refused`.
    var verdict: String
    /// Why it does not run; empty when it does.
    var reasons: [String]

    var runs: Bool { reasons.isEmpty }

    /// Looks at a bundle; nothing of it is loaded or run.
    init(_ bundle: ModelBundle) {
        let metadata = bundle.metadata
        name = metadata.name
        version = metadata.version
        monaiVersion = metadata.monaiVersion
        task = metadata.task
        authors = metadata.authors
        intendedUse = metadata.intendedUse
        inputs = metadata.inputs.map(Port.init)
        outputs = metadata.outputs.map(Port.init)
        preprocessing = []
        postprocessing = []
        reasons = []
        verdict = "runs"
        do {
            let plan = try BundlePlan(bundle)
            preprocessing = plan.preprocessing.steps.map(Step.init)
            postprocessing = plan.postprocessing.steps.map(Step.init)
            if let problem = plan.labelProblem { reasons.append(problem) }
        } catch {
            reasons += String(describing: error).split(separator: "\n").map(String.init)
        }
        inferer = (try? bundle.inferer)?.component?.target
        do {
            digest = try bundle.digest.hex
            let provenance = try bundle.provenance
            deviceUID = provenance.deviceUID
            manufacturer = provenance.manufacturer
            modelName = provenance.modelName
            softwareVersion = provenance.softwareVersion
        } catch {
            reasons.append(String(describing: error))
        }
        if !reasons.isEmpty { verdict = "refused" }
    }

    var table: String {
        var lines = ["\(name) \(version) \(monaiVersion.map { "(made with MONAI \($0))" } ?? "")"]
        if let task { lines.append("Task          \(task)") }
        if let authors { lines.append("Authors       \(authors)") }
        if let intendedUse { lines.append("Intended use  \(intendedUse)") }
        lines += inputs.map { "Input         \($0.inWords)" }
        lines += outputs.map { "Output        \($0.inWords)" }
        lines += Self.list("Preprocessing", preprocessing)
        if let inferer { lines.append("Inferer       \(inferer)") }
        lines += Self.list("Postprocessing", postprocessing)
        if let digest, let deviceUID, let manufacturer, let modelName, let softwareVersion {
            lines += [
                "Digest        \(digest)",
                "Provenance    Manufacturer \(manufacturer), model \(modelName), version \(softwareVersion)",
                "Device UID    \(deviceUID)",
            ]
        }
        lines.append("Verdict       \(verdict)")
        lines += reasons.map { "  - \($0)" }
        return lines.joined(separator: "\n")
    }

    private static func list(_ title: String, _ steps: [Step]) -> [String] {
        steps.isEmpty ? [] : [title] + steps.map { "  \($0.id)  \($0.name)" }
    }
}

extension BundleInspection.Port {
    init(_ port: NetworkPort) {
        name = port.name
        modality = port.modality
        format = port.format
        channels = port.numChannels
        labels = Dictionary(uniqueKeysWithValues: port.channelDefinition.map { (String($0.key), $0.value) })
    }

    /// The port in one line.
    var inWords: String {
        let labels = labels.sorted { (Int($0.key) ?? 0) < (Int($1.key) ?? 0) }.map { "\($0.key) \($0.value)" }
        let parts = [modality, format, channels.map { "\($0) channel\($0 == 1 ? "" : "s")" }].compactMap { $0 }
        return "\(name): \(parts.joined(separator: ", "))"
            + (labels.isEmpty ? "" : " (\(labels.joined(separator: ", ")))")
    }
}

extension BundleInspection.Step {
    init(_ step: Pipeline.Step) {
        id = step.id
        name = step.name
    }
}
