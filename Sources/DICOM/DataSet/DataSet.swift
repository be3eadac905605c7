internal import CDCMTK
public import FoundationEssentials
internal import Glibc

/// A data set that was read, or an item of one of its sequences.
///
/// An item keeps the whole data set alive. Values are read on demand, some from the file, so the file stays where it
/// is as long as the data set is used. One thread at a time may use a data set and its items.
public final class DataSet {
    /// Frees the foreign data set when the last item of it is gone.
    final class Owner {
        let pointer: OpaquePointer

        /// Takes over a data set (+1).
        init(_ pointer: consuming OpaquePointer) { self.pointer = pointer }

        deinit { pdx_dataset_free(pointer) }
    }

    let owner: Owner
    let item: OpaquePointer

    init(owner: Owner, item: OpaquePointer) {
        self.owner = owner
        self.item = item
    }

    /// Reads a DICOM file (PS3.10).
    ///
    /// - Throws: `DICOMError` where the file is none, cannot be parsed, or nests sequences deeper than 32 levels.
    public convenience init(contentsOf file: URL) throws {
        let pointer = try ShimError.check(naming: file.lastPathComponent) { pdx_dataset_load(file.path, $0) }
        self.init(owner: Owner(pointer), item: pdx_dataset_root(pointer))
    }

    /// The file meta information that came with the data set.
    public var metaInformation: DataSet { DataSet(owner: owner, item: pdx_dataset_meta(owner.pointer)) }

    /// The transfer syntax of the file.
    public var transferSyntax: String { String(cString: pdx_dataset_transfer_syntax(owner.pointer)) }

    /// Whether an element is there, with or without a value.
    public func contains(_ tag: Tag) -> Bool { pdx_item_contains(item, tag.packed) != 0 }

    /// The value representation of an element, such as `LO`, or nil where it is absent.
    public func valueRepresentation(_ tag: Tag) -> String? {
        var letters: [CChar] = [0, 0, 0]
        guard pdx_item_vr(item, tag.packed, &letters) != 0 else { return nil }
        return String(decoding: letters.prefix(2).map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }

    /// The tags of the elements at this level, in order.
    public func tags() throws -> [Tag] {
        var count = 0
        try ShimError.check { pdx_item_tags(item, nil, 0, &count, $0) }
        var packed = [UInt32](repeating: 0, count: count)
        try ShimError.check { pdx_item_tags(item, &packed, packed.count, &count, $0) }
        return packed.map(Tag.init(packed:))
    }

    /// The bytes of a text element as they are in the file, without padding at the end; empty where it is absent.
    public func bytes(_ tag: Tag) throws -> [UInt8] {
        var start: UnsafePointer<CChar>?
        var count = 0
        try ShimError.check { pdx_item_text(item, tag.packed, &start, &count, $0) }
        guard let start, count > 0 else { return [] }
        var bytes = UnsafeRawBufferPointer(start: start, count: count).map { $0 }
        while bytes.last == 0x20 || bytes.last == 0 { bytes.removeLast() }
        return bytes
    }

    /// The text of an element of the default character repertoire (UI, CS, DS, …), or nil where it has no value.
    public func string(_ tag: Tag) throws -> String? {
        let bytes = try bytes(tag)
        return bytes.isEmpty ? nil : String(decoding: bytes.drop { $0 == 0x20 }, as: UTF8.self)
    }

    /// The values of a text element of the default character repertoire, without blanks around them.
    public func strings(_ tag: Tag) throws -> [String] {
        guard let value = try string(tag) else { return [] }
        return value.split(separator: "\\", omittingEmptySubsequences: false).map(DataSet.trimmed)
    }

    /// The text of an element in any character set, or nil where it has no value.
    ///
    /// - Throws: `DICOMError` where the Specific Character Set is unknown or the bytes break it.
    public func text(_ tag: Tag) throws -> String? {
        let pointer = try ShimError.check { pdx_item_utf8(item, tag.packed, $0) }
        defer { free(pointer) }
        let text = String(cString: pointer)
        return text.isEmpty ? nil : DataSet.trimmed(text)
    }

    /// The UID of an element, or nil where it has no value.
    ///
    /// - Throws: `DICOMError` where the value is no UID (PS3.5 §9.1).
    public func uid(_ tag: Tag) throws -> UID? {
        let bytes = try bytes(tag)
        if bytes.isEmpty { return nil }
        guard let uid = UID(padded: bytes) else {
            // The value itself may be anything, so only its length is told.
            throw DICOMError(
                .invalidUID,
                "\(tag) holds no UID: it has \(bytes.count) bytes, and a UID has at most 64 digits and dots (PS3.5 §9.1)"
            )
        }
        return uid
    }

    /// The numbers of an element (DS, IS or a binary one); empty where it has no value.
    ///
    /// - Throws: `DICOMError` where a value is no finite number.
    public func doubles(_ tag: Tag) throws -> [Double] {
        var count = 0
        var values = [Double](repeating: 0, count: 8)
        try ShimError.check { pdx_item_numbers(item, tag.packed, &values, values.count, &count, $0) }
        if count > values.count {
            values = Array(repeating: 0, count: count)
            try ShimError.check { pdx_item_numbers(item, tag.packed, &values, values.count, &count, $0) }
        }
        let numbers = Array(values.prefix(count))
        guard numbers.allSatisfy(\.isFinite) else { throw DICOMError(.malformed, "\(tag) holds no finite number") }
        return numbers
    }

    /// The first number of an element, or nil where it has no value.
    public func double(_ tag: Tag) throws -> Double? { try doubles(tag).first }

    /// The first number of an element, which has to be whole, or nil where it has no value.
    public func int(_ tag: Tag) throws -> Int? {
        guard let value = try double(tag) else { return nil }
        guard let whole = Int(exactly: value) else { throw DICOMError(.malformed, "\(tag) holds no whole number") }
        return whole
    }

    /// The items of a sequence; empty where it is absent.
    public func items(_ tag: Tag) throws -> [DataSet] {
        var count = 0
        try ShimError.check { pdx_item_items(item, tag.packed, nil, 0, &count, $0) }
        var pointers = [OpaquePointer?](repeating: nil, count: count)
        try ShimError.check { pdx_item_items(item, tag.packed, &pointers, pointers.count, &count, $0) }
        return pointers.compactMap { $0 }.map { DataSet(owner: owner, item: $0) }
    }

    /// The first item of a sequence, or nil where there is none.
    public func firstItem(_ tag: Tag) throws -> DataSet? { try items(tag).first }

    /// Copies bytes of native pixel data (7FE0,0010), which may stay in the file otherwise.
    public func readPixelBytes(at offset: Int, into buffer: UnsafeMutableRawBufferPointer) throws {
        guard let start = buffer.baseAddress else { return }
        try ShimError.check { pdx_dataset_pixel_bytes(owner.pointer, offset, start, buffer.count, $0) }
    }

    /// The length of the pixel data where it is native, 0 where it is absent or encapsulated.
    public var nativePixelByteCount: Int { pdx_dataset_native_pixel_bytes(owner.pointer) }

    private static func trimmed(_ text: some StringProtocol) -> String {
        var rest = Substring(text)
        while rest.first == " " { rest.removeFirst() }
        while rest.last == " " || rest.last == "\0" { rest.removeLast() }
        return String(rest)
    }
}
