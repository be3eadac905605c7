import ModelBundles
import Pipelines
import Voxels

/// Turns probabilities into labels (MONAI `AsDiscrete`, post/array.py:140-244): argmax, then one-hot, then threshold,
/// then rounding, then the type.
struct Discretise: VoxelwiseOperator {
    static let names = OperatorNames("AsDiscrete")

    /// A channel for each class is made of them: more are a mistake.
    private static let mostClasses = 1 << 16

    private let images: KeyedImages
    private let argmaxes: [Bool]
    private let classes: [Int?]
    private let thresholds: [Double?]
    private let rounds: [Bool]
    private let axis: Int
    private let keepsAxis: Bool
    private let type: ElementType?

    init(arguments: inout Arguments) throws(PipelineError) {
        images = try KeyedImages(&arguments)
        let count = images.count
        argmaxes = try arguments.bools("argmax", count: count, default: false)
        classes = try arguments.perKey("to_onehot", count: count, default: nil) {
            (arguments, value, name) throws(PipelineError) in
            switch value {
            case .null: return nil
            case .int(let number) where number > Self.mostClasses:
                throw arguments.invalid(name, "expected at most \(Self.mostClasses) classes, found \(number)")
            case .int(let number) where number > 0: return number
            default: throw arguments.mismatch(name, expected: "a number of classes or null", found: value)
            }
        }
        thresholds = try arguments.perKey("threshold", count: count, default: nil) {
            (arguments, value, name) throws(PipelineError) in
            switch value {
            case .null: return nil
            case .int(let number): return Double(number)
            case .double(let number): return try arguments.finite(number, name)
            default: throw arguments.mismatch(name, expected: "a number or null", found: value)
            }
        }
        rounds = try arguments.perKey("rounding", count: count, default: false) {
            (arguments, value, name) throws(PipelineError) in
            switch value {
            case .null: return false
            case .string("torchrounding"): return true
            default: throw arguments.mismatch(name, expected: "'torchrounding' or null", found: value)
            }
        }
        if zip(thresholds, rounds).contains(where: { $0 != nil && $1 }) {
            throw arguments.invalid("rounding", "torch does not round what a threshold gives; leave one of them out")
        }
        axis = try arguments.axis()
        keepsAxis = try Self.keepsAxis(&arguments)
        type = try Self.type(&arguments, spreads: classes.contains { $0 != nil })
    }

    private static func keepsAxis(_ arguments: inout Arguments) throws(PipelineError) -> Bool {
        guard let value = arguments.take("keepdim") else { return true }
        guard let keeps = value.boolValue else {
            throw arguments.mismatch("keepdim", expected: "true or false", found: value)
        }
        return keeps
    }

    private static func type(_ arguments: inout Arguments, spreads: Bool) throws(PipelineError) -> ElementType? {
        if spreads, let value = arguments.component.arguments.first(where: { $0.name == "dtype" })?.value,
            !value.isNull, value.symbolName?.hasPrefix("torch.") != true
        {
            throw arguments.mismatch(
                "dtype", expected: "a type of torch, such as torch.uint8, because of to_onehot", found: value)
        }
        return try arguments.resultType(default: .float32)
    }

    func apply(_ sample: inout Sample, in context: PipelineContext) throws {
        try images.update(&sample) { image, index in
            if thresholds[index] != nil || argmaxes[index] {
                try image.requireSingle(id: images.id, allowsTruth: !argmaxes[index])
            }
            let type = type ?? image.elementType
            if argmaxes[index] { try chooseLargest(&image) }
            if let classes = classes[index] { image.tensor = try spread(image, classes) }
            if let threshold = thresholds[index] { image.tensor.discretise(atLeast: threshold) }
            if rounds[index] { image.tensor.roundToEven() }
            let isComputed = argmaxes[index] || classes[index] != nil || thresholds[index] != nil
            if isComputed { try image.take(as: type, id: images.id) } else { try image.cast(to: type, id: images.id) }
        }
    }

    func steps(on key: String, arrayKey: String) -> [VoxelDecision.Step]? {
        guard axis == 0, keepsAxis, type ?? .float32 == .float32, classes[0] == nil, !rounds[0],
            images.keys(arrayKey: arrayKey) == [key]
        else { return nil }
        return (argmaxes[0] ? [.argmax] : []) + (thresholds[0].map { [.threshold($0)] } ?? [])
    }

    func follow(_ sample: inout SampleLayout) {
        images.follow(&sample) { (image, index) throws(PipelineError) in
            if argmaxes[index] { try chooseLargest(&image) }
            if let classes = classes[index] { try spread(&image, classes) }
        }
    }

    private func chooseLargest(_ image: inout ImageLayout) throws(PipelineError) {
        let place = try image.axes.map { (axes) throws(PipelineError) in
            try images.axis(axis, of: axes, found: "it has \(axes)")
        }
        let isFirst = (place ?? axis) == 0
        if isFirst || (place == nil && axis < 0) { image.channels = isFirst && keepsAxis ? 1 : nil }
        if !keepsAxis { image.axes = image.axes.map { $0 - 1 } }
    }

    private func spread(_ image: inout ImageLayout, _ classes: Int) throws(PipelineError) {
        guard let axes = image.axes.map({ max($0, axis + 1) }) else {
            image.channels = axis == 0 ? classes : nil
            return
        }
        let place = axis < 0 ? axis + axes : axis
        guard place >= 0, place > 0 || image.channels ?? 1 == 1 else {
            throw noLabels(image.channels.map { "\($0) channels" } ?? "\(axes) axes")
        }
        image.axes = axes
        if place == 0 { image.channels = classes }
    }

    private func noLabels(_ found: String) -> PipelineError {
        PipelineError(
            .unfitImage,
            "\(images.id)::to_onehot: expected one channel of labels along axis \(axis), found \(found)")
    }

    private func chooseLargest(_ image: inout ModelImage) throws(PipelineError) {
        let axis = try images.axis(axis, of: image)
        guard image.tensor.shape[axis] > 0 else {
            throw PipelineError(.unfitImage, "\(images.id): the image has nothing along axis \(axis)")
        }
        image.tensor = image.tensor.argmax(over: axis)
        guard !keepsAxis else { return }
        var shape = image.tensor.shape
        shape.remove(at: axis)
        image.tensor.reshape(shape)
    }

    private func spread(_ image: ModelImage, _ classes: Int) throws(PipelineError) -> Tensor {
        var labels = image.tensor
        let missing = axis + 1 - labels.shape.count
        if missing > 0 { labels.reshape(labels.shape + Array(repeating: 1, count: missing)) }
        let rank = labels.shape.count
        guard axis >= -rank, labels.shape[axis < 0 ? axis + rank : axis] == 1 else {
            throw noLabels("\(labels.shape)")
        }
        var shape = labels.shape
        shape[axis < 0 ? axis + rank : axis] = classes
        try Room.check(shape, path: "\(images.id)::to_onehot")
        guard let spread = labels.oneHot(classes: classes, axis: axis < 0 ? axis + rank : axis) else {
            throw PipelineError(
                .unfitImage, "\(images.id)::to_onehot: the image has values that are no labels below \(classes)")
        }
        return spread
    }
}
