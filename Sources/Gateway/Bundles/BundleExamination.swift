import Inference
import ModelBundles
import Operators
import Pipelines

/// Looks at all that a run needs of a bundle and collects what is in the way instead of ending at the first thing.
struct BundleExamination {
    /// Everything that keeps the bundle from running, weights apart.
    private(set) var reasons: [SupportReason] = []
    private var ports: (input: NetworkPort, output: NetworkPort)?
    private var preprocessing: Pipeline?
    private var postprocessing: Pipeline?
    private var inferer: (any Inferer)?
    private var inputs: BundleInputs?
    private var savesScores = false
    private var valueProblem: String?

    /// Looks at a bundle; nothing of it is loaded or run.
    init(_ bundle: ModelBundle) {
        let metadata = bundle.metadata
        if metadata.inputs.count == 1, metadata.outputs.count == 1 {
            ports = (metadata.inputs[0], metadata.outputs[0])
        } else {
            reasons.append(
                SupportReason(
                    id: "network_data_format", kind: .network,
                    message: "it names \(metadata.inputs.count) inputs and \(metadata.outputs.count) outputs; Portico "
                        + "runs networks of one input and one output"))
        }
        let scripts = BundleScripts(bundle)
        let builder = PipelineBuilder(
            catalog: Catalog.operators, semantics: MONAISemantics(monaiVersion: metadata.monaiVersion),
            refusal: scripts.refusal)
        preprocessing = pipeline(.preprocessing, of: bundle, builder)
        inferer = inferer(of: bundle)
        postprocessing = pipeline(.postprocessing, of: bundle, builder)
        checkEnds(of: bundle)
        rehearse(bundle)
        // `Invertd` names the preprocessing, so what is wrong there is met twice.
        reasons = reasons.reduce(into: []) { if !$0.contains($1) { $0.append($1) } }
    }

    /// Whether what comes in can be what the network takes, and whether anything comes out.
    private mutating func checkEnds(of bundle: ModelBundle) {
        let loading = ((try? bundle.preprocessing) ?? nil)?.steps ?? []
        if !loading.isEmpty, !loading.contains(where: { $0.name.hasPrefix("Load") }) {
            reasons.append(
                SupportReason(
                    id: WellKnownID.preprocessing.rawValue, kind: .source,
                    message: "nothing is loaded (there is no LoadImaged): the images come from the bundle's own data "
                        + "set"))
        }
        guard let ports else { return }
        let inferer = bundle.place(of: .inferer).flatMap { bundle.configuration.target(at: $0) }
        inputs = BundleInputs(steps: loading, input: ports.input, inferer: inferer)
        // A step of the bundle's own that saves is refused as what it is.
        let saving = ((try? bundle.postprocessing) ?? nil)?.steps ?? []
        let saves = saving.contains { $0.name.contains("Save") }
        savesScores = !saves && ports.output.isListOfClasses
        if !saving.isEmpty, !saves, !savesScores {
            reasons.append(
                SupportReason(
                    id: WellKnownID.postprocessing.rawValue, kind: .result,
                    message: "nothing is saved (there is no SaveImaged), so there is no result to keep or to send"))
        }
        valueProblem = LabelValues.problem(of: saving, output: ports.output)
    }

    /// What no image could make right: keys that nothing makes, other numbers of axes or channels.
    private mutating func rehearse(_ bundle: ModelBundle) {
        guard let ports, let inputs else { return }
        let rehearsal = BundleRehearsal(
            input: ports.input, output: ports.output, inputs: inputs, preprocessing: preprocessing, inferer: inferer,
            postprocessing: postprocessing,
            infererPlace: bundle.place(of: .inferer) ?? WellKnownID.inferer.rawValue)
        for problem in rehearsal.problems {
            reasons += SupportReason.all(problem, at: WellKnownID.preprocessing.rawValue)
        }
    }

    /// The plan, or all reasons against it.
    var plan: Result<BundlePlan, RunError> {
        guard reasons.isEmpty, let ports, let inputs, let preprocessing, let postprocessing, let inferer else {
            let text = reasons.map(\.description).joined(separator: "\n")
            return .failure(RunError(text, isFinal: !reasons.contains(where: \.mayPass)))
        }
        return .success(
            BundlePlan(
                input: ports.input, output: ports.output, inputs: inputs, preprocessing: preprocessing,
                postprocessing: postprocessing, inferer: inferer, savesScores: savesScores, valueProblem: valueProblem))
    }

