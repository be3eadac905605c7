internal import Foundation

/// Control groups (cgroup v2) below our own, one for each worker, in which the kernel keeps a worker's memory within
/// its limit: cgroups(7), and "Control Group v2" of the kernel's documentation.
///
/// They can be had where our own group is delegated to us: `Delegate=yes` in a systemd unit, or a container that may
/// write its groups. A group with children that have the memory controller may hold no process itself, so `serve` moves
/// into a child of its own.
final class MemoryGroups: Sendable {
    /// The folder of our own group.
    let folder: String
    /// Bytes for one worker.
    let limit: Int64

    /// Finds our group, without changing anything.
    /// - Throws: ``MemoryGroupError`` where it is none of ours to divide.
    static func find(process: String = "/proc/self") throws -> String {
        let cgroup = (try? String(contentsOfFile: process + "/cgroup", encoding: .utf8)) ?? ""
        let mounts = (try? String(contentsOfFile: process + "/mountinfo", encoding: .utf8)) ?? ""
        guard let line = cgroup.split(separator: "\n").first(where: { $0.hasPrefix("0::") }) else {
            throw MemoryGroupError("this system has no cgroup v2")
        }
        // mountinfo(5): the mount's root and place are fields 4 and 5, the type follows the dash.
        let mount = mounts.split(separator: "\n").lazy.map { $0.split(separator: " ").map(String.init) }.first {
            guard let dash = $0.firstIndex(of: "-"), dash + 1 < $0.count, dash >= 6 else { return false }
            return $0[dash + 1] == "cgroup2"
        }
        guard let mount else { throw MemoryGroupError("no cgroup v2 file system is mounted") }
        let path = String(line.dropFirst(3))
        let root = mount[3] == "/" ? "" : mount[3]
        guard path.hasPrefix(root) else { throw MemoryGroupError("our own control group is not visible") }
        let rest = path.dropFirst(root.count)
        let folder = mount[4] + (rest == "/" ? "" : String(rest))
        try requireUsable(folder)
        return folder
    }

    private static func requireUsable(_ folder: String) throws {
        let controllers = (try? String(contentsOfFile: folder + "/cgroup.controllers", encoding: .utf8)) ?? ""
        guard controllers.split(whereSeparator: \.isWhitespace).contains("memory") else {
            throw MemoryGroupError("the memory controller is not available in the control group \(folder)")
        }
        for file in ["cgroup.subtree_control", "cgroup.procs"] where access(folder + "/" + file, W_OK) != 0 {
            throw MemoryGroupError(
                "the control group \(folder) is not delegated to this user (systemd: Delegate=yes)")
        }
    }

    /// Prepares our group for children with a limit of memory, and moves this process into one of them if need be.
    /// - Parameters:
    ///   - folder: what ``find(process:)`` gave.
    ///   - limit: bytes for one worker.
    /// - Throws: ``MemoryGroupError``; everything is as before then.
    init(in folder: String, limit: Int64) throws {
        self.folder = folder
        self.limit = limit
        let control = folder + "/cgroup.subtree_control"
        if (try? Self.write("+memory", to: control)) != nil { return }
        let ours = folder + "/portico-serve"
        try Self.make(ours)
        do {
            try Self.write("\(getpid())", to: ours + "/cgroup.procs")
            try Self.write("+memory", to: control)
        } catch {
            try? Self.write("\(getpid())", to: folder + "/cgroup.procs")
            rmdir(ours)
            throw error
        }
    }

    /// A group for the workers of one slot.
    /// - Throws: ``MemoryGroupError``.
    func group(_ number: Int) throws -> MemoryGroup {
        try MemoryGroup(folder: folder + "/portico-worker-\(number)", limit: limit)
    }

    fileprivate static func make(_ folder: String) throws {
        guard mkdir(folder, 0o755) == 0 || errno == EEXIST else {
            throw MemoryGroupError("the control group \(folder) can't be made: \(String(cString: strerror(errno)))")
        }
    }

