import ModelBundles

extension ConfigValue {
    /// The value as a condition: a boolean, or a number as Python takes it; text is none, whatever it says.
    var flag: Bool? {
        switch self {
        case .bool, .int, .double: truth
        default: nil
        }
    }

    /// A whole number, written with or without a point.
    var wholeNumber: Int? { intValue ?? doubleValue.flatMap { Int(exactly: $0) } }
}