    private mutating func pipeline(
        _ id: WellKnownID, of bundle: ModelBundle, _ builder: PipelineBuilder
    ) -> Pipeline? {
        guard let place = place(of: id, in: bundle) else { return nil }
        do {
            return try builder.pipeline(try bundle.resolve(place), at: place)
        } catch let error as PipelineError {
            reasons += SupportReason.all(error, at: place)
        } catch let error as BundleError {
            let problems = bundle.configuration.problems(below: place)
            reasons += (problems.isEmpty ? [error] : problems).map { SupportReason($0, at: place) }
            // What does resolve may name operators that are missing; they are told at the same time.
            for child in bundle.configuration.children(of: place + "::transforms") {
                guard let value = try? bundle.resolve(child), value.component != nil else { continue }
                do { _ = try builder.pipeline(value, at: child) } catch {
                    reasons += SupportReason.all(error, at: child)
                }
            }
        } catch {
            reasons.append(SupportReason(id: place, kind: .language, message: String(describing: error)))
        }
        return nil
    }

    private mutating func inferer(of bundle: ModelBundle) -> (any Inferer)? {
        guard let place = place(of: .inferer, in: bundle) else { return nil }
        do {
            guard let component = try bundle.resolve(place).component else {
                reasons.append(
                    SupportReason(
                        id: place, kind: .inferer,
                        message: "it is no component with a _target_, such as SlidingWindowInferer"))
                return nil
            }
            do {
                return try InfererDescription(
                    target: component.target,
                    arguments: component.arguments.map { (name: $0.name, value: InfererArgument($0.value)) }
                ).makeInferer()
            } catch let error as InferenceError {
                let isUnknown = !InfererDescription.isKnown(component.target)
                reasons.append(
                    SupportReason(
                        id: component.id, kind: isUnknown ? .inferer : .argument,
                        message: isUnknown ? Self.unknown(component.target) : error.message))
            }
        } catch let error as BundleError {
            let problems = bundle.configuration.problems(below: place)
            reasons += (problems.isEmpty ? [error] : problems).map { SupportReason($0, at: place) }
            // Whatever its arguments are, the inferer itself may be what is missing.
            if let target = bundle.configuration.target(at: place), !target.hasPrefix("$"), !target.hasPrefix("@"),
                !InfererDescription.isKnown(target)
            {
                reasons.append(SupportReason(id: place, kind: .inferer, message: Self.unknown(target)))
            }
        } catch {
            reasons.append(SupportReason(id: place, kind: .inferer, message: String(describing: error)))
        }
        return nil
    }

    private static func unknown(_ target: String) -> String {
        target.hasPrefix("scripts.")
            ? "the inferer '\(target)' is Python code of the bundle itself, which Portico does not run"
            : "Portico has no inferer '\(target)'; it has \(InfererDescription.names.joined(separator: ", "))"
    }

    private mutating func place(of id: WellKnownID, in bundle: ModelBundle) -> String? {
        if let place = bundle.place(of: id) { return place }
        reasons.append(
            SupportReason(
                id: id.rawValue, kind: .missing,
                message: "the configuration has none (looked for \(id.places.joined(separator: ", "))), so it does not "
                    + "say what to do with an image"))
        return nil
    }
}

extension NetworkPort {
    /// Whether the network gives a value for each class and no image (`format` of MONAI's metadata: `classes`, or
    /// `labels` with no more places than there are channels).
    fileprivate var isListOfClasses: Bool {
        guard let format = format?.lowercased(), format == "classes" || format == "labels", let numChannels else {
            return false
        }
        var places = 1
        for extent in spatialShape {
            guard case .fixed(let length) = extent, length <= numChannels else { return false }
            places *= length
        }
        return places == numChannels
    }
}

extension InfererArgument {
    /// The argument that a resolved value of the configuration stands for.
    fileprivate init(_ value: ConfigValue) {
        switch value {
        case .null: self = .null
        case .bool(let flag): self = .bool(flag)
        case .int(let number): self = .int(number)
        case .double(let number): self = .double(number)
        case .string(let text), .device(let text): self = .text(text)
        case .list(let values), .tuple(let values): self = .list(values.map(InfererArgument.init))
        default: self = .other(value.kind)
        }
    }
}
