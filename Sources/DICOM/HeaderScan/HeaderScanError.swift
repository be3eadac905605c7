/// Why the head of a file could not be understood.
public struct HeaderScanError: Error, Sendable, Hashable, CustomStringConvertible {
    /// The kind of a failure.
    public enum Kind: String, Sendable, Hashable {
        /// No preamble and `DICM`, or no usable meta header (PS3.10 §7.1).
        case notDICOM = "no DICOM file"
        /// An element claims more bytes than the file has.
        case truncated
        /// The bytes break the encoding that the transfer syntax asks for.
        case malformed
        /// More nesting or more bytes than a scan looks at.
        case limitExceeded = "beyond the limits"
        /// An element that every object must have is missing or its UID is not valid.
        case missing
        /// The file could not be read.
        case unreadable
    }

    /// The kind of failure.
    public var kind: Kind

    /// The element at which it was noticed.
    public var tag: Tag?

    /// The byte of the file at which it was noticed; in a deflated data set, the byte of what it inflates to.
    public var offset: Int

    /// More in words, without a value of the data set.
    public var detail: String

    init(_ kind: Kind, _ tag: Tag? = nil, at offset: Int, _ detail: String) {
        self.kind = kind
        self.tag = tag
        self.offset = offset
        self.detail = detail
    }

    /// The failure in one line.
    public var description: String {
        let place = tag.map { "\($0) " } ?? ""
        return "\(kind.rawValue): \(place)at byte \(offset): \(detail)"
    }
}
