/// A zip archive whose members are read by name; nothing is ever unpacked to where a member says.
///
/// APPNOTE.TXT 6.3.10, with Zip64. The central directory alone counts, and what different readers would read
/// differently is refused: two members of one name, members that overlap, a local header that says another thing.
/// Names that lead out of a folder are refused as a whole, since somebody made them to harm.
final class ZipArchive: Sendable {
    /// A member as the central directory has it.
    struct Member: Sendable {
        /// The name with `/` between folders; a folder's ends with one.
        let name: String
        let method: UInt16
        let checksum: UInt32
        /// The length as it is stored.
        let compressedSize: Int
        /// The length once it is read.
        let size: Int
        /// Where its local header begins.
        let offset: Int
        let isEncrypted: Bool
        /// Whether the system that packed it says that it is a symbolic link.
        let isLink: Bool
        /// Where the next member or the directory begins, which is where its bytes end at the latest.
        var limit = 0
    }

    /// The members in the order of the central directory.
    let members: [Member]

    private let source: any ByteSource
    private let places: [ExactString: Int]

    /// Reads the directory of an archive.
    ///
    /// - Throws: `BundleError` that says what is wrong with it.
    init(_ source: any ByteSource) throws(BundleError) {
        let directory = try ZipDirectory(source)
        members = directory.members
        self.source = source
        var places: [ExactString: Int] = [:]
        for (index, member) in members.enumerated() {
            guard places.updateValue(index, forKey: ExactString(member.name)) == nil else {
                throw BundleError(
                    .malformed, "the archive holds \(BundleError.quoted(member.name)) twice; pack it anew")
            }
        }
        self.places = places
    }

    /// Reads the directory of an archive in memory.
    convenience init(bytes: [UInt8]) throws(BundleError) { try self.init(MemorySource(bytes)) }

    /// Whether a file begins as zip archives do.
    static func isArchive(_ start: some Sequence<UInt8>) -> Bool {
        let signature = Array(start.prefix(4))
        return signature == [0x50, 0x4B, 0x03, 0x04] || signature == [0x50, 0x4B, 0x05, 0x06]
    }

    /// The member of a name; nil where there is none.
    subscript(_ name: String) -> Member? { places[ExactString(name)].map { members[$0] } }

    /// The contents of a member.
    ///
    /// - Parameter limit: the most bytes; a longer member is refused before any of it is read.
    func contents(of member: Member, limit: Int) throws(BundleError) -> [UInt8] {
        guard member.size <= limit else {
            throw BundleError(.limit, "it has \(member.size) bytes; at most \(limit) are read", file: member.name)
        }
        var bytes: [UInt8] = []
        try read(member) { (chunk: [UInt8]) throws(BundleError) in bytes += chunk }
        return bytes
    }

    /// Hands a member's contents on piece by piece, at most a megabyte at a time, and checks its checksum at the end.
    ///
    /// - Throws: what `body` throws, or `BundleError` of the member's name.
    func read(_ member: Member, _ body: ([UInt8]) throws(BundleError) -> Void) throws(BundleError) {
        do throws(BundleError) {
            let start = try dataOffset(of: member)
            switch member.method {
            case 0:
                guard member.compressedSize == member.size else {
                    throw BundleError(.malformed, "a stored member of two lengths")
                }
                try ZipStream.stored(member, at: start, in: source, body)
            case 8: try ZipStream.inflated(member, at: start, in: source, body)
            default:
                throw BundleError(
                    .unsupported,
                    "it is compressed by method \(member.method); Portico reads stored and deflated members, as "
                        + "`zip` and torch write them")
            }
        } catch {
            throw error.at(file: member.name)
        }
    }

    /// Where a member's bytes begin: behind its local header, which has to agree with the directory.
    private func dataOffset(of member: Member) throws(BundleError) -> Int {
        guard !member.isEncrypted else {
            throw BundleError(.unsupported, "it is encrypted; pack the bundle without a password")
        }
        guard !member.isLink else {
            throw BundleError(.unsupported, "it is a symbolic link; pack the file that it leads to")
        }
        let header = try LittleEndian(source.bytes(at: member.offset, count: ZipDirectory.localHeaderLength))
        guard header.integer32(0) == 0x0403_4B50 else { throw BundleError(.malformed, "its local header is missing") }
        let nameLength = Int(header.integer16(26))
        let name = try source.bytes(at: member.offset + ZipDirectory.localHeaderLength, count: nameLength)
        guard name.elementsEqual(member.name.utf8), header.integer16(8) == member.method else {
            throw BundleError(.malformed, "its local header belongs to another member; pack the archive anew")
        }
        // The local header's extra field is not the directory's, so the directory cannot tell where the bytes end.
        let start = member.offset + ZipDirectory.localHeaderLength + nameLength + Int(header.integer16(28))
        guard start <= member.limit, member.compressedSize <= member.limit - start else {
            throw BundleError(.malformed, "it reaches into what lies behind it; pack the archive anew")
        }
        return start
    }
}

/// Whole numbers in bytes, least significant first.
struct LittleEndian {
    let bytes: [UInt8]

    init(_ bytes: [UInt8]) { self.bytes = bytes }

    func integer16(_ offset: Int) -> UInt16 { UInt16(integer(offset, 2)) }

    func integer32(_ offset: Int) -> UInt32 { UInt32(integer(offset, 4)) }

    func integer64(_ offset: Int) -> UInt64 { integer(offset, 8) }

    private func integer(_ offset: Int, _ count: Int) -> UInt64 {
        bytes[offset..<offset + count].reversed().reduce(0) { $0 << 8 | UInt64($1) }
    }
}
