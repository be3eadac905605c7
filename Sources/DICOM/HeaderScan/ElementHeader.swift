/// The head of a data element or an item: its tag, its VR and its length (PS3.5 §7.1, §7.5).
struct ElementHeader {
    /// The length that stands for «until a delimiter».
    static let undefined: UInt32 = 0xFFFF_FFFF

    var tag: UInt32
    /// The two letters, or 0 in implicit VR and for items.
    var vr: UInt16 = 0
    var length: UInt32
    var valueOffset: Int

    var isUndefined: Bool { length == ElementHeader.undefined }

    /// Reads the head at an offset.
    ///
    /// - Parameter limit: where the item or the data set around it ends.
    init(
        _ window: inout ByteWindow, at offset: Int, limit: Int, encoding: DataSetEncoding
    ) throws(HeaderScanError) {
        guard limit - offset >= 8 else {
            throw HeaderScanError(
                limit == window.size ? .truncated : .malformed, at: offset,
                "\(limit - offset) bytes are left and no element is so short")
        }
        let available = min(12, limit - offset)
        let head = try window.read(offset, available) { bytes in
            (
                low: ElementHeader.word(bytes, 0, encoding), high: ElementHeader.word(bytes, 4, encoding),
                third: available == 12 ? ElementHeader.word(bytes, 8, encoding) : nil,
                vr: UInt16(bytes[4]) << 8 | UInt16(bytes[5]), short: ElementHeader.half(bytes, 6, encoding)
            )
        }
        tag = encoding.isBigEndian ? head.low : head.low << 16 | head.low >> 16
        length = head.high
        valueOffset = offset + 8
        if encoding.isImplicit || tag >> 16 == 0xFFFE { return }
        vr = head.vr
        switch ElementHeader.form(vr, reserved: head.short) {
        case .short: length = UInt32(head.short)
        case .long:
            guard let third = head.third else {
                throw HeaderScanError(
                    limit == window.size ? .truncated : .malformed, Tag(packed: tag), at: offset, "no length follows")
            }
            length = third
            valueOffset = offset + 12
        case nil:
            throw HeaderScanError(
                .malformed, Tag(packed: tag), at: offset, "no VR stands where the transfer syntax asks for one")
        }
    }

    private enum Form { case short, long }

    /// Whether the length has 16 or 32 bits (PS3.5 §7.1.2); nil where these are no letters. A VR that came after this
    /// program has 32 bits behind two zero bytes.
    private static func form(_ vr: UInt16, reserved: UInt16) -> Form? {
        if shortForms.contains(vr) { return .short }
        if longForms.contains(vr) { return .long }
        let letters = UInt16(UInt8(ascii: "A"))...UInt16(UInt8(ascii: "Z"))
        guard letters.contains(vr >> 8), letters.contains(vr & 0xFF) else { return nil }
        return reserved == 0 ? .long : .short
    }

    static func code(_ letters: StaticString) -> UInt16 {
        letters.withUTF8Buffer { UInt16($0[0]) << 8 | UInt16($0[1]) }
    }

    private static let shortForms: [UInt16] = [
        code("CS"), code("UI"), code("DS"), code("IS"), code("US"), code("LO"), code("SH"), code("DA"), code("TM"),
        code("PN"), code("AE"), code("AS"), code("AT"), code("DT"), code("FD"), code("FL"), code("LT"), code("SL"),
        code("SS"), code("ST"), code("UL"),
    ]
    private static let longForms: [UInt16] = [
        code("SQ"), code("OB"), code("OW"), code("UN"), code("UT"), code("OF"), code("OD"), code("OL"), code("OV"),
        code("SV"), code("UC"), code("UR"), code("UV"),
    ]

    private static func word(_ bytes: UnsafeRawBufferPointer, _ at: Int, _ encoding: DataSetEncoding) -> UInt32 {
        let value = bytes.loadUnaligned(fromByteOffset: at, as: UInt32.self)
        return encoding.isBigEndian ? UInt32(bigEndian: value) : UInt32(littleEndian: value)
    }

    private static func half(_ bytes: UnsafeRawBufferPointer, _ at: Int, _ encoding: DataSetEncoding) -> UInt16 {
        let value = bytes.loadUnaligned(fromByteOffset: at, as: UInt16.self)
        return encoding.isBigEndian ? UInt16(bigEndian: value) : UInt16(littleEndian: value)
    }
}
