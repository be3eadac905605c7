import ModelBundles
import Pipelines
import Voxels

/// Puts the axes of an image into another order, that of the channels among them (MONAI `Transposed`,
/// utility/array.py:576-598, utility/dictionary.py:636-675).
///
/// The affine stays as it is, as in MONAI, and so belongs to other axes afterwards: an operator that follows it would
/// take one axis for another, as MONAI's does.
struct Transpose: InvertibleOperator {
    static let names = OperatorNames("Transpose")

    /// What the inverse needs: the order that was made.
    private struct State: Sendable {
        var order: [Int]
    }

    private let images: KeyedImages
    /// Nil for the reverse order.
    private let order: [Int]?
    private let isInvertible: Bool

    init(arguments: inout Arguments) throws(PipelineError) {
        images = try KeyedImages(&arguments)
        // The transform of arrays has no inverse in MONAI.
        isInvertible = !arguments.isArray
        guard let value = arguments.take("indices") else {
            throw arguments.mismatch("indices", expected: "a list of axes or null", found: nil)
        }
        // Python takes an empty list for none.
        guard !value.isNull, value.elements?.isEmpty != true else {
            order = nil
            return
        }
        let axes = value.elements?.compactMap(\.intValue)
        guard let axes, axes.count == value.elements?.count else {
            throw arguments.mismatch("indices", expected: "a list of axes or null", found: value)
        }
        let order = axes.map { $0 < 0 ? $0 + axes.count : $0 }
        guard order.sorted() == Array(axes.indices) else {
            throw arguments.invalid("indices", "expected each axis once, found \(axes)")
        }
        self.order = order
    }

    func apply(_ sample: inout Sample, in context: PipelineContext) throws {
        try images.update(&sample) { image, _ in
            let rank = image.tensor.shape.count
            let order = order ?? (0..<rank).reversed()
            guard order.count == rank else { throw unfit(order, "\(image.tensor.shape)") }
            image.tensor = image.tensor.permuted(order)
            if isInvertible {
                image.trace.append(TraceEntry(operatorID: images.id, state: State(order: order)))
            }
        }
    }

    func follow(_ sample: inout SampleLayout) {
        images.follow(&sample) { (image, _) throws(PipelineError) in
            if let order, let axes = image.axes, order.count != axes { throw unfit(order, "\(axes) axes") }
            if order?.first != 0 { image.channels = nil }
        }
    }

    private func unfit(_ order: [Int], _ found: String) -> PipelineError {
        PipelineError(.unfitImage, "\(images.id)::indices: it names \(order.count) axes, the image has \(found)")
    }

    func invert(
        _ image: inout ModelImage, entry: TraceEntry, interpolation: InverseInterpolation
    ) throws(PipelineError) {
        guard let state = entry.state as? State, state.order.count == image.tensor.shape.count else {
            throw PipelineError(
                .unfitImage, "\(images.id): the image has no record of its axes before: \(image.tensor.shape)")
        }
        image.tensor = image.tensor.permuted(state.order.indices.sorted { state.order[$0] < state.order[$1] })
    }
}
