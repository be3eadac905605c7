import Foundation
import ModelBundles
import Pipelines

/// What `portico bundle verify` prints: everything that was looked at, and how it was found.
struct BundleVerification: Printable {
    /// One thing that was looked at.
    struct Finding: Encodable, Equatable {
        /// What kind of thing it is: `files`, `metadata`, `configuration`, `pipeline`, `weights`, `network`,
        /// `engine`.
        var check: String
        /// `ok`, `warning` or `error`.
        var level: ConfigurationCheck.Level
        /// The file, the id or the field; `nil` where the bundle as a whole is meant.
        var place: String?
        /// What is so, or what is wrong and what would help.
        var message: String
    }

    var bundle: String
    var findings: [Finding] = []
    /// Whether nothing is wrong; warnings alone are none.
    var passes: Bool { !findings.contains { $0.level == .error } }

    private enum CodingKeys: String, CodingKey {
        case bundle, findings, passes
    }

    func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(bundle, forKey: .bundle)
        try container.encode(findings, forKey: .findings)
        try container.encode(passes, forKey: .passes)
    }

    /// Looks at everything.
    ///
    /// - Parameter network: how the network is tried; `nil` leaves it out.
    init(_ reference: BundleReference, network: NetworkTrial?) {
        bundle = reference.path
        let opened: ModelBundle
        do {
            opened = try reference.open(device: network?.device ?? "cpu", cache: .user)
        } catch {
            // Opening ends at the first error; whoever mends the bundle wants to know the others too.
            let problems = ModelBundle.problems(
                opening: URL(fileURLWithPath: reference.path), configurations: reference.configurations,
                overlays: reference.laidOver)
            if problems.isEmpty { add("files", .error, nil, String(describing: error)) }
            for problem in problems { add(problem, "files") }
            return
        }
        checkFiles(opened)
        checkMetadata(opened)
        checkConfiguration(opened)
        checkWeights(opened)
        if let network {
            check(opened, network)
            checkEngines(opened, network)
        }
    }

    private mutating func add(
        _ check: String, _ level: ConfigurationCheck.Level, _ place: String?, _ message: String
    ) {
        findings.append(Finding(check: check, level: level, place: place, message: message))
    }

    private mutating func add(_ error: BundleError, _ check: String) {
        let place = [error.file, error.id].compactMap { $0 }.joined(separator: ": ")
        add(check, .error, place.isEmpty ? nil : place, error.message)
    }

    // MARK: What is read

    private mutating func checkFiles(_ bundle: ModelBundle) {
        add("files", .ok, nil, ([bundle.metadataPath] + bundle.configurations).joined(separator: ", "))
        // The specification asks for it; a bundle in one TorchScript file has no room for it.
        if !bundle.isTorchScriptFile, !bundle.containsFile("LICENSE") {
            add("files", .warning, "LICENSE", "it is missing; MONAI's bundle specification asks for the licence")
        }
        for key in bundle.repeatedKeys {
            add("files", .warning, key, "the key stands twice; the last one counts, as in MONAI")
        }
    }

    private mutating func checkMetadata(_ bundle: ModelBundle) {
        let report = bundle.metadata.report
        for violation in report.violations {
            add("metadata", .error, violation.path, "expected \(violation.expected), found \(violation.found)")
        }
        for note in report.notes {
            add("metadata", note.isExplanation ? .ok : .warning, note.path, note.message)
        }
        if report.violations.isEmpty, case .known(let schema) = report.schema {
            add("metadata", .ok, nil, "as \(schema.fileName) has them")
        }
        do { _ = try bundle.provenance } catch {
            add(error, "metadata")
        }
    }

    private mutating func checkConfiguration(_ bundle: ModelBundle) {
        let examination = BundleExamination(bundle)
        for reason in examination.reasons {
            let isLanguage = [.language, .missing, .file].contains(reason.kind)
            add(isLanguage ? "configuration" : "pipeline", .error, reason.id, reason.message)
        }
        guard case .success(let plan) = examination.plan else { return }
        if let problem = plan.namesProblem {
            add("pipeline", .error, "network_data_format::outputs::\(plan.output.name)::channel_def", problem)
        }
        for need in plan.needs { add("pipeline", .ok, nil, need) }
        let steps = plan.preprocessing.steps.count + plan.postprocessing.steps.count
        add("configuration", .ok, nil, "preprocessing, inferer and postprocessing resolve")
        add("pipeline", .ok, nil, "\(steps) operators and the inferer are known, with valid arguments")
    }

    // MARK: The weights

    private mutating func checkWeights(_ bundle: ModelBundle) {
        do { try bundle.requireWeights() } catch {
            add(error, "weights")
        }
        let listed = bundle.largeFiles
        for problem in listed.problems { add(problem, "weights") }
        for file in listed.files {
            do {
                switch try bundle.state(of: file) {
                case .equal: add("weights", .ok, file.path, "\(file.digestText ?? "") as \(file.listing) says")
                case .unchecked: add("weights", .warning, file.path, "\(file.listing) gives no digest to compare with")
                case .different(let found):
                    add(
                        "weights", .error, file.path,
                        "\(file.listing) says \(file.digestText ?? ""), the file has \(found): fetch it anew")
                case .missing where file.path == ModelBundle.weightsPath: break
                case .missing: add("weights", .ok, file.path, "it is not there, and nothing of it is needed to run")
                }
            } catch { add(error, "weights") }
        }
    }

    private mutating func check(_ bundle: ModelBundle, _ trial: NetworkTrial) {
        guard bundle.hasWeights else { return }
        guard bundle.metadata.inputs.count == 1, bundle.metadata.outputs.count == 1 else {
            add("network", .warning, nil, "it was not run: the metadata do not name one input and one output")
            return
        }
        for (level, place, message) in trial.findings(of: bundle) { add("network", level, place, message) }
    }

    /// Which engines give what libtorch gives, how fast each is, and which one `auto` takes.
    private mutating func checkEngines(_ bundle: ModelBundle, _ trial: NetworkTrial) {
        guard bundle.hasWeights, case .success(let plan) = BundleExamination(bundle).plan else { return }
        let selector = EngineSelector(
            request: EngineRequest(choice: .auto, device: trial.device, threads: 0), store: .user,
            prover: trial.prover)
        do {
            switch try selector.judge(bundle, plan) {
            case .torchAlone(let reason): add("engine", .ok, nil, "engine auto takes torch: \(reason)")
            case .verdict(let verdict, _):
                for (candidate, line) in zip(verdict.candidates, verdict.lines) {
                    add("engine", candidate.refusal == nil ? .ok : .warning, nil, line)
                }
                add("engine", .ok, nil, "engine auto takes \(verdict.fastest.rawValue)")
            }
        } catch {
            add("engine", .error, nil, String(describing: error))
        }
    }

    var table: String {
        var table = TextTable(["", "CHECK", "WHERE", "FINDING"])
        var lines: [String] = []
        for finding in findings {
            let message = finding.message.split(separator: "\n", omittingEmptySubsequences: false)
            table.append([finding.level.rawValue, finding.check, finding.place ?? "", String(message.first ?? "")])
            for rest in message.dropFirst() { table.append(["", "", "", String(rest)]) }
        }
        lines.append(table.text)
        let errors = findings.count { $0.level == .error }
        lines.append(
            errors == 0 ? "\(bundle): nothing is wrong" : "\(bundle): \(errors) error\(errors == 1 ? "" : "s")")
        return lines.joined(separator: "\n")
    }
}
