public import FoundationEssentials
internal import Crypto
internal import Glibc

/// Remembers the digests of large files as long as the file system says that they are the same.
///
/// An entry counts while path, size, inode, device, modification time and change time are those of the file that was
/// hashed. Whatever goes wrong with the cache itself, the file is hashed again.
public struct DigestCache: Sendable {
    private let folder: String
    /// How long a file must have been left alone before its times tell it from a later one.
    let settlingTime: Duration

    /// A cache in a folder, which is made when it is needed.
    public init(folder: URL) { self.init(folder: folder, settlingTime: .seconds(2)) }

    init(folder: URL, settlingTime: Duration) {
        self.folder = folder.path
        self.settlingTime = settlingTime
    }

    /// The user's cache: `portico` below `XDG_CACHE_HOME`, or below `~/.cache`; nil where there is no home.
    public static var user: DigestCache? {
        let environment = ProcessInfo.processInfo.environment
        if let base = environment["XDG_CACHE_HOME"], base.hasPrefix("/") {
            return DigestCache(folder: URL(filePath: base + "/portico/digests"))
        }
        guard let home = environment["HOME"], home.hasPrefix("/") else { return nil }
        return DigestCache(folder: URL(filePath: home + "/.cache/portico/digests"))
    }

    /// What is kept of a file; the version is that of this form.
    private struct Entry: Codable {
        var version = 1
        var file: FileIdentity
        var size: Int
        var sha256: String
    }

    /// The digest of a file that is still the one that was hashed.
    func digest(of file: FileIdentity) -> (digest: [UInt8], size: Int)? {
        guard let data = FileManager.default.contents(atPath: place(of: file)),
            let entry = try? JSONDecoder().decode(Entry.self, from: data), entry.version == 1, entry.file == file,
            entry.sha256.utf8.count == 64, entry.sha256.allSatisfy({ $0.isASCII && $0.isHexDigit })
        else { return nil }
        return (BundleDigest.bytes(ofHex: entry.sha256), entry.size)
    }

    /// Keeps a digest, unless the file changed so lately that its times could not tell another change.
    func keep(_ digest: [UInt8], size: Int, of file: FileIdentity) {
        var now = timespec()
        guard clock_gettime(CLOCK_REALTIME, &now) == 0 else { return }
        let settled = FileIdentity.nanoseconds(now) - Int64(settlingTime / .nanoseconds(1))
        guard max(file.modified, file.changed) <= settled else { return }
        let entry = Entry(file: file, size: size, sha256: BundleFiles.hex(digest))
        guard let data = try? JSONEncoder().encode(entry) else { return }
        try? FileManager.default.createDirectory(
            atPath: folder, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
        try? data.write(to: URL(filePath: place(of: file)), options: .atomic)
    }

    private func place(of file: FileIdentity) -> String {
        let name = file.path + "\0" + (file.member ?? "")
        return folder + "/" + BundleFiles.hex(Array(SHA256.hash(data: Array(name.utf8)))) + ".json"
    }
}

/// What the file system says of a file, by which a change of its bytes shows.
struct FileIdentity: Codable, Hashable, Sendable {
    let path: String
    /// The member of the archive that the path names; nil for the file itself.
    let member: String?
    let size: Int
    let inode: UInt64
    let device: UInt64
    /// Nanoseconds since 1970 of the last change of the bytes.
    let modified: Int64
    /// Nanoseconds since 1970 of the last change of the bytes or the file's entry, which nobody can set.
    let changed: Int64

    init(_ path: String, member: String?) throws(BundleError) {
        let status = try RegularFile(path, named: path).status
        self.path = path
        self.member = member
        size = Int(status.st_size)
        inode = UInt64(status.st_ino)
        device = UInt64(status.st_dev)
        modified = Self.nanoseconds(status.st_mtim)
        changed = Self.nanoseconds(status.st_ctim)
    }

    static func nanoseconds(_ time: timespec) -> Int64 { Int64(time.tv_sec) * 1_000_000_000 + Int64(time.tv_nsec) }
}
