public import Voxels

/// Operators that run one after another, as a bundle's `preprocessing` or `postprocessing` lists them.
public struct Pipeline: Sendable {
    /// An operator with its place in the configuration.
    public struct Step: Sendable {
        /// The config id, such as `preprocessing::transforms::3`.
        public let id: String

        /// The name in the configuration without its module path, such as `Spacingd`.
        public let name: String

        /// The operator with its decoded arguments.
        public let `operator`: any Operator
    }

    /// The steps, first to last; a `Compose` within another is flattened.
    public let steps: [Step]

    init(steps: [Step]) {
        self.steps = steps
    }

    /// What the first steps decide of each voxel alone, up to the one after which a class, or yes or no for each
    /// channel, is left.
    ///
    /// - Returns: the decision and how many steps take part; nil where the pipeline does not begin so.
    public func leadingDecision(on key: String, arrayKey: String) -> (decision: VoxelDecision, steps: Int)? {
        var taken: [VoxelDecision.Step] = []
        for (index, step) in steps.enumerated() {
            guard let more = (step.operator as? any VoxelwiseOperator)?.steps(on: key, arrayKey: arrayKey) else {
                return nil
            }
            taken += more
            let decision = VoxelDecision(taken)
            if decision.isDecided { return (decision, index + 1) }
        }
        return nil
    }

    /// What all steps decide of each voxel of an image, whatever else they do with it: what a difference between two
    /// networks would show up as.
    ///
    /// - Returns: nil where the output is a quantity.
    public func decision(on key: String, arrayKey: String) -> VoxelDecision? {
        var taken: [VoxelDecision.Step] = []
        for step in steps {
            taken += (step.operator as? any VoxelwiseOperator)?.steps(on: key, arrayKey: arrayKey) ?? []
            let decision = VoxelDecision(taken)
            if decision.isDecided { return decision }
        }
        return nil
    }

    /// Runs the steps on a sample and tells the context's observer about each.
    ///
    /// - Parameter done: how many of the first steps have been taken already.
    public func apply(_ sample: inout Sample, after done: Int = 0, in context: PipelineContext) throws {
        let clock = ContinuousClock()
        for step in steps.dropFirst(done) {
            let start = clock.now
            try step.operator.apply(&sample, in: context)
            let stage = Stage(
                operatorID: step.id, name: step.name, duration: clock.now - start, sample: Sample())
            guard let observer = context.observer else { continue }
            var told = stage
            told.sample = sample
            try observer.stageDidFinish(told)
        }
    }

    /// Follows all steps through the layout of a sample, before there is an image.
    public func follow(_ sample: inout SampleLayout) {
        for step in steps { step.operator.follow(&sample) }
    }

    /// Undoes on an image what the invertible steps recorded in its trace, last to first (MONAI compose.py:391-406).
    ///
    /// Steps that left no entry, because they are not invertible or did not work on the image's key, are passed over.
    ///
    /// - Throws: `PipelineError.Code.unfitImage` where the trace has an entry of a step below one that is no step of
    ///   this pipeline.
    public func invert(_ image: inout ModelImage, interpolation: InverseInterpolation) throws(PipelineError) {
        for step in steps.reversed() {
            guard let invertible = step.operator as? any InvertibleOperator else { continue }
            while let entry = image.trace.last, entry.operatorID == step.id {
                image.trace.removeLast()
                try invertible.invert(&image, entry: entry, interpolation: interpolation)
            }
            if let last = image.trace.last, image.trace.contains(where: { $0.operatorID == step.id }) {
                throw PipelineError(
                    .unfitImage,
                    "cannot undo \(step.id) (\(step.name)): the image went through \(last.operatorID) after it, "
                        + "which the transform to invert does not end with")
            }
        }
    }
}
