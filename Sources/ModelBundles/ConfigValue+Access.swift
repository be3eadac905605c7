internal import Glibc

extension ConfigValue {
    /// Whether the value is Python's `None`.
    public var isNull: Bool {
        if case .null = self { true } else { false }
    }

    /// The value of a boolean, nil for every other kind.
    public var boolValue: Bool? {
        if case .bool(let value) = self { value } else { nil }
    }

    /// The value of an integer, nil for every other kind (a boolean and `1.0` are none).
    public var intValue: Int? {
        if case .int(let value) = self { value } else { nil }
    }

    /// The value of a floating-point number or an integer, nil for every other kind.
    public var doubleValue: Double? {
        switch self {
        case .double(let value): value
        case .int(let value): Double(value)
        default: nil
        }
    }

    /// The text of a string, nil for every other kind.
    public var stringValue: String? {
        if case .string(let value) = self { value } else { nil }
    }

    /// The members of a list or tuple, nil for every other kind.
    public var elements: [ConfigValue]? {
        switch self {
        case .list(let values), .tuple(let values): values
        default: nil
        }
    }

    /// The component, nil for every other kind.
    public var component: Component? {
        if case .component(let value) = self { value } else { nil }
    }

    /// The canonical dotted name of a Python object, such as `torch.float32`, nil for every other kind.
    public var symbolName: String? {
        if case .symbol(let name) = self { name } else { nil }
    }

    /// The text of a `torch.device`, such as `cuda:0`, nil for every other kind.
    public var deviceName: String? {
        if case .device(let name) = self { name } else { nil }
    }

    /// The source of a lambda, nil for every other kind.
    public var lambdaSource: LambdaSource? {
        if case .lambda(let source) = self { source } else { nil }
    }

    /// The member of a mapping under a key, nil where it is missing and for every other kind.
    public subscript(_ key: String) -> ConfigValue? {
        guard case .mapping(let members) = self else { return nil }
        return members.first { ExactString($0.key) == ExactString(key) }?.value
    }

    /// What Python's `bool()` says of the value; nil for a component, whose class decides that.
    ///
    /// Every string but the empty one is true, `"False"` too.
    public var truth: Bool? {
        switch self {
        case .null: false
        case .bool(let value): value
        case .int(let value): value != 0
        case .double(let value): value != 0
        case .string(let value): !value.isEmpty
        case .list(let values), .tuple(let values): !values.isEmpty
        case .mapping(let members): !members.isEmpty
        case .symbol, .device, .lambda: true
        case .component: nil
        }
    }

    /// The kind of the value in words, for messages.
    public var kind: String {
        switch self {
        case .null: "null"
        case .bool: "a boolean"
        case .int: "an integer"
        case .double: "a number"
        case .string: "a string"
        case .list: "a list"
        case .tuple: "a tuple"
        case .mapping: "a mapping"
        case .component(let component): "the component \(component.name)"
        case .symbol(let name): "the Python object \(name)"
        case .device: "a device"
        case .lambda: "a lambda"
        }
    }
}

extension ConfigValue {
    /// How many components, lists and mappings lie in each other at most.
    var depth: Int {
        switch self {
        case .list(let values), .tuple(let values): 1 + (values.lazy.map(\.depth).max() ?? 0)
        case .mapping(let members): 1 + (members.lazy.map(\.value.depth).max() ?? 0)
        case .component(let component): component.depth
        default: 0
        }
    }
}

extension Component {
    /// The argument of a name, nil where the configuration does not give it (`null` is given as `.null`).
    public subscript(_ argument: String) -> ConfigValue? {
        arguments.first { ExactString($0.name) == ExactString(argument) }?.value
    }
}

/// A string that is compared code unit by code unit, as Python does it.
///
/// Swift's `==` calls composed and decomposed letters equal, so two keys of a file would become one.
struct ExactString: Hashable, Comparable, Sendable {
    let text: String

    init(_ text: some StringProtocol) { self.text = String(text) }

    static func == (left: ExactString, right: ExactString) -> Bool {
        guard left.text.utf8.count == right.text.utf8.count else { return false }
        var (one, other) = (left.text, right.text)
        return one.withUTF8 { one in
            other.withUTF8 { other in
                guard let start = one.baseAddress, let otherStart = other.baseAddress else { return true }
                return memcmp(start, otherStart, one.count) == 0
            }
        }
    }

    static func < (left: ExactString, right: ExactString) -> Bool {
        // UTF-8 sorts as its scalars do.
        left.text.utf8.lexicographicallyPrecedes(right.text.utf8)
    }

    func hash(into hasher: inout Hasher) {
        var copy = text
        copy.withUTF8 { hasher.combine(bytes: UnsafeRawBufferPointer($0)) }
    }
}
