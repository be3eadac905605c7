import ModelBundles
import Pipelines
import Voxels

/// Whole numbers for the axes of space: one for all of them, or one for each (MONAI `fall_back_tuple`,
/// utils/misc.py:262-305).
struct AxisNumbers: Sendable {
    /// Nil stands for null.
    private let numbers: [Int?]
    private let isForAll: Bool
    private let path: String

    /// The only number, where it is for all axes.
    var single: Int? { isForAll ? numbers[0] : nil }

    /// For how many axes there are numbers of their own; nil for one that is for all.
    var count: Int? { isForAll ? nil : numbers.count }

    /// Reads an argument.
    ///
    /// - Parameters:
    ///   - standard: the number for all axes where the argument is not given; nil where it has to be.
    ///   - least: what all numbers have to be at least.
    init(
        _ arguments: inout Arguments, _ name: String, default standard: Int? = nil, least: Int? = nil
    ) throws(PipelineError) {
        path = arguments.path(name)
        let value = arguments.take(name)
        guard let value = value ?? standard.map({ .int($0) }) else {
            throw arguments.mismatch(name, expected: Self.expected, found: nil)
        }
        var numbers: [Int?] = []
        for member in value.listed {
            guard member.isNull || member.wholeCount != nil else {
                if let number = member.doubleValue, number.rounded() == number {
                    throw arguments.invalid(name, "expected numbers below 2³¹, found \(member.brief)")
                }
                throw arguments.mismatch(name, expected: Self.expected, found: member)
            }
            numbers.append(member.wholeCount)
        }
        isForAll = value.elements == nil
        guard isForAll || (2...3).contains(numbers.count) else {
            throw arguments.invalid(
                name, "expected one number, or two or three for images of as many axes, found \(numbers.count)")
        }
        self.numbers = numbers
        if let least, let low = numbers.compactMap({ $0 }).min(), low < least {
            throw arguments.invalid(name, "expected numbers from \(least) on, found \(low)")
        }
    }

    private static let expected = "an integer or a list of integers, one for each axis"

    /// Refuses numbers for another number of axes than an image has.
    func check(rank: Int) throws(PipelineError) {
        guard isForAll || numbers.count == rank else {
            throw PipelineError(
                .unfitImage, "\(path): it has \(numbers.count) numbers, and the image has \(rank) axes of space")
        }
    }

    /// The numbers for an image.
    ///
    /// - Parameter fallback: for each axis of space what stands for null and, with `positive`, for numbers below 1.
    func resolve(_ fallback: [Int], positive: Bool = true) throws(PipelineError) -> [Int] {
        try check(rank: fallback.count)
        return fallback.enumerated().map { axis, standard in
            guard let number = numbers[isForAll ? 0 : axis] else { return standard }
            return positive && number < 1 ? standard : number
        }
    }
}

extension ConfigValue {
    /// A whole number that an axis could have of voxels, written with or without a point.
    var wholeCount: Int? {
        guard let number = intValue ?? doubleValue.flatMap({ Int(exactly: $0) }) else { return nil }
        return number.magnitude < 1 << 31 ? number : nil
    }
}
