import ModelBundles
import Pipelines
import Voxels

/// Applies a lambda of the bundle to an image (MONAI `Lambdad`, utility/dictionary.py:1031-1099).
///
/// The lambda is compiled when the bundle is read. Its result has to lie on the image's grid: where MONAI lets a function
/// change the spatial shape, it keeps the affine, and the result lies in the wrong place. Functions of NumPy, whose
/// results lose their affine in MONAI, keep it here.
struct ApplyFunction: InvertibleOperator {
    static let names = OperatorNames("Lambda")

    /// Where a result goes (`overwrite`).
    private enum Target {
        case sameKey
        case key(String)
        case nowhere
    }

    private let images: KeyedImages
    private let functions: [TensorFunction]
    private let targets: [Target]

    init(arguments: inout Arguments) throws(PipelineError) {
        images = try KeyedImages(&arguments)
        let count = images.count
        let compiled = try arguments.perKey("func", count: count, default: TensorFunction?.none) {
            (arguments, value, name) throws(PipelineError) in try arguments.function(value, name)
        }
        functions = compiled.compactMap { $0 }
        guard functions.count == count else {
            throw arguments.mismatch("func", expected: "a lambda such as '$lambda x: x[1:]'", found: nil)
        }
        try Self.acceptNoInverse(&arguments)
        targets = try arguments.perKey("overwrite", count: count, default: .sameKey) {
            (arguments, value, name) throws(PipelineError) in
            if case .string(let key) = value { return .key(key) }
            guard case .bool(let flag) = value else {
                throw arguments.mismatch(name, expected: "true, false or a key", found: value)
            }
            return flag ? .sameKey : .nowhere
        }
        // An image with metadata keeps it whatever this says.
        arguments.ignore("track_meta")
    }

    /// MONAI 1.6.1 takes an inverse and never calls it (`Lambdad.inverse` has a `Lambda` without one do the work).
    private static func acceptNoInverse(_ arguments: inout Arguments) throws(PipelineError) {
        guard let value = arguments.take("inv_func") else { return }
        for member in value.listed where !member.isNull {
            guard try arguments.function(member, "inv_func").isIdentity else {
                throw arguments.unsupported(
                    "inv_func", "MONAI 1.6.1 never calls it, so Portico takes null and 'lambda x: x' alone")
            }
        }
    }

    func apply(_ sample: inout Sample, in context: PipelineContext) throws {
        for (key, index) in try images.present(in: sample) {
            guard var image = sample.images[key] else { continue }
            try apply(functions[index], to: &image)
            switch targets[index] {
            case .sameKey: sample.images[key] = image
            case .key(let other): sample.images[other] = image
            case .nowhere: break
            }
        }
    }

    func follow(_ sample: inout SampleLayout) {
        images.follow(&sample)
        for (index, key) in images.keys(in: sample).enumerated() where sample.contains(key) {
            let before = sample.layouts(of: key)
            let after = functions[index].isIdentity ? before : [ImageLayout()]
            switch targets[index] {
            case .sameKey: sample.put(after, under: key)
            case .key(let other): sample.put(after, under: other)
            case .nowhere: break
            }
        }
    }

    private func apply(_ function: TensorFunction, to image: inout ModelImage) throws(PipelineError) {
        guard image.elementType == .float32 || function.isIdentity else {
            throw PipelineError(
                .unsupported,
                "\(images.id)::func: a Lambdad before it made \(image.elementType.rawValue) of the image, and Portico "
                    + "does not follow types from one function to the next; join both into one, or end the first "
                    + "with .float()")
        }
        let result: Tensor
        do { result = try FunctionEvaluator.apply(function, to: image.tensor) } catch {
            throw PipelineError(
                .unfitImage,
                "\(images.id)::func: the function cannot be applied to an image of \(image.tensor.shape): \(error)")
        }
        guard Self.isOnGrid(result.shape, of: image) else {
            throw PipelineError(
                .unfitImage,
                "\(images.id)::func: the function makes \(result.shape) of an image of \(image.tensor.shape); a result "
                    + "has to keep the axes of space, or it would lie in another place")
        }
        image.tensor = result
        if !function.isIdentity { image.elementType = ElementType(rawValue: function.body.type.rawValue) ?? .float32 }
        image.trace.append(TraceEntry(operatorID: images.id, state: true))
    }

    /// Whether a result has the image's axes of space, with one axis or none before them.
    private static func isOnGrid(_ shape: [Int], of image: ModelImage) -> Bool {
        let before = image.tensor.shape
        if shape == before { return true }
        let grid = image.source.shape
        let axes = grid.count
        // As it was loaded, with its channels at the end: every axis of space would have to stay as it is.
        let hasChannelsLast =
            image.source.hasChannelAxis && Array(before.prefix(axes)) == grid && Array(before.suffix(axes)) != grid
        guard !hasChannelsLast, axes > 1, (axes...axes + 1).contains(before.count) else { return false }
        return (axes...axes + 1).contains(shape.count) && shape.suffix(axes) == before.suffix(axes)
    }

    func invert(
        _ image: inout ModelImage, entry: TraceEntry, interpolation: InverseInterpolation
    ) throws(PipelineError) {}
}

extension Arguments {
    /// Compiles a lambda.
    func function(_ value: ConfigValue, _ name: String) throws(PipelineError) -> TensorFunction {
        guard case .lambda(let source) = value else {
            throw mismatch(name, expected: "a lambda such as '$lambda x: x[1:]'", found: value)
        }
        do { return try source.compile(id: path(name)) } catch {
            throw PipelineError(error.code == .evaluation ? .invalidArgument : .unsupported, "\(error)")
        }
    }
}
