import ModelBundles
import Pipelines
import Voxels

/// Flips and permutes the axes of an image so that they run in given directions (MONAI `Orientationd`,
/// spatial/array.py:553-703).
struct Reorient: InvertibleOperator {
    static let names = OperatorNames("Orientation")

    /// What the inverse needs: the affine before.
    private struct State: Sendable {
        var affine: Affine
    }

    private let images: KeyedImages
    /// The directions, two or three as the configuration names them; nil for those closest to the axes of the world.
    private let target: Orientation?

    init(arguments: inout Arguments) throws(PipelineError) {
        images = try KeyedImages(&arguments)
        try arguments.refuseLazy()
        let labels = try Self.labels(&arguments)
        let codes = arguments.take("axcodes")
        if try arguments.bool("as_closest_canonical", default: false) {
            target = nil
            return
        }
        let letters: String?
        switch codes {
        case .string(let text): letters = text
        case let value?: letters = Self.joined(value)
        case nil: letters = nil
        }
        guard let letters else {
            throw arguments.mismatch("axcodes", expected: "directions such as 'RAS'", found: codes)
        }
        guard letters.count >= 2, let target = Orientation(codes: String(letters.prefix(3)), labels: labels) else {
            throw arguments.invalid(
                "axcodes", "'\(letters)' does not name three directions along different axes, such as 'RAS'")
        }
        self.target = target
    }

    private static func joined(_ value: ConfigValue) -> String? {
        var joined = ""
        for member in value.listed {
            guard case .string(let text) = member, text.count == 1 else { return nil }
            joined += text
        }
        return joined
    }

    private static func labels(_ arguments: inout Arguments) throws(PipelineError) -> [(Character, Character)] {
        guard let value = arguments.take("labels"), !value.isFalsy else { return Orientation.labels }
        let pairs = value.listed.compactMap { joined($0) }.compactMap { pair -> (Character, Character)? in
            guard pair.count == 2, let first = pair.first, let last = pair.last else { return nil }
            return (first, last)
        }
        guard pairs.count == 3, value.listed.count == 3, Set(pairs.flatMap { [$0.0, $0.1] }).count == 6 else {
            throw arguments.mismatch(
                "labels", expected: "three pairs of different letters such as [['L', 'R'], ['P', 'A'], ['I', 'S']]",
                found: value)
        }
        return pairs
    }

    func apply(_ sample: inout Sample, in context: PipelineContext) throws {
        try images.update(&sample) { image, _ in
            try images.requireImage(image)
            let state = State(affine: image.affine)
            try turn(&image, to: target)
            image.trace.append(TraceEntry(operatorID: images.id, state: state))
        }
    }

    func follow(_ sample: inout SampleLayout) {
        images.follow(&sample) { (image, _) throws(PipelineError) in
            guard let rank = try images.requireImage(image), let target else { return }
            _ = try directions(target, rank: rank)
        }
    }

    func invert(
        _ image: inout ModelImage, entry: TraceEntry, interpolation: InverseInterpolation
    ) throws(PipelineError) {
        guard let state = entry.state as? State, let before = Orientation(state.affine) else {
            throw PipelineError(.unfitImage, "\(images.id): the image has no record of its orientation before")
        }
        try images.requireImage(image)
        try turn(&image, to: before)
    }

    /// Turns an image; nil stands for the closest directions, where MONAI takes the image's own as the turn.
    ///
    /// An image of two axes has a world of two, the first ones, and takes the first two directions.
    private func turn(_ image: inout ModelImage, to target: Orientation?) throws(PipelineError) {
        let rank = image.tensor.shape.count - 1
        guard let current = Orientation(image.affine.restricted(rank: rank))?.prefix(rank) else {
            throw PipelineError(
                .unfitImage, "\(images.id): the image's affine gives an axis no direction: \(image.affine.elements)")
        }
        guard let target else { return image.turn(by: current) }
        guard let turn = current.transform(to: try directions(target, rank: rank)) else {
            throw unfit(target, rank: rank)
        }
        image.turn(by: turn)
    }

    /// The first directions, as many as an image has axes of space.
    private func directions(_ target: Orientation, rank: Int) throws(PipelineError) -> Orientation {
        guard target.axes.count >= rank, let directions = target.prefix(rank) else {
            throw unfit(target, rank: rank)
        }
        return directions
    }

    private func unfit(_ target: Orientation, rank: Int) -> PipelineError {
        PipelineError(
            .unfitImage,
            "\(images.id)::axcodes: the \(rank) axes of the image cannot run along \(target.codes.prefix(rank)), which "
                + "names \(target.axes.count < rank ? "too few directions" : "an axis that it lacks")")
    }
}
