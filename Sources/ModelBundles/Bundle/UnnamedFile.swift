internal import FoundationEssentials
internal import Glibc

/// A file that has no name in any folder, so that nothing is left of it when the process ends, however it ends.
struct UnnamedFile: ~Copyable {
    private let descriptor: Int32
    private let purpose: String

    /// Makes an empty one in the folder for temporary files; `purpose` is what messages call it.
    init(for purpose: String) throws(BundleError) {
        let folder = FileManager.default.temporaryDirectory.path
        var descriptor = open(folder, O_TMPFILE_FLAGS | O_RDWR | O_CLOEXEC, 0o600)
        if descriptor < 0 {
            // Some file systems can't make one without a name, so the name is taken away again.
            // mkstemp(3) writes letters of its own over the last six.
            var template = Array((folder + "/portico-" + String(repeating: "X", count: 6)).utf8CString)
            descriptor = mkstemp(&template)
            if descriptor >= 0 {
                unlink(template)
                _ = fcntl(descriptor, F_SETFD, FD_CLOEXEC)
            }
        }
        guard descriptor >= 0 else {
            throw BundleError(
                .notFound,
                "it can't be unpacked into \(folder) (\(String(cString: strerror(errno)))); TMPDIR names another folder",
                file: purpose)
        }
        self.descriptor = descriptor
        self.purpose = purpose
    }

    deinit { close(descriptor) }

    /// A path that opens the file as long as this value lives, in this process alone.
    var path: String { "/proc/self/fd/\(descriptor)" }

    /// Writes bytes at the end.
    func append(_ bytes: [UInt8]) throws(BundleError) {
        var done = 0
        while done < bytes.count {
            let written = bytes.withUnsafeBytes {
                write(descriptor, $0.baseAddress?.advanced(by: done), $0.count - done)
            }
            if written < 0, errno == EINTR { continue }
            guard written > 0 else {
                throw BundleError(
                    .notFound,
                    "it can't be unpacked: \(String(cString: strerror(errno))); TMPDIR names a folder with more room",
                    file: purpose)
            }
            done += written
        }
    }
}

/// `O_TMPFILE`, which Swift does not import because it is made of other constants (asm-generic/fcntl.h).
private let O_TMPFILE_FLAGS: Int32 = 0o20000000 | O_DIRECTORY
