import Foundation
import TestSupport
import Testing
import Voxels

@testable import ImageFiles

@Suite(.ownThread) struct PixelFileReadTests {
    @Test("each kind of PNG and JPEG is read as MONAI's PILReader reads it", .enabled(if: Places.python != nil))
    func peers() throws {
        let folder = try TemporaryFolder()
        let lines = try Places.run(script: "pixel_peers.py", ["read", folder.path]).split(separator: "\n")
        #expect(lines.count > 180)
        var modes: Set<PixelMode> = []
        for line in lines {
            let words = line.split(separator: " ").map(String.init)
            let path = folder.path + "/" + words[0]
            let image = try PixelFile.read(path)
            #expect(image.mode.rawValue == words[1], "\(words[0])")
            #expect(image.tensor == (try NPY.read(path + ".npy").tensor), "\(words[0])")
            #expect(image.hasChannelAxis == (image.tensor.shape.count == 3))
            let colour = try PixelFile.read(path, converter: .rgb)
            #expect(colour.mode.rawValue == words[2], "\(words[0]) as RGB")
            #expect(colour.tensor == (try NPY.read(path + ".rgb.npy").tensor), "\(words[0]) as RGB")
            modes.insert(image.mode)
        }
        #expect(modes == Set(PixelMode.allCases))
    }

    @Test("the width is the first axis, and the first row is the top")
    func axes() throws {
        let folder = try TemporaryFolder()
        let tensor = Tensor(shape: [1, 3, 2], elements: [1, 2, 3, 4, 5, 6])
        try PNG.write(tensor, to: folder.path + "/a.png")
        let image = try PixelFile.read(folder.path + "/a.png")
        #expect(image == PixelImage(tensor: Tensor(shape: [3, 2], elements: tensor.elements), mode: .grey))
        #expect(image.spatialShape == [3, 2])
    }

    @Test("a file that is missing, no file, or something else is refused")
    func strangers() throws {
        let folder = try TemporaryFolder()
        func code(_ path: String) -> ImageFileError.Code? {
            #expect(throws: ImageFileError.self) { try PixelFile.read(path) }?.code
        }
        #expect(code(folder.path + "/none.png") == .unreadable)
        #expect(code(folder.path) == .unreadable)
        #expect(code(try folder.file("empty.png", [])) == .notThisFormat)
        #expect(code(try folder.file("text.png", Array("not an image".utf8))) == .notThisFormat)
    }
}
