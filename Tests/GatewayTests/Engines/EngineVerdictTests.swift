import Foundation
import Inference
import Testing

@testable import Gateway

@Suite("Which engine is taken, and what is said of it")
struct EngineVerdictTests {
    static let subject = EngineVerdict.Subject(
        bundleDigest: "00ff", window: [1, 8, 8, 8], device: "cpu", precision: .float32, libraries: ["a 1 2"],
        processor: "p", portico: "0")

    static func verdict(torch: Double, openvino: Double, refusal: String? = nil, real: Int = 0) -> EngineVerdict {
        EngineVerdict(
            subject: subject,
            candidates: [
                .init(engine: .torch, name: "torch 2 cpu", timings: [.init(batch: 4, secondsPerWindow: torch)]),
                .init(
                    engine: .openvino, name: "openvino 1 cpu", way: .freeze,
                    timings: [.init(batch: 1, secondsPerWindow: openvino)],
                    comparison: .init(
                        largestDifference: 1e-6, outputRange: 2, agreement: 1, randomWindows: 3, realWindows: real),
                    refusal: refusal),
            ], threads: 2)
    }

    @Test("the fastest engine that nothing speaks against is taken")
    func fastest() {
        #expect(Self.verdict(torch: 0.3, openvino: 0.1).fastest == .openvino)
        #expect(Self.verdict(torch: 0.1, openvino: 0.3).fastest == .torch)
        #expect(Self.verdict(torch: 0.3, openvino: 0.1, refusal: "it differs").fastest == .torch)
        let none = EngineVerdict(subject: Self.subject, candidates: [.init(engine: .torch, refusal: "x")], threads: 0)
        #expect(none.fastest == .torch)
    }

    @Test("a comparison on a real image keeps the worst of both, and can end an engine")
    func realCase() {
        var verdict = Self.verdict(torch: 0.3, openvino: 0.1)
        #expect(verdict.awaitsRealCase)
        var found = EngineVerdict.Candidate(
            engine: .openvino,
            comparison: .init(
                largestDifference: 4e-6, outputRange: 4, agreement: 0.99995, randomWindows: 0, realWindows: 2))
        verdict.add(found)
        #expect(!verdict.awaitsRealCase && verdict.fastest == .openvino)
        #expect(verdict[.openvino]?.comparison?.largestDifference == 4e-6)
        #expect(verdict[.openvino]?.comparison?.agreement == 0.99995)
        let proof = verdict.proof(of: .openvino)
        #expect(proof?.contains("torch 2 cpu on 3 random and 2 real windows: largest difference 1e-06") == true)
        #expect(verdict.proof(of: .torch) == nil)
        found.refusal = "it differs"
        verdict.add(found)
        #expect(verdict.fastest == .torch)
        var lost = Self.verdict(torch: 0.3, openvino: 0.1)
        lost.add(nil)
        #expect(lost.fastest == .torch && lost[.openvino]?.refusal != nil)
    }

    @Test("a verdict is found again for the same subject alone")
    func kept() throws {
        let folder = FileManager.default.temporaryDirectory.path + "/portico-verdict-\(UUID().uuidString)"
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let (place, lock) = try EngineStore(folder: URL(fileURLWithPath: folder)).place(of: Self.subject)
        try withExtendedLifetime(lock) {
            #expect(EngineStore.verdict(in: place, on: Self.subject) == nil)
            let verdict = Self.verdict(torch: 0.3, openvino: 0.1)
            try EngineStore.keep(verdict, in: place)
            #expect(EngineStore.verdict(in: place, on: Self.subject)?.candidates == verdict.candidates)
            for change in [\EngineVerdict.Subject.processor, \.portico, \.bundleDigest] {
                var other = Self.subject
                other[keyPath: change] += "x"
                #expect(EngineStore.verdict(in: place, on: other) == nil)
            }
            var short = verdict
            short.candidates[1].wasCutShort = true
            try EngineStore.keep(short, in: place)
            #expect(EngineStore.verdict(in: place, on: Self.subject)?.candidates == short.candidates)
            short.made = Date() - EngineVerdict.secondChance - 1
            try EngineStore.keep(short, in: place)
            #expect(EngineStore.verdict(in: place, on: Self.subject) == nil, "what cut it short may have passed")
            var older = verdict
            older.version = 0
            try EngineStore.keep(older, in: place)
            #expect(EngineStore.verdict(in: place, on: Self.subject) == nil)
            try Data("{".utf8).write(to: URL(fileURLWithPath: place + "/verdict.json"))
            #expect(EngineStore.verdict(in: place, on: Self.subject) == nil)
        }
    }
}
