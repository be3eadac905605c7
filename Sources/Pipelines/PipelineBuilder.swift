public import ModelBundles

/// Makes pipelines of a bundle's resolved configuration.
///
/// One builder serves one bundle: a component that is reached twice (`Invertd`'s `transform: @preprocessing`) becomes one
/// pipeline, by the component's identity.
public final class PipelineBuilder {
    private let catalog: OperatorCatalog
    private var built: [ObjectIdentifier: (component: Component, steps: [Pipeline.Step])] = [:]

    /// Makes a builder that finds operators in a catalogue.
    public init(catalog: OperatorCatalog) {
        self.catalog = catalog
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
        guard let type = catalog[component.target] else {
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
        var arguments = Arguments(component, builder: self)
        do {
            let made = try type.init(arguments: &arguments)
            try arguments.finish()
            return [Pipeline.Step(id: component.id, name: component.name, operator: made)]
        } catch {
            problems.append(error)
            return []
        }
    }
}
