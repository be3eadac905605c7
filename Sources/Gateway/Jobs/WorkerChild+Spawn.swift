internal import Foundation

extension WorkerChild {
    /// Starts the process with its three streams, no other descriptor, default signals, in a group of its own.
    static func spawn(_ executable: WorkerExecutable, input: Int32, output: Int32) throws -> pid_t {
        var actions = posix_spawn_file_actions_t()
        var attributes = posix_spawnattr_t()
        posix_spawn_file_actions_init(&actions)
        posix_spawnattr_init(&attributes)
        defer {
            posix_spawn_file_actions_destroy(&actions)
            posix_spawnattr_destroy(&attributes)
        }
        posix_spawn_file_actions_adddup2(&actions, input, 0)
        posix_spawn_file_actions_adddup2(&actions, output, 1)
        for descriptor in 3..<firstUnused() { posix_spawn_file_actions_addclose(&actions, descriptor) }

        var none = sigset_t()
        var all = sigset_t()
        sigemptyset(&none)
        sigfillset(&all)
        posix_spawnattr_setsigmask(&attributes, &none)
        posix_spawnattr_setsigdefault(&attributes, &all)
        posix_spawnattr_setpgroup(&attributes, 0)
        posix_spawnattr_setflags(
            &attributes, Int16(POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETSIGMASK))

        let environment = executable.environment ?? ProcessInfo.processInfo.environment
        let arguments = ([executable.path] + executable.arguments).map { strdup($0) } + [nil]
        let variables = environment.map { strdup("\($0.key)=\($0.value)") } + [nil]
        defer {
            arguments.forEach { free($0) }
            variables.forEach { free($0) }
        }
        var pid: pid_t = 0
        let code = posix_spawn(&pid, executable.path, &actions, &attributes, arguments, variables)
        guard code == 0 else { throw WorkerStartError(executable, code) }
        return pid
    }

    /// One past the highest descriptor that is open, with room for those that other threads open meanwhile.
    ///
    /// Closing what is not open is no error in `posix_spawn` of glibc; `close_range` is not reachable from Swift.
    private static func firstUnused() -> Int32 {
        let open = (try? FileManager.default.contentsOfDirectory(atPath: "/proc/self/fd")) ?? []
        let highest = open.compactMap { Int32($0) }.max() ?? 255
        var limit = rlimit()
        let most = getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit) == 0 ? limit.rlim_cur : 1024
        return min(highest + 64, Int32(clamping: most))
    }
}

/// How a worker process ended.
enum WorkerEnd: Sendable, Equatable, CustomStringConvertible {
    /// It ended by itself with this code.
    case exited(Int32)
    /// A signal ended it.
    case signalled(Int32)
    /// Nobody knows: somebody else has waited for it.
    case lost

    /// Takes what `waitpid` says.
    init(status: Int32) {
        let signal = status & 0x7F
        self = signal == 0 ? .exited((status >> 8) & 0xFF) : .signalled(signal)
    }

    /// Part of a sentence, after "the worker".
    var description: String {
        switch self {
        case .exited(let code): "ended by itself with code \(code)"
        case .signalled(let signal): "was killed by signal \(signal)\(Self.name(signal))"
        case .lost: "ended in a way that nobody saw"
        }
    }

    private static func name(_ signal: Int32) -> String {
        switch signal {
        case SIGKILL: " (SIGKILL; the kernel does this when memory runs out)"
        case SIGSEGV: " (SIGSEGV, a memory error)"
        case SIGABRT: " (SIGABRT)"
        case SIGILL: " (SIGILL; an instruction that this processor does not have, or a trap)"
        case SIGBUS: " (SIGBUS)"
        case SIGFPE: " (SIGFPE)"
        case SIGTRAP: " (SIGTRAP)"
        case SIGTERM: " (SIGTERM)"
        case SIGINT: " (SIGINT)"
        case SIGHUP: " (SIGHUP)"
        case SIGPIPE: " (SIGPIPE)"
        default: ""
        }
    }
}

/// A worker that could not be started.
struct WorkerStartError: Error, Sendable, CustomStringConvertible {
    let description: String

    init(_ executable: WorkerExecutable, _ code: Int32) {
        description =
            "The worker \(executable.path) could not be started: \(String(cString: strerror(code))) "
            + "(\(code)). Check that the file is there and may be executed."
    }
}

/// Wakes a thread that waits in `poll`.
final class PollBell: Sendable {
    /// Becomes readable when somebody rings.
    let descriptor: Int32
    private let writing: Int32

    /// - Throws: ``WorkerStartError``-like words when descriptors have run out.
    init() throws {
        var pipes: [Int32] = [-1, -1]
        guard pipe(&pipes) == 0 else { throw POSIXError(POSIXErrorCode(rawValue: errno) ?? .EMFILE) }
        for end in pipes {
            _ = fcntl(end, F_SETFD, FD_CLOEXEC)
            _ = fcntl(end, F_SETFL, O_NONBLOCK)
        }
        (descriptor, writing) = (pipes[0], pipes[1])
    }

    deinit {
        close(descriptor)
        close(writing)
    }

    /// Wakes the waiting thread; a full pipe has woken it already.
    func ring() {
        var byte: UInt8 = 1
        _ = write(writing, &byte, 1)
    }

    /// Forgets all rings.
    func clear() {
        var bytes = [UInt8](repeating: 0, count: 256)
        while read(descriptor, &bytes, bytes.count) == bytes.count {}
    }

    /// Blocks until somebody rings or the time is over.
    func wait(seconds: Double?) {
        var watched = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
        _ = poll(&watched, 1, seconds.map { Int32(min(max($0, 0) * 1000, 3_600_000).rounded(.up)) } ?? -1)
        clear()
    }
}
