/// The central directory of a zip archive, checked as a whole.
struct ZipDirectory {
    private(set) var members: [ZipArchive.Member] = []

    static let localHeaderLength = 30
    private static let entryLength = 46
    private static let endLength = 22
    private static let locatorLength = 20

    /// Where the directory lies and what it holds.
    private struct Place {
        var offset: Int
        var length: Int
        var count: Int
        /// Where the records behind the directory begin.
        var end: Int
    }

    /// Reads and checks the directory.
    init(_ source: any ByteSource) throws(BundleError) {
        let place = try Self.place(in: source)
        guard place.count <= Limits.archiveMembers, place.length <= Limits.archiveDirectory else {
            throw BundleError(
                .limit,
                "the archive says that it holds \(place.count) members; at most \(Limits.archiveMembers) are read")
        }
        guard place.offset >= 0, place.length >= place.count * Self.entryLength, place.offset <= place.end,
            place.length <= place.end - place.offset
        else { throw BundleError(.malformed, "the directory of the archive does not lie where its end says") }
        let bytes = try source.bytes(at: place.offset, count: place.length)
        members.reserveCapacity(place.count)
        var position = 0
        for _ in 0..<place.count {
            members.append(try Self.entry(bytes, at: &position))
        }
        try checkPlaces(before: place.offset)
    }

    // MARK: The end of the archive

    private static func place(in source: any ByteSource) throws(BundleError) -> Place {
        // The record stands at the end, behind it a comment of at most 65,535 bytes.
        let tailLength = min(source.size, endLength + 0xFFFF)
        let tail = try source.bytes(at: source.size - tailLength, count: tailLength)
        let record = LittleEndian(tail)
        var start = tailLength - endLength
        while start >= 0 {
            // A comment may hold the signature too, so its length has to lead exactly to the end.
            if tail[start] == 0x50, record.integer32(start) == 0x0605_4B50,
                start + endLength + Int(record.integer16(start + 20)) == tailLength
            {
                break
            }
            start -= 1
        }
        guard start >= 0 else {
            throw BundleError(.malformed, "it is no zip archive, or its end is missing; fetch or pack it anew")
        }
        guard record.integer16(start + 4) == 0 || record.integer16(start + 4) == 0xFFFF,
            record.integer16(start + 6) == 0 || record.integer16(start + 6) == 0xFFFF
        else { throw BundleError(.unsupported, "an archive in several parts; pack it into one file") }
        let end = source.size - tailLength + start
        let place = Place(
            offset: Int(record.integer32(start + 16)), length: Int(record.integer32(start + 12)),
            count: Int(record.integer16(start + 10)), end: end)
        return try zip64(in: source, before: end) ?? place
    }

    /// The place that a Zip64 record gives; nil where the archive has none.
    private static func zip64(in source: any ByteSource, before end: Int) throws(BundleError) -> Place? {
        guard end >= locatorLength else { return nil }
        let locator = LittleEndian(try source.bytes(at: end - locatorLength, count: locatorLength))
        guard locator.integer32(0) == 0x0706_4B50 else { return nil }
        guard let offset = Int(exactly: locator.integer64(8)), offset <= end - locatorLength - 56 else {
            throw BundleError(.malformed, "the Zip64 record of the archive does not lie where its locator says")
        }
        let record = LittleEndian(try source.bytes(at: offset, count: 56))
        guard record.integer32(0) == 0x0606_4B50, let count = Int(exactly: record.integer64(32)),
            let length = Int(exactly: record.integer64(40)), let start = Int(exactly: record.integer64(48))
        else { throw BundleError(.malformed, "the Zip64 record of the archive is damaged") }
        return Place(offset: start, length: length, count: count, end: offset)
    }

    // MARK: Entries

