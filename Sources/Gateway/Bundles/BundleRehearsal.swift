import Inference
import ModelBundles
import Pipelines
import Voxels

/// Follows what is known of a sample through a bundle, from what is loaded through the network to what is saved, so that
/// what no image could make right is told before there is one.
struct BundleRehearsal {
    let input: NetworkPort
    let output: NetworkPort
    let inputs: BundleInputs
    /// What was refused for itself is nil here; behind it less is known.
    let preprocessing: Pipeline?
    let inferer: (any Inferer)?
    let postprocessing: Pipeline?
    /// Where the configuration has the inferer.
    let infererPlace: String

    /// What every image would be refused for, in the order of a run.
    var problems: [PipelineError] {
        var sample = SampleLayout(arrayKey: input.name)
        let required = inputs.required.map(\.key)
        sample.absentKeys = Set([BundleInputs.truthKey].filter { !required.contains($0) })
        for slot in inputs.slots { sample.sources[slot.key] = layouts(of: slot) }
        // The images of a bundle that loads none come from its own data set.
        if inputs.slots.isEmpty { sample.forget() }
        if let preprocessing { preprocessing.follow(&sample) } else { sample.forget() }
        passNetwork(&sample)
        sample.arrayKey = output.name
        postprocessing?.follow(&sample)
        return sample.problems
    }

    /// The axes of space of what is loaded, and so of what the inferer takes; nil where it is not known.
    ///
    /// The metadata say what the network takes. An inferer that was refused may have taken slices of something else.
    private var rank: Int? {
        guard let inferer else { return nil }
        if inferer is SliceInferer { return 3 }
        return (2...3).contains(input.spatialShape.count) ? input.spatialShape.count : nil
    }

    /// The layouts in which the images of a key may come, as `ImageStack` and the readers make them.
    private func layouts(of slot: BundleInputs.Slot) -> [ImageLayout] {
        guard let rank else { return [ImageLayout()] }
        // Files may hold channels at their end, whether or not they are asked for.
        let several = slot.counts.filter { $0 > 1 }.map { ImageLayout.stacked($0, rank: rank) }
        if !slot.counts.contains(1) { return several + [.channelsLast(rank: rank)] }
        let isColour = slot.key == input.name && (input.numChannels ?? 1) > 1
        let one: [ImageLayout] = [.plain(rank: rank), .channelsLast(rank: rank)]
        return several + (isColour ? one.reversed() : one)
    }

    /// Puts what the network makes beside what it takes, as `BundleRunner` does.
    private func passNetwork(_ sample: inout SampleLayout) {
        if !sample.contains(input.name) {
            if !sample.isOpen {
                let made = sample.keys.isEmpty ? "nothing" : sample.keys.joined(separator: ", ")
                sample.refuse(
                    PipelineError(
                        .missingImage,
                        "network_data_format::inputs::\(input.name): the preprocessing leaves no '\(input.name)', which is "
                            + "the network's input; it leaves \(made)"))
            }
            sample.put([ImageLayout()], under: input.name)
        }
        sample.update(input.name) { (image) throws(PipelineError) in try check(image) }
        sample.copy(input.name, to: output.name)
        sample.update(output.name) { image in
            // Windows are put together on their own axes; of a whole image a network may make scores.
            if inferer is SimpleInferer || inferer == nil { image.axes = nil }
            image.channels = output.numChannels
        }
    }

    /// Refuses an image that the network or the inferer was not made for.
    private func check(_ image: ImageLayout) throws(PipelineError) {
        let place = "network_data_format::inputs::\(input.name)"
        if let axes = image.axes, let rank, axes != rank + 1 {
            throw PipelineError(
                .unfitImage,
                "\(place)::spatial_shape: after preprocessing '\(input.name)' has \(axes) axes, and what is asked for is "
                    + "\(rank + 1), the channels and \(rank) axes of space")
        }
        if let channels = image.channels, let expected = input.numChannels, channels != expected {
            throw PipelineError(
                .unfitImage,
                "\(place)::num_channels: after preprocessing '\(input.name)' has \(channels) channels, and the network "
                    + "takes \(expected)")
        }
        guard let inferer, let rank = image.axes.map({ $0 - 1 }) ?? rank else { return }
        do throws(WindowError) { try inferer.check(rank: rank) } catch {
            throw PipelineError(
                .unfitImage, "\(infererPlace)::\(error.argument ?? "roi_size"): \(error.message)")
        }
    }
}
