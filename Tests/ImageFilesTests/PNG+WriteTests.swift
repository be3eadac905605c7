import Foundation
import TestSupport
import Testing
import Voxels

@testable import ImageFiles

@Suite(.ownThread) struct PNGWriteTests {
    /// A case of `pixel_peers.py write`.
    private struct Case: Decodable {
        var scale: Int?
        var bits: Int
        var axis: Int?
        var squeeze: Bool
        var written: Bool

        var settings: PNG.Settings {
            PNG.Settings(
                scale: scale.flatMap(PNG.Scale.init), sample: bits == 16 ? .word : .byte, channelAxis: axis,
                squeezesEnd: squeeze)
        }
    }

    @Test(
        "what SaveImage writes as PNG has the same pixels and mode here, and what it refuses is refused",
        .enabled(if: Places.python != nil))
    func peers() throws {
        let folder = try TemporaryFolder()
        let lines = try Places.run(script: "pixel_peers.py", ["write", folder.path]).split(separator: "\n")
        #expect(lines.count > 500)
        var paths: [String] = []
        for line in lines {
            let words = line.split(separator: " ", maxSplits: 1).map(String.init)
            let facts = try JSONDecoder().decode(Case.self, from: Data(words[1].utf8))
            let path = "\(folder.path)/\(words[0])"
            let tensor = try NPY.read(path + ".npy").tensor
            guard facts.written else {
                #expect(throws: ImageFileError.self, "\(tensor.shape) \(facts)") {
                    try PNG.write(tensor, to: path + ".ours.png", settings: facts.settings)
                }
                continue
            }
            try PNG.write(tensor, to: path + ".ours.png", settings: facts.settings)
            let (ours, theirs) = (try PixelFile.read(path + ".ours.png"), try PixelFile.read(path + ".monai.png"))
            #expect(ours == theirs, "\(tensor.shape) \(facts)")
            paths.append(path)
        }
        #expect(paths.count > 150)
        // Pillow itself has to see the same, too.
        let ours = paths.map { $0 + ".ours.png" }
        let theirs = paths.map { $0 + ".monai.png" }
        #expect(
            try Places.run(script: "pixel_peers.py", ["show"] + ours)
                == Places.run(script: "pixel_peers.py", ["show"] + theirs))
        for (mine, his) in zip(ours, theirs) {
            let (first, second) = (try NPY.read(mine + ".npy"), try NPY.read(his + ".npy"))
            #expect(first.shape == second.shape && first.typeName == second.typeName && first.doubles == second.doubles)
        }
    }

    @Test("a value that doesn't fit is refused, and no file is left")
    func overflow() throws {
        let folder = try TemporaryFolder()
        let path = folder.path + "/a.png"
        func refuse(_ value: Float, _ settings: PNG.Settings) {
            let error = #expect(throws: ImageFileError.self, "\(value)") {
                try PNG.write(Tensor(shape: [1, 2, 2], elements: [0, 1, 0, value]), to: path, settings: settings)
            }
            #expect(error?.code == .badArgument)
        }
        for value in [Float(256), -1, .nan, .infinity, 1e30] { refuse(value, .init()) }
        for value in [Float(65536), -1, .nan] { refuse(value, .init(sample: .word)) }
        refuse(.nan, .init(scale: .byte))
        refuse(.nan, .init(scale: .word, sample: .word))
        #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path) == [])
        let error = #expect(throws: ImageFileError.self) {
            try PNG.write(Tensor(shape: [1, 2, 2]), to: folder.path + "/none/a.png")
        }
        #expect(error?.code == .unwritable)
    }

    @Test("every kind of pixel comes back as it went")
    func roundTrip() throws {
        let folder = try TemporaryFolder()
        for (channels, mode) in [(1, PixelMode.grey), (2, .greyAlpha), (3, .rgb), (4, .rgba)] {
            let tensor = Tensor(shape: [41, 67, channels], elements: (0..<41 * 67 * channels).map { Float($0 % 256) })
            try PNG.write(tensor, to: folder.path + "/a.png", settings: .init(channelAxis: 2))
            let image = try PixelFile.read(folder.path + "/a.png")
            #expect(image.mode == mode && image.tensor.elements == tensor.elements)
        }
        let words = Tensor(shape: [50, 60], elements: (0..<3000).map { Float($0 * 21) })
        try PNG.write(words, to: folder.path + "/a.png", settings: .init(sample: .word, channelAxis: nil))
        #expect(try PixelFile.read(folder.path + "/a.png") == PixelImage(tensor: words, mode: .grey16))
    }
}
