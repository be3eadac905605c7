/// The type of a tensor's values, as torch tells them apart.
public enum TensorType: String, Sendable {
    case bool, uint8, int8, int16, int32, int64, float32

    /// Whether the values are whole numbers; truth values are not among them.
    public var isInteger: Bool { self != .bool && self != .float32 }

    /// The whole numbers that the type holds; nil where it is not one of whole numbers.
    ///
    /// For the larger types these are the numbers that float32, in which Portico keeps all values, tells apart.
    public var range: ClosedRange<Int>? {
        switch self {
        case .bool, .float32: nil
        case .uint8: 0...255
        case .int8: -128...127
        case .int16: -32768...32767
        case .int32, .int64: -Self.largest...Self.largest
        }
    }

    /// One below 2²⁴: beyond it a sum that is rounded to float32 would look like one that is not.
    private static let largest = (1 << 24) - 1

    /// The type of the result of two tensors (torch `promote_types`).
    func promoted(with other: TensorType) -> TensorType {
        if self == other { return self }
        if self == .float32 || other == .float32 { return .float32 }
        if self == .bool { return other }
        if other == .bool { return self }
        if [self, other].contains(.uint8), [self, other].contains(.int8) { return .int16 }
        let order: [TensorType] = [.uint8, .int8, .int16, .int32, .int64]
        return order.last { $0 == self || $0 == other } ?? .int64
    }

    /// The type of the result of a tensor and a Python number, which counts only where it is of another kind.
    func promoted(with number: Value) -> TensorType {
        switch number {
        case .double: .float32
        case .int where self == .bool: .int64
        default: self
        }
    }

    /// The type of a tensor that is made of a Python number alone.
    init?(ofNumber number: Value) {
        switch number {
        case .bool: self = .bool
        case .int: self = .int64
        case .double: self = .float32
        default: return nil
        }
    }
}
