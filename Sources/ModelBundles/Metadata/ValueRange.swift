/// What a bundle says of the values of a port, its `value_range`.
public enum ValueRange: Sendable, Hashable {
    /// Nothing: the list is empty, missing, or holds what is no value.
    case unspecified
    /// From the least to the greatest; two numbers, which may as well be the two labels of a map.
    case bounds(Double, Double)
    /// All values of a label map, or one alone.
    case enumeration([Double])
    /// All texts that an argument may be, such as regions of the body.
    case choices([String])

    /// Reads the members of the list.
    init(_ nodes: [ConfigNode]) {
        let numbers = nodes.compactMap(\.number)
        let texts = nodes.compactMap(\.text)
        if nodes.isEmpty {
            self = .unspecified
        } else if numbers.count == nodes.count {
            self = numbers.count == 2 ? .bounds(numbers[0], numbers[1]) : .enumeration(numbers)
        } else {
            self = texts.count == nodes.count ? .choices(texts) : .unspecified
        }
    }
}

extension ValueRange: CustomStringConvertible {
    /// The range in a few words, such as `0 to 1`.
    public var description: String {
        switch self {
        case .unspecified: "unspecified"
        case .bounds(let least, let greatest): "\(Self.words(least)) to \(Self.words(greatest))"
        case .enumeration(let values): values.map(Self.words).joined(separator: ", ")
        case .choices(let texts): texts.joined(separator: ", ")
        }
    }

    private static func words(_ number: Double) -> String { Int(exactly: number).map(String.init) ?? "\(number)" }
}
