extension Evaluator {
    /// `sum`, `math.prod`, `any`, `all`, `min` and `max`.
    func reduced(_ function: TableFunction, _ arguments: Arguments) throws(ExpressionError) -> Value {
        let position = arguments.position
        switch function {
        case .sum, .prod:
            guard (1...(function == .sum ? 2 : 1)).contains(arguments.positional.count) else {
                throw .invalid("it takes an iterable", at: position)
            }
            var total = arguments.positional.count == 2 ? arguments.positional[1] : .int(function == .sum ? 0 : 1)
            if case .string = total { throw .invalid("sum() can't sum strings", at: position) }
            for value in try iterated(arguments.positional[0], at: position) {
                if case .double = value, case .double = total, function == .sum {
                    // CPython 3.12 compensates the rounding of this sum, 3.11 does not.
                    throw .unsupported("a sum of floating-point numbers, which differs among Pythons", at: position)
                }
                total = try binary(function == .sum ? "+" : "*", total, value, at: position)
            }
            return total
        case .any, .all:
            for value in try iterated(try arguments.only(), at: position) {
                if try truth(of: value, at: position) == (function == .any) { return .bool(function == .any) }
            }
            return .bool(function == .all)
        default:
            let values =
                arguments.positional.count == 1
                ? try iterated(arguments.positional[0], at: position) : arguments.positional
            guard var best = values.first else { throw .invalid("it takes at least one value", at: position) }
            for value in values.dropFirst() {
                guard let order = try order(value, best, at: position) else {
                    throw .unsupported("the extreme of NaN", at: position)
                }
                if function == .min ? order < 0 : order > 0 { best = value }
            }
            return best
        }
    }

    /// `abs`, `round` and functions of `math` with one argument.
    func rounded(_ function: TableFunction, _ value: Value, at position: Int) throws(ExpressionError) -> Value {
        guard let number = Self.number(value) else {
            throw .invalid("\(function.rawValue) of a \(value.typeName)", at: position)
        }
        if case .int(let whole) = number, function != .sqrt {
            guard function == .abs else { return .int(whole) }
            guard whole != .min else { throw .limit("an integer beyond 64 bits", at: position) }
            return .int(Swift.abs(whole))
        }
        let double = number.double
        let result: Double
        switch function {
        case .abs: return .double(double.magnitude)
        case .sqrt:
            guard !(double < 0) else { throw .invalid("math domain error", at: position) }
            return .double(double.squareRoot())
        case .round: result = double.rounded(.toNearestOrEven)
        case .floor: result = double.rounded(.down)
        case .ceil: result = double.rounded(.up)
        default: result = double.rounded(.towardZero)
        }
        guard result.isFinite else { throw .invalid("an integer of \(double)", at: position) }
        guard let whole = Int(exactly: result) else { throw .limit("an integer beyond 64 bits", at: position) }
        return .int(whole)
    }

    /// `round` to a number of digits, of integers alone.
    func roundedToDigits(_ arguments: Arguments) throws(ExpressionError) -> Value {
        let (value, digits) = (arguments.positional[0], arguments.positional[1])
        if case .none = digits { return try rounded(.round, value, at: arguments.position) }
        guard case .int(let whole)? = Self.number(value), case .int(let count)? = Self.number(digits), count >= 0 else {
            throw .unsupported("rounding to a number of digits", at: arguments.position)
        }
        return .int(whole)
    }

    /// `torch.device` of a name, or of a type and an index.
    func device(_ arguments: Arguments) throws(ExpressionError) -> Value {
        let position = arguments.position
        var values: [String: Value] = [:]
        let isPair = arguments.positional.count == 2 || arguments.keywords.contains { $0.name != "device" }
        let labels = isPair ? ["type", "index"] : ["device"]
        guard arguments.positional.count <= labels.count else { throw .invalid("too many arguments", at: position) }
        for (name, value) in Array(zip(labels, arguments.positional)) + arguments.keywords.map({ ($0.name, $0.value) })
        {
            guard labels.contains(name), values.updateValue(value, forKey: name) == nil else {
                throw .invalid("the argument \(name)", at: position)
            }
        }
        if case .device(let name)? = values["device"] { return .device(name) }
        guard case .string(let text)? = values[labels[0]] else {
            throw .unsupported("a device that is not named by a string", at: position)
        }
        var name = text
        if case .none? = values["index"] { values["index"] = nil }
        if let index = values["index"] {
            guard case .int(let number) = index, number >= 0 else { throw .invalid("the device's index", at: position) }
            guard !text.contains(":") else { throw .invalid("a device with two indices", at: position) }
            name += ":" + String(number)
        }
        let parts = name.split(separator: ":", omittingEmptySubsequences: false)
        guard Self.deviceTypes.contains(String(parts[0])) else {
            throw .invalid("\(BundleError.quoted(name)) is no device of torch", at: position)
        }
        guard parts.count == 1 || parts.count == 2 && Self.isIndex(parts[1]) else {
            throw .invalid("\(BundleError.quoted(name)) has no valid index", at: position)
        }
        return .device(name)
    }

    private static let deviceTypes: Set<String> = [
        "cpu", "cuda", "ipu", "xpu", "mkldnn", "opengl", "opencl", "ideep", "hip", "ve", "fpga", "maia", "xla", "lazy",
        "vulkan", "mps", "meta", "hpu", "mtia", "privateuseone",
    ]

    private static func isIndex(_ text: Substring) -> Bool {
        guard (1...3).contains(text.utf8.count), text.utf8.allSatisfy((UInt8(ascii: "0")...UInt8(ascii: "9")).contains)
        else { return false }
        return text == "0" || !text.hasPrefix("0")
    }

    /// The functions of `os.path`, as on POSIX.
    func path(_ function: TableFunction, _ arguments: Arguments) throws(ExpressionError) -> Value {
        let position = arguments.position
        var parts: [String] = []
        for value in arguments.positional {
            guard case .string(let text) = value else {
                throw .invalid("a path of type \(value.typeName)", at: position)
            }
            parts.append(text)
        }
        guard let first = parts.first, function == .join || parts.count == 1 else {
            throw .invalid("\(function.rawValue) takes strings", at: position)
        }
        let cut = first.utf8.lastIndex(of: UInt8(ascii: "/")).map { first.utf8.index(after: $0) } ?? first.startIndex
        switch function {
        case .basename: return try made(.string(String(first[cut...])), at: position)
        case .dirname:
            let head = first[..<cut]
            guard head.utf8.contains(where: { $0 != UInt8(ascii: "/") }) else {
                return try made(.string(String(head)), at: position)
            }
            var end = head.utf8.endIndex
            while head.utf8[head.utf8.index(before: end)] == UInt8(ascii: "/") { end = head.utf8.index(before: end) }
            return try made(.string(String(head[..<end])), at: position)
        default:
            var path = first
            for part in parts.dropFirst() {
                if part.utf8.first == UInt8(ascii: "/") {
                    path = part
                } else {
                    path += (path.isEmpty || path.utf8.last == UInt8(ascii: "/") ? "" : "/") + part
                }
            }
            return try made(.string(path), at: position)
        }
    }
}
