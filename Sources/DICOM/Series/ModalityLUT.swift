/// The one item of a Modality LUT Sequence (0028,3000), which stands in place of slope and intercept (PS3.3 C.11.1).
public struct ModalityLUT: Sendable, Hashable {
    let table: LookupTable

    /// The stored value that the first entry is for.
    public var first: Int { table.first }

    /// The bits of an entry, 8 or 16; values lie in `0 ... 2^bits - 1` (PS3.3 C.11.1.1).
    public var bits: Int { table.bits }

    /// What stored values become, from `first` on. What is lower gets the first entry, what is higher the last.
    public var entries: [UInt16] { table.entries }

    /// What a stored value becomes.
    public subscript(stored: Int32) -> UInt16 { table[stored] }

    /// Reads the sequence of an image.
    ///
    /// - Returns: nil where the image has none.
    /// - Throws: `DICOMError` where it has not one item, or its table is not what the standard asks for.
    init?(_ data: DataSet, isSigned: Bool) throws {
        guard data.contains(.modalityLUTSequence) else { return nil }
        let items = try data.items(.modalityLUTSequence)
        guard let item = items.first, items.count == 1 else {
            throw DICOMError(.malformed, "\(Tag.modalityLUTSequence) has \(items.count) items")
        }
        table = try LookupTable(item, descriptor: .lutDescriptor, data: .lutData, isSigned: isSigned)
    }
}
