import ModelBundles
import Pipelines
import Voxels

/// The part that all dictionary operators share: `keys` and `allow_missing_keys`.
struct KeyedImages: Sendable {
    /// The keys, in the order of the configuration.
    let keys: [String]

    /// The config id of the operator.
    let id: String

    private let allowsMissing: Bool

    /// Reads `keys` and `allow_missing_keys`.
    init(_ arguments: inout Arguments) throws(PipelineError) {
        keys = try arguments.keys()
        allowsMissing = try arguments.bool("allow_missing_keys", default: false)
        id = arguments.id
    }

    /// Changes the images one by one, in place.
    ///
    /// - Parameter body: gets the image and the position of its key, for arguments with a value for each key.
    func update(_ sample: inout Sample, _ body: (inout ModelImage, Int) throws -> Void) throws {
        for (index, key) in keys.enumerated() {
            // Out of the dictionary, so that there is one owner and nothing is copied.
            guard var image = sample.images.removeValue(forKey: key) else {
                if allowsMissing { continue }
                throw missing(key)
            }
            defer { sample.images[key] = image }
            try body(&image, index)
        }
    }

    /// The keys that the sample has, with their positions.
    func present(in sample: Sample) throws(PipelineError) -> [(key: String, index: Int)] {
        var present: [(key: String, index: Int)] = []
        for (index, key) in keys.enumerated() {
            if sample.images[key] != nil {
                present.append((key, index))
            } else if !allowsMissing {
                throw missing(key)
            }
        }
        return present
    }

    /// Refuses an image that is not `[C, X, Y, Z]` with voxels in it.
    func requireVolume(_ image: ModelImage) throws(PipelineError) {
        guard image.tensor.shape.count == 4 else {
            throw PipelineError(
                .unfitImage,
                "\(id): works on images of [C, X, Y, Z], found \(image.tensor.shape.count) axes "
                    + "\(image.tensor.shape); does the pipeline lack an EnsureChannelFirstd before it?")
        }
        guard image.tensor.count > 0 else {
            throw PipelineError(.unfitImage, "\(id): the image has no voxels: \(image.tensor.shape)")
        }
    }

    private func missing(_ key: String) -> PipelineError {
        PipelineError(.missingImage, "\(id): the sample has no image '\(key)'")
    }
}

extension Arguments {
    /// Accepts float32 or null as the type of the values, which is what Portico computes with.
    mutating func acceptFloat32(_ name: String) throws(PipelineError) {
        guard let value = take(name) else { return }
        for member in value.listed {
            guard let type = try elementType(member, name), type != .float32 else { continue }
            throw unsupported(name, "Portico computes with float32 here, not with \(type.rawValue)")
        }
    }

    /// Refuses lazy resampling, which joins several resamplings into one and so gives other voxels.
    mutating func refuseLazy() throws(PipelineError) {
        try accept("lazy", only: "false or null", where: \.isFalsy)
    }

    /// Refuses another axis than that of the channels (`dim` among MONAI's keyword arguments).
    mutating func acceptAxisZero() throws(PipelineError) {
        try accept("dim", only: "0") { value in
            if case .int(0) = value { true } else { false }
        }
    }
}
