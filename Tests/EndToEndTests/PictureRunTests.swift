import Foundation
import TestSupport
import Testing

extension EndToEnd {
    /// `portico run` on pictures and on DICOM images of the same pixels.
    @Suite("Pictures and DICOM images of two axes", .serialized, .needsSharedData, .timeLimit(EndToEnd.guardTime))
    struct PictureRunTests {
        @Test("a DICOM image gives the picture that a PNG of its pixels gives, and a SEG of it is refused in words")
        func endoscopy() async throws {
            try await Scratch.with { scratch in
                let made = scratch.path("made")
                let zoo = try SharedData.url("zoo/endoscopic_tool_segmentation")
                try await Peers.run(script: "zoo_run.py", [zoo.path, made.path]).checked()
                let picture = made.appendingPathComponent("input/picture.png")
                let folder = try scratch.makeFolder("dicom")
                let object = folder.appendingPathComponent("object")
                try await Peers.run(script: "picture_as_dicom.py", [picture.path, object.path]).checked()
                func run(_ input: URL, _ options: [String] = []) async throws -> CommandResult {
                    try await Portico.run(
                        [
                            "run", "--engine", "torch", "--bundle", made.appendingPathComponent("bundle").path,
                            "--input", input.path,
                        ]
                            + ["-o", scratch.path("out").path, "--format", "json"] + options)
                }
                var files: [Data] = []
                for input in [picture, object] {
                    let view = try await run(input).checked().json(RunView.self)
                    #expect(view.files.count == 1)
                    files.append(try Data(contentsOf: URL(fileURLWithPath: try #require(view.files.first))))
                }
                #expect(files[0] == files[1])
                let whole = try await run(folder, ["--output-format", "nifti"]).checked().json(RunView.self)
                #expect(whole.files.first?.contains("1.2.826.0.1.3680043.8.498.9.3_") == true)

                let refused = try await run(object, ["--output-format", "dicom"])
                #expect(refused.status == 1)
                #expect(refused.errors.contains("no DICOM SEG is made of an image of two axes; --output-format files"))
                try FileManager.default.copyItem(at: picture, to: folder.appendingPathComponent("a=b.png"))
                let both = try await run(folder.appendingPathComponent("a=b.png")).checked().json(RunView.self)
                #expect(both.files.first?.contains("a=b_") == true)
            }
        }

        @Test("a picture is refused for a volume, and nothing is made of it")
        func volume() async throws {
            try await Scratch.with { scratch in
                let bundle = try await MadeBundle.withoutWeights("nothing", in: scratch)
                let picture = scratch.path("p.png")
                try Data([0x89]).write(to: picture)
                let result = try await Portico.run([
                    "run", "--engine", "torch", "--bundle", bundle.path, "--input", picture.path, "-o",
                    scratch.path("out").path,
                ])
                #expect(result.status == 1 && result.errors.contains("a picture has two axes"))
                #expect(!FileManager.default.fileExists(atPath: scratch.path("out").path))
            }
        }
    }
}
