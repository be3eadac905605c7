import ModelBundles
import Pipelines
import Voxels

/// Changes the number of voxels of an image (MONAI `Resized`, spatial/array.py:751-911, spatial/functional.py:312-383).
struct Resize: InvertibleOperator {
    static let names = OperatorNames("Resize")

    /// What the inverse needs: the shape before, and how values were found.
    private struct State: Sendable {
        var shape: [Int]
        var resizing: Resizing
    }

    private let images: KeyedImages
    private let size: AxisNumbers
    private let isForLongest: Bool
    private let resizings: [Resizing]
    /// Whether values are computed in the type that the image has.
    private let keepsType: [Bool]

    init(arguments: inout Arguments) throws(PipelineError) {
        images = try KeyedImages(&arguments)
        size = try AxisNumbers(&arguments, "spatial_size")
        let mode = try arguments.string("size_mode", default: "all")
        guard ["all", "longest"].contains(mode) else {
            throw arguments.invalid("size_mode", "expected 'all' or 'longest', found '\(mode)'")
        }
        isForLongest = mode == "longest"
        if isForLongest, (size.single ?? 0) < 1 {
            throw arguments.invalid("spatial_size", "with size_mode 'longest' expected one number of voxels")
        }
        if !isForLongest, size.single != nil {
            throw arguments.invalid(
                "spatial_size", "expected a list with a number for each axis; one number goes with size_mode 'longest'")
        }
        resizings = try Self.resizings(&arguments, images.count)
        guard size.count != 3 || !resizings.contains(where: { $0.interpolation == .cubic }) else {
            throw arguments.invalid(
                "mode", "'bicubic' is for images of two axes of space, and spatial_size has 3 numbers")
        }
        keepsType = try arguments.perKey("dtype", count: images.count, default: false) {
            (arguments, value, name) throws(PipelineError) in
            let type = try arguments.elementType(value, name)
            guard (type ?? .float32) == .float32 else {
                throw arguments.unsupported(name, "Portico resizes in float32, MONAI's default, only")
            }
            return type == nil
        }
        // The smoothing is a convolution whose kernel MONAI cuts off, and which changes every voxel.
        let smooths = try arguments.bools("anti_aliasing", count: images.count, default: false)
        guard !smooths.contains(true) else {
            throw arguments.unsupported("anti_aliasing", "Portico resizes without smoothing first")
        }
        arguments.ignore("anti_aliasing_sigma")
        try arguments.refuseLazy()
    }

    private static func resizings(_ arguments: inout Arguments, _ count: Int) throws(PipelineError) -> [Resizing] {
        let modes = try arguments.perKey("mode", count: count, default: Resizing.Interpolation.area) {
            (arguments, value, name) throws(PipelineError) in
            guard let word = value.stringValue, let mode = interpolations[word] else {
                let known = interpolations.keys.sorted().map { "'\($0)'" }.joined(separator: ", ")
                let found = value.stringValue.map { "'\($0)'" } ?? value.kind
                throw arguments.unsupported(name, "Portico knows \(known), found \(found)")
            }
            return mode
        }
        // Null is not the same as false: torch refuses both true and false where they mean nothing.
        let aligned = try arguments.perKey("align_corners", count: count, default: Bool?.none) {
            (arguments, value, name) throws(PipelineError) in
            value.isNull ? nil : try arguments.truth(value, name)
        }
        for (mode, aligns) in zip(modes, aligned) where aligns != nil && mode != .linear && mode != .cubic {
            throw arguments.invalid(
                "align_corners", "it goes with interpolation by lines or cubes only, not with '\(mode.rawValue)'")
        }
        return zip(modes, aligned).map { Resizing($0, alignsCorners: $1 ?? false) }
    }

    /// MONAI takes each of the three linear ones for the one that fits the image (`resolves_modes`).
    private static let interpolations: [String: Resizing.Interpolation] = [
        "area": .area, "nearest": .nearest, "nearest-exact": .nearestExact, "linear": .linear, "bilinear": .linear,
        "trilinear": .linear, "bicubic": .cubic,
    ]

