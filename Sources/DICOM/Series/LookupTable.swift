internal import CDCMTK

/// A table of a data set that gives each stored value another one: LUT Descriptor and LUT Data (PS3.3 C.11.1.1.1).
struct LookupTable: Sendable, Hashable {
    /// The stored value that the first entry is for; lower ones get that entry too, and what is above gets the last.
    let first: Int
    /// The bits of an entry: 8 or 16.
    let bits: Int
    /// The entries, never none.
    let entries: [UInt16]

    /// Reads a table.
    ///
    /// - Parameters:
    ///   - isSigned: whether the values that are looked up are signed, which decides about the descriptor's second value.
    /// - Throws: `DICOMError` where the two elements do not fit each other or the standard.
    init(_ item: DataSet, descriptor: Tag, data: Tag, isSigned: Bool) throws {
        let numbers = try item.doubles(descriptor)
        guard numbers.count == 3, numbers.allSatisfy({ $0 == $0.rounded() && abs($0) <= 65535 }) else {
            throw DICOMError(.malformed, "\(descriptor) has not three whole numbers")
        }
        // Which of the two VRs an element has is lost in implicit transfer syntaxes, so all are taken as 16 bits.
        let words = numbers.map { UInt16(truncatingIfNeeded: Int($0)) }
        let count = words[0] == 0 ? 65536 : Int(words[0])
        first = isSigned ? Int(Int16(bitPattern: words[1])) : Int(words[1])
        bits = Int(words[2])
        guard bits == 8 || bits == 16 else {
            throw DICOMError(.unsupported, "\(descriptor) has entries of \(bits) bits, and 8 or 16 are read")
        }
        let bytes = try item.binary(data)
        if bytes.count == count * 2 {
            entries = bytes.withUnsafeBytes { raw in
                (0..<count).map { raw.loadUnaligned(fromByteOffset: $0 * 2, as: UInt16.self) }
            }
            guard bits == 16 || entries.allSatisfy({ $0 < 256 }) else {
                throw DICOMError(.malformed, "\(data) has entries of more than 8 bits")
            }
        } else if bits == 8, bytes.count == count + count % 2 {
            entries = bytes.prefix(count).map(UInt16.init)
        } else {
            throw DICOMError(
                .malformed, "\(data) has \(bytes.count) bytes, which are not \(count) entries of \(bits) bits")
        }
    }

    /// The entry for a stored value.
    subscript(stored: Int32) -> UInt16 { entries[min(max(Int(stored) - first, 0), entries.count - 1)] }
}

extension DataSet {
    /// The bytes of a binary element (OB, OW, US, SS) in this machine's byte order; empty where it has no value.
    func binary(_ tag: Tag) throws -> [UInt8] {
        var count = 0
        try ShimError.check { pdx_item_bytes(item, tag.packed, nil, 0, &count, $0) }
        guard count > 0 else { return [] }
        return try [UInt8](unsafeUninitializedCapacity: count) { buffer, initialized in
            var found = 0
            try ShimError.check { pdx_item_bytes(item, tag.packed, buffer.baseAddress, buffer.count, &found, $0) }
            initialized = min(found, buffer.count)
        }
    }
}
