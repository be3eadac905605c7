import Foundation
import ModelBundles
import Pipelines
import TestSupport
import Testing
import Voxels

@testable import Gateway

@Suite("What a run leaves and how it fails")
struct RunTests {
    private func image(_ value: Float) -> ModelImage {
        ModelImage(
            tensor: Tensor(shape: [1, 2, 2, 2], repeating: value), affine: .identity,
            source: SourceGrid(shape: [2, 2, 2], affine: .identity))
    }

    private func folder() throws -> URL {
        let url = FileManager.default.temporaryDirectory.appendingPathComponent("portico-run-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
        return url
    }

    @Test("every stage has its files, also one that changed nothing")
    func stages() throws {
        let folder = try folder()
        defer { try? FileManager.default.removeItem(at: folder) }
        let recorder = try StageRecorder(folder: folder)
        try recorder.record(id: "a::0", name: "First", seconds: 0, sample: Sample(images: ["image": image(1)]))
        try recorder.record(id: "a::1", name: "Same", seconds: 0, sample: Sample(images: ["image": image(1)]))
        try recorder.record(id: "a::2", name: "Other", seconds: 0, sample: Sample(images: ["image": image(2)]))
        try recorder.finish()
        let read = { (name: String) in try Data(contentsOf: folder.appendingPathComponent(name)) }
        #expect(try read("a::0.image.npy") == read("a::1.image.npy"))
        #expect(try read("a::1.image.npy") != read("a::2.image.npy"))
        #expect(try read("a::1.image.affine.npy").count > 128)
        let list = try JSONSerialization.jsonObject(with: read("stages.json")) as? [[String: Any]]
        #expect(list?.compactMap { $0["id"] as? String } == ["a::0", "a::1", "a::2"])
    }

    @Test("stages never mix with those of another run")
    func usedFolder() throws {
        let folder = try folder()
        defer { try? FileManager.default.removeItem(at: folder) }
        try Data().write(to: folder.appendingPathComponent("old.npy"))
        #expect(throws: RunError.self) { try StageRecorder(folder: folder) }
    }

    @Test("a folder that can't be made is named, with the system's reason")
    func blockedFolder() throws {
        let folder = try folder()
        defer { try? FileManager.default.removeItem(at: folder) }
        let file = folder.appendingPathComponent("file")
        try Data([1]).write(to: file)
        let error = #expect(throws: RunError.self) { try OutputFolder.make(file.appendingPathComponent("below")) }
        #expect(error?.description.contains(file.path) == true)
        #expect(error?.description.contains("NSCocoaErrorDomain") == false)
    }

    @Test("refusals are final, what may pass is tried again")
    func retry() {
        #expect(!Failure.mayPass(RunError("the series has a gap")))
        #expect(Failure.mayPass(RunError("the folder can't be made", isFinal: false)))
        #expect(!Failure.mayPass(PipelineError(.unknownOperator, "no such operator")))
        #expect(Failure.mayPass(CocoaError(.fileWriteOutOfSpace)))
    }
}
