import ModelBundles
import Pipelines
import Voxels

/// Removes small objects (MONAI `RemoveSmallObjects`, post/array.py:365-430, and `remove_small_objects`,
/// transforms/utils.py:1465-1538).
///
/// Objects are connected where an image holds nothing above 1. Where it does, all voxels of a label are one object, as
/// in MONAI, which hands labels to scikit-image as objects that were told apart already.
///
/// An object of `min_size` voxels goes too, though MONAI says that smaller ones do: since scikit-image 0.26
/// (morphology/misc.py, `deprecate_parameter`) what MONAI gives as the smallest size is taken as the largest to remove.
struct RemoveSmallObjects: Operator {
    static let names = OperatorNames("RemoveSmallObjects")

    private let images: KeyedImages
    private let limit: Double
    private let connectivity: Int
    private let isIndependent: Bool
    private let isMeasure: Bool

    init(arguments: inout Arguments) throws(PipelineError) {
        images = try KeyedImages(&arguments)
        guard let limit = try arguments.optionalNumber("min_size", default: 64) else {
            throw arguments.mismatch("min_size", expected: "a number", found: .null)
        }
        self.limit = limit
        // SciPy takes what is less than 1 for 1.
        connectivity = max(1, try arguments.optionalInteger("connectivity") ?? 1)
        if arguments.component.arguments.contains(where: { $0.name == "connectivity" && $0.value.isNull }) {
            throw arguments.mismatch("connectivity", expected: "a number of axes", found: .null)
        }
        isIndependent = try arguments.bool("independent_channels", default: true)
        isMeasure = try arguments.bool("by_measure", default: false)
        // An image with metadata has its spacing from there, whatever this says.
        arguments.ignore("pixdim")
    }

    func apply(_ sample: inout Sample, in context: PipelineContext) throws {
        try images.update(&sample) { image, _ in
            let axes = try images.requireMask(image)
            try image.requireSingle(id: images.id)
            guard let (least, most) = image.tensor.extremes(), !least.isNaN else {
                throw PipelineError(.unfitImage, "\(images.id): the image has values that are no numbers")
            }
            // One value alone is left as it is, whatever its size.
            guard least < most else { return }
            let limit = isMeasure ? (limit / Self.voxelSize(image.affine, axes: axes)).rounded(.up) : limit
            if !isIndependent || most <= 1 {
                image.tensor.removeComponents(
                    upTo: limit, connectivity: connectivity, keepsValues: !isIndependent)
            } else {
                try removeLabels(&image.tensor, limit, least: least, most: most)
            }
        }
    }

    func follow(_ sample: inout SampleLayout) {
        images.follow(&sample) { (image, _) throws(PipelineError) in try images.requireMask(image) }
    }

    /// The volume of a voxel, or the area of a picture's, as MONAI multiplies it out: of a picture it sees the upper left
    /// 2 × 2 of the affine alone (`MetaTensor.pixdim`), and axes of no length count as 1 (data/utils.py:714-737).
    private static func voxelSize(_ affine: Affine, axes: Int) -> Double {
        (0..<axes).reduce(1) { volume, axis in
            let squares = (0..<axes).reduce(0.0) { $0 + affine[$1, axis] * affine[$1, axis] }
            return volume * (squares == 0 ? 1 : squares.squareRoot())
        }
    }

    private func removeLabels(
        _ tensor: inout Tensor, _ limit: Double, least: Float, most: Float
    ) throws(PipelineError) {
        guard least > -1, most <= Float(0xFF_FFFF) else {
            throw PipelineError(
                .unfitImage,
                "\(images.id): labels have to lie between 0 and \(0xFF_FFFF); the image has others")
        }
        do { try tensor.truncate(to: 0...0xFF_FFFF) } catch {
            throw PipelineError(.unfitImage, "\(images.id): \(error)")
        }
        tensor.removeLabels(ofUpTo: limit, most: Int(most))
    }
}
