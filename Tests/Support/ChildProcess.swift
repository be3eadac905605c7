public import Foundation
import Glibc
import Synchronization

/// How a process ended.
public enum Ending: Sendable, Equatable, CustomStringConvertible {
    /// By itself, with a status.
    case exited(Int32)
    /// By a signal.
    case signalled(Int32)

    /// The ending in words.
    public var description: String {
        switch self {
        case .exited(let status): "exit status \(status)"
        case .signalled(let signal): "signal \(signal)"
        }
    }
}

/// A child process whose output is read line by line while it runs.
///
/// It is in a process group of its own, inherits no descriptor but the standard streams, and dies with the thread that
/// waits for it, so a test run that is killed leaves nobody behind.
public final class ChildProcess: Sendable {
    /// The program's name.
    public let name: String
    /// The process number; also the number of its group.
    public let pid: pid_t
    /// What it writes on standard output.
    public let output: Transcript
    /// What it writes on standard error.
    public let errors: Transcript
    private let ended: Monitor<Ending?>
    private let reaping: Reaping

    /// Starts a program.
    ///
    /// - Parameters:
    ///   - executable: an absolute path, or a name that is looked for on the `PATH`.
    ///   - environment: what differs from this process's own; `nil` takes a variable away.
    /// - Throws: `SupportError` where the program is not there or can't be started.
    public init(
        _ executable: String, _ arguments: [String] = [], environment: [String: String?] = [:], folder: URL? = nil
    ) throws {
        let path = try Peers.path(of: executable)
        let move = folder.map { ["env", "-C", $0.path] } ?? []
        let order = StartOrder(
            // setpriv becomes the program itself after asking the kernel to end it with its parent.
            arguments: [try Peers.path(of: "setpriv"), "--pdeathsig", "KILL", "--"] + move + [path] + arguments,
            program: path, environment: environment)
        let name = URL(fileURLWithPath: path).lastPathComponent
        let output = Transcript(name: "\(name)'s standard output")
        let errors = Transcript(name: "\(name)'s standard error")
        let ended = Monitor<Ending?>(nil)
        let reaping = Reaping()
        let started = try order.start(output: output, errors: errors) { pid in
            var information = siginfo_t()
            while waitid(P_PID, id_t(pid), &information, WEXITED | WNOWAIT) == -1, errno == EINTR {}
            var status: Int32 = 0
            reaping.isReaped.withLock { isReaped in
                waitpid(pid, &status, 0)
                isReaped = true
            }
            let signal = status & 0x7F
            ended.update { $0 = signal == 0 ? .exited((status >> 8) & 0xFF) : .signalled(signal) }
        }
        self.name = name
        pid = started
        self.output = output
        self.errors = errors
        self.ended = ended
        self.reaping = reaping
    }

    /// Whether the process has not ended yet.
    public var isRunning: Bool { ended.value == nil }

    /// Sends a signal, unless the process has ended.
    public func send(_ signal: Int32) {
        reaping.isReaped.withLock { isReaped in
            if !isReaped { _ = kill(pid, signal) }
        }
    }

    /// Waits for the end of the process and of its output.
    ///
    /// - Throws: `SupportError` when it takes longer than the guard; the process is killed then.
    @discardableResult
    public func ending(within limit: Duration = .seconds(120)) async throws -> Ending {
        do {
            return try await ended.wait(for: "the end of \(name)", within: limit) { $0 }
        } catch {
            send(SIGKILL)
            throw SupportError("\(error); its last words:\n\(errors.tail())")
        }
    }

    /// Ends the process: SIGTERM, and SIGKILL to its group when it doesn't go.
    public func stop(grace: Duration = .seconds(30)) async {
        send(SIGTERM)
        if (try? await ended.wait(for: "the end of \(name)", within: grace) { $0 }) == nil {
            reaping.isReaped.withLock { isReaped in
                if !isReaped { _ = killpg(pid, SIGKILL) }
            }
            _ = try? await ended.wait(for: "the end of \(name)", within: .seconds(30)) { $0 }
        }
    }

    /// Resident and virtual memory in bytes.
    ///
    /// - Throws: `SupportError` where the process is gone.
    public func memory() throws -> (resident: Int, virtual: Int) {
        let status = try? String(contentsOfFile: "/proc/\(pid)/status", encoding: .utf8)
        func value(_ key: String) -> Int? {
            status?.split(separator: "\n").first { $0.hasPrefix(key + ":") }?
                .split(whereSeparator: \.isWhitespace).dropFirst().first.flatMap { Int($0) }
        }
        guard let resident = value("VmRSS"), let virtual = value("VmSize") else {
            throw SupportError("process \(pid) (\(name)) is gone")
        }
        return (resident * 1024, virtual * 1024)
    }

    /// Whether it is this process that listens on a TCP port, and not somebody else who took the port first.
    public func listens(on port: Int) -> Bool {
        let folder = "/proc/\(pid)/fd"
        let descriptors = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
        let own = Set(
            descriptors.compactMap { try? FileManager.default.destinationOfSymbolicLink(atPath: "\(folder)/\($0)") })
        let suffix = ":" + String(port, radix: 16, uppercase: true).leftPadded(to: 4)
        let tables = ["/proc/net/tcp", "/proc/net/tcp6"].compactMap { try? String(contentsOfFile: $0, encoding: .utf8) }
        // sl local_address rem_address st … inode; state 0A is LISTEN.
        return tables.joined().split(separator: "\n").contains { line in
            let columns = line.split(separator: " ")
            return columns.count > 9 && columns[1].hasSuffix(suffix) && columns[3] == "0A"
                && own.contains("socket:[\(columns[9])]")
        }
    }

