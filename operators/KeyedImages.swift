import ModelBundles
import Pipelines
import Voxels

/// The images that an operator works on: those under its `keys`, or in the array spelling the one that the pipeline is
/// about.
struct KeyedImages: Sendable {
    /// How many images there are: one in the array spelling.
    var count: Int { names?.count ?? 1 }

    /// The config id of the operator.
    let id: String

    /// Nil in the array spelling.
    private let names: [String]?
    private let allowsMissing: Bool

    /// Reads `keys` and `allow_missing_keys`.
    init(_ arguments: inout Arguments) throws(PipelineError) {
        id = arguments.id
        guard !arguments.isArray else {
            names = nil
            allowsMissing = false
            return
        }
        names = try arguments.keys()
        allowsMissing = try arguments.bool("allow_missing_keys", default: false)
    }

    /// The keys, in the order of the configuration.
    func keys(in sample: Sample) -> [String] { keys(arrayKey: sample.arrayKey) }

    /// The keys, in the order of the configuration.
    ///
    /// - Parameter arrayKey: the key of the image that array transforms work on.
    func keys(arrayKey: String) -> [String] { names ?? [arrayKey] }

    /// The keys, in the order of the configuration.
    func keys(in sample: SampleLayout) -> [String] { names ?? [sample.arrayKey] }

    /// Changes the images one by one, in place.
    ///
    /// - Parameter body: gets the image and the position of its key, for arguments with a value for each key.
    func update(_ sample: inout Sample, _ body: (inout ModelImage, Int) throws -> Void) throws {
        for (index, key) in keys(in: sample).enumerated() {
            // Out of the dictionary, so that there is one owner and nothing is copied.
            guard var image = sample.images.removeValue(forKey: key) else {
                if mayMiss(key, in: sample) { continue }
                throw missing(key, in: sample)
            }
            defer { sample.images[key] = image }
            try body(&image, index)
        }
    }

    /// The keys that the sample has, with their positions.
    func present(in sample: Sample) throws(PipelineError) -> [(key: String, index: Int)] {
        var present: [(key: String, index: Int)] = []
        for (index, key) in keys(in: sample).enumerated() {
            if sample.images[key] != nil {
                present.append((key, index))
            } else if !mayMiss(key, in: sample) {
                throw missing(key, in: sample)
            }
        }
        return present
    }

    /// Follows the layouts of the images one by one, and tells of keys that no step before made.
    ///
    /// - Parameter change: gets a layout that an image may have, and the position of its key; throws where an image of
    ///   that layout is refused.
    func follow(
        _ sample: inout SampleLayout,
        _ change: (inout ImageLayout, Int) throws(PipelineError) -> Void = { (_, _) throws(PipelineError) in }
    ) {
        for (index, key) in keys(in: sample).enumerated() {
            guard sample.contains(key) else {
                if !allowsMissing { sample.requireImage(key, path: names == nil ? id : "\(id)::keys") }
                continue
            }
            sample.update(key) { (image) throws(PipelineError) in try change(&image, index) }
        }
    }

    /// The axes of space of an image that `requireImage` takes; nil where it is not known how many it has.
    ///
    /// - Throws: where it is known that the image has another number of axes than `[C, X, Y, Z]` or `[C, X, Y]`.
    func requireImage(_ image: ImageLayout) throws(PipelineError) -> Int? {
        guard let axes = image.axes else { return nil }
        try require(axes: axes, ranks: 2...3, "[C, X, Y, Z] or [C, X, Y]", found: "\(axes) axes")
        return axes - 1
    }

    /// Refuses an image of which it is known that it is not `[C, X, Y, Z]`.
    func requireVolume(_ image: ImageLayout) throws(PipelineError) {
        guard let axes = image.axes else { return }
        try require(axes: axes, ranks: 3...3, "[C, X, Y, Z]", found: "\(axes) axes")
    }

    /// Whether the image of a key is passed over where it is not there.
    private func mayMiss(_ key: String, in sample: Sample) -> Bool { allowsMissing || sample.absentKeys.contains(key) }

    /// Refuses an image that is not `[C, X, Y, Z]` with voxels in it.
    func requireVolume(_ image: ModelImage) throws(PipelineError) {
        try require(image, ranks: 3...3, "[C, X, Y, Z]")
    }

    /// Refuses an image that is neither `[C, X, Y, Z]` nor `[C, X, Y]` with voxels in it.
    ///
    /// - Returns: how many axes of space it has.
    @discardableResult
    func requireImage(_ image: ModelImage) throws(PipelineError) -> Int {
        try require(image, ranks: 2...3, "[C, X, Y, Z] or [C, X, Y]")
        return image.tensor.shape.count - 1
    }

    private func require(
        _ image: ModelImage, ranks: ClosedRange<Int>, _ words: String
    ) throws(PipelineError) {
        let axes = image.tensor.shape.count
        try require(axes: axes, ranks: ranks, words, found: "\(axes) axes \(image.tensor.shape)")
        guard image.tensor.count > 0 else {
            throw PipelineError(.unfitImage, "\(id): the image has no voxels: \(image.tensor.shape)")
        }
    }

    private func require(
        axes: Int, ranks: ClosedRange<Int>, _ words: String, found: String
    ) throws(PipelineError) {
        guard !ranks.contains(axes - 1) else { return }
        throw PipelineError(
            .unfitImage,
            "\(id): works on images of \(words), found \(found); does the pipeline lack an EnsureChannelFirst before it?"
        )
    }

    private func missing(_ key: String, in sample: Sample) -> PipelineError {
        // The array spelling has no `keys`.
        sample.lacks(key, path: names == nil ? id : "\(id)::keys")
    }
}

extension Sample {
    /// The error that an image is not there, with the keys of those that are.
    ///
    /// - Parameter path: the config path of the argument that names the key.
    func lacks(_ key: String, path: String) -> PipelineError {
        let keys = images.keys.sorted().joined(separator: ", ")
        return PipelineError(
            .missingImage, "\(path): the sample has no image '\(key)'; it has \(keys.isEmpty ? "none" : keys)")
    }
}

extension SampleLayout {
    /// Tells that no step before makes an image; nothing where it may be there, or where a run does without it.
    ///
    /// - Parameter path: the config path of the argument that names the key.
    mutating func requireImage(_ key: String, path: String) {
        guard !contains(key), !isOpen, !absentKeys.contains(key) else { return }
        let made = keys.isEmpty ? "none" : keys.joined(separator: ", ")
        refuse(PipelineError(.missingImage, "\(path): no step before makes an image '\(key)'; there is \(made)"))
    }
}

extension Arguments {
    /// Accepts float32 as the type of the values, which is what Portico computes with; null would keep a file's own,
    /// with which later operators compute otherwise.
    mutating func acceptFloat32(_ name: String) throws(PipelineError) {
        guard let value = take(name) else { return }
        for member in value.listed {
            guard let type = try elementType(member, name) else {
                throw unsupported(
                    name, "null keeps the type that a file has, and Portico loads float32, MONAI's default, only")
            }
            guard type != .float32 else { continue }
            throw unsupported(name, "Portico computes with float32 here, not with \(type.rawValue)")
        }
    }

    /// Refuses lazy resampling, which joins several resamplings into one and so gives other voxels.
    mutating func refuseLazy() throws(PipelineError) {
        try accept("lazy", only: "false or null", where: \.isFalsy)
    }
}
