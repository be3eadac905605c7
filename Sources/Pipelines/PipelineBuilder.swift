public import ModelBundles

/// Makes pipelines of a bundle's resolved configuration.
///
/// One builder serves one bundle: a component that is reached twice (`Invertd`'s `transform: @preprocessing`) becomes one
/// pipeline, by the component's identity.
public final class PipelineBuilder {
    /// How the bundle's configuration is understood where releases of MONAI differ.
    let semantics: MONAISemantics

    /// Hears what each operator does with each argument that it asks for, whether it is given or not.
    public var observe: ((Component, String, ArgumentUse) -> Void)?

    private let catalog: OperatorCatalog
    private let refusal: (ScriptStandIn) -> String?
    private var built: [ObjectIdentifier: (component: Component, steps: [Pipeline.Step])] = [:]

    /// Makes a builder that finds operators in a catalogue.
    ///
    /// - Parameters:
    ///   - semantics: how the configuration is understood where releases of MONAI differ.
    ///   - refusal: why an operator must not stand for a script of the bundle, or nil where it may.
    public init(
        catalog: OperatorCatalog,
        semantics: MONAISemantics = MONAISemantics(),
        refusal: @escaping (ScriptStandIn) -> String? = { _ in "the bundle's scripts are not known here" }
    ) {
        self.catalog = catalog
        self.semantics = semantics
        self.refusal = refusal
    }

    /// Builds a pipeline of a `Compose`, of a single operator, or of a list of both.
    ///
    /// - Parameter path: the config id of the value, such as `preprocessing`.
    /// - Throws: everything that is wrong at once, a line for each place.
    public func pipeline(_ value: ConfigValue, at path: String) throws(PipelineError) -> Pipeline {
        var problems: [PipelineError] = []
        let steps = steps(value, at: path, problems: &problems)
        guard problems.isEmpty else { throw PipelineError(joining: problems) }
        return Pipeline(steps: steps)
    }

    private func steps(
        _ value: ConfigValue, at path: String, problems: inout [PipelineError]
    ) -> [Pipeline.Step] {
        switch value {
        case .component(let component):
            return steps(component, problems: &problems)
        case .list(let values), .tuple(let values):
            return values.enumerated().flatMap { steps($1, at: "\(path)::\($0)", problems: &problems) }
        default:
            problems.append(
                PipelineError(
                    .invalidArgument, "\(path): expected a transform or a list of transforms, found \(value.kind)"))
            return []
        }
    }

    private func steps(_ component: Component, problems: inout [PipelineError]) -> [Pipeline.Step] {
        let identity = ObjectIdentifier(component)
        if let known = built[identity] { return known.steps }
        let before = problems.count
        let steps =
            Self.composeTargets.contains(component.target)
            ? compose(component, problems: &problems) : step(component, problems: &problems)
        // The component is kept beside its steps, so that its address is not used again for another.
        if problems.count == before { built[identity] = (component, steps) }
        return steps
    }

    private static let composeTargets: Set<String> = [
        "Compose", "monai.transforms.Compose", "monai.transforms.compose.Compose",
    ]

    private func compose(_ component: Component, problems: inout [PipelineError]) -> [Pipeline.Step] {
        var arguments = Arguments(component, builder: self)
        do {
            let transforms = arguments.take("transforms")
            // Neither changes what a pipeline over one dictionary gives.
            arguments.ignore("map_items", "log_stats")
            try arguments.accept("unpack_items", only: "false") { value in value.flag == false }
            // Lazy resampling joins several resamplings into one and so gives other voxels.
            try arguments.accept("lazy", only: "false or null") { value in value.isNull || value.flag == false }
            try arguments.accept("overrides", only: "null") { value in value.isNull }
            try arguments.finish()
            guard let transforms, !transforms.isNull else { return [] }
            return steps(transforms, at: component.id + "::transforms", problems: &problems)
        } catch {
            problems.append(error)
            return []
        }
    }

    private func step(_ component: Component, problems: inout [PipelineError]) -> [Pipeline.Step] {
        guard let type = catalog[component.target] ?? standIn(for: component, problems: &problems) else {
            guard catalog.standIns(for: component.target).isEmpty else { return [] }
            let isScript = component.target.hasPrefix("scripts.")
            problems.append(
                PipelineError(
                    .unknownOperator,
                    isScript
                        ? "\(component.id): the transform '\(component.target)' is Python code of the bundle itself, "
                            + "which Portico does not run; an overlay can put an operator of MONAI's in its place"
                        : "\(component.id): Portico has no operator for the transform '\(component.target)'"))
            return []
        }
        guard component.mode == .standard else {
            problems.append(
                PipelineError(
                    .unsupported,
                    "\(component.id)::_mode_: a transform is made when the bundle is read, not called later"))
            return []
        }
        let isArray = type.names.array.contains(component.name)
        var arguments = Arguments(component, builder: self, isArray: isArray)
        do {
            let made = try type.init(arguments: &arguments)
            try arguments.finish()
            return [Pipeline.Step(id: component.id, name: component.name, operator: made)]
        } catch {
            problems.append(error)
            return []
        }
    }

    /// The operator in the place of a script; nil where there is none, or where none may be.
    private func standIn(for component: Component, problems: inout [PipelineError]) -> (any Operator.Type)? {
        var refusals: [String] = []
        for standIn in catalog.standIns(for: component.target) {
            guard let reason = refusal(standIn) else { return standIn.operator }
            refusals.append(reason)
        }
        if !refusals.isEmpty {
            problems.append(
                PipelineError(
                    .unknownOperator,
                    "\(component.id): the transform '\(component.target)' is Python code of the bundle itself, which "
                        + "Portico does not run; it has an operator for it, but " + refusals.joined(separator: "; ")))
        }
        return nil
    }
}
