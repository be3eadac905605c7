public import ModelBundles

extension Arguments {
    /// A flag, as Python's `if` takes it: null is false, 0 is false, and every text but the empty one is true.
    ///
    /// MONAI does not look at the type either: `"nonzero": "True"` of the zoo's wholeBrainSeg is true, and `"False"`
    /// would be true as well.
    public mutating func bool(_ name: String, default standard: Bool) throws(PipelineError) -> Bool {
        guard let value = take(name) else { return standard }
        return try truth(value, name)
    }

    /// A number, which has to be finite.
    public mutating func number(_ name: String) throws(PipelineError) -> Double {
        let value = take(name)
        guard let number = value?.doubleValue else { throw mismatch(name, expected: "a number", found: value) }
        return try finite(number, name)
    }

    /// Refuses NaN and infinities, with which arithmetic goes on and gives images of no use.
    ///
    /// - Returns: the number.
    public func finite(_ number: Double, _ name: String) throws(PipelineError) -> Double {
        guard number.isFinite else { throw invalid(name, "expected a finite number, found \(number)") }
        return number
    }

    /// A number, or nil where it is null.
    ///
    /// - Parameters:
    ///   - standard: the value where it is not given.
    ///   - allowsInfinity: whether the number may be infinite; NaN is refused all the same.
    public mutating func optionalNumber(
        _ name: String, default standard: Double? = nil, allowsInfinity: Bool = false
    ) throws(PipelineError) -> Double? {
        guard let value = take(name) else { return standard }
        if value.isNull { return nil }
        guard let number = value.doubleValue else { throw mismatch(name, expected: "a number", found: value) }
        return allowsInfinity && number.isInfinite ? number : try finite(number, name)
    }

    /// A whole number, or nil where it is null or not given.
    public mutating func optionalInteger(_ name: String) throws(PipelineError) -> Int? {
        guard let value = take(name), !value.isNull else { return nil }
        guard let number = value.wholeNumber else { throw mismatch(name, expected: "an integer", found: value) }
        return number
    }

    /// Numbers: a list of them, or one alone; all have to be finite.
    public mutating func numbers(_ name: String) throws(PipelineError) -> [Double] {
        guard let numbers = try optionalNumbers(name) else {
            throw mismatch(name, expected: "a number or a list of numbers", found: nil)
        }
        return numbers
    }

    /// Numbers as `numbers` reads them, or nil where the argument is null or not given.
    public mutating func optionalNumbers(_ name: String) throws(PipelineError) -> [Double]? {
        guard let value = take(name), !value.isNull else { return nil }
        if let number = value.doubleValue { return [try finite(number, name)] }
        let numbers = value.elements?.compactMap(\.doubleValue)
        guard let numbers, numbers.count == value.elements?.count, !numbers.isEmpty else {
            throw mismatch(name, expected: "a number or a list of numbers", found: value)
        }
        for number in numbers { _ = try finite(number, name) }
        return numbers
    }

    /// A string.
    public mutating func string(_ name: String, default standard: String) throws(PipelineError) -> String {
        guard let value = take(name) else { return standard }
        guard let string = value.stringValue else { throw mismatch(name, expected: "a string", found: value) }
        return string
    }

    /// A string, or nil where it is null or not given.
    public mutating func optionalString(_ name: String) throws(PipelineError) -> String? {
        guard let value = take(name), !value.isNull else { return nil }
        guard let string = value.stringValue else { throw mismatch(name, expected: "a string", found: value) }
        return string
    }

    /// The keys of a dictionary transform: a string or a list of strings.
    public mutating func keys(_ name: String = "keys") throws(PipelineError) -> [String] {
        let value = take(name)
        if let key = value?.stringValue { return [key] }
        let keys = value?.elements?.compactMap(\.stringValue)
        guard let keys, keys.count == value?.elements?.count, !keys.isEmpty else {
            throw mismatch(name, expected: "a key or a list of keys", found: value)
        }
        return keys
    }

    /// The type of array values, such as `numpy.float32`, `torch.uint8` or `"float32"`; nil for null.
    public mutating func elementType(
        _ name: String, default standard: ElementType?
    ) throws(PipelineError) -> ElementType? {
        guard let value = take(name) else { return standard }
        return try elementType(value, name)
    }

    /// A value for each key: one for all, or a list with as many members as there are keys (`ensure_tuple_rep`).
    ///
    /// - Parameter decode: understands one value; the name is the argument's, for its errors.
    public mutating func perKey<Value>(
        _ name: String, count: Int, default standard: Value,
        decode: (Arguments, ConfigValue, String) throws(PipelineError) -> Value
    ) throws(PipelineError) -> [Value] {
        guard let value = take(name) else { return Array(repeating: standard, count: count) }
        guard !isArray, let members = value.elements else {
            return Array(repeating: try decode(self, value, name), count: count)
        }
        guard members.count == count else {
            throw invalid(name, "expected one value or \(count), a value for each key, found \(members.count)")
        }
        var values: [Value] = []
        for member in members { values.append(try decode(self, member, name)) }
        return values
    }

    /// A flag for each key.
    public mutating func bools(
        _ name: String, count: Int, default standard: Bool
    ) throws(PipelineError) -> [Bool] {
        try perKey(name, count: count, default: standard) {
            (arguments, value, name) throws(PipelineError) in try arguments.truth(value, name)
        }
    }

    /// A word of a closed list for each key, exactly as MONAI spells it.
    public mutating func words<Word: RawRepresentable & CaseIterable>(
        _ name: String, count: Int, default standard: Word
    ) throws(PipelineError) -> [Word] where Word.RawValue == String {
        try perKey(name, count: count, default: standard) {
            (arguments, value, name) throws(PipelineError) in
            if let word = value.stringValue.flatMap(Word.init(rawValue:)) { return word }
            let list = Word.allCases.map { "'\($0.rawValue)'" }.joined(separator: ", ")
            let found = value.stringValue.map { "'\($0)'" } ?? value.kind
            throw arguments.unsupported(name, "Portico knows \(list), found \(found)")
        }
    }

    /// Understands a flag.
    public func truth(_ value: ConfigValue, _ name: String) throws(PipelineError) -> Bool {
        switch value {
        case .null, .bool, .int, .double, .string: return value.truth == true
        default: throw mismatch(name, expected: "true or false", found: value)
        }
    }

    /// Understands the type of array values; nil for null.
    public func elementType(_ value: ConfigValue, _ name: String) throws(PipelineError) -> ElementType? {
        switch value {
        case .null: return nil
        case .string(let text), .symbol(let text):
            if let type = ElementType(name: text) { return type }
            throw invalid(name, "'\(text)' is no type of array values")
        default: throw mismatch(name, expected: "a type such as numpy.float32", found: value)
        }
    }
}
