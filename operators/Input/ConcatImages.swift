import ModelBundles
import Pipelines
import Voxels

/// Joins the channels of several images (`scripts.my_transforms.ConcatImages` of the zoo's
/// renalStructures_CECT_segmentation, which calls NumPy's `concatenate`).
///
/// The result lies where the first image lies. The script does not ask where the others lie; here they have to lie there
/// too, because channels of different places would be taken for one.
struct ConcatImages: InvertibleOperator {
    static let names: OperatorNames = ["scripts.my_transforms.ConcatImages"]

    /// How far, in millimetres, corners of two images may lie apart: affines in files are float32 and off by less.
    private static let tolerance = 0.01

    private let id: String
    private let keys: [String]
    private let target: String

    init(arguments: inout Arguments) throws(PipelineError) {
        id = arguments.id
        let value = arguments.take("keys_merge")
        let keys = value?.elements?.compactMap(\.stringValue)
        guard let keys, keys.count == value?.elements?.count, !keys.isEmpty else {
            throw arguments.mismatch("keys_merge", expected: "a list of keys", found: value)
        }
        self.keys = keys
        guard let target = try arguments.optionalString("keys_out"), !target.isEmpty else {
            throw arguments.mismatch("keys_out", expected: "a key", found: nil)
        }
        self.target = target
        // The script reads it and never asks for it: a key that is missing is an error.
        arguments.ignore("allow_missing_keys")
    }

    func apply(_ sample: inout Sample, in context: PipelineContext) throws {
        var images: [ModelImage] = []
        for key in keys {
            guard let image = sample.images[key] else {
                throw sample.lacks(key, path: "\(id)::keys_merge")
            }
            if let first = images.first { try require(image, on: first, key) }
            images.append(image)
        }
        guard var joined = images.first else { return }
        joined.tensor = Tensor(joiningChannelsOf: images.map(\.tensor))
        joined.trace.append(TraceEntry(operatorID: id, state: true))
        sample.images[target] = joined
    }

    func follow(_ sample: inout SampleLayout) {
        for key in keys { sample.requireImage(key, path: "\(id)::keys_merge") }
        let counts = keys.map { key in
            let known = Set(sample.layouts(of: key).map(\.channels))
            return known.count == 1 ? known.first ?? nil : nil
        }
        var joined = sample.layouts(of: keys[0])
        if joined.isEmpty { joined = [ImageLayout()] }
        let sum = counts.reduce(Int?.some(0)) { sum, count in sum.flatMap { sum in count.map { sum + $0 } } }
        for index in joined.indices { joined[index].channels = sum }
        sample.put(joined, under: target)
    }

    private func require(_ image: ModelImage, on first: ModelImage, _ key: String) throws(PipelineError) {
        let (shape, known) = (image.tensor.spatialShape, first.tensor.spatialShape)
        guard shape == known, image.elementType == first.elementType else {
            throw PipelineError(
                .unfitImage,
                "\(id)::keys_merge: '\(key)' has \(shape) voxels of \(image.elementType.rawValue), '\(keys[0])' "
                    + "\(known) of \(first.elementType.rawValue); they have to be the same to be joined")
        }
        let corners = (0..<8).map { corner in
            (0..<3).map { axis in
                axis < shape.count && corner >> axis & 1 == 1 ? Double(shape[axis] - 1) : 0
            }
        }
        let distance =
            corners.map { corner in
                let (a, b) = (image.affine.apply(corner), first.affine.apply(corner))
                return zip(a, b).reduce(0.0) { $0 + ($1.0 - $1.1) * ($1.0 - $1.1) }.squareRoot()
            }.max() ?? 0
        guard distance <= Self.tolerance else {
            throw PipelineError(
                .unfitImage,
                "\(id)::keys_merge: '\(key)' lies up to \(distance) mm away from '\(keys[0])', whose grid it has to be on "
                    + "to within \(Self.tolerance) mm; Portico resamples nothing that the bundle does not ask for")
        }
    }

    func invert(
        _ image: inout ModelImage, entry: TraceEntry, interpolation: InverseInterpolation
    ) throws(PipelineError) {}
}
