internal import FoundationEssentials
internal import Glibc

/// A file that appears under its name only when it is whole and on the disk.
///
/// It is written beside its final place, then `fdatasync`, `rename` and `fsync` of the folder; what is not published
/// is removed.
final class DurableFile {
    private let target: URL
    private let temporary: String
    private var descriptor: Int32

    /// Opens a temporary file beside its final place.
    init(for target: URL) throws {
        self.target = target
        let folder = target.deletingLastPathComponent().path
        temporary = "\(folder)/.\(target.lastPathComponent).\(getpid()).\(UInt32.random(in: 0...UInt32.max)).part"
        descriptor = open(temporary, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o640)
        if descriptor < 0 { throw DurableFile.failure("cannot be created", target, errno) }
    }

    deinit {
        if descriptor >= 0 {
            close(descriptor)
            unlink(temporary)
        }
    }

    /// Appends bytes.
    func write(_ bytes: UnsafeRawBufferPointer) throws {
        let code = append(bytes)
        if code != 0 { throw DurableFile.failure("cannot be written", target, code) }
    }

    /// Appends bytes; returns 0 or an errno.
    func append(_ bytes: UnsafeRawBufferPointer) -> Int32 {
        var rest = bytes
        while let start = rest.baseAddress, rest.count > 0 {
            let written = Glibc.write(descriptor, start, rest.count)
            if written < 0 {
                if errno == EINTR { continue }
                return errno
            }
            rest = UnsafeRawBufferPointer(rebasing: rest.dropFirst(written))
        }
        return 0
    }

    /// Makes the file durable and gives it its name, over one that is there.
    func publish() throws {
        if fdatasync(descriptor) != 0 { throw DurableFile.failure("cannot be made durable", target, errno) }
        if rename(temporary, target.path) != 0 { throw DurableFile.failure("cannot be renamed", target, errno) }
        close(descriptor)
        descriptor = -1
        let folder = open(target.deletingLastPathComponent().path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard folder >= 0 else { throw DurableFile.failure("has a folder that cannot be opened", target, errno) }
        defer { close(folder) }
        if fsync(folder) != 0 { throw DurableFile.failure("has a folder that cannot be made durable", target, errno) }
    }

    private static func failure(_ what: String, _ file: URL, _ code: Int32) -> DICOMError {
        DICOMError(.io, "\(file.path) \(what): \(String(cString: strerror(code)))", foreignCode: code)
    }
}
