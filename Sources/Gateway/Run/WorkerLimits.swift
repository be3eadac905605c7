import Foundation
import Inference

/// What a worker process may take of the machine, set by itself before it loads anything.
struct WorkerLimits: Sendable, Equatable {
    /// Bytes that it may allocate, kept by the kernel (RLIMIT_DATA); `nil` leaves that to a control group or to nobody.
    var memory: Int64?
    /// Bytes of loaded bundles that it keeps.
    var modelMemory: Int64
    /// Computes only with what the rest of the machine leaves.
    var isLowPriority: Bool

    /// The scheduling policy of sched(7) below every other; Glibc's header hides its name from Swift.
    private static let schedIdle: Int32 = 5

    /// The arguments that tell `portico worker` the limits.
    var arguments: [String] {
        (memory.map { ["--memory-limit", String($0)] } ?? []) + ["--model-memory", String(modelMemory)]
            + (isLowPriority ? ["--low-priority"] : [])
    }

    /// Sets the limits: of memory for this process, of priority for this thread and all that it makes.
    /// - Returns: What is in force, in words.
    func apply() -> [String] {
        var words: [String] = []
        // Where the host runs out of memory in spite of all, the kernel shall take a worker and not `serve`.
        if (try? Data("1000".utf8).write(to: URL(fileURLWithPath: "/proc/self/oom_score_adj"))) == nil {
            words.append("the kernel does not end this process first when memory runs out")
        }
        if let memory {
            var limit = rlimit(rlim_cur: rlim_t(memory), rlim_max: rlim_t(memory))
            let isSet = setrlimit(__rlimit_resource_t(RLIMIT_DATA.rawValue), &limit) == 0
            words.append(
                isSet
                    ? "memory \(Bytes.words(memory)) (RLIMIT_DATA)"
                    : "memory is not limited: \(String(cString: strerror(errno)))")
        }
        if isLowPriority { words.append(lowerPriority()) }
        return words
    }

    private func lowerPriority() -> String {
        var parameters = sched_param()
        parameters.sched_priority = 0
        if sched_setscheduler(0, Self.schedIdle, &parameters) == 0 { return "scheduled when idle (SCHED_IDLE)" }
        if setpriority(__priority_which_t(PRIO_PROCESS.rawValue), 0, 19) == 0 { return "nice 19" }
        return "its priority could not be lowered: \(String(cString: strerror(errno)))"
    }

    /// What to add to an error that comes of a limit.
    func remark(on error: any Error) -> String {
        guard let memory, (error as? InferenceError)?.code == .outOfMemory else { return "" }
        return " (workers.memoryLimit allows \(Bytes.words(memory)))"
    }
}

/// Numbers of bytes for people.
enum Bytes {
    /// Such as `8 GB` or `512.5 MB`, in powers of ten as in the configuration.
    static func words(_ bytes: Int64) -> String {
        let units = [("TB", 1e12), ("GB", 1e9), ("MB", 1e6), ("kB", 1e3)]
        guard let (unit, factor) = units.first(where: { Double(bytes) >= $0.1 }) else { return "\(bytes) bytes" }
        let tenths = (Double(bytes) / factor * 10).rounded() / 10
        return (tenths == tenths.rounded() ? "\(Int(tenths))" : "\(tenths)") + " " + unit
    }
}

/// The memory of this process.
enum ProcessMemory {
    /// Bytes that lie in memory now (`/proc/self/statm`); 0 where that cannot be read.
    static var resident: Int64 {
        guard let text = try? String(contentsOfFile: "/proc/self/statm", encoding: .utf8) else { return 0 }
        let fields = text.split(separator: " ")
        guard fields.count > 1, let pages = Int64(fields[1]) else { return 0 }
        return pages * Int64(sysconf(Int32(_SC_PAGESIZE)))
    }
}