    func apply(_ sample: inout Sample, in context: PipelineContext) throws {
        try images.update(&sample) { image, index in
            try images.requireImage(image)
            let shape = image.tensor.spatialShape
            guard !keepsType[index] || image.elementType == .float32 else {
                throw PipelineError(
                    .unfitImage,
                    "\(images.id)::dtype: the image holds \(image.elementType.rawValue), and Portico resizes in float32"
                )
            }
            let target = try target(shape)
            guard !resizings[index].alignsCorners || target == shape || !target.contains(1) else {
                throw PipelineError(
                    .unfitImage,
                    "\(images.id)::spatial_size: with align_corners an axis of length 1 has no voxel size, and \(target) "
                        + "has one; leave align_corners out")
            }
            try resize(&image, to: target, resizings[index])
            let state = State(shape: shape, resizing: resizings[index])
            image.trace.append(TraceEntry(operatorID: images.id, state: state))
        }
    }

    func follow(_ sample: inout SampleLayout) {
        images.follow(&sample) { (image, index) throws(PipelineError) in
            guard let rank = try images.requireImage(image) else { return }
            try size.check(rank: rank)
            if rank != 2, resizings[index].interpolation == .cubic { throw notCubic("\(rank)") }
        }
    }

    private func notCubic(_ found: String) -> PipelineError {
        PipelineError(.unfitImage, "\(images.id)::mode: 'bicubic' is for images of two axes of space, not \(found)")
    }

    /// The shape that an image of a shape gets.
    private func target(_ shape: [Int]) throws(PipelineError) -> [Int] {
        guard isForLongest, let size = size.single else { return try size.resolve(shape) }
        let scale = Double(size) / Double(shape.max() ?? size)
        let target = shape.map { Int((Double($0) * scale).rounded(.toNearestOrEven)) }
        guard target.allSatisfy({ $0 > 0 }) else {
            throw PipelineError(.unfitImage, "\(images.id): an image of \(shape) would be resized to \(target)")
        }
        return target
    }

    private func resize(_ image: inout ModelImage, to shape: [Int], _ resizing: Resizing) throws(PipelineError) {
        let before = image.tensor.spatialShape
        let channels = image.tensor.channels
        try Room.check(
            [channels] + shape, steps: Self.steps(resizing, channels: channels, from: before, to: shape),
            path: "\(images.id)::spatial_size")
        image.elementType = .float32
        guard shape != before else { return }
        guard resizing.interpolation != .cubic || shape.count == 2 else {
            throw notCubic("\(before)")
        }
        image.tensor = resizing.apply(image.tensor, to: shape)
        image.affine = image.affine * .resizing(before, to: shape, alignsCorners: resizing.alignsCorners)
    }

    /// The buffers beside the result: what is known of each place of an axis, and planes or lines that went half the
    /// way, two planes for each of up to 16 slabs.
    private static func steps(_ resizing: Resizing, channels: Int, from: [Int], to: [Int]) -> [[Int]] {
        let places = [[12, to.max() ?? 0]]
        switch resizing.interpolation {
        case .area, .nearest, .nearestExact: return places
        case .linear: return places + [[2 * min(16, channels * to[0])] + to.dropFirst()]
        case .cubic: return places + [[channels, from[0]] + to.dropFirst()]
        }
    }

    func invert(
        _ image: inout ModelImage, entry: TraceEntry, interpolation: InverseInterpolation
    ) throws(PipelineError) {
        guard let state = entry.state as? State else {
            throw PipelineError(.unfitImage, "\(images.id): the image has no record of its shape before")
        }
        try images.requireImage(image, rank: state.shape.count)
        try resize(&image, to: state.shape, interpolation == .nearest ? Resizing(.nearest) : state.resizing)
    }
}
