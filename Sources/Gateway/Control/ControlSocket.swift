import Foundation

/// A Unix domain socket in the data directory, whose path may be longer than a socket's address has room for.
///
/// It is reached through `/proc/self/fd`: there the folder has a short name.
enum ControlSocket {
    /// No request and no answer is longer, in bytes.
    static let longestLine = 65_536
    /// Seconds that the other side may be silent.
    static let patience = 10.0

    /// Binds and listens; only this user may connect. What a killed `serve` has left there is replaced.
    static func listen(at url: URL) throws -> Int32 {
        let descriptor = try make()
        // bind(2) gives the file the mode that the umask leaves.
        let mask = umask(0o177)
        defer { umask(mask) }
        unlink(url.path)
        let bound = try withAddress(of: url) { bind(descriptor, $0, $1) }
        guard bound == 0, Glibc.listen(descriptor, 16) == 0 else {
            let code = errno
            close(descriptor)
            throw ControlSocketError(url, code)
        }
        _ = fcntl(descriptor, F_SETFL, O_NONBLOCK)
        return descriptor
    }

    /// Connects to a running `serve`.
    /// - Returns: `nil` where nobody listens.
    static func connect(to url: URL) throws -> Int32? {
        let descriptor = try make()
        let connected = try withAddress(of: url) { Glibc.connect(descriptor, $0, $1) }
        if connected == 0 { return descriptor }
        let code = errno
        close(descriptor)
        if code == ENOENT || code == ECONNREFUSED { return nil }
        throw ControlSocketError(url, code)
    }

    /// Reads one line, without its end.
    /// - Returns: `nil` where the other side is silent, ends before its line, or says too much.
    static func readLine(from descriptor: Int32) -> Data? {
        var line = Data()
        var buffer = [UInt8](repeating: 0, count: 4096)
        while line.count <= longestLine {
            let count = read(descriptor, &buffer, buffer.count)
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { return nil }
            line.append(contentsOf: buffer[..<count])
            if let end = line.firstIndex(of: 0x0A) { return line[..<end] }
        }
        return nil
    }

    /// Writes one line; whether it arrived is seen by the answer.
    static func write(_ value: some Encodable, to descriptor: Int32) throws {
        var line = try JSONEncoder().encode(value)
        line.append(0x0A)
        while !line.isEmpty {
            let sent = line.withUnsafeBytes { send(descriptor, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL)) }
            if sent < 0, errno == EINTR { continue }
            guard sent > 0 else { return }
            line.removeFirst(sent)
        }
    }

    /// Ends a wait for the other side after ``patience``.
    static func limitWaiting(on descriptor: Int32) {
        var time = timeval(tv_sec: Int(patience), tv_usec: 0)
        for option in [SO_RCVTIMEO, SO_SNDTIMEO] {
            setsockopt(descriptor, SOL_SOCKET, option, &time, socklen_t(MemoryLayout<timeval>.size))
        }
    }

    private static func make() throws -> Int32 {
        let descriptor = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
        guard descriptor >= 0 else { throw POSIXError(POSIXErrorCode(rawValue: errno) ?? .EMFILE) }
        return descriptor
    }

    private static func withAddress<Result>(
        of url: URL, _ body: (UnsafePointer<sockaddr>, socklen_t) -> Result
    ) throws -> Result {
        let folder = open(url.deletingLastPathComponent().path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard folder >= 0 else { throw ControlSocketError(url, errno) }
        defer { close(folder) }
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        let path = "/proc/self/fd/\(folder)/\(url.lastPathComponent)"
        withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: path.utf8) }
        return withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                body($0, socklen_t(MemoryLayout<sockaddr_un>.size))
            }
        }
    }
}

/// A control socket that cannot be used.
struct ControlSocketError: Error, CustomStringConvertible {
    let description: String

    init(_ url: URL, _ code: Int32) {
        let wayOut =
            code == EACCES ? "run the command as the user that `portico serve` runs as" : "look at the data directory"
        description = "\(url.path) can't be used: \(String(cString: strerror(code))); \(wayOut)"
    }
}
