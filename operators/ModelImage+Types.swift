import ModelBundles
import Pipelines
import Voxels

extension ElementType {
    /// The whole numbers that the type holds; nil where it is not one of whole numbers.
    ///
    /// For the larger types these are the ones below 2²⁴, which float32 tells apart from their neighbours.
    var integers: ClosedRange<Int>? {
        switch self {
        case .uint8: 0...255
        case .int8: -128...127
        case .uint16: 0...65535
        case .int16: -32768...32767
        case .uint32, .uint64: 0...0xFF_FFFF
        case .int32, .int64: -0xFF_FFFF...0xFF_FFFF
        case .bool, .float16, .float32, .float64: nil
        }
    }

    /// Whether all whole numbers of the type are among `integers`, so that results can go round as torch's do.
    var isSmall: Bool {
        switch self {
        case .uint8, .int8, .uint16, .int16: true
        default: false
        }
    }
}

extension ModelImage {
    /// Changes the type of the values as torch's `to` does.
    ///
    /// - Parameter id: the config id of the operator, for the error.
    /// - Throws: `PipelineError.Code.unfitImage` for a value that the type, or float32, cannot hold.
    mutating func cast(to type: ElementType, id: String) throws(PipelineError) {
        defer { elementType = type }
        guard type != elementType else { return }
        if type == .bool { return tensor.makeTruth() }
        guard let range = type.integers else { return }
        // A truth value is 0 or 1, and what fits the narrower range fits.
        if elementType == .bool { return }
        if let known = elementType.integers, range.lowerBound <= known.lowerBound, known.upperBound <= range.upperBound
        {
            return
        }
        do { try tensor.truncate(to: range) } catch {
            throw PipelineError(
                .unfitImage,
                "\(id)::dtype: the image has a value that is no number from \(range.lowerBound) to "
                    + "\(range.upperBound), which is what Portico keeps exactly in \(type.rawValue); MONAI's result "
                    + "would depend on the processor")
        }
    }

    /// Takes results that were computed in float32 over into a type, whatever the type was before.
    mutating func take(as type: ElementType, id: String) throws(PipelineError) {
        elementType = .float32
        try cast(to: type, id: id)
    }

    /// Refuses values that MONAI computes with in float64.
    ///
    /// - Parameter allowsTruth: whether truth values are numbers to what follows; torch has no difference of them.
    func requireSingle(id: String, allowsTruth: Bool = true) throws(PipelineError) {
        guard elementType != .float64, elementType != .float16 else {
            throw PipelineError(
                .unsupported,
                "\(id): the image holds \(elementType.rawValue), and Portico computes with float32; a CastToType with "
                    + "torch.float32 before it would say so in MONAI too")
        }
        guard allowsTruth || elementType != .bool else {
            throw PipelineError(
                .unfitImage, "\(id): the image holds truth values, with which torch does not reckon; cast it before")
        }
    }

    /// Forgets what the image went through, as MONAI does where it makes an array of its own of it.
    ///
    /// What was recorded before it cannot be undone any more: MONAI raises an error, or leaves a result on the wrong
    /// grid.
    mutating func forgetTrace(id: String) {
        guard !trace.isEmpty else { return }
        trace.append(TraceEntry(operatorID: id, state: true))
    }

    /// Forgets where the image lies, and what it went through, as MONAI does where it makes a plain array of it.
    mutating func forgetPlace(id: String) {
        forgetTrace(id: id)
        affine = .identity
        source.affine = .identity
    }
}

extension Arguments {
    /// The type that values are computed in or cast to (`dtype`); nil leaves it as it is.
    mutating func resultType(
        _ name: String = "dtype", default standard: ElementType?
    ) throws(PipelineError) -> ElementType? {
        guard let value = take(name) else { return standard }
        let type = try elementType(value, name)
        guard type != .float64, type != .float16 else {
            throw unsupported(name, "Portico computes with float32 here, not with \(type?.rawValue ?? "")")
        }
        return type
    }

    /// The type that values are only cast to; nil leaves it as it is.
    func castType(_ value: ConfigValue, _ name: String) throws(PipelineError) -> ElementType? {
        let type = try elementType(value, name)
        guard type != .float16 else {
            throw unsupported(name, "Portico keeps float32, and float16 would round the values")
        }
        return type
    }

    /// A Python number, and whether it is a whole one: arithmetic with integers depends on that.
    mutating func pythonNumber(_ name: String) throws(PipelineError) -> PythonNumber? {
        guard let value = take(name), !value.isNull else { return nil }
        guard let number = value.doubleValue else { throw mismatch(name, expected: "a number", found: value) }
        return PythonNumber(value: try finite(number, name), whole: value.intValue)
    }

    /// An axis among MONAI's keyword arguments, counted from the end where it is negative.
    mutating func axis(_ name: String = "dim") throws(PipelineError) -> Int {
        guard let value = take(name) else { return 0 }
        guard let axis = value.intValue else { throw mismatch(name, expected: "an axis", found: value) }
        guard (-4..<4).contains(axis) else {
            throw invalid(name, "expected an axis of [C, X, Y, Z], from -4 to 3, found \(axis)")
        }
        return axis
    }
}

/// A number as Python has it.
struct PythonNumber: Sendable {
    var value: Double
    /// The value where it is an `int`.
    var whole: Int?
}

extension KeyedImages {
    /// The position of an axis that may be counted from the end.
    func axis(_ axis: Int, of image: ModelImage) throws(PipelineError) -> Int {
        try self.axis(axis, of: image.tensor.shape.count, found: "\(image.tensor.shape)")
    }

    /// The position of an axis of an image that has so many of them.
    func axis(_ axis: Int, of axes: Int, found: String) throws(PipelineError) -> Int {
        guard (-axes..<axes).contains(axis) else {
            throw PipelineError(.unfitImage, "\(id)::dim: the image has no axis \(axis): \(found)")
        }
        return axis < 0 ? axis + axes : axis
    }

    /// Refuses an image without channels, or with none to three axes of space or no voxels.
    func requireMask(_ image: ModelImage) throws(PipelineError) -> Int {
        let axes = image.tensor.shape.count - 1
        guard (1...3).contains(axes), image.tensor.count > 0 else { throw noMask("\(image.tensor.shape)") }
        return axes
    }

    /// The axes of space of an image that `requireMask` takes; nil where it is not known how many it has.
    @discardableResult
    func requireMask(_ image: ImageLayout) throws(PipelineError) -> Int? {
        guard let axes = image.axes else { return nil }
        guard (2...4).contains(axes) else { throw noMask("\(axes) axes") }
        return axes - 1
    }

    private func noMask(_ found: String) -> PipelineError {
        PipelineError(
            .unfitImage,
            "\(id): works on images of [C, X], [C, X, Y] or [C, X, Y, Z] with voxels in them, found \(found)")
    }
}