    private static func entry(_ bytes: [UInt8], at position: inout Int) throws(BundleError) -> ZipArchive.Member {
        let damaged = BundleError(.malformed, "the directory of the archive is damaged; fetch or pack it anew")
        guard bytes.count - position >= entryLength else { throw damaged }
        let entry = LittleEndian(Array(bytes[position..<position + entryLength]))
        guard entry.integer32(0) == 0x0201_4B50 else { throw damaged }
        let nameLength = Int(entry.integer16(28))
        let extraLength = Int(entry.integer16(30))
        let total = entryLength + nameLength + extraLength + Int(entry.integer16(32))
        guard bytes.count - position >= total else { throw damaged }
        let nameStart = position + entryLength
        let name = try Self.name(bytes[nameStart..<nameStart + nameLength])
        var sizes = (
            size: UInt64(entry.integer32(24)), compressed: UInt64(entry.integer32(20)),
            offset: UInt64(entry.integer32(42))
        )
        let extra = Array(bytes[nameStart + nameLength..<nameStart + nameLength + extraLength])
        try widen(&sizes, by: extra, of: name)
        guard let size = Int(exactly: sizes.size), let compressed = Int(exactly: sizes.compressed),
            let offset = Int(exactly: sizes.offset)
        else { throw damaged }
        position += total
        // The upper half of the attributes is st_mode where the upper byte of "made by" says Unix.
        let isUnix = entry.integer16(4) >> 8 == 3
        return ZipArchive.Member(
            name: name, method: entry.integer16(10), checksum: entry.integer32(16), compressedSize: compressed,
            size: size, offset: offset, isEncrypted: entry.integer16(8) & 0x2041 != 0,
            isLink: isUnix && entry.integer32(38) >> 28 == 0xA)
    }

    /// Takes the sizes that did not fit into 32 bits from the Zip64 field (APPNOTE 4.5.3).
    private static func widen(
        _ sizes: inout (size: UInt64, compressed: UInt64, offset: UInt64), by extra: [UInt8], of name: String
    ) throws(BundleError) {
        let isMissing = [sizes.size, sizes.compressed, sizes.offset].map { $0 == 0xFFFF_FFFF }
        guard isMissing.contains(true) else { return }
        let fields = LittleEndian(extra)
        var position = 0
        while position + 4 <= extra.count {
            let length = Int(fields.integer16(position + 2))
            guard position + 4 + length <= extra.count else { break }
            if fields.integer16(position) == 1 {
                var next = position + 4
                let end = next + length
                func take(_ value: inout UInt64) {
                    guard next + 8 <= end else { return }
                    value = fields.integer64(next)
                    next += 8
                }
                if isMissing[0] { take(&sizes.size) }
                if isMissing[1] { take(&sizes.compressed) }
                if isMissing[2] { take(&sizes.offset) }
                return
            }
            position += 4 + length
        }
        throw BundleError(.malformed, "a member without its Zip64 sizes", file: name)
    }

    /// A name that can be trusted: UTF-8, below the archive, without anything that systems read differently.
    private static func name(_ bytes: ArraySlice<UInt8>) throws(BundleError) -> String {
        guard let name = String(validating: bytes, as: UTF8.self) else {
            throw BundleError(.malformed, "a member's name is not UTF-8; pack the archive anew")
        }
        guard !name.isEmpty, name.utf8.count <= Limits.idLength else {
            throw BundleError(.malformed, "a member without a name, or with one of \(name.utf8.count) bytes")
        }
        let parts = name.split(separator: "/", omittingEmptySubsequences: false)
        let isFolder = parts.last?.isEmpty == true
        let isPlain = parts.dropLast(isFolder ? 1 : 0).allSatisfy { !$0.isEmpty && $0 != "." && $0 != ".." }
        guard isPlain, !name.unicodeScalars.contains(where: { $0.value < 0x20 || $0.value == 0x7F || $0 == "\\" })
        else {
            throw BundleError(
                .escape,
                "the archive holds a member named \(BundleError.quoted(name)), which leads out of it or means "
                    + "different things on different systems; such an archive is not read")
        }
        return name
    }

    /// Refuses members that reach into each other or into the directory: that is how small archives become huge.
    private mutating func checkPlaces(before directory: Int) throws(BundleError) {
        var end = 0
        let order = members.indices.sorted { members[$0].offset < members[$1].offset }
        for (place, index) in order.enumerated() {
            let member = members[index]
            members[index].limit = place + 1 < order.count ? members[order[place + 1]].offset : directory
            let (least, overflow) = member.offset.addingReportingOverflow(
                Self.localHeaderLength + member.name.utf8.count)
            guard !overflow, member.offset >= end, least <= directory, member.compressedSize <= directory - least else {
                throw BundleError(
                    .malformed, "the member overlaps another or the directory of the archive; pack it anew",
                    file: member.name)
            }
            end = least + member.compressedSize
        }
    }
}
