import Pipelines
import Voxels

/// Maps one range of values to another (MONAI `ScaleIntensityRange`, intensity/array.py:980-1034).
struct ScaleIntensityRange: Operator {
    static let names = OperatorNames("ScaleIntensityRange")

    private let images: KeyedImages
    private let from: (lower: PythonNumber, upper: PythonNumber)
    private let lower: PythonNumber?
    private let upper: PythonNumber?
    private let clips: Bool
    private let type: ElementType?

    init(arguments: inout Arguments) throws(PipelineError) {
        images = try KeyedImages(&arguments)
        guard let least = try arguments.pythonNumber("a_min") else {
            throw arguments.mismatch("a_min", expected: "a number", found: nil)
        }
        guard let most = try arguments.pythonNumber("a_max") else {
            throw arguments.mismatch("a_max", expected: "a number", found: nil)
        }
        from = (least, most)
        lower = try arguments.pythonNumber("b_min")
        upper = try arguments.pythonNumber("b_max")
        clips = try arguments.bool("clip", default: false)
        type = try arguments.resultType(default: .float32)
        guard !clips || lower != nil || upper != nil || from.lower.value == from.upper.value else {
            throw arguments.invalid("clip", "there is nothing to clip to without b_min and b_max")
        }
    }

    func apply(_ sample: inout Sample, in context: PipelineContext) throws {
        try images.update(&sample) { image, _ in
            try image.requireSingle(id: images.id, allowsTruth: false)
            if image.elementType.integers != nil { return try scaleIntegers(&image) }
            scale(&image, from: (from.lower.value, from.upper.value))
            // Moved to a point, values keep the type that they were computed in.
            if from.lower.value != from.upper.value { try image.cast(to: type ?? .float32, id: images.id) }
        }
    }

    func follow(_ sample: inout SampleLayout) { images.follow(&sample) }

    private func scale(_ image: inout ModelImage, from: (lower: Double, upper: Double)) {
        image.tensor.scale(from: from, lower: lower?.value, upper: upper?.value, clips: clips)
    }

    /// torch subtracts an integer of integers in their own type, and goes round where the difference leaves it.
    private func scaleIntegers(_ image: inout ModelImage) throws(PipelineError) {
        let original = image.elementType
        var from = (lower: from.lower.value, upper: from.upper.value)
        if let range = original.integers, original.isSmall, let whole = self.from.lower.whole {
            image.tensor.subtract(whole, wrappingIn: range)
            from = (0, from.upper - from.lower)
            if from.upper == 0, let target = lower?.whole {
                image.tensor.subtract(0 &- target, wrappingIn: range)
                return
            }
        }
        scale(&image, from: from)
        let isPoint = from.upper - from.lower == 0
        let isWhole = self.from.lower.whole != nil && (lower == nil || lower?.whole != nil)
        try image.take(as: isPoint ? (isWhole ? original : .float32) : type ?? original, id: images.id)
    }
}
