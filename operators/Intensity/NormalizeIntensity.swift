import ModelBundles
import Pipelines
import Voxels

/// Subtracts the mean and divides by the standard deviation (MONAI `NormalizeIntensity`, intensity/array.py:837-946).
struct NormalizeIntensity: Operator {
    static let names = OperatorNames("NormalizeIntensity")

    private let images: KeyedImages
    private let subtrahends: [Double]?
    private let divisors: [Double]?
    private let skipsZeros: Bool
    private let isPerChannel: Bool
    private let type: ElementType?

    init(arguments: inout Arguments) throws(PipelineError) {
        images = try KeyedImages(&arguments)
        isPerChannel = try arguments.bool("channel_wise", default: false)
        subtrahends = try Self.numbers("subtrahend", perChannel: isPerChannel, &arguments)
        divisors = try Self.numbers("divisor", perChannel: isPerChannel, &arguments)
        skipsZeros = try arguments.bool("nonzero", default: false)
        type = try arguments.resultType(default: .float32)
    }

    /// A list with a number for each channel, or one number for all; MONAI takes either one in its own place only.
    private static func numbers(
        _ name: String, perChannel: Bool, _ arguments: inout Arguments
    ) throws(PipelineError) -> [Double]? {
        guard let value = arguments.take(name), !value.isNull else { return nil }
        if perChannel {
            let numbers = value.elements?.compactMap(\.doubleValue)
            guard let numbers, numbers.count == value.elements?.count, !numbers.isEmpty else {
                throw arguments.mismatch(name, expected: "a list with a number for each channel", found: value)
            }
            for number in numbers { _ = try arguments.finite(number, name) }
            return numbers
        }
        guard let number = value.doubleValue else {
            throw arguments.mismatch(name, expected: "a number, because channel_wise is false", found: value)
        }
        return [try arguments.finite(number, name)]
    }

    func apply(_ sample: inout Sample, in context: PipelineContext) throws {
        try images.update(&sample) { image, _ in
            try requireNumbers(for: image.tensor.channels)
            if type == nil || isPerChannel { try image.requireSingle(id: images.id) }
            let type = type ?? image.elementType
            image.tensor.normalize(
                subtrahends: subtrahends, divisors: divisors, nonzero: skipsZeros, perChannel: isPerChannel)
            try image.take(as: type, id: images.id)
        }
    }

    func follow(_ sample: inout SampleLayout) {
        images.follow(&sample) { (image, _) throws(PipelineError) in
            guard let count = try requireNumbers(for: image.channels) else { return }
            // Whatever the image has: with other channels it goes no further.
            image.channels = count
        }
    }

    /// Refuses lists with a number for each channel of images that have others.
    ///
    /// - Returns: how many channels the lists are for; nil where there are none.
    @discardableResult
    private func requireNumbers(for channels: Int?) throws(PipelineError) -> Int? {
        guard isPerChannel else { return nil }
        var channels = channels
        for (name, numbers) in [("subtrahend", subtrahends), ("divisor", divisors)] {
            guard let numbers else { continue }
            guard numbers.count == channels ?? numbers.count else {
                throw PipelineError(
                    .unfitImage,
                    "\(images.id)::\(name): \(numbers.count) values are given for \(channels ?? 0) channels")
            }
            channels = numbers.count
        }
        return subtrahends == nil && divisors == nil ? nil : channels
    }
}
