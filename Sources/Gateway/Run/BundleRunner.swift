import Foundation
import Inference
import ModelBundles
import Operators
import Pipelines
import Voxels

/// A bundle that is read, checked and loaded: it takes images and gives what its postprocessing saves.
///
/// Not thread safe, and everything here blocks: use it from one thread that is not of the cooperative pool.
final class BundleRunner {
    let bundle: ModelBundle
    /// The network's input; its name is the key in the sample, such as `image`.
    let input: NetworkPort
    /// The network's output; its name is the key in the sample, such as `pred`.
    let output: NetworkPort
    /// What the preprocessing loads.
    let inputs: BundleInputs
    /// Why no DICOM SEG can be made of what the bundle gives; `nil` where one can.
    let segmentationProblem: String?
    /// Why `portico serve` cannot run the bundle on a study; `nil` where it can.
    let deploymentProblem: String?
    /// What runs the network, such as `torch 2.13.0 cpu`.
    var engine: String { loaded.network.engine }
    /// How the engine was shown to give what libtorch gives; `nil` for libtorch itself.
    var engineProof: String? { loaded.proof }
    /// The state of the bundle's files that was loaded.
    let stamp: BundleStamp
    /// Seconds that reading the bundle and loading its network took.
    let loading: [StageTime]
    private let plan: BundlePlan
    private let selector: EngineSelector
    private var loaded: LoadedEngine

    /// Reads a bundle and loads its network.
    ///
    /// - Parameters:
    ///   - engine: what the network runs on.
    ///   - cache: where digests of weights are remembered.
    ///   - engines: where compiled networks are kept.
    ///   - announce: hears what takes long.
    /// - Throws: `BundleError`, `RunError` or `InferenceError`.
    init(
        _ reference: BundleReference, engine: EngineRequest, cache: DigestCache?, engines: EngineStore,
        announce: @escaping (String) -> Void = { _ in }
    ) throws {
        var clock = StageClock()
        stamp = BundleStamp(reference)
        bundle = try reference.open(device: engine.device, cache: cache)
        _ = try bundle.digest
        plan = try BundlePlan(bundle)
        input = plan.input
        output = plan.output
        inputs = plan.inputs
        segmentationProblem = plan.segmentationProblem
        deploymentProblem = plan.deploymentProblem
        clock.mark("read bundle")
        selector = EngineSelector(request: engine, store: engines, announce: announce)
        loaded = try selector.load(bundle, plan)
        // What was hashed must be what was loaded, or results would name weights that did not make them.
        guard stamp == BundleStamp(reference) else {
            throw RunError("\(reference.path): the bundle was changed while it was loaded; try again", isFinal: false)
        }
        clock.mark("load network")
        loading = clock.times
    }

    /// Runs the bundle on one image.
    ///
    /// - Parameters:
    ///   - source: what `LoadImaged` is answered with.
    ///   - absentKeys: what the study does not bring and the bundle does without.
    ///   - observer: hears of every stage.
    /// - Returns: what `SaveImaged` and `SaveClassificationd` were asked to save, and the time of each stage.
    func run(
        source: any ImageSource, absentKeys: Set<String> = [BundleInputs.truthKey], observer: any RunObserver
    ) throws -> RunProduct {
        var clock = StageClock()
        let context = PipelineContext(source: source, observer: StageRelay(observer))
        var sample = Sample(arrayKey: input.name)
        sample.absentKeys = absentKeys
        observer.begin("preprocessing")
        try plan.preprocessing.apply(&sample, in: context)
        clock.mark("preprocessing")
        if loaded.awaitsRealCase, let image = sample.images[input.name] {
            observer.begin("comparing engines")
            loaded = try selector.confirm(loaded, bundle, plan, on: image.tensor)
            clock.mark("compare engines")
        }
        observer.begin("inference")
        let done = try infer(&sample, observer: observer)
        clock.mark("inference")
        try observer.inferred(sample, key: output.name)
        observer.begin("postprocessing")
        sample.arrayKey = output.name
        try plan.postprocessing.apply(&sample, after: done, in: context)
        if plan.savesScores { context.save(try scores(in: sample)) }
        // Writing the results takes memory of its own.
        VoxelMemory.release()
        clock.mark("postprocessing")
        return RunProduct(saved: context.savedImages, scores: context.savedScores, stages: clock.times)
    }

