import ModelBundles
import Pipelines
import Voxels

/// What stands in the voxels that an operator adds: `mode`, and what MONAI passes on to `torch.nn.functional.pad` and
/// `numpy.pad` (transforms/croppad/functional.py:73-118).
struct PaddingArguments: Sendable {
    private let paddings: [Padding]
    private let path: String
    private let sizePath: String

    /// Reads the arguments; one mode for all keys, or one for each.
    ///
    /// - Parameter size: the argument that says how much is added, for errors.
    init(_ arguments: inout Arguments, count: Int, size: String) throws(PipelineError) {
        path = arguments.path("mode")
        sizePath = arguments.path(size)
        let value = try Self.value(&arguments)
        // null leaves the whole line, the only kind of step that a ramp can have, and no mirror but the plain one.
        try arguments.accept("stat_length", only: "null", where: \.isNull)
        try arguments.accept("end_values", only: "0") { $0.doubleValue == 0 }
        try arguments.accept("reflect_type", only: "'even'") { $0.stringValue == "even" }
        paddings = try arguments.perKey("mode", count: count, default: Padding.constant(value ?? 0)) {
            (arguments, mode, name) throws(PipelineError) in
            try Self.padding(arguments, mode, name, value: value)
        }
    }

    /// `value` as torch calls it, or `constant_values` as NumPy does; nil where neither is given.
    private static func value(_ arguments: inout Arguments) throws(PipelineError) -> Float? {
        var found: Float?
        for name in ["value", "constant_values"] {
            guard let given = arguments.take(name), !given.isNull else { continue }
            guard let number = given.doubleValue else {
                throw arguments.unsupported(name, "Portico pads with one number only, found \(given.kind)")
            }
            guard found == nil else {
                throw arguments.invalid(name, "value says already what to pad with")
            }
            found = Float(number)
        }
        return found
    }

    private static func padding(
        _ arguments: Arguments, _ mode: ConfigValue, _ name: String, value: Float?
    ) throws(PipelineError) -> Padding {
        guard let word = mode.stringValue else {
            throw arguments.mismatch(name, expected: "a padding mode such as 'constant'", found: mode)
        }
        if word == "empty" {
            throw arguments.unsupported(name, "'empty' leaves what happens to be in memory; use 'constant'")
        }
        guard let padding = modes[word] else {
            let known = modes.keys.sorted().map { "'\($0)'" }.joined(separator: ", ")
            throw arguments.invalid(name, "expected one of \(known), found '\(word)'")
        }
        guard case .constant = padding else {
            guard value == nil else {
                throw arguments.invalid(name, "a value to pad with goes with 'constant' only, found '\(word)'")
            }
            return padding
        }
        return .constant(value ?? 0)
    }

    /// MONAI's words; torch's and NumPy's names of one thing mean the same, whichever of them does it.
    private static let modes: [String: Padding] = [
        "constant": .constant(0), "reflect": .reflect, "replicate": .replicate, "edge": .replicate,
        "circular": .circular, "wrap": .circular, "symmetric": .symmetric, "linear_ramp": .linearRamp,
        "maximum": .statistic(.maximum), "minimum": .statistic(.minimum), "mean": .statistic(.mean),
        "median": .statistic(.median),
    ]

    /// Cuts voxels off an image and then adds others, as a record says.
    ///
    /// - Parameter index: the position of the image's key.
    func fit(_ image: inout ModelImage, index: Int, to record: CropRecord) throws(PipelineError) {
        let (padding, shape) = (paddings[index], image.tensor.spatialShape)
        let (cropped, padded) = (record.cropped, record.padded)
        let kept = zip(shape, cropped).map { $0 - $1.before - $1.after }
        let size = zip(kept, padded).map { $0 + $1.before + $1.after }
        try Room.check([image.tensor.channels] + size, path: sizePath)
        let pads = padded.contains { $0.before > 0 || $0.after > 0 }
        if pads { try check(padding, kept, image.elementType, padded) }
        if case .constant(let value) = padding, record.isOneWindow {
            let start = zip(cropped, padded).map { $0.before - $1.before }
            image.tensor = image.tensor.window(from: start, shape: size, filling: value)
        } else {
            let inner = image.tensor.window(from: cropped.map(\.before), shape: kept)
            image.tensor = inner.padded(
                before: padded.map(\.before), after: padded.map(\.after), padding,
                holdsIntegers: image.elementType.isInteger)
        }
        image.affine =
            image.affine * .translation(cropped.map { Double($0.before) })
            * .translation(padded.map { -Double($0.before) })
    }

    private func check(
        _ padding: Padding, _ shape: [Int], _ type: ElementType, _ widths: [AxisEnds]
    ) throws(PipelineError) {
        switch padding {
        case .constant(let value):
            guard type.isInteger || type == .bool else { return }
            guard let whole = Int(exactly: value), type.holds(whole) else {
                throw PipelineError(
                    .unfitImage, "\(path): the image holds \(type.rawValue), which \(value) is not")
            }
        case .reflect:
            for (length, width) in zip(shape, widths) where max(width.before, width.after) >= length {
                throw PipelineError(
                    .unfitImage,
                    "\(path): 'reflect' adds fewer voxels than there are, not \(max(width.before, width.after)) to "
                        + "\(length); 'symmetric' and 'wrap' add any number")
            }
        case .statistic(.mean), .statistic(.median), .linearRamp:
            guard type != .bool else {
                throw PipelineError(.unfitImage, "\(path): the image holds truth values, which have no mean")
            }
        case .symmetric, .replicate, .circular, .statistic: return
        }
    }
}

extension ElementType {
    /// Whether values are integers.
    var isInteger: Bool {
        switch self {
        case .uint8, .int8, .uint16, .int16, .uint32, .int32, .uint64, .int64: true
        case .bool, .float16, .float32, .float64: false
        }
    }

    /// Whether the type has an integer.
    fileprivate func holds(_ value: Int) -> Bool {
        switch self {
        case .bool: (0...1).contains(value)
        case .uint8: UInt8(exactly: value) != nil
        case .int8: Int8(exactly: value) != nil
        case .uint16: UInt16(exactly: value) != nil
        case .int16: Int16(exactly: value) != nil
        case .uint32, .uint64: (0...1 << 24).contains(value)
        case .int32, .int64: value.magnitude <= 1 << 24
        case .float16, .float32, .float64: true
        }
    }
}
