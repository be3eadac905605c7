import Foundation
import TestSupport
import Testing
import Voxels

@testable import ImageFiles

@Suite(.ownThread) struct NIfTIMalformedTests {
    @Test("a correct header made by hand is read in both byte orders", arguments: [false, true])
    func correct(bigEndian: Bool) throws {
        let folder = try TemporaryFolder()
        let path = try folder.file("a.nii", RawHeader(shape: [2, 3, 4], bigEndian: bigEndian).file(voxels: 24))
        let image = try NIfTI.read(path)
        #expect(image.tensor.shape == [2, 3, 4])
        // Voxel (1, 2, 3) is the last in the file.
        #expect(image.tensor.elements.last == 23)
        #expect(image.tensor.elements[1] == 6)
        #expect(image.affine == .identity)
    }

    @Test("headers that contradict themselves or the file are refused without a large allocation")
    func hostile() throws {
        var cases: [(String, ImageFileError.Code, (inout RawHeader) -> Void)] = []
        func add(_ name: String, _ code: ImageFileError.Code, _ edit: @escaping (inout RawHeader) -> Void) {
            cases.append((name, code, edit))
        }
        add("no axes", .malformed) { $0.put(Int16(0), 40) }
        add("eight axes", .malformed) { $0.put(Int16(8), 40) }
        add("an empty axis", .malformed) { $0.put(Int16(0), 44) }
        add("a negative axis", .malformed) { $0.put(Int16(-3), 44) }
        add("more voxels than bytes", .malformed) { $0.put(Int16(30_000), 46) }
        add("voxels beyond counting", .tooLarge) { header in
            header.put(Int16(7), 40)
            for axis in 1...7 { header.put(Int16.max, 40 + 2 * axis) }
        }
        add("complex voxels", .unsupported) { $0.put(Int16(32), 70) }
        add("RGB voxels", .unsupported) { $0.put(Int16(128), 70) }
        add("a type that isn't one", .unsupported) { $0.put(Int16(77), 70) }
        add("voxels inside the header", .malformed) { $0.put(Float(16), 108) }
        add("no offset", .malformed) { $0.put(Float(0), 108) }
        add("an offset that is no number", .malformed) { $0.put(Float.nan, 108) }
        add("an endless offset", .malformed) { $0.put(Float.infinity, 108) }
        add("a negative offset", .malformed) { $0.put(Float(-352), 108) }
        add("an offset behind the end", .malformed) { $0.put(Float(1 << 20), 108) }
        add("an endless intercept", .malformed) {
            $0.put(Float(2), 112)
            $0.put(Float.infinity, 116)
        }
        add("half of a pair", .unsupported) { $0.bytes.replaceSubrange(344..<347, with: Array("ni1".utf8)) }
        add("no magic", .notThisFormat) { $0.bytes.replaceSubrange(344..<347, with: [0, 0, 0]) }
        let folder = try TemporaryFolder()
        for (name, code, edit) in cases {
            var header = RawHeader(shape: [2, 3, 4])
            edit(&header)
            let path = try folder.file("x.nii", header.file(voxels: 24))
            let error = #expect(throws: ImageFileError.self, "\(name)") { try NIfTI.read(path) }
            #expect(error?.code == code, "\(name): \(String(describing: error))")
            #expect(error?.message.contains(path) == true, "\(name)")
        }
    }

    @Test("a file cut anywhere is refused, compressed or not")
    func truncated() throws {
        let folder = try TemporaryFolder()
        let whole = RawHeader(shape: [4, 5, 6]).file(voxels: 120)
        let tensor = try NIfTI.read(try folder.file("whole.nii", whole)).tensor
        try NIfTI.write(tensor, affine: .identity, to: folder.path + "/whole.nii.gz")
        let packed = [UInt8](try Data(contentsOf: URL(filePath: folder.path + "/whole.nii.gz")))
        for length in stride(from: 0, to: whole.count, by: 37) {
            let path = try folder.file("cut.nii", Array(whole[..<length]))
            #expect(throws: ImageFileError.self, "\(length)") { try NIfTI.read(path) }
        }
        // The last eight bytes are the checksum and the length: they are missed as well.
        for length in Array(stride(from: 0, to: packed.count, by: 11)) + [packed.count - 8, packed.count - 1] {
            let path = try folder.file("cut.nii.gz", Array(packed[..<length]))
            #expect(throws: ImageFileError.self, "\(length) of \(packed.count)") { try NIfTI.read(path) }
        }
    }

    @Test("a changed byte in a compressed file is found by its checksum")
    func damaged() throws {
        let folder = try TemporaryFolder()
        let tensor = Tensor(shape: [20, 20, 20], elements: (0..<8000).map { Float(($0 * 7919) % 251) })
        try NIfTI.write(tensor, affine: .identity, to: folder.path + "/a.nii.gz", type: .int16)
        let packed = [UInt8](try Data(contentsOf: URL(filePath: folder.path + "/a.nii.gz")))
        for place in stride(from: 30, to: packed.count, by: max(packed.count / 40, 1)) {
            var bytes = packed
            bytes[place] ^= 0x10
            let path = try folder.file("b.nii.gz", bytes)
            // A bit that changes nothing in what is decompressed may pass; another image never does.
            if let image = try? NIfTI.read(path) { #expect(image.tensor == tensor, "\(place)") }
        }
    }

    @Test("a compressed file that promises far more than it can hold is refused before memory is taken")
    func bomb() throws {
        let folder = try TemporaryFolder()
        let path = folder.path + "/bomb.nii.gz"
        var header = RawHeader(shape: [30_000, 30_000, 16])
        header.put(Int16(2), 70)
        var stream = try OutputStream(path, compression: 9)
        try stream.write(header.file(voxels: 1000))
        try stream.close()
        let error = #expect(throws: ImageFileError.self) { try NIfTI.read(path) }
        #expect(error?.code == .tooLarge || error?.code == .malformed)
        let limited = #expect(throws: ImageFileError.self) {
            try NIfTI.read(
                try folder.file("a.nii", RawHeader(shape: [10, 10, 10]).file(voxels: 1000)),
                limits: ReadLimits(maximumBytes: 3999))
        }
        #expect(limited?.code == .tooLarge)
    }

    @Test("what is no file is refused with words")
    func nothing() throws {
        let folder = try TemporaryFolder()
        for path in [folder.path + "/absent.nii", folder.path, "/dev/zero"] {
            let error = #expect(throws: ImageFileError.self) { try NIfTI.read(path) }
            #expect(error?.code == .unreadable)
        }
        let text = try folder.file("text.nii", Array(String(repeating: "no image ", count: 90).utf8))
        #expect(#expect(throws: ImageFileError.self) { try NIfTI.read(text) }?.code == .notThisFormat)
    }

    @Test("headers of random bytes never crash the reader")
    func fuzz() throws {
        let folder = try TemporaryFolder()
        var state: UInt64 = 7
        func next() -> UInt64 {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return state >> 33
        }
        for _ in 0..<800 {
            var bytes = RawHeader(shape: [3, 4, 5]).file(voxels: 60)
            for _ in 0..<(1 + next() % 6) { bytes[Int(next() % 352)] = UInt8(truncatingIfNeeded: next()) }
            let path = try folder.file("fuzz.nii", bytes)
            if let image = try? NIfTI.read(path, limits: ReadLimits(maximumBytes: 1 << 20)) {
                #expect(image.tensor.count == image.tensor.shape.reduce(1, *))
            }
        }
    }
}
