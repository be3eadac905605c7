import CZlib
import Foundation

/// Makes zip archives byte by byte, right ones and wrong ones.
struct ZipFixture {
    struct Member {
        var name: String
        var contents: [UInt8]
        /// What stands in the archive; the contents where nil.
        var stored: [UInt8]?
        var method: UInt16 = 0
        var flags: UInt16 = 0
        /// What the archive claims.
        var size: Int?
        var checksum: UInt32?
        var localName: String?
        var attributes: UInt32 = 0
        /// Where the directory says that the member lies; where it does lie where nil.
        var offset: Int?
    }

    var members: [Member] = []
    var comment: [UInt8] = []
    /// Whether sizes stand in Zip64 fields.
    var isZip64 = false

    /// A fixture of texts by name.
    init(_ files: [String: String] = [:]) {
        for (name, text) in files.sorted(by: { $0.key < $1.key }) { add(name, text) }
    }

    /// Adds a stored member.
    mutating func add(_ name: String, _ text: String) { members.append(Member(name: name, contents: Array(text.utf8))) }

    /// Adds a deflated member.
    mutating func addDeflated(_ name: String, _ contents: [UInt8]) {
        members.append(Member(name: name, contents: contents, stored: Self.deflated(contents), method: 8))
    }

    static func deflated(_ bytes: [UInt8]) -> [UInt8] {
        var stream = z_stream()
        deflateInit2_(
            &stream, 9, Z_DEFLATED, -MAX_WBITS, 9, Z_DEFAULT_STRATEGY, ZLIB_VERSION, Int32(MemoryLayout<z_stream>.size))
        defer { deflateEnd(&stream) }
        var input = bytes
        return input.withUnsafeMutableBufferPointer { buffer in
            let room = Int(deflateBound(&stream, uLong(buffer.count)))
            return [UInt8](unsafeUninitializedCapacity: room) { output, count in
                stream.next_in = buffer.baseAddress
                stream.avail_in = uInt(buffer.count)
                stream.next_out = output.baseAddress
                stream.avail_out = uInt(output.count)
                deflate(&stream, Z_FINISH)
                count = output.count - Int(stream.avail_out)
            }
        }
    }

    static func little(_ value: Int, _ count: Int) -> [UInt8] {
        (0..<count).map { UInt8(truncatingIfNeeded: value >> (8 * $0)) }
    }

    /// The archive.
    var bytes: [UInt8] {
        var archive: [UInt8] = []
        var directory: [UInt8] = []
        for member in members {
            let offset = archive.count
            let data = member.stored ?? member.contents
            let size = member.size ?? member.contents.count
            let checksum = Int(member.checksum ?? UInt32(crc32(0, member.contents, uInt(member.contents.count))))
            let name = Array(member.name.utf8)
            let localName = Array((member.localName ?? member.name).utf8)
            archive += Self.little(0x0403_4B50, 4) + Self.little(20, 2) + Self.little(Int(member.flags), 2)
            archive += Self.little(Int(member.method), 2) + Self.little(0, 4) + Self.little(checksum, 4)
            archive += Self.little(data.count, 4) + Self.little(size, 4) + Self.little(localName.count, 2)
            archive += Self.little(0, 2) + localName + data
            let place = member.offset ?? offset
            let extra =
                isZip64
                ? Self.little(1, 2) + Self.little(24, 2) + Self.little(size, 8) + Self.little(data.count, 8)
                    + Self.little(place, 8) : []
            let narrow = { (value: Int) in Self.little(isZip64 ? 0xFFFF_FFFF : value, 4) }
            directory += Self.little(0x0201_4B50, 4) + Self.little(0x0314, 2) + Self.little(20, 2)
            directory += Self.little(Int(member.flags), 2) + Self.little(Int(member.method), 2) + Self.little(0, 4)
            directory += Self.little(checksum, 4) + narrow(data.count) + narrow(size) + Self.little(name.count, 2)
            directory += Self.little(extra.count, 2) + Self.little(0, 2) + Self.little(0, 4)
            directory += Self.little(Int(member.attributes), 4) + narrow(place) + name + extra
        }
        let start = archive.count
        archive += directory
        if isZip64 {
            let record = archive.count
            archive += Self.little(0x0606_4B50, 4) + Self.little(44, 8) + Self.little(45, 4) + Self.little(0, 8)
            archive += Self.little(members.count, 8) + Self.little(members.count, 8)
            archive += Self.little(directory.count, 8) + Self.little(start, 8)
            archive += Self.little(0x0706_4B50, 4) + Self.little(0, 4) + Self.little(record, 8) + Self.little(1, 4)
        }
        archive += Self.little(0x0605_4B50, 4) + Self.little(0, 4)
        archive += Self.little(isZip64 ? 0xFFFF : members.count, 2) + Self.little(isZip64 ? 0xFFFF : members.count, 2)
        archive += Self.little(isZip64 ? 0xFFFF_FFFF : directory.count, 4)
        archive += Self.little(isZip64 ? 0xFFFF_FFFF : start, 4) + Self.little(comment.count, 2) + comment
        return archive
    }
}
