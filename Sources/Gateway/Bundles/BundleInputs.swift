import ModelBundles

/// The images that a bundle's preprocessing loads: under which keys, how many of each, and of which kind.
struct BundleInputs: Equatable, Sendable {
    /// The images of one key of `LoadImaged`.
    struct Slot: Equatable, Sendable {
        /// The key, such as `image`.
        var key: String
        /// How many files or series may be given for it, the usual number first.
        var counts: [Int]
        /// What they are, in their order, where the metadata say it.
        var channels: [String]
        /// Whether it is what only training and validation have, so that a run does without it.
        var isOptional: Bool

        /// The usual number of images.
        var count: Int { counts[0] }
    }

    /// The keys in the order in which they are loaded.
    var slots: [Slot]

    /// Whether an image of two axes is taken rather than a volume.
    var isPlanar: Bool

    /// How many components one picture has to bring, such as 3 for RGB; nil where one is enough.
    var components: Int?

    /// The keys that a run has to be given.
    var required: [Slot] { slots.filter { !$0.isOptional } }

    /// The name of what a study never brings (MONAI utils/enums.py, `CommonKeys.LABEL`).
    static let truthKey = "label"

    /// Makes a description.
    init(slots: [Slot], isPlanar: Bool) {
        self.slots = slots
        self.isPlanar = isPlanar
    }

    /// Reads from a preprocessing what it loads.
    ///
    /// - Parameters:
    ///   - steps: the components of the preprocessing.
    ///   - input: the network's input.
    ///   - inferer: the `_target_` of the inferer.
    init(steps: [Component], input: NetworkPort, inferer: String?) {
        var slots: [Slot] = []
        for loader in steps where loader.name.hasPrefix("Load") {
            for key in Self.keys(of: loader) ?? [input.name] where !slots.contains(where: { $0.key == key }) {
                let isOptional = key == Self.truthKey && key != input.name
                slots.append(Slot(key: key, counts: [1], channels: [], isOptional: isOptional))
            }
        }
        if let index = slots.firstIndex(where: { $0.key == input.name }) {
            slots[index].counts = Self.counts(of: input, steps)
            let names = input.declaredChannels.sorted { $0.key < $1.key }.map(\.value)
            if slots[index].counts.contains(where: { $0 == names.count && $0 > 1 }) { slots[index].channels = names }
        }
        self.slots = slots
        // A network of two axes sees the slices of a volume through MONAI's SliceInferer.
        let isSliced = inferer?.split(separator: ".").last == "SliceInferer"
        isPlanar = input.spatialShape.count == 2 && !isSliced
        let channels = input.numChannels ?? 1
        components = isPlanar && channels > 1 && required.first?.counts == [1] ? channels : nil
    }

    /// The keys of a loader; nil in the spelling that works on an image.
    private static func keys(of loader: Component) -> [String]? {
        guard let keys = loader["keys"] else { return nil }
        return keys.stringValue.map { [$0] } ?? keys.elements?.compactMap(\.stringValue) ?? []
    }

    /// How many images become the channels of the network's input.
    ///
    /// Whether one file holds all channels is known of colour, and where a step is told their axis. A step that puts
    /// the channels first by itself takes both; without one they have to be stacked, since a file has them at its end.
    private static func counts(of input: NetworkPort, _ steps: [Component]) -> [Int] {
        guard let channels = input.numChannels, channels > 1, input.format?.lowercased() != "rgb" else { return [1] }
        let movers = steps.filter { $0.name.hasPrefix("EnsureChannelFirst") }
        if movers.contains(where: { $0["channel_dim"].map { !$0.isNull } ?? false }) { return [1] }
        let movesOnLoading = steps.contains {
            $0.name.hasPrefix("Load") && $0["ensure_channel_first"]?.truth == true
        }
        return movers.isEmpty && !movesOnLoading ? [channels] : [1, channels]
    }
}

extension BundleInputs {
    /// What `portico run` wants to be given, in words.
    var inWords: String {
        let kind = isPlanar ? "an image of two axes (a .png or .jpg file, or one DICOM image)" : "a volume"
        if required.count == 1, let slot = required.first {
            guard slot.count > 1 else { return kind }
            return "\(slot.words): one --input for each, or one --series of a folder"
        }
        let words = required.map { "\($0.key)=PATH" + ($0.count > 1 ? " (\($0.words))" : "") }
        return "\(required.count) images, --input \(words.joined(separator: ", --input "))"
    }
}

extension BundleInputs.Slot {
    /// The number of images and what they are.
    var words: String {
        let number = counts.map(String.init).joined(separator: " or ")
        let order = channels.isEmpty ? "" : ", in the order \(channels.joined(separator: ", "))"
        return (counts == [1] ? "1 image" : "\(number) images on one grid") + order
    }
}
