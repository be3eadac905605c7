internal import CDCMTK

/// A data set that is being made, or an item of one of its sequences.
///
/// Values are checked against the VR that the data dictionary gives their tag. One thread at a time may use a builder
/// and its items.
public final class DataSetBuilder {
    let owner: DataSet.Owner
    let item: OpaquePointer

    fileprivate init(owner: DataSet.Owner, item: OpaquePointer) {
        self.owner = owner
        self.item = item
    }

    /// Makes an empty data set.
    public convenience init() throws {
        let pointer = try ShimError.check { pdx_dataset_create($0) }
        self.init(owner: DataSet.Owner(pointer), item: pdx_dataset_root(pointer))
    }

    /// What was built so far, to be read; it sees later changes too.
    public var dataSet: DataSet { DataSet(owner: owner, item: item) }

    /// Sets an element to a text value.
    ///
    /// - Throws: `DICOMError` where the value breaks its VR (PS3.5 §6.2).
    public func set(_ tag: Tag, _ value: String) throws {
        var value = value
        try value.withUTF8 { bytes in
            try bytes.withMemoryRebound(to: CChar.self) { text in
                var none: CChar = 0
                try ShimError.check {
                    if let start = text.baseAddress {
                        return pdx_item_put_text(item, tag.packed, start, text.count, $0)
                    }
                    return pdx_item_put_text(item, tag.packed, &none, 0, $0)
                }
            }
        }
    }

    /// Sets an element to text in the Specific Character Set of the data set.
    ///
    /// - Throws: `DICOMError` with the code `unrepresentable` where that character set lacks a character of the text;
    ///   nothing is replaced. See `convertToUTF8`.
    public func set(_ tag: Tag, text: String) throws {
        do {
            try ShimError.check { pdx_item_put_utf8(item, tag.packed, text, $0) }
        } catch let error as DICOMError where error.code == .unsupported {
            throw DICOMError(.unrepresentable, error.message, foreignCode: error.foreignCode)
        }
    }

    /// Converts all text so far, at any depth, to UTF-8, and sets Specific Character Set (0008,0005) to ISO_IR 192.
    ///
    /// - Throws: `DICOMError` where the character set is unknown or the bytes break it; the data set is of no use then.
    public func convertToUTF8() throws {
        try ShimError.check { pdx_item_convert_to_utf8(item, $0) }
    }

    /// Sets an element to several text values.
    public func set(_ tag: Tag, _ values: [String]) throws { try set(tag, values.joined(separator: "\\")) }

    /// Sets an element to a UID.
    public func set(_ tag: Tag, _ uid: UID) throws { try set(tag, uid.value) }

    /// Sets an element to whole numbers (US, SS, UL, SL).
    public func set(_ tag: Tag, _ values: Int...) throws { try set(tag, values.map(Double.init)) }

    /// Sets an element to binary numbers (US, SS, UL, SL, FL, FD).
    ///
    /// - Throws: `DICOMError` where a number does not fit its VR exactly.
    public func set(_ tag: Tag, _ values: [Double]) throws {
        try ShimError.check { pdx_item_put_numbers(item, tag.packed, values, values.count, $0) }
    }

    /// Sets an element to a tag (AT).
    public func set(_ tag: Tag, _ value: Tag) throws { try set(tag, [Double(value.packed)]) }

    /// Sets an element to bytes (OB).
    public func set(_ tag: Tag, bytes: [UInt8]) throws {
        try ShimError.check { pdx_item_put_bytes(item, tag.packed, bytes, bytes.count, $0) }
    }

    /// Sets an element that has no value, or a sequence that has no items.
    public func setEmpty(_ tag: Tag) throws {
        try ShimError.check { pdx_item_put_empty(item, tag.packed, $0) }
    }

    /// Appends an item to a sequence, which is made where it is absent.
    public func append(_ tag: Tag) throws -> DataSetBuilder {
        let made = try ShimError.check { pdx_item_append(item, tag.packed, $0) }
        return DataSetBuilder(owner: owner, item: made)
    }

    /// Copies an element with its bytes unchanged; false where the source has none.
    @discardableResult
    public func copy(_ tag: Tag, from source: DataSet) throws -> Bool {
        guard source.contains(tag) else { return false }
        try ShimError.check { pdx_item_copy(item, source.item, tag.packed, $0) }
        return true
    }

    /// Copies every element of an item with its bytes unchanged.
    public func copyAll(from source: DataSet) throws {
        try ShimError.check { pdx_item_copy_all(item, source.item, $0) }
    }
}

extension DataSetBuilder {
    /// The last item of a sequence, or a first one where there is none.
    public func lastItem(of tag: Tag) throws -> DataSetBuilder {
        guard let last = try dataSet.items(tag).last else { return try append(tag) }
        return DataSetBuilder(owner: owner, item: last.item)
    }
}

extension DICOMError.Code {
    /// A character set lacks a character of a text.
    public static let unrepresentable = Self(rawValue: "unrepresentable text")
}
