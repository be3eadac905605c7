/// A DICOM unique identifier that is safe to compare, to send and to use as a file name.
///
/// PS3.5 §9.1 allows digits and dots, at most 64 of them. Real objects break its finer rules (a component with a
/// leading zero, an empty component), so those are accepted; `isStrict` tells them apart. A UID begins with a digit,
/// so it is never `.` or `..`.
public struct UID: Hashable, Comparable, Sendable, CustomStringConvertible {
    /// The identifier without padding.
    public let value: String

    /// Makes a UID of text, without the NUL or blanks that pad it, or nil where it is none.
    public init?(_ text: some StringProtocol) {
        self.init(padded: Array(text.utf8))
    }

    /// Makes a UID of the bytes of an element's value, without the NUL or blanks that pad it, or nil where it is none.
    public init?(padded bytes: some BidirectionalCollection<UInt8>) {
        var end = bytes.endIndex
        while end > bytes.startIndex {
            let before = bytes.index(before: end)
            guard bytes[before] == 0 || bytes[before] == 0x20 else { break }
            end = before
        }
        let digits = bytes[bytes.startIndex..<end]
        guard let first = digits.first, UID.isDigit(first), digits.count <= 64,
            digits.allSatisfy({ UID.isDigit($0) || $0 == 0x2E })
        else { return nil }
        value = String(decoding: digits, as: UTF8.self)
    }

    /// Makes a UID that is known to be valid; nothing but constants of this module comes here.
    init(constant value: StaticString) {
        self.value = value.withUTF8Buffer { String(decoding: $0, as: UTF8.self) }
    }

    /// Whether every rule of PS3.5 §9.1 holds: no empty component and no leading zero in a longer one.
    public var isStrict: Bool {
        value.split(separator: ".", omittingEmptySubsequences: false)
            .allSatisfy { !$0.isEmpty && ($0.count == 1 || $0.first != "0") }
    }

    /// The identifier itself.
    public var description: String { value }

    /// Orders UIDs by their text.
    public static func < (left: UID, right: UID) -> Bool { left.value < right.value }

    private static func isDigit(_ byte: UInt8) -> Bool { byte >= 0x30 && byte <= 0x39 }
}

extension UID: Codable {
    /// Reads a UID from a string.
    public init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        guard let uid = UID(try container.decode(String.self)) else {
            throw DecodingError.dataCorruptedError(in: container, debugDescription: "this is no UID")
        }
        self = uid
    }

    /// Writes a UID as a string.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(value)
    }
}
