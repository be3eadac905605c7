internal import Glibc

/// Bytes that can be read at any place: an archive in memory or in a file.
protocol ByteSource: AnyObject, Sendable {
    /// The number of bytes.
    var size: Int { get }

    /// The bytes of a range; all of them, or an error.
    ///
    /// - Throws: `BundleError` when the range leads beyond the end or the file cannot be read.
    func bytes(at offset: Int, count: Int) throws(BundleError) -> [UInt8]
}

/// Bytes in memory.
final class MemorySource: ByteSource {
    private let contents: [UInt8]

    init(_ contents: [UInt8]) { self.contents = contents }

    var size: Int { contents.count }

    func bytes(at offset: Int, count: Int) throws(BundleError) -> [UInt8] {
        guard offset >= 0, count >= 0, offset <= size, count <= size - offset else {
            throw BundleError(.malformed, "the archive ends too early")
        }
        return Array(contents[offset..<offset + count])
    }
}

/// Bytes of a regular file that stays open.
final class FileSource: ByteSource {
    private let file: RegularFile
    private let name: String

    /// Opens a file; `name` is what messages call it.
    init(_ path: String, named name: String) throws(BundleError) {
        file = try RegularFile(path, named: name)
        self.name = name
    }

    var size: Int { file.size }

    func bytes(at offset: Int, count: Int) throws(BundleError) -> [UInt8] {
        guard offset >= 0, count >= 0, offset <= size, count <= size - offset else {
            throw BundleError(.malformed, "the archive ends too early", file: name)
        }
        let bytes = try file.read(at: offset, count: count, named: name)
        guard bytes.count == count else {
            throw BundleError(.malformed, "the archive was cut off while it was read", file: name)
        }
        return bytes
    }
}
