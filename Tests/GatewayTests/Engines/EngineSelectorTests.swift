import Foundation
import Inference
import TestSupport
import Testing
import Voxels

@testable import Gateway

@Suite("The engine of a bundle, found with the real engines", .timeLimit(.minutes(10)), .ownThread)
struct EngineSelectorTests {
    /// The demo's bundle and a selector whose compiled networks are kept in a folder.
    private func parts(_ choice: EngineChoice, _ folder: URL) throws -> (EngineSelector, BundleReference) {
        let selector = EngineSelector(
            request: EngineRequest(choice: choice, device: "cpu", threads: 2), store: EngineStore(folder: folder),
            prover: WorkerExecutable(path: try Project.portico(), arguments: ["prove"]))
        return (selector, BundleReference(path: Project.root.path + "/dicom-fixtures/bundles/abdomen_phantom"))
    }

    private func image() -> Tensor {
        let shape = [1, 100, 96, 70]
        let values = EngineTrial.random(shape)[2]
        return Tensor(shape: shape, elements: values.elements)
    }

    @Test("a converted network that was broken is caught on the first real image, and libtorch runs")
    func broken() async throws {
        try await Scratch.with { scratch in
            let (selector, reference) = try parts(.auto, scratch.folder)
            let bundle = try reference.open(cache: nil)
            let plan = try BundlePlan(bundle)
            let found = try selector.load(bundle, plan)
            let verdict = try #require(found.verdict)
            print(verdict.lines.joined(separator: "\n"))
            #expect(verdict[.openvino]?.refusal == nil && verdict[.openvino]?.comparison?.randomWindows == 3)
            #expect(verdict.awaitsRealCase)

            // Asked for by name, so that it does not depend on which engine is faster here.
            let (named, _) = try parts(.openvino, scratch.folder)
            let engine = try named.load(bundle, plan)
            #expect(engine.choice == .openvino && engine.network.engine.hasPrefix("openvino"))
            let confirmed = try named.confirm(engine, bundle, plan, on: image())
            #expect(confirmed.verdict?[.openvino]?.comparison?.realWindows ?? 0 > 0)
            #expect(confirmed.proof?.contains("real windows") == true)

            // The same verdict before its real case, and weights that are no longer the model's.
            let (folder, lock) = try selector.store.place(of: verdict.subject)
            try EngineStore.keep(verdict, in: folder)
            _ = consume lock
            let weights = URL(fileURLWithPath: folder + "/network.bin")
            var bytes = try Data(contentsOf: weights)
            for place in stride(from: 3, to: bytes.count, by: 97) { bytes[place] ^= 0x01 }
            try bytes.write(to: weights)
            for name in try FileManager.default.contentsOfDirectory(atPath: folder) where name.hasSuffix(".blob") {
                try FileManager.default.removeItem(atPath: folder + "/" + name)
            }
            // Changed after the comparison, it is not even loaded; so it has to pass for one that was made so.
            let changed = #expect(throws: RunError.self) { try named.load(bundle, plan) }
            #expect(changed?.description.contains("not the one that was compared") == true)
            var forged = verdict
            forged.network = EngineStore.networkDigest(in: folder)
            try EngineStore.keep(forged, in: folder)
            let broken = try named.load(bundle, plan)
            #expect(throws: RunError.self) { try named.confirm(broken, bundle, plan, on: image()) }
            try EngineStore.keep(forged, in: folder)
            let saved = try selector.confirm(broken, bundle, plan, on: image())
            #expect(saved.choice == .torch && saved.network.engine.hasPrefix("torch"))
            #expect(saved.verdict?[.openvino]?.refusal?.contains("of the output's range") == true)
            let windows = try FileManager.default.contentsOfDirectory(atPath: folder).filter { $0.hasSuffix(".npy") }
            #expect(windows.isEmpty, "pixels of a patient stay nowhere")
        }
    }

    @Test("libtorch by name is not compared, and a device that OpenVINO has not leaves it alone")
    func torch() async throws {
        try await Scratch.with { scratch in
            let (selector, reference) = try parts(.torch, scratch.folder)
            let bundle = try reference.open(cache: nil)
            let engine = try selector.load(bundle, BundlePlan(bundle))
            #expect(engine.choice == .torch && engine.verdict == nil && engine.proof == nil)
            #expect(try FileManager.default.contentsOfDirectory(atPath: scratch.folder.path).isEmpty)
        }
    }
}