    /// What a classification leaves under the output's key, as MONAI's `ClassificationSaver` takes it from the engine
    /// (handlers/classification_saver.py:131-165).
    private func scores(in sample: Sample) throws -> SavedScores {
        guard let image = sample.images[output.name] else {
            throw RunError("the postprocessing of the bundle leaves no '\(output.name)', so there are no scores")
        }
        guard image.tensor.shape.count(where: { $0 > 1 }) <= 1, image.tensor.count <= Self.mostScores else {
            throw RunError(
                "after postprocessing '\(output.name)' has the shape \(image.tensor.shape); scores are a list with a "
                    + "value for each class")
        }
        return SavedScores(
            key: output.name, values: Array(image.tensor.elements), fileName: ScoreTable.standardName, delimiter: ",",
            outputDirectory: nil, operatorID: WellKnownID.postprocessing.rawValue)
    }

    /// More classes than any classification has.
    private static let mostScores = 1 << 16

    /// Puts the network's output beside its input, whose pixels go: postprocessing needs only its trace and grids.
    ///
    /// - Returns: how many steps of the postprocessing it has taken, each voxel as soon as it was known.
    private func infer(_ sample: inout Sample, observer: any RunObserver) throws -> Int {
        guard let image = sample.images[input.name] else {
            throw RunError("the preprocessing of the bundle leaves no '\(input.name)', which is the network's input")
        }
        try input.checkInput(image.tensor)
        sample.images[input.name]?.tensor = Tensor(shape: [0], elements: [])
        // The network's own memory is another's; what preprocessing left would only stand beside it.
        VoxelMemory.release()
        let early =
            observer.wantsStages ? nil : plan.postprocessing.leadingDecision(on: output.name, arrayKey: output.name)
        let inferred = try plan.inferer.infer(
            image.tensor, with: loaded.network, options: PassOptions(decision: early?.decision)
        ) { progress in
            try observer.progress(done: progress.done, of: progress.total)
        }
        try output.checkOutput(
            channels: inferred.networkChannels, spatialShape: inferred.tensor.spatialShape,
            on: image.tensor.spatialShape)
        var prediction = ModelImage(tensor: inferred.tensor, affine: image.affine, source: image.source)
        prediction.trace = image.trace
        sample.images[output.name] = prediction
        return early?.steps ?? 0
    }
}

/// What a run of a bundle gives.
struct RunProduct {
    /// What the bundle's postprocessing saved, in order.
    var saved: [SavedImage]
    /// The scores that it saved, or left under the output's key where it saves nothing.
    var scores: [SavedScores]
    /// Seconds of preprocessing, inference and postprocessing.
    var stages: [StageTime]
}

/// Hears how a run goes on; called on the run's thread.
protocol RunObserver: AnyObject {
    /// Whether it looks at what each operator leaves; then none is taken while the network still runs.
    var wantsStages: Bool { get }
    /// A stage begins.
    func begin(_ stage: String)
    /// Windows are done; throwing ends the run.
    func progress(done: Int, of total: Int) throws
    /// An operator has run.
    func finished(_ stage: Stage) throws
    /// The network has run.
    func inferred(_ sample: Sample, key: String) throws
}

/// Hands the pipeline's stages on to a run's observer.
private final class StageRelay: StageObserver {
    private let observer: any RunObserver

    init(_ observer: any RunObserver) {
        self.observer = observer
    }

    func stageDidFinish(_ stage: Stage) throws {
        try observer.finished(stage)
    }
}

/// Measures consecutive stages.
struct StageClock {
    private(set) var times: [StageTime] = []
    private var last = ContinuousClock.now

    /// Ends a stage that began at the last mark.
    mutating func mark(_ name: String) {
        let now = ContinuousClock.now
        times.append(StageTime(name: name, seconds: (now - last).seconds))
        last = now
    }

    /// Leaves out the time since the last mark.
    mutating func skip() {
        last = ContinuousClock.now
    }
}

extension Duration {
    /// The duration as a number of seconds.
    var seconds: Double {
        Double(components.seconds) + Double(components.attoseconds) / 1e18
    }
}

/// Why a run ended without a result.
struct RunError: Error, CustomStringConvertible {
    var description: String
    /// Whether the same input and the same bundle would end so again.
    var isFinal: Bool

    init(_ description: String, isFinal: Bool = true) {
        self.description = description
        self.isFinal = isFinal
    }
}
