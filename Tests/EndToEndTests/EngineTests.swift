import Foundation
import TestSupport
import Testing

extension EndToEnd {
    /// The engines as a user meets them.
    @Suite(.serialized, .timeLimit(EndToEnd.guardTime))
    struct EngineTests {
        @Test(
            "A run on OpenVINO gives libtorch's label map and says how it was compared, and the next one compares no more"
        )
        func run() async throws {
            try await Scratch.with { scratch in
                var files: [String] = []
                for (number, engine) in ["openvino", "openvino", "auto", "torch"].enumerated() {
                    let result = try await Portico.run([
                        "run", "--engine", engine, "--bundle", Project.demoBundle.path, "--input",
                        Project.phantomSeries.path, "-o", scratch.path("\(number)").path, "--output-format", "files",
                        "--format", "json",
                    ]).checked().json(RunView.self)
                    files.append(try #require(result.files.first))
                    let proof = result.provenance.engineProof
                    #expect(result.provenance.engine.hasPrefix(engine == "auto" ? "" : engine))
                    if engine == "torch" { #expect(proof == nil) }
                    guard engine == "openvino" else { continue }
                    #expect(
                        proof?.contains("compared with torch 2.") == true && proof?.contains("real windows") == true)
                    // Another test may have run this bundle before.
                    if number > 0 { #expect(!result.stages.contains { $0.name == "compare engines" }) }
                }
                for file in files.dropLast() {
                    let images = try await ImageComparison(
                        URL(fileURLWithPath: file), URL(fileURLWithPath: files[files.count - 1]))
                    print(images)
                    #expect(images.differing == 0 && images.foreground > 0)
                }
            }
        }

        @Test("verify shows each engine and which one auto takes; doctor shows what loads")
        func shown() async throws {
            let verified = try await Portico.run(["bundle", "verify", Project.demoBundle.path]).checked().output
            #expect(verified.contains("engine auto takes"))
            #expect(verified.contains("openvino 20") && verified.contains("s a window in batches of"))
            let doctor = try await Portico.run(["doctor", "--seconds", "0.05"]).checked().output
            for words in ["torch", "openvino", "conversion", "GFLOP/s", "Instruction sets:"] {
                #expect(doctor.contains(words), "\(words)\n\(doctor)")
            }
        }

        @Test("A study runs on OpenVINO, and explain says how it was compared")
        func served() async throws {
            try await Scratch.with { scratch in
                let portico = try await Portico.serve(
                    PorticoSettings([.init("phantom", bundle: Project.demoBundle, engine: "openvino")]), in: scratch)
                let study = try await Dump.study(of: Project.phantomSeries)
                try await Sender.dcmsend([Project.phantomSeries], to: portico).checked()
                let jobs = try await portico.settledJobs(study: study)
                #expect(jobs.map(\.state) == ["succeeded"])
                let words = try await portico.explain(study).inWords
                #expect(words.contains("run by openvino"), "\(words)")
                #expect(words.contains("engine compared with torch"), "\(words)")
                let cache = portico.data.appendingPathComponent("cache/engines")
                #expect(try FileManager.default.contentsOfDirectory(atPath: cache.path).count == 1)
            }
        }
    }
}