    /// Writes to a file of the kernel's, which takes one whole value at once and is never made.
    fileprivate static func write(_ value: String, to file: String) throws {
        let descriptor = open(file, O_WRONLY | O_CLOEXEC)
        let written = descriptor < 0 ? -1 : Glibc.write(descriptor, value, value.utf8.count)
        let code = errno
        if descriptor >= 0 { close(descriptor) }
        guard written == value.utf8.count else {
            throw MemoryGroupError("\(file) does not take \(value): \(String(cString: strerror(code)))")
        }
    }
}

/// The control group of one worker at a time.
final class MemoryGroup: Sendable {
    private let folder: String

    fileprivate init(folder: String, limit: Int64) throws {
        self.folder = folder
        try MemoryGroups.make(folder)
        try MemoryGroups.write("\(limit)", to: folder + "/memory.max")
        // A worker that swaps would take the disk from the listener. Kernels without swap have no such file.
        try? MemoryGroups.write("0", to: folder + "/memory.swap.max")
        try? MemoryGroups.write("1", to: folder + "/memory.oom.group")
    }

    deinit { rmdir(folder) }

    /// Puts a process into the group.
    /// - Throws: ``MemoryGroupError``.
    func take(_ process: pid_t) throws {
        try MemoryGroups.write("\(process)", to: folder + "/cgroup.procs")
    }

    /// How many processes the kernel has killed in the group for its limit.
    var kills: Int {
        let events = (try? String(contentsOfFile: folder + "/memory.events", encoding: .utf8)) ?? ""
        let line = events.split(separator: "\n").first { $0.hasPrefix("oom_kill ") }
        return line.flatMap { Int($0.dropFirst("oom_kill ".count)) } ?? 0
    }
}

/// Why control groups can't be had.
struct MemoryGroupError: Error, Sendable, CustomStringConvertible {
    let description: String

    init(_ description: String) { self.description = description }
}

/// How workers are kept within `workers.memoryLimit`.
enum MemoryEnforcement: Sendable {
    /// There is no limit.
    case none
    /// Each worker has a control group.
    case groups(MemoryGroups)
    /// Each worker limits itself (RLIMIT_DATA), for this reason.
    case dataLimit(Int64, because: String)

    /// Takes control groups where they can be had; this moves `serve` into one of its own.
    init(_ settings: WorkerSettings) {
        guard let limit = settings.memoryLimit else {
            self = .none
            return
        }
        do {
            self = .groups(try MemoryGroups(in: MemoryGroups.find(), limit: limit))
        } catch {
            self = .dataLimit(limit, because: "\(error)")
        }
    }

    /// What a worker sets itself.
    func limits(_ settings: WorkerSettings) -> WorkerLimits {
        var limits = WorkerLimits(
            memory: nil, modelMemory: settings.modelMemory, isLowPriority: settings.lowPriority)
        if case .dataLimit(let bytes, _) = self { limits.memory = bytes }
        return limits
    }

    /// What is in force, in words.
    var words: String {
        switch self {
        case .none: "workers.memoryLimit is not set: when memory runs out, the kernel ends a worker first"
        case .groups(let groups):
            "\(Bytes.words(groups.limit)) for a worker, by control groups in \(groups.folder) (memory.max)"
        case .dataLimit(let bytes, let reason):
            "\(Bytes.words(bytes)) for a worker, by RLIMIT_DATA, because \(reason)"
        }
    }

    /// What would be in force for `serve` started as this process was; nothing is changed.
    static func expected(_ settings: WorkerSettings) -> String {
        guard let limit = settings.memoryLimit else { return MemoryEnforcement.none.words }
        do {
            return "\(Bytes.words(limit)) for a worker, by control groups in \(try MemoryGroups.find()) (memory.max)"
        } catch {
            return MemoryEnforcement.dataLimit(limit, because: "\(error)").words
        }
    }
}
