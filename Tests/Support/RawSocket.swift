import Foundation
import Glibc

/// A TCP connection to a port of this machine, for peers that do what no well-behaved peer does.
///
/// Everything blocks: call it inside `onThread`.
public final class RawSocket: Sendable {
    private let descriptor: Int32

    /// Connects.
    ///
    /// - Parameter patience: how long one read may take; a guard, not an expectation.
    public convenience init(port: Int, patience: Duration = .seconds(60)) throws {
        self.init(owning: try Self.connected(port: port, patience: patience))
    }

    /// A connected descriptor (+1). It is closed here where that fails: in an initializer that throws, the
    /// deinitializer would close it once more, and by then it may be another test's.
    private static func connected(port: Int, patience: Duration) throws -> Int32 {
        let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
        guard descriptor >= 0 else { throw SupportError("no socket: \(String(cString: strerror(errno)))") }
        var one: Int32 = 1
        setsockopt(descriptor, Int32(IPPROTO_TCP), TCP_NODELAY, &one, socklen_t(MemoryLayout<Int32>.size))
        var limit = timeval(tv_sec: Int(patience.seconds), tv_usec: 0)
        setsockopt(descriptor, SOL_SOCKET, SO_RCVTIMEO, &limit, socklen_t(MemoryLayout<timeval>.size))
        var address = loopback(port: port)
        let code = withUnsafePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
            }
        }
        guard code == 0 else {
            let reason = String(cString: strerror(errno))
            Glibc.close(descriptor)
            throw SupportError("127.0.0.1:\(port) can't be reached: \(reason)")
        }
        return descriptor
    }

    /// Takes over a connected descriptor (+1).
    init(owning descriptor: Int32) {
        self.descriptor = descriptor
    }

    deinit {
        Glibc.close(descriptor)
    }

    /// Sends all bytes.
    public func send(_ bytes: some Collection<UInt8>) throws {
        let bytes = Array(bytes)
        var sent = 0
        while sent < bytes.count {
            let count = bytes.withUnsafeBytes {
                Glibc.send(descriptor, $0.baseAddress?.advanced(by: sent), bytes.count - sent, Int32(MSG_NOSIGNAL))
            }
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { throw SupportError("sending failed: \(String(cString: strerror(errno)))") }
            sent += count
        }
    }

    /// Receives what is there, at most so many bytes; empty when the peer has closed or reset the connection.
    ///
    /// - Throws: `SupportError` when nothing comes within the patience.
    public func receive(atMost count: Int = 64 << 10) throws -> [UInt8] {
        var buffer = [UInt8](repeating: 0, count: count)
        while true {
            let received = buffer.withUnsafeMutableBytes { recv(descriptor, $0.baseAddress, count, 0) }
            if received < 0 {
                if errno == EINTR { continue }
                if errno == ECONNRESET || errno == EPIPE { return [] }
                throw SupportError("nothing came: \(String(cString: strerror(errno)))")
            }
            return Array(buffer[..<received])
        }
    }

    /// Receives exactly so many bytes; `nil` when the connection ends before.
    public func receive(exactly count: Int) throws -> [UInt8]? {
        var bytes: [UInt8] = []
        while bytes.count < count {
            let part = try receive(atMost: count - bytes.count)
            if part.isEmpty { return nil }
            bytes += part
        }
        return bytes
    }

    /// Ends both directions; a thread that waits in `receive` returns.
    public func shutDown() {
        shutdown(descriptor, Int32(SHUT_RDWR))
    }

    /// Ends sending alone.
    func endSending() {
        shutdown(descriptor, Int32(SHUT_WR))
    }

    /// A port of this machine that nobody has at the moment.
    ///
    /// Another process may take it before its user does, so whoever uses it tries again then.
    public static func freePort() throws -> Int {
        let (descriptor, port) = try listener()
        Glibc.close(descriptor)
        return port
    }

    /// A listening socket on a free port of the loopback interface (+1).
    static func listener() throws -> (descriptor: Int32, port: Int) {
        let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
        var address = loopback(port: 0)
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        let bound = withUnsafeMutablePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                bind(descriptor, $0, length) == 0 && getsockname(descriptor, $0, &length) == 0
            }
        }
        guard bound, listen(descriptor, 64) == 0 else {
            let reason = String(cString: strerror(errno))
            Glibc.close(descriptor)
            throw SupportError("no free port: \(reason)")
        }
        return (descriptor, Int(UInt16(bigEndian: address.sin_port)))
    }

    static func loopback(port: Int) -> sockaddr_in {
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = UInt16(truncatingIfNeeded: port).bigEndian
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        return address
    }
}
