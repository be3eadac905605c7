internal import Glibc

/// A regular file open for reading; a pipe or a device behind the name is refused without waiting for it.
struct RegularFile: ~Copyable {
    private let descriptor: Int32

    /// The length in bytes when it was opened.
    let size: Int

    /// Opens a file; `name` is what messages call it.
    init(_ path: String, named name: String) throws(BundleError) {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
        guard descriptor >= 0 else {
            let isMissing = errno == ENOENT || errno == ENOTDIR
            throw BundleError(
                .notFound,
                isMissing ? "there is no such file" : "the file cannot be opened: \(String(cString: strerror(errno)))",
                file: name)
        }
        var status = stat()
        guard fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG else {
            close(descriptor)
            throw BundleError(.notFound, "it is no regular file", file: name)
        }
        self.descriptor = descriptor
        size = Int(status.st_size)
    }

    deinit { close(descriptor) }

    /// What the file system says of the open file.
    var status: stat {
        var status = stat()
        _ = fstat(descriptor, &status)
        return status
    }

    /// The bytes at a place, fewer only where the file ends; what `read(upTo:)` has read does not matter.
    func read(at offset: Int, count: Int, named name: String) throws(BundleError) -> [UInt8] {
        try filled(count, named: name) { start, length, filled in
            pread(descriptor, start, length, off_t(offset + filled))
        }
    }

    /// Reads on until the buffer is full or the file ends; the result is empty at the end.
    func read(upTo count: Int, named name: String) throws(BundleError) -> [UInt8] {
        try filled(count, named: name) { start, length, _ in readOn(descriptor, start, length) }
    }

    /// Calls a function of the system until a buffer is full, the file ends, or it fails.
    private func filled(
        _ count: Int, named name: String, _ read: (UnsafeMutableRawPointer?, Int, _ filled: Int) -> Int
    ) throws(BundleError) -> [UInt8] {
        var filled = 0
        var code: Int32 = 0
        let bytes = [UInt8](unsafeUninitializedCapacity: count) { buffer, initialized in
            while filled < count {
                let start = UnsafeMutableRawPointer(buffer.baseAddress)?.advanced(by: filled)
                let got = read(start, count - filled, filled)
                if got < 0, errno == EINTR { continue }
                if got < 0 { code = errno }
                guard got > 0 else { break }
                filled += got
            }
            initialized = filled
        }
        guard code == 0 else {
            throw BundleError(.notFound, "the file cannot be read: \(String(cString: strerror(code)))", file: name)
        }
        return bytes
    }
}

/// The system's `read`, by a name that no member of a type hides.
private func readOn(_ descriptor: Int32, _ start: UnsafeMutableRawPointer?, _ length: Int) -> Int {
    read(descriptor, start, length)
}

/// Paths of the file system as the kernel resolves them.
enum RealPath {
    /// Whether a folder is there.
    static func isFolder(_ path: String) -> Bool {
        var status = stat()
        return stat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFDIR
    }

    /// The path with links and `..` resolved; where nothing is there, resolved by its text.
    static func of(_ path: String) -> String {
        if let resolved = realpath(path, nil) {
            defer { free(resolved) }
            return String(cString: resolved)
        }
        return resolvingText(of: path)
    }

    /// The path with `.` and `..` taken out of its text; the file system is not asked.
    static func resolvingText(of path: String) -> String {
        var parts: [Substring] = []
        for part in path.split(separator: "/") where part != "." {
            if part == ".." { _ = parts.popLast() } else { parts.append(part) }
        }
        return "/" + parts.joined(separator: "/")
    }
}
