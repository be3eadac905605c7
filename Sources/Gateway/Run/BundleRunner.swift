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
    /// Why no DICOM segments can be made of the bundle's labels; `nil` where they can.
    let labelProblem: String?
    /// What runs the network, such as `torch 2.13.0 cpu`.
    let engine: String
    /// The state of the bundle's files that was loaded.
    let stamp: BundleStamp
    /// Seconds that reading the bundle and loading its network took.
    let loading: [StageTime]
    private let preprocessing: Pipeline
    private let postprocessing: Pipeline
    private let inferer: any Inferer
    private let network: any Network

    /// Reads a bundle and loads its network.
    ///
    /// - Parameters:
    ///   - device: `cpu`, `cuda` or `cuda:N`.
    ///   - threads: for one operation of the network; 0 leaves the back end's own choice.
    /// - Throws: `BundleError`, `PipelineError` or `InferenceError`.
    init(folder: URL, device: String, threads: Int) throws {
        var clock = StageClock()
        stamp = BundleStamp(folder)
        bundle = try ModelBundle(opening: folder)
        _ = try bundle.digest
        let plan = try BundlePlan(bundle)
        input = plan.input
        output = plan.output
        labelProblem = plan.labelProblem
        preprocessing = plan.preprocessing
        postprocessing = plan.postprocessing
        inferer = plan.inferer
        clock.mark("read bundle")
        let network = try bundle.withWeights { path in
            try BackEnd.load().loadNetwork(path, options: LoadOptions(device: device, threads: threads))
        }
        engine = network.engine
        self.network = network
        // What was hashed must be what was loaded, or results would name weights that did not make them.
        guard stamp == BundleStamp(folder) else {
            throw RunError("\(folder.path): the bundle was changed while it was loaded; try again", isFinal: false)
        }
        clock.mark("load network")
        loading = clock.times
    }

    /// Runs the bundle on one image.
    ///
    /// - Parameters:
    ///   - source: what `LoadImaged` is answered with.
    ///   - observer: hears of every stage.
    /// - Returns: what `SaveImaged` was asked to save, and the time of each stage.
    func run(source: any ImageSource, observer: any RunObserver) throws -> RunProduct {
        var clock = StageClock()
        let context = PipelineContext(source: source, observer: StageRelay(observer))
        var sample = Sample()
        observer.begin("preprocessing")
        try preprocessing.apply(&sample, in: context)
        clock.mark("preprocessing")
        observer.begin("inference")
        try infer(&sample, observer: observer)
        clock.mark("inference")
        try observer.inferred(sample, key: output.name)
        observer.begin("postprocessing")
        try postprocessing.apply(&sample, in: context)
        clock.mark("postprocessing")
        return RunProduct(saved: context.savedImages, stages: clock.times)
    }

    /// Puts the network's output beside its input, whose pixels go: postprocessing needs only its trace and grids.
    private func infer(_ sample: inout Sample, observer: any RunObserver) throws {
        guard let image = sample.images[input.name] else {
            throw RunError("the preprocessing of the bundle leaves no '\(input.name)', which is the network's input")
        }
        try checkInput(image.tensor)
        sample.images[input.name]?.tensor = Tensor(shape: [0], elements: [])
        let tensor = try inferer.infer(image.tensor, with: network) { progress in
            try observer.progress(done: progress.done, of: progress.total)
        }
        try check(tensor)
        var prediction = ModelImage(tensor: tensor, affine: image.affine, source: image.source)
        prediction.trace = image.trace
        sample.images[output.name] = prediction
    }

    /// Refuses an input that the network was not made for, before it is asked.
    private func checkInput(_ tensor: Tensor) throws {
        if let expected = input.numChannels, tensor.channels != expected {
            throw RunError(
                "after preprocessing '\(input.name)' has \(tensor.channels) channels (shape \(tensor.shape)), but the "
                    + "bundle takes \(expected): the input holds another number of images or components")
        }
        guard tensor.elements.allSatisfy(\.isFinite) else {
            throw RunError(
                "after preprocessing '\(input.name)' holds values that are not finite (NaN or infinity): "
                    + "look at the input's own voxels")
        }
    }

    /// Refuses an output that is not what the bundle's metadata promises.
    private func check(_ tensor: Tensor) throws {
        if let expected = output.numChannels, tensor.channels != expected {
            throw RunError(
                "models/model.ts gives \(tensor.channels) channels, but network_data_format.outputs.\(output.name)"
                    + ".num_channels in configs/metadata.json says \(expected)")
        }
        guard tensor.elements.allSatisfy(\.isFinite) else {
            throw RunError("the network's output holds values that are not finite; no result is made of it")
        }
    }
}

/// What a run needs of a bundle before its network is loaded: the pipeline, the inferer and the ports.
struct BundlePlan {
    let input: NetworkPort
    let output: NetworkPort
    let preprocessing: Pipeline
    let postprocessing: Pipeline
    let inferer: any Inferer

    /// Reads the plan of a bundle.
    ///
    /// - Throws: `BundleError`, `PipelineError` or `InferenceError` for what the bundle lacks or Portico does not know.
    init(_ bundle: ModelBundle) throws {
        guard bundle.metadata.inputs.count == 1, let input = bundle.metadata.inputs.first,
            bundle.metadata.outputs.count == 1, let output = bundle.metadata.outputs.first
        else {
            throw RunError(
                "network_data_format in configs/metadata.json names \(bundle.metadata.inputs.count) inputs and "
                    + "\(bundle.metadata.outputs.count) outputs; Portico runs networks of one input and one output")
        }
        self.input = input
        self.output = output
        let builder = PipelineBuilder(catalog: Catalog.operators)
        preprocessing = try builder.pipeline(
            try Self.required(bundle.preprocessing, "preprocessing"), at: "preprocessing")
        postprocessing = try builder.pipeline(
            try Self.required(bundle.postprocessing, "postprocessing"), at: "postprocessing")
        guard let component = try Self.required(bundle.inferer, "inferer").component else {
            throw RunError("inferer: expected a component with a _target_, such as SlidingWindowInferer")
        }
        do {
            let description = try InfererDescription(
                target: component.target,
                arguments: component.arguments.map { (name: $0.name, value: InfererArgument($0.value)) })
            inferer = description.makeInferer()
        } catch let error as InferenceError {
            throw RunError("\(component.id): \(error)")
        }
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

    private static func required(_ value: ConfigValue?, _ id: String) throws -> ConfigValue {
        guard let value else {
            throw RunError("the bundle's configuration has no '\(id)'; Portico needs it to know what to do")
        }
        return value
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

/// What a run of a bundle gives.
struct RunProduct {
    /// What the bundle's postprocessing saved, in order.
    var saved: [SavedImage]
    /// Seconds of preprocessing, inference and postprocessing.
    var stages: [StageTime]
}

/// Hears how a run goes on; called on the run's thread.
protocol RunObserver: AnyObject {
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
