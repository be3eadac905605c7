internal import Foundation

/// A worker process from its birth to its burial, in the hands of one thread.
///
/// That thread must live as long as the process: a worker asks the kernel to be ended with the *thread* that made it
/// (`PR_SET_PDEATHSIG`). Standard input is a socket, so that writing to a dead worker is an error and no signal;
/// standard output is a pipe; standard error is ours; every other descriptor of `serve`, such as the listener's, is
/// closed in the worker. It leads a process group of its own, so that Ctrl-C reaches `serve` alone.
final class WorkerChild {
    /// What was heard.
    enum Signal: Equatable {
        /// A line on standard output, without its end.
        case line(Data)
        /// The process is dead and buried.
        case ended(WorkerEnd)
        /// Somebody rang.
        case woken
        /// The time is over.
        case timeout
    }

    /// The process's number.
    let pid: pid_t
    /// Lines that were longer than any event can be, and thrown away.
    private(set) var oversized = 0
    /// The most memory that it ever had, in bytes; known after its end.
    private(set) var peakMemory: Int64 = 0

    private let input: Int32
    private let output: Int32
    private var outbox = Data()
    private var inbox = Data()
    private var scanned = 0
    private var isSkipping = false
    private var outputHasEnded = false
    private var end: WorkerEnd?

    /// No event is longer: an outcome that names 100,000 instances has 7 MB.
    private static let longestLine = 32 << 20
    /// Seconds from the end of its output to the end of the process.
    private static let dyingTime = 2.0

    /// Starts a worker.
    /// - Throws: ``WorkerStartError``.
    init(_ executable: WorkerExecutable) throws {
        var sockets: [Int32] = [-1, -1]
        var pipes: [Int32] = [-1, -1]
        guard socketpair(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0, &sockets) == 0 else {
            throw WorkerStartError(executable, errno)
        }
        guard pipe(&pipes) == 0 else {
            let code = errno
            sockets.forEach { close($0) }
            throw WorkerStartError(executable, code)
        }
        for descriptor in sockets + pipes { _ = fcntl(descriptor, F_SETFD, FD_CLOEXEC) }
        defer {
            close(sockets[1])
            close(pipes[1])
        }
        do {
            pid = try Self.spawn(executable, input: sockets[1], output: pipes[1])
        } catch {
            close(sockets[0])
            close(pipes[0])
            throw error
        }
        input = sockets[0]
        output = pipes[0]
        for descriptor in [input, output] { _ = fcntl(descriptor, F_SETFL, O_NONBLOCK) }
    }

    deinit {
        if end == nil {
            kill()
            _ = wait(blocking: true)
        }
        if input >= 0 { close(input) }
        close(output)
    }

    /// Puts a line on the worker's standard input; it is written while ``next(timeout:bell:)`` waits.
    func send(_ line: Data) {
        outbox.append(line)
        outbox.append(0x0A)
    }

    /// Tells the worker that no more jobs come.
    func endInput() {
        outbox.removeAll()
        shutdown(input, Int32(SHUT_WR))
    }

    /// Ends the worker and whatever it has started, at once.
    func kill() {
        // Buried already: the number may be somebody else's by now.
        guard end == nil else { return }
        _ = Glibc.kill(-pid, SIGKILL)
        _ = Glibc.kill(pid, SIGKILL)
    }

    /// Waits for the next thing to happen.
    /// - Parameters:
    ///   - timeout: Seconds; `nil` waits without end.
    ///   - bell: A descriptor that becomes readable when somebody rings.
    func next(timeout: Double?, bell: Int32) -> Signal {
        let limit = timeout.map { Monotonic.now + max(0, $0) }
        while true {
            if let line = takeLine() { return .line(line) }
            if outputHasEnded {
                return .ended(bury())
            }
            var watched = [
                pollfd(fd: output, events: Int16(POLLIN), revents: 0),
                pollfd(fd: bell, events: Int16(POLLIN), revents: 0),
                pollfd(fd: outbox.isEmpty ? -1 : input, events: Int16(POLLOUT), revents: 0),
            ]
            let left = limit.map { max(0, $0 - Monotonic.now) }
            let milliseconds = left.map { Int32(min($0 * 1000, 3_600_000).rounded(.up)) } ?? -1
            guard poll(&watched, nfds_t(watched.count), milliseconds) > 0 else {
                if let left, left > 0.001 { continue }
                // Something that the worker started may hold its output open after its death.
                if wait(blocking: false) != nil { outputHasEnded = true }
                if outputHasEnded { continue }
                return .timeout
            }
            if watched[2].revents != 0 { flush() }
            if watched[0].revents != 0 {
                fill()
            } else if watched[1].revents != 0 {
                return .woken
            }
        }
    }

    /// Waits for a process that has closed its output, and sees to it that it dies: it is of no use any more.
    private func bury() -> WorkerEnd {
        let limit = Monotonic.now + Self.dyingTime
        while Monotonic.now < limit {
            if let end = wait(blocking: false) { return end }
            Thread.sleep(forTimeInterval: 0.005)
        }
        kill()
        return wait(blocking: true) ?? .lost
    }

    private func flush() {
        let sent = outbox.withUnsafeBytes { Glibc.send(input, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL)) }
        if sent > 0 {
            outbox.removeFirst(sent)
        } else if errno != EAGAIN && errno != EINTR {
            // The worker is dead or deaf; its output says which.
            outbox.removeAll()
        }
    }

    private func fill() {
        var buffer = [UInt8](repeating: 0, count: 65_536)
        let count = read(output, &buffer, buffer.count)
        if count > 0 {
            inbox.append(contentsOf: buffer[..<count])
        } else if count == 0 || (errno != EAGAIN && errno != EINTR) {
            outputHasEnded = true
        }
    }

    /// The next whole line, if there is one; looks at no byte twice.
    private func takeLine() -> Data? {
        while let end = inbox.dropFirst(scanned).firstIndex(of: 0x0A) {
            let line = inbox[inbox.startIndex..<end]
            defer {
                inbox = Data(inbox[(end + 1)...])
                scanned = 0
            }
            if isSkipping {
                isSkipping = false
                continue
            }
            return Data(line)
        }
        scanned = inbox.count
        if inbox.count > Self.longestLine {
            inbox.removeAll()
            scanned = 0
            oversized += isSkipping ? 0 : 1
            isSkipping = true
        }
        return nil
    }

    private func wait(blocking: Bool) -> WorkerEnd? {
        if let end { return end }
        var status: Int32 = 0
        var usage = rusage()
        while true {
            let found = wait4(pid, &status, blocking ? 0 : WNOHANG, &usage)
            if found == pid {
                end = WorkerEnd(status: status)
                // getrusage(2) counts kilobytes of 1024.
                peakMemory = Int64(usage.ru_maxrss) << 10
            } else if found < 0 {
                if errno == EINTR { continue }
                end = .lost
            }
            return end
        }
    }
}
