import Foundation

/// Elements of a data set in bytes, for objects that no well-behaved program writes.
struct ElementBytes {
    var isImplicit = false
    var isBigEndian = false

    func element(_ tag: UInt32, _ vr: String, _ value: Data, length: UInt32? = nil) -> Data {
        var value = value
        if value.count % 2 != 0, length == nil { value.append(vr == "UI" ? 0 : 0x20) }
        let length = length ?? UInt32(value.count)
        let head = number(UInt16(tag >> 16)) + number(UInt16(truncatingIfNeeded: tag))
        if isImplicit || tag >> 16 == 0xFFFE { return head + number(length) + value }
        if ["OB", "OW", "OF", "SQ", "UN", "UT", "UC"].contains(vr) {
            return head + Data(vr.utf8) + Data([0, 0]) + number(length) + value
        }
        return head + Data(vr.utf8) + number(UInt16(truncatingIfNeeded: length)) + value
    }

    func text(_ tag: UInt32, _ vr: String, _ value: String) -> Data { element(tag, vr, Data(value.utf8)) }

    func number<Number: FixedWidthInteger>(_ value: Number) -> Data {
        withUnsafeBytes(of: isBigEndian ? value.bigEndian : value.littleEndian) { Data($0) }
    }

    /// A small secondary capture with whatever comes in front of its pixels.
    func object(
        sopClass: String = SmallObject.sopClass, sopInstance: String, study: String = "2.25.11",
        series: String = "2.25.12", extra: Data = Data(), pixels: Int = 64
    ) -> Data {
        text(0x0008_0016, "UI", sopClass) + text(0x0008_0018, "UI", sopInstance) + text(0x0008_0060, "CS", "OT")
            + text(0x0020_000D, "UI", study) + text(0x0020_000E, "UI", series) + text(0x0020_0013, "IS", "7") + extra
            + element(0x0028_0010, "US", number(UInt16(8))) + element(0x0028_0011, "US", number(UInt16(pixels / 8)))
            + element(0x7FE0_0010, "OW", Data(repeating: 3, count: pixels))
    }

    /// A file: preamble, meta header, data set.
    static func file(_ dataSet: Data, transferSyntax: String = "1.2.840.10008.1.2.1") -> Data {
        let bytes = ElementBytes()
        let meta = bytes.text(0x0002_0010, "UI", transferSyntax)
        let length = bytes.element(0x0002_0000, "UL", bytes.number(UInt32(meta.count)))
        return Data(count: 128) + Data("DICM".utf8) + length + meta + dataSet
    }
}

/// The identifiers of the objects that the tests make.
enum SmallObject {
    static let sopClass = "1.2.840.10008.5.1.4.1.1.7"
    static let context = "1.2.840.10008.1.2.1"
}
