import Foundation
import Inference
import TestSupport
import Testing
import Voxels

@testable import Gateway

@Suite("The processes that try engines", .ownThread)
struct EngineProofTests {
    private static let torch = #"{"candidate":{"_0":{"engine":"torch","name":"torch 2 cpu","timings":[]}}}"#

    private static func openvino(_ refusal: String?) -> String {
        let words = refusal.map { #","refusal":"\#($0)""# } ?? ""
        return
            #"{"candidate":{"_0":{"engine":"openvino","name":"openvino 1 cpu","way":"freeze","timings":[]\#(words)}}}"#
    }

    /// Runs a proof whose processes are a shell script; it finds the request in `$line`.
    private func candidates(_ body: String, timeLimit: Double = 60) throws -> [EngineVerdict.Candidate] {
        let folder = FileManager.default.temporaryDirectory.path + "/portico-proof-\(UUID().uuidString)"
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let script = "read -r line\ncase \"$line\" in *freeze*) way=freeze;; *trace*) way=trace;; esac\n" + body
        let proof = EngineProof(
            request: TrialRequest(
                weights: "/nowhere/model.ts", window: [1, 8, 8, 8], way: nil, batches: [1], decision: nil,
                device: "cpu", threads: 1, precision: .float32, realWindows: nil, folder: folder,
                memoryLimit: 1 << 30),
            timeLimit: timeLimit, executable: WorkerExecutable(path: "/bin/sh", arguments: ["-c", script]))
        return try proof.candidates()
    }

    @Test("the first way that gives an equal network is taken, and what else is printed is passed over")
    func firstWay() throws {
        let found = try candidates(
            "echo noise; echo '\(Self.torch)'; echo '\(Self.openvino(nil))'; [ $way = freeze ] || exit 3")
        #expect(found.map(\.engine) == [.torch, .openvino])
        #expect(found.allSatisfy { $0.refusal == nil })
    }

    @Test("a conversion that crashes costs its own process, and the other way is tried")
    func crash() throws {
        let found = try candidates(
            """
            echo '\(Self.torch)'; echo '{"stage":{"_0":"converting by '$way'"}}'
            [ $way = trace ] || kill -SEGV $$
            echo '\(Self.openvino(nil))'
            """)
        #expect(found.count == 2 && found[1].refusal == nil)
    }

    @Test("what crashes every way is refused with the signal and the stage, and libtorch runs")
    func crashes() throws {
        let found = try candidates(
            "echo '\(Self.torch)'; echo '{\"stage\":{\"_0\":\"converting by '$way'\"}}'; kill -ABRT $$")
        let refusal = found.last?.refusal ?? ""
        #expect(found.first?.refusal == nil)
        #expect(refusal.contains("signal 6 (SIGABRT) while converting by freeze"))
        #expect(refusal.contains("while converting by trace") && found.last?.wasCutShort == true)
        let verdict = EngineVerdict(subject: EngineVerdictTests.subject, candidates: found, threads: 1)
        #expect(verdict.fastest == .torch)
    }

    @Test("what never ends is ended at the limit")
    func hang() throws {
        let found = try candidates("echo '\(Self.torch)'; sleep 1000", timeLimit: 0.5)
        #expect(found.last?.engine == .openvino && found.last?.refusal?.contains("not done within") == true)
    }

    @Test("both refusals are told where no way is equal")
    func refused() throws {
        let found = try candidates("echo '\(Self.torch)'; echo '\(Self.openvino("no way"))'")
        #expect(found.last?.refusal == "no way; no way" && found.last?.wasCutShort == nil)
    }

    @Test("without libtorch there is nothing to compare with")
    func noTorch() throws {
        let found = try candidates("exit 7")
        #expect(found.map(\.engine) == [.torch])
        #expect(found[0].refusal?.contains("code 7") == true)
    }
}
