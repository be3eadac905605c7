import DICOM
import Foundation
import Glibc
import TestSupport
import Testing

@Suite("A process without descriptors")
struct ExhaustionTests {
    @Test("A listener that can neither accept nor poll says so once each, and serves on when that is over")
    func descriptors() async throws {
        // In a process of its own, since the limit is that of the whole process.
        await #expect(processExitsWith: .success) {
            try await Scratch.with("descriptors") { scratch in
                let intake = try Intake(scratch)
                let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
                var before = rlimit()
                getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &before)
                // With three the listener can poll and not accept.
                limit(to: 3, before)
                let isConnected = connect(descriptor, to: intake.port)
                let accepting: Void? = try? await failure(intake, "accept: Too many open files")
                // With two it cannot even poll (EINVAL).
                limit(to: 2, before)
                let polling: Void? = try? await failure(intake, "poll: Invalid argument")
                limit(to: before.rlim_cur, before)
                #expect(isConnected && accepting != nil && polling != nil)
                #expect(intake.recorder.heard.value.count(.notAccepting) <= 4)
                #expect(try await onThread { try intake.open().echo(context: 3) } == 0)
                close(descriptor)
            }
        }
    }
}

private func limit(to count: rlim_t, _ before: rlimit) {
    var limit = rlimit(rlim_cur: count, rlim_max: before.rlim_max)
    setrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit)
}

private func connect(_ descriptor: Int32, to port: Int) -> Bool {
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_port = UInt16(port).bigEndian
    address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
    return withUnsafePointer(to: &address) {
        $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
            connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size)) == 0
        }
    }
}

private func failure(_ intake: Intake, _ words: String) async throws {
    try await intake.recorder.heard.wait(for: words, within: .seconds(30)) { heard in
        heard.events.contains { $0.kind == .notAccepting && $0.detail.contains(words) } ? () : nil
    }
}
