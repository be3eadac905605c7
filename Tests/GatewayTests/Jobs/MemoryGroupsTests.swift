import Foundation
import Testing

@testable import Gateway

/// A folder that looks like a control group: the kernel's files are there, and take what is written.
@Suite("Control groups of workers")
struct MemoryGroupsTests {
    private final class FakeGroup {
        let root: URL
        var own: URL { root.appendingPathComponent("unit.service") }

        init() throws {
            root = FileManager.default.temporaryDirectory.appendingPathComponent("portico-cgroup-\(UUID().uuidString)")
            try add("", ["cgroup.subtree_control", "cgroup.procs"])
            try Data("cpu memory pids\n".utf8).write(to: own.appendingPathComponent("cgroup.controllers"))
        }

        deinit { try? FileManager.default.removeItem(at: root) }

        /// Puts empty files into a group below our own, which the kernel would make.
        func add(_ group: String, _ files: [String]) throws {
            let folder = own.appendingPathComponent(group)
            try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
            for file in files { try Data().write(to: folder.appendingPathComponent(file)) }
        }

        func text(_ file: String) throws -> String {
            try String(contentsOf: own.appendingPathComponent(file), encoding: .utf8)
        }

        /// The files of `/proc/self` that say where our group is.
        func process(group: String = "/unit.service", mountRoot: String = "/", type: String = "cgroup2") throws
            -> String
        {
            let folder = root.appendingPathComponent("process")
            try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
            try Data("1:name=systemd:/\n0::\(group)\n".utf8).write(to: folder.appendingPathComponent("cgroup"))
            let mounts = """
                22 1 8:1 / / rw,relatime shared:1 - ext4 /dev/sda1 rw
                30 22 0:26 \(mountRoot) \(root.path) rw,nosuid shared:4 - \(type) cgroup2 rw
                """
            try Data(mounts.utf8).write(to: folder.appendingPathComponent("mountinfo"))
            return folder.path
        }
    }

    @Test("Our own group is found by the kernel's words, also below a mount that begins deeper")
    func found() throws {
        let fake = try FakeGroup()
        #expect(try MemoryGroups.find(process: fake.process()) == fake.own.path)
        let deeper = try fake.process(group: "/system.slice/unit.service", mountRoot: "/system.slice")
        #expect(try MemoryGroups.find(process: deeper) == fake.own.path)
    }

    @Test("Why there can be none is said")
    func refused() throws {
        let fake = try FakeGroup()
        func words(_ process: String) -> String {
            do {
                return try MemoryGroups.find(process: process)
            } catch {
                return "\(error)"
            }
        }
        #expect(words(fake.root.path) == "this system has no cgroup v2")
        #expect(words(try fake.process(type: "cgroup")) == "no cgroup v2 file system is mounted")
        #expect(words(try fake.process(mountRoot: "/elsewhere")) == "our own control group is not visible")
        try Data("cpu\n".utf8).write(to: fake.own.appendingPathComponent("cgroup.controllers"))
        #expect(words(try fake.process()).hasPrefix("the memory controller is not available in the control group"))
        try Data("memory\n".utf8).write(to: fake.own.appendingPathComponent("cgroup.controllers"))
        try FileManager.default.removeItem(at: fake.own.appendingPathComponent("cgroup.procs"))
        #expect(words(try fake.process()).contains("is not delegated to this user (systemd: Delegate=yes)"))
    }

    @Test("A worker's group gets the limit, no swap, and the process; what the kernel killed in it is counted")
    func worker() throws {
        let fake = try FakeGroup()
        try fake.add("portico-worker-3", ["memory.max", "memory.swap.max", "memory.oom.group", "cgroup.procs"])
        let groups = try MemoryGroups(in: fake.own.path, limit: 8_000_000_000)
        #expect(try fake.text("cgroup.subtree_control") == "+memory")
        let group = try groups.group(3)
        #expect(try fake.text("portico-worker-3/memory.max") == "8000000000")
        #expect(try fake.text("portico-worker-3/memory.swap.max") == "0")
        #expect(try fake.text("portico-worker-3/memory.oom.group") == "1")
        try group.take(4711)
        #expect(try fake.text("portico-worker-3/cgroup.procs") == "4711")
        #expect(group.kills == 0)
        let events = "low 0\nhigh 0\nmax 12\noom 2\noom_kill 1\noom_group_kill 1\n"
        try Data(events.utf8).write(to: fake.own.appendingPathComponent("portico-worker-3/memory.events"))
        #expect(group.kills == 1)
        #expect(
            MemoryEnforcement.groups(groups).words
                == "8 GB for a worker, by control groups in \(fake.own.path) (memory.max)")
    }

    @Test("A group that cannot be divided leaves everything as it was")
    func busy() throws {
        let fake = try FakeGroup()
        // A folder in the file's place takes no words, as the kernel's file takes none while processes are in the group.
        try FileManager.default.removeItem(at: fake.own.appendingPathComponent("cgroup.subtree_control"))
        try fake.add("cgroup.subtree_control", [])
        try fake.add("portico-serve", ["cgroup.procs"])
        #expect(throws: MemoryGroupError.self) { try MemoryGroups(in: fake.own.path, limit: 1 << 30) }
        #expect(try fake.text("cgroup.procs") == "\(getpid())", "moved back")
    }

    @Test("What a worker limits itself depends on what the kernel does for it")
    func enforcement() throws {
        var settings = WorkerSettings()
        #expect(MemoryEnforcement(settings).limits(settings).memory == nil)
        #expect(MemoryEnforcement(settings).words.hasPrefix("workers.memoryLimit is not set"))
        settings.memoryLimit = 1_500_000_000
        let data = MemoryEnforcement.dataLimit(1_500_000_000, because: "this system has no cgroup v2")
        #expect(data.words == "1.5 GB for a worker, by RLIMIT_DATA, because this system has no cgroup v2")
        #expect(
            data.limits(settings).arguments == [
                "--memory-limit", "1500000000", "--model-memory", "2000000000", "--low-priority",
            ])
        settings.lowPriority = false
        let fake = try FakeGroup()
        let groups = MemoryEnforcement.groups(try MemoryGroups(in: fake.own.path, limit: 1_500_000_000))
        #expect(groups.limits(settings).arguments == ["--model-memory", "2000000000"])
    }
}
