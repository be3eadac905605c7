import Inference
import ModelBundles
import Operators
import Pipelines

/// What a run needs of a bundle before its network is loaded: the pipeline, the inferer and the ports.
struct BundlePlan {
    let input: NetworkPort
    let output: NetworkPort
    let preprocessing: Pipeline
    let postprocessing: Pipeline
    let inferer: any Inferer

    /// Reads the plan of a bundle.
    ///
    /// - Throws: `RunError` with everything that is in the way, a line or more for each.
    init(_ bundle: ModelBundle) throws {
        self = try BundleExamination(bundle).plan.get()
    }

    /// Why no segments can be made of the bundle's labels; `nil` where they can.
    var labelProblem: String? {
        let named = Set(output.channelDefinition.keys)
        guard let channels = output.numChannels, !named.isEmpty else {
            return "network_data_format.outputs.\(output.name) in configs/metadata.json has no num_channels or no "
                + "channel_def, so segments would have no names"
        }
        let missing = (1..<max(channels, 1)).filter { !named.contains($0) }
        guard !missing.isEmpty else { return nil }
        return "network_data_format.outputs.\(output.name).channel_def in configs/metadata.json does not name channel "
            + missing.map(String.init).joined(separator: ", ")
    }

    fileprivate init(
        input: NetworkPort, output: NetworkPort, preprocessing: Pipeline, postprocessing: Pipeline,
        inferer: any Inferer
    ) {
        self.input = input
        self.output = output
        self.preprocessing = preprocessing
        self.postprocessing = postprocessing
        self.inferer = inferer
    }
}

/// Looks at all that a run needs of a bundle and collects what is in the way instead of ending at the first thing.
struct BundleExamination {
    /// Everything that keeps the bundle from running, weights apart.
    private(set) var reasons: [SupportReason] = []
    private var ports: (input: NetworkPort, output: NetworkPort)?
    private var preprocessing: Pipeline?
    private var postprocessing: Pipeline?
    private var inferer: (any Inferer)?

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
        let builder = PipelineBuilder(catalog: Catalog.operators)
        preprocessing = pipeline(.preprocessing, of: bundle, builder)
        inferer = inferer(of: bundle)
        postprocessing = pipeline(.postprocessing, of: bundle, builder)
        checkEnds(of: bundle)
        // `Invertd` names the preprocessing, so what is wrong there is met twice.
        reasons = reasons.reduce(into: []) { if !$0.contains($1) { $0.append($1) } }
    }

    /// Whether what comes in can be what the network takes, and whether anything comes out.
    private mutating func checkEnds(of bundle: ModelBundle) {
        let loading = ((try? bundle.preprocessing) ?? nil)?.steps ?? []
        if let message = Self.sourceProblem(of: loading, input: ports?.input) {
            reasons.append(SupportReason(id: WellKnownID.preprocessing.rawValue, kind: .source, message: message))
        }
        // A step of the bundle's own that saves is refused as what it is.
        let saving = ((try? bundle.postprocessing) ?? nil)?.steps ?? []
        if !saving.isEmpty, !saving.contains(where: { $0.name.contains("Save") }) {
            reasons.append(
                SupportReason(
                    id: WellKnownID.postprocessing.rawValue, kind: .result,
                    message: "nothing is saved (there is no SaveImaged), so there is no result to keep or to send"))
        }
    }

    /// Why one series of a study is not what a preprocessing takes; nil where it is.
    private static func sourceProblem(of steps: [Component], input: NetworkPort?) -> String? {
        guard !steps.isEmpty else { return nil }
        let loaders = steps.filter { $0.name.hasPrefix("Load") }
        guard !loaders.isEmpty else {
            return "nothing is loaded (there is no LoadImaged): the images come from the bundle's own data set"
        }
        let keys = loaders.flatMap { loader -> [String] in
            guard let keys = loader["keys"] else { return [] }
            return keys.stringValue.map { [$0] } ?? keys.elements?.compactMap(\.stringValue) ?? []
        }
        let distinct = keys.reduce(into: [String]()) { if !$0.contains($1) { $0.append($1) } }
        if distinct.count > 1 {
            return
                "it loads \(distinct.count) images (\(distinct.joined(separator: ", "))); Portico gives a bundle one "
                + "series. An overlay can leave out those that are not needed"
        }
        let placesChannels = steps.contains { $0.name.hasPrefix("EnsureChannelFirst") }
        guard let channels = input?.numChannels, channels > 1, !placesChannels else { return nil }
        return "the network takes \(channels) channels, which LoadImaged stacks from as many files; Portico gives a "
            + "bundle one series"
    }

    /// The plan, or all reasons against it.
    var plan: Result<BundlePlan, RunError> {
        guard reasons.isEmpty, let ports, let preprocessing, let postprocessing, let inferer else {
            let text = reasons.map(\.description).joined(separator: "\n")
            return .failure(RunError(text, isFinal: !reasons.contains(where: \.mayPass)))
        }
        return .success(
            BundlePlan(
                input: ports.input, output: ports.output, preprocessing: preprocessing, postprocessing: postprocessing,
                inferer: inferer))
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
