@testable import ModelBundles

/// The bytes are a zip archive, whose members are all read.
enum ArchiveChecks {
    /// The most bytes that are read of one member; a small archive could hold hours of reading.
    private static let limit = 16 << 20
    /// The most members that are read, with the longest first.
    private static let mostMembers = 8

    static func run(_ bytes: [UInt8]) throws(Finding) {
        let archive: ZipArchive
        do throws(BundleError) { archive = try ZipArchive(bytes: bytes) } catch { return try Outcome.check(error) }
        var stored = 0
        for member in archive.members {
            try check(member, in: archive)
            stored += member.compressedSize
        }
        try Finding.unless(stored <= bytes.count, "members that share their bytes")
        for member in archive.members.sorted(by: { $0.size > $1.size }).prefix(mostMembers) {
            try read(member, of: archive)
        }
    }

    private static func check(_ member: ZipArchive.Member, in archive: ZipArchive) throws(Finding) {
        let name = member.name.debugDescription
        try Finding.unless(member.size >= 0 && member.compressedSize >= 0, "\(name) has a negative length")
        try Finding.unless(archive[member.name]?.offset == member.offset, "\(name) is not found by its name")
        let isOutside =
            member.name.isEmpty || member.name.hasPrefix("/") || member.name.split(separator: "/").contains("..")
            || member.name.utf8.contains { $0 == 0 || $0 == UInt8(ascii: "\\") }
        try Finding.unless(!isOutside, "\(name) leads out of the archive")
    }

    /// Both ways to read a member have to give the same bytes, as many as it declares, or the same error.
    private static func read(_ member: ZipArchive.Member, of archive: ZipArchive) throws(Finding) {
        let whole: [UInt8]
        do throws(BundleError) { whole = try archive.contents(of: member, limit: limit) } catch {
            try Outcome.check(error)
            guard member.size <= limit else {
                return try Finding.unless(error.code == .limit, "\(member.size) bytes are no matter of the limit")
            }
            return
        }
        try Finding.unless(whole.count == member.size, "\(whole.count) bytes of \(member.size)")
        var pieces: [UInt8] = []
        var longest = 0
        do throws(BundleError) {
            try archive.read(member) { (piece: [UInt8]) throws(BundleError) in
                longest = max(longest, piece.count)
                pieces += piece
            }
        } catch { throw Finding(message: "\(member.name.debugDescription) can be read once only: \(error)") }
        try Finding.unless(longest <= 1 << 20, "a piece of \(longest) bytes")
        try Finding.unless(pieces == whole, "\(member.name.debugDescription) has other bytes in pieces")
    }
}
