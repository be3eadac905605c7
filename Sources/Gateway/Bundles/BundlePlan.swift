import Inference
import ModelBundles
import Pipelines

/// What a run needs of a bundle before its network is loaded: the pipeline, the inferer and the ports.
struct BundlePlan {
    let input: NetworkPort
    let output: NetworkPort
    /// What the preprocessing loads.
    let inputs: BundleInputs
    let preprocessing: Pipeline
    let postprocessing: Pipeline
    let inferer: any Inferer
    /// Whether nothing is saved and what is left under the output's key are the scores of a classification.
    let savesScores: Bool
    /// Why the values of the saved label map are not those of `channel_def`; `nil` where they are.
    let valueProblem: String?

    /// Reads the plan of a bundle.
    ///
    /// - Throws: `RunError` with everything that is in the way, a line or more for each.
    init(_ bundle: ModelBundle) throws {
        self = try BundleExamination(bundle).plan.get()
    }

    init(
        input: NetworkPort, output: NetworkPort, inputs: BundleInputs, preprocessing: Pipeline,
        postprocessing: Pipeline, inferer: any Inferer, savesScores: Bool, valueProblem: String?
    ) {
        self.input = input
        self.output = output
        self.inputs = inputs
        self.preprocessing = preprocessing
        self.postprocessing = postprocessing
        self.inferer = inferer
        self.savesScores = savesScores
        self.valueProblem = valueProblem
    }

    /// One window of the network with its channels, `[C, …]`; nil where it depends on the image, or where the metadata
    /// don't say how many channels there are.
    var window: [Int]? {
        guard let channels = input.numChannels, channels > 0 else { return nil }
        if let lengths = inferer.windowShape(rank: inputs.isPlanar ? 2 : 3) { return [channels] + lengths }
        return nil
    }

    /// The sizes of batches that may be fastest with libtorch: the bundle's own, and one window.
    var batches: [Int] { Array(Set([1, min(inferer.batchSize, 16)])).sorted() }

    /// Whether scores are all that the bundle gives.
    private var givesScoresAlone: Bool {
        savesScores || !postprocessing.steps.contains { $0.name.hasPrefix("SaveImage") }
    }

    /// Why segments would have no names; `nil` where the metadata name them, or where there are none.
    var namesProblem: String? {
        guard !givesScoresAlone else { return nil }
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

    /// Why no DICOM SEG can be made of what the bundle gives; `nil` where one can.
    var segmentationProblem: String? {
        if givesScoresAlone { return "the bundle gives scores, which a DICOM SEG does not hold" }
        if inputs.isPlanar { return "no DICOM SEG is made of an image of two axes" }
        return namesProblem ?? valueProblem
    }

    /// Why `portico serve` cannot run the bundle on a study; `nil` where it can: it gives a bundle one series and
    /// makes a DICOM SEG of it.
    var deploymentProblem: String? {
        let isOneSeries = inputs.required.count == 1 && inputs.required.allSatisfy { $0.counts.contains(1) }
        let problems = [
            isOneSeries
                ? nil : "`portico serve` gives a bundle one series, and this one takes \(inputs.inWords)",
            segmentationProblem,
        ].compactMap { $0 }
        return problems.isEmpty ? nil : problems.joined(separator: "; ") + ". `portico run` runs it"
    }

    /// What a person should know before a run: what it takes where that is more than one volume, and what it gives.
    var needs: [String] {
        var needs: [String] = []
        let isOneVolume = inputs.required.count == 1 && inputs.required[0].counts == [1] && !inputs.isPlanar
        if !isOneVolume { needs.append("takes \(inputs.inWords)") }
        for slot in inputs.slots where slot.isOptional {
            needs.append("does without '\(slot.key)' where no --input \(slot.key)=PATH is given")
        }
        if savesScores { needs.append("gives scores, which \(ScoreTable.standardName) holds") }
        if let deploymentProblem { needs.append("cannot be deployed: \(deploymentProblem)") }
        return needs
    }
}
