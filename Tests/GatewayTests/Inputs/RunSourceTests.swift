import DICOM
import Foundation
import ImageFiles
import Pipelines
import TestSupport
import Testing
import Voxels

@testable import Gateway

@Suite("Images of a command line")
struct RunSourceTests {
    private static let two = BundleInputs(
        slots: [.init(key: "image", counts: [2], channels: ["a", "b"], isOptional: false)], isPlanar: false)

    private func load(_ inputs: [RunInput], of bundle: BundleInputs = two) throws -> (RunSource, ModelImage) {
        let source = try RunSource(InputAssignment(inputs, to: bundle), bundle: bundle, modality: "CT")
        return (source, try source.load(LoadRequest(key: "image")))
    }

    @Test("two series of DICOM are two channels on the grid of the first, whichever way they are named")
    func series() throws {
        let folder = Project.phantomSeries.path
        let (source, twice) = try load(try RunInput.all([folder, folder], series: []))
        #expect(twice.tensor.shape.count == 4 && twice.tensor.channels == 2 && twice.source.channelAxis == 0)
        let half = twice.tensor.count / 2
        #expect(twice.tensor.elements.prefix(half).elementsEqual(twice.tensor.elements.suffix(half)))
        #expect(source.series.count == 2)
        let uid = source.series[0].seriesInstanceUID.value
        #expect(source.stem(of: "image") == uid)
        let (named, byUID) = try load(try RunInput.all([Project.phantomStudy.path], series: [uid, uid]))
        #expect(byUID.tensor == twice.tensor && byUID.affine == twice.affine)
        #expect(named.series.map(\.seriesInstanceUID.value) == [uid, uid])
        #expect(throws: CommandFailure.self) {
            try load(try RunInput.all([Project.phantomStudy.path], series: [uid, "1.2.3"]))
        }
    }

    @Test("a NIfTI file that lies elsewhere than the series is refused with the distance")
    func mixed() async throws {
        try await Scratch.with { scratch in
            let folder = try RunInput(Project.phantomSeries.path)
            let (source, image) = try load([folder, folder])
            let half = image.tensor.count / 2
            let tensor = Tensor(shape: image.source.shape, elements: Array(image.tensor.elements.prefix(half)))
            func write(_ name: String, _ affine: Affine) throws -> RunInput {
                let path = scratch.path(name).path
                try NIfTI.write(tensor, affine: affine, to: path)
                return try RunInput(path)
            }
            let same = try write("same.nii", image.affine)
            #expect(try load([folder, same]).1.tensor == image.tensor)
            var moved = image.affine
            moved[2, 3] += 2.5
            let other = try write("moved.nii", moved)
            let error = #expect(throws: RunError.self) { try load([folder, other]) }
            let text = error?.description ?? ""
            #expect(text.contains("moved.nii lies elsewhere") && text.contains("2.5"))
            #expect(source.series.count == 2)
        }
    }

    private static let one = BundleInputs(
        slots: [.init(key: "image", counts: [1], channels: [], isOptional: false)], isPlanar: false)

    private func refusal(_ inputs: [RunInput], of bundle: BundleInputs = one, modality: String? = "CT") -> String {
        do {
            _ = try RunSource(InputAssignment(inputs, to: bundle), bundle: bundle, modality: modality)
            return "nothing refused"
        } catch { return "\(error)" }
    }

    /// A copy of the phantom's series that may be changed.
    private func copy(_ name: String, in scratch: Scratch) throws -> URL {
        let folder = scratch.path(name)
        try FileManager.default.copyItem(at: Project.phantomSeries, to: folder)
        return folder
    }

    @Test("a series of another modality than the bundle's is taken where it is named, and only there")
    func modality() throws {
        let folder = Project.phantomSeries.path
        #expect(refusal([try RunInput(folder)], modality: "MR").contains("there is no MR series"))
        let uid = try load([RunInput(folder)], of: Self.one).0.series[0].seriesInstanceUID.value
        #expect(refusal(try RunInput.all([folder], series: [uid]), modality: "MR") == "nothing refused")
    }

    @Test("a slice that can't be read is not left out, and a file that is no DICOM is")
    func brokenSlice() async throws {
        try await Scratch.with { scratch in
            let folder = try copy("series", in: scratch)
            try Data("read me".utf8).write(to: folder.appendingPathComponent("README"))
            #expect(refusal([try RunInput(folder.path)]) == "nothing refused")
            let files = try FileManager.default.contentsOfDirectory(atPath: folder.path).sorted()
            let last = folder.appendingPathComponent(try #require(files.last { $0.hasSuffix(".dcm") }))
            try Data(contentsOf: last).prefix(700).write(to: last)
            let words = refusal([try RunInput(folder.path)])
            #expect(words.contains("\(last.lastPathComponent): it is DICOM and cannot be read"), "\(words)")
        }
    }

    @Test(
        "channels of two studies, or of two frames of reference, are refused",
        arguments: [
            ("(0020,0052)=1.2.3.4", "different frames of reference"), ("(0020,000d)=1.2.3.4", "different studies"),
        ])
    func strangers(change: String, words: String) async throws {
        try await Scratch.with { scratch in
            let other = try copy("other", in: scratch)
            let files = try FileManager.default.contentsOfDirectory(atPath: other.path).filter { $0.hasSuffix(".dcm") }
            let paths = files.map { other.appendingPathComponent($0).path }
            try await Command.run("dcmodify", ["-nb", "-m", change] + paths).checked()
            let inputs = [try RunInput(Project.phantomSeries.path), try RunInput(other.path)]
            #expect(refusal(inputs, of: Self.two).contains(words))
        }
    }

    @Test("a picture is no volume, and a volume no picture to be made colour of")
    func picture() async throws {
        try await Scratch.with { scratch in
            let file = scratch.path("p.png")
            try Data([0]).write(to: file)
            let error = #expect(throws: CommandFailure.self) {
                try load([RunInput(file.path), RunInput(file.path)])
            }
            #expect(error?.description.contains("a picture has two axes") == true)
            let folder = try RunInput(Project.phantomSeries.path)
            let source = try RunSource(
                InputAssignment([folder, folder], to: Self.two), bundle: Self.two, modality: nil)
            var request = LoadRequest(key: "image", reader: .pil)
            request.convertsToRGB = true
            #expect(throws: RunError.self) { try source.load(request) }
        }
    }
}
