import Foundation
import Synchronization
import Testing

@testable import Gateway

@Suite("A worker process", .timeLimit(.minutes(1)))
struct WorkerChildTests {
    private func shell(_ script: String) -> WorkerExecutable {
        WorkerExecutable(path: "/bin/sh", arguments: ["-c", script])
    }

    private func lines(_ child: WorkerChild) -> ([String], WorkerEnd) {
        var lines: [String] = []
        while true {
            switch child.next(timeout: 30, bell: -1) {
            case .line(let line): lines.append(String(decoding: line, as: UTF8.self))
            case .ended(let end): return (lines, end)
            case .woken, .timeout: return (lines + ["timeout"], .lost)
            }
        }
    }

    @Test(
        "How it ended is known",
        arguments: [
            ("exit 0", WorkerEnd.exited(0)), ("exit 3", .exited(3)), ("kill -9 $$", .signalled(9)),
            ("kill -SEGV $$", .signalled(11)), ("exec 1>&-; sleep 0.1; exit 4", .exited(4)),
        ])
    func ends(script: String, expected: WorkerEnd) throws {
        #expect(lines(try WorkerChild(shell("echo one; " + script))) == (["one"], expected))
    }

    @Test("The end of a worker is said with the signal's name")
    func words() {
        #expect("\(WorkerEnd.signalled(SIGKILL))".hasPrefix("was killed by signal 9 (SIGKILL"))
        #expect("\(WorkerEnd.exited(7))" == "ended by itself with code 7")
    }

    @Test("Lines come whole, in order, whatever the pieces; the last one without an end is no line")
    func pieces() throws {
        let child = try WorkerChild(shell("printf 'a'; sleep 0.05; printf 'b\\n\\nc\\nd'; sleep 0.05; printf 'e'"))
        #expect(lines(child) == (["ab", "", "c"], .exited(0)))
    }

    @Test("A line longer than any event is thrown away, and the next one is read")
    func oversized() throws {
        let child = try WorkerChild(shell("head -c 70000000 /dev/zero; echo; echo good"))
        #expect(lines(child) == (["good"], .exited(0)))
        #expect(child.oversized == 1)
    }

    @Test("A job larger than any pipe reaches a worker that writes before it reads")
    func largeJob() throws {
        let child = try WorkerChild(shell("head -c 300000 /dev/zero | tr '\\0' x; echo; head -c 3000001 | wc -c"))
        child.send(Data(repeating: 65, count: 3_000_000))
        let (found, end) = lines(child)
        #expect(found.map(\.count) == [300_000, 7])
        #expect(found.last == "3000001")
        #expect(end == .exited(0))
    }

    @Test("Writing to a dead worker is no signal and no end of ours")
    func deadWorker() throws {
        let child = try WorkerChild(shell("exec 0<&-; sleep 0.1; exit 5"))
        for _ in 0..<3 { child.send(Data(repeating: 65, count: 100_000)) }
        #expect(lines(child) == ([], .exited(5)))
    }

    @Test("At the end of its input a worker ends by itself")
    func endOfInput() throws {
        let child = try WorkerChild(shell("echo up; while read -r l; do echo $l; done; exit 6"))
        #expect(child.next(timeout: 30, bell: -1) == .line(Data("up".utf8)))
        child.endInput()
        #expect(lines(child) == ([], .exited(6)))
    }

    @Test("It has its three streams and no other descriptor of ours, default signals, and a group of its own")
    func isolation() throws {
        let stray = open("/dev/null", O_RDONLY)
        defer { close(stray) }
        let child = try WorkerChild(
            shell(
                "ls /proc/$$/fd | sort -n | tr '\\n' ' '; echo; ps -o pgid= -p $$ | tr -d ' '; grep -E 'SigBlk|SigIgn' /proc/self/status"
            ))
        let (found, end) = lines(child)
        #expect(end == .exited(0))
        // The shell itself keeps 10 for its script on some systems; 3 and what we hold must not be there.
        #expect(found.first?.split(separator: " ").compactMap { Int32($0) }.contains(stray) == false)
        #expect(found.first?.hasPrefix("0 1 2") == true)
        #expect(found.dropFirst().first == "\(child.pid)")
        // Signals 32 and 33 belong to the C library itself.
        let masks = found.filter { $0.hasPrefix("Sig") }.compactMap { UInt64($0.dropFirst(8), radix: 16) }
        #expect(masks.map { $0 & 0x7FFF_FFFF } == [0, 0])
    }

    @Test("A grandchild that holds the output open does not hide the worker's death")
    func grandchild() throws {
        let child = try WorkerChild(shell("sleep 30 & echo here; exit 2"))
        #expect(child.next(timeout: 30, bell: -1) == .line(Data("here".utf8)))
        // The first time-out after the death shows it.
        var end = WorkerEnd.lost
        for _ in 0..<100 {
            if case .ended(let found) = child.next(timeout: 0.1, bell: -1) {
                end = found
                break
            }
        }
        #expect(end == .exited(2))
    }

    @Test("A bell wakes the wait; lines come before the bell")
    func bell() throws {
        let child = try WorkerChild(shell("echo one; read -r l"))
        let bell = try PollBell()
        #expect(child.next(timeout: 30, bell: bell.descriptor) == .line(Data("one".utf8)))
        bell.ring()
        #expect(child.next(timeout: 30, bell: bell.descriptor) == .woken)
        bell.clear()
        #expect(child.next(timeout: 0.01, bell: bell.descriptor) == .timeout)
    }

    @Test("Neither processes nor descriptors are left behind")
    func leaks() throws {
        // Pipes are what a child's streams are; other tests open files at the same time.
        let count = {
            try FileManager.default.contentsOfDirectory(atPath: "/proc/self/fd").count { name in
                let target = try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/fd/" + name)
                return target?.hasPrefix("pipe:") == true
            }
        }
        try autoreleased { _ = lines(try WorkerChild(shell("exit 0"))) }
        let before = try count()
        var pids: [pid_t] = []
        for script in ["exit 0", "kill -9 $$", "sleep 60", "echo x; sleep 60 & sleep 60"] {
            for _ in 0..<5 {
                let child = try WorkerChild(shell(script))
                pids.append(child.pid)
                if !script.contains("60") { _ = lines(child) }
            }
        }
        // One pipe for each child would be 20.
        #expect(try count() <= before + 12)
        for pid in pids { #expect(waitpid(pid, nil, WNOHANG) == -1 && errno == ECHILD) }
    }

    private func autoreleased(_ body: () throws -> Void) rethrows { try body() }

    @Test("A program that is not there is an error in words")
    func missing() {
        let error = #expect(throws: WorkerStartError.self) { try WorkerChild(WorkerExecutable(path: "/no/such")) }
        #expect(error?.description.contains("/no/such could not be started: No such file") == true)
    }

    @Test("Portico's own worker is the running program")
    func ourselves() {
        let executable = WorkerExecutable.portico(arguments: ["worker"])
        #expect(executable.arguments == ["worker"])
        #expect(FileManager.default.isExecutableFile(atPath: executable.path))
        #expect(executable.path != "/proc/self/exe")
    }
}
