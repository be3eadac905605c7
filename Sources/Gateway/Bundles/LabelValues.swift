import ModelBundles

/// Looks what the values of a saved label map mean, as far as a postprocessing says it.
///
/// `channel_def` of the metadata names channels. A value of the map is the number of a channel where `AsDiscreted` took
/// the greatest of them; a step that computes values by itself, as the zoo's brats and renal bundles have one, gives
/// numbers of its own, and a segment named after them would carry another one's name.
enum LabelValues {
    /// Steps that change which value a voxel has, by the names of their classes.
    private static let changing = [
        "Lambda", "AsDiscrete", "Activations", "ScaleIntensity", "NormalizeIntensity", "ThresholdIntensity",
        "MapLabelValue", "LabelToMask", "MergeClasses",
    ]

    /// Why the values are not the channels' numbers; `nil` where they are.
    ///
    /// - Parameters:
    ///   - steps: the components of the postprocessing.
    ///   - output: the network's output.
    static func problem(of steps: [Component], output: NetworkPort) -> String? {
        // One channel holds labels already.
        guard (output.numChannels ?? 1) > 1 else { return nil }
        guard let argmax = steps.lastIndex(where: { isArgmax($0, key: output.name) }) else {
            return "no AsDiscreted with argmax makes labels of the network's channels, so it is not said what the "
                + "values of its result mean"
        }
        let later = steps[(argmax + 1)...].first { step in
            works(step, on: output.name)
                && (step.target.hasPrefix("scripts.") || changing.contains { step.name.hasPrefix($0) })
        }
        if let later {
            return "\(later.id) (\(later.name)) changes the labels that AsDiscreted made, so it is not said what the "
                + "values of its result mean"
        }
        guard steps[argmax]["to_onehot"]?.listed.allSatisfy(\.isNull) ?? true else {
            return
                "\(steps[argmax].id)::to_onehot makes channels of the labels again, and a segmentation is made of one"
        }
        return nil
    }

    private static func isArgmax(_ step: Component, key: String) -> Bool {
        guard step.name.hasPrefix("AsDiscrete"), works(step, on: key), let argmax = step["argmax"] else { return false }
        let index = step["keys"]?.listed.firstIndex { $0.stringValue == key } ?? 0
        let flags = argmax.listed
        return (flags.count == 1 ? flags[0] : flags.indices.contains(index) ? flags[index] : .null).truth == true
    }

    /// Whether a step works on a key; one without keys works on the image itself.
    private static func works(_ step: Component, on key: String) -> Bool {
        step["keys"]?.listed.contains { $0.stringValue == key } ?? true
    }
}

extension ConfigValue {
    /// The members of a list, or the value itself as the only one.
    fileprivate var listed: [ConfigValue] { elements ?? [self] }
}