    /// The processes whose parent is this one.
    public func children() -> [pid_t] {
        let text = (try? String(contentsOfFile: "/proc/\(pid)/task/\(pid)/children", encoding: .utf8)) ?? ""
        let threads = (try? FileManager.default.contentsOfDirectory(atPath: "/proc/\(pid)/task")) ?? []
        let all = threads.map {
            (try? String(contentsOfFile: "/proc/\(pid)/task/\($0)/children", encoding: .utf8)) ?? ""
        }
        return Set((all + [text]).flatMap { $0.split(separator: " ").compactMap { pid_t($0) } }).sorted()
    }
}

extension String {
    fileprivate func leftPadded(to count: Int) -> String {
        String(repeating: "0", count: max(0, count - self.count)) + self
    }
}

/// Held while a signal is sent and while the process is reaped: a number that is free again is never signalled.
private final class Reaping: Sendable {
    let isReaped = Mutex(false)
}

/// What is to be started.
private struct StartOrder: Sendable {
    var arguments: [String]
    var program: String
    var environment: [String: String?]

    /// Starts the program on a new thread, which stays until `wait` returns.
    func start(output: Transcript, errors: Transcript, wait: @escaping @Sendable (pid_t) -> Void) throws -> pid_t {
        let answer = Mutex<Result<pid_t, SupportError>?>(nil)
        let answered = DispatchSemaphore(value: 0)
        let order = self
        let thread = Thread {
            let result = Result { () throws(SupportError) in try order.spawn(output: output, errors: errors) }
            answer.withLock { $0 = result }
            answered.signal()
            if case .success(let pid) = result { wait(pid) }
        }
        thread.start()
        answered.wait()
        guard let result = answer.withLock({ $0 }) else { throw SupportError("\(program) was not started") }
        return try result.get()
    }

    private func spawn(output: Transcript, errors: Transcript) throws(SupportError) -> pid_t {
        let outputPipe = try Self.pipe()
        let errorPipe = try Self.pipe()
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0)
        posix_spawn_file_actions_adddup2(&actions, outputPipe.write, 1)
        posix_spawn_file_actions_adddup2(&actions, errorPipe.write, 2)
        // What other tests have open is none of the child's business; closing what is not open is no error here.
        for descriptor in Int32(3)..<1024 { posix_spawn_file_actions_addclose(&actions, descriptor) }
        var attributes = posix_spawnattr_t()
        posix_spawnattr_init(&attributes)
        defer { posix_spawnattr_destroy(&attributes) }
        var unblocked = sigset_t()
        sigemptyset(&unblocked)
        var defaults = sigset_t()
        sigemptyset(&defaults)
        for signal in [SIGPIPE, SIGINT, SIGTERM, SIGCHLD] { sigaddset(&defaults, signal) }
        posix_spawnattr_setsigmask(&attributes, &unblocked)
        posix_spawnattr_setsigdefault(&attributes, &defaults)
        let flags = Int(POSIX_SPAWN_SETPGROUP) | Int(POSIX_SPAWN_SETSIGMASK) | Int(POSIX_SPAWN_SETSIGDEF)
        posix_spawnattr_setflags(&attributes, Int16(flags))
        posix_spawnattr_setpgroup(&attributes, 0)
        var pid: pid_t = 0
        let starter = arguments[0]
        let code = withCStrings(arguments) { arguments in
            withCStrings(merged()) { environment in
                posix_spawn(&pid, starter, &actions, &attributes, arguments, environment)
            }
        }
        close(outputPipe.write)
        close(errorPipe.write)
        guard code == 0 else {
            close(outputPipe.read)
            close(errorPipe.read)
            throw SupportError("\(program) can't be started: \(String(cString: strerror(code)))")
        }
        Thread { output.read(outputPipe.read) }.start()
        Thread { errors.read(errorPipe.read) }.start()
        return pid
    }

    private func merged() -> [String] {
        var variables = ProcessInfo.processInfo.environment
        for (name, value) in environment { variables[name] = value }
        return variables.map { "\($0.key)=\($0.value)" }
    }

    private static func pipe() throws(SupportError) -> (read: Int32, write: Int32) {
        var ends: [Int32] = [0, 0]
        guard Glibc.pipe(&ends) == 0 else {
            throw SupportError("no pipe: \(String(cString: strerror(errno)))")
        }
        for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
        return (ends[0], ends[1])
    }
}

/// Lends strings as the null-terminated array of C strings that `exec` takes.
private func withCStrings<Result>(
    _ strings: [String], _ body: (UnsafePointer<UnsafeMutablePointer<CChar>?>) -> Result
) -> Result {
    var pointers: [UnsafeMutablePointer<CChar>?] = strings.map { strdup($0) }
    pointers.append(nil)
    defer { for pointer in pointers { free(pointer) } }
    return pointers.withUnsafeBufferPointer { buffer in
        guard let base = buffer.baseAddress else { preconditionFailure("an array with an element has a base") }
        return body(base)
    }
}
