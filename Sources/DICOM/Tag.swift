/// A DICOM tag: the group and the element number of a data element (PS3.5 §7.1).
public struct Tag: Hashable, Comparable, Sendable, CustomStringConvertible {
    /// The group number.
    public let group: UInt16

    /// The element number.
    public let element: UInt16

    /// Makes a tag of its two numbers.
    public init(_ group: UInt16, _ element: UInt16) {
        self.group = group
        self.element = element
    }

    /// Makes a tag of one number: the group in the upper half, the element in the lower.
    public init(packed: UInt32) {
        self.init(UInt16(truncatingIfNeeded: packed >> 16), UInt16(truncatingIfNeeded: packed))
    }

    /// The group in the upper half, the element in the lower.
    public var packed: UInt32 { UInt32(group) << 16 | UInt32(element) }

    /// Orders tags as a data set does.
    public static func < (left: Tag, right: Tag) -> Bool { left.packed < right.packed }

    /// The tag as documents write it, such as `(0008,0016)`.
    public var description: String { "(\(Tag.hexadecimal(group)),\(Tag.hexadecimal(element)))" }

    private static func hexadecimal(_ number: UInt16) -> String {
        let digits = String(number, radix: 16)
        return String(repeating: "0", count: 4 - digits.count) + digits
    }
}
