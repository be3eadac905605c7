/// Rescale Slope (0028,1053) and Rescale Intercept (0028,1052) of an image as it has them (PS3.3 C.11.1).
struct Rescale: Sendable, Hashable {
    /// One of the two.
    enum Value: Sendable, Hashable {
        case absent
        case number(Double)
        /// Something that is no number, or not one only.
        case broken
    }

    let slope: Value
    let intercept: Value

    /// Neither of the two.
    static let absent = Rescale(slope: .absent, intercept: .absent)

    private init(slope: Value, intercept: Value) {
        self.slope = slope
        self.intercept = intercept
    }

    init(_ data: DataSet) {
        slope = Rescale.read(data, .rescaleSlope)
        intercept = Rescale.read(data, .rescaleIntercept)
    }

    private static func read(_ data: DataSet, _ tag: Tag) -> Value {
        guard let numbers = try? data.doubles(tag) else { return .broken }
        guard let first = numbers.first else { return .absent }
        return numbers.count == 1 ? .number(first) : .broken
    }

    /// Why voxels cannot be computed with these, in 32-bit floats as they are; nil where they can.
    var fault: String? {
        switch slope {
        case .broken: return "Rescale Slope (0028,1053) that is no finite number"
        case .number(let value) where !Float(value).isFinite || Float(value) == 0:
            return "Rescale Slope (0028,1053) \(Rescale.words(value))"
        default: break
        }
        switch intercept {
        case .broken: return "Rescale Intercept (0028,1052) that is no finite number"
        case .number(let value) where !Float(value).isFinite:
            return "Rescale Intercept (0028,1052) \(Rescale.words(value))"
        default: return nil
        }
    }

    /// Which of the two are there, in words.
    var presence: String {
        switch (slope != .absent, intercept != .absent) {
        case (true, true): "slope and intercept"
        case (true, false): "slope only"
        case (false, true): "intercept only"
        case (false, false): "neither"
        }
    }

    /// What a stored value is multiplied by.
    var effectiveSlope: Double { Rescale.number(slope) ?? 1 }

    /// What is added then.
    var effectiveIntercept: Double { Rescale.number(intercept) ?? 0 }

    private static func number(_ value: Value) -> Double? {
        if case .number(let number) = value { return number }
        return nil
    }

    private static func words(_ value: Double) -> String {
        value == value.rounded() && abs(value) < 1e15 ? "\(Int(value))" : "\(value)"
    }
}
