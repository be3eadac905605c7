import Foundation
import TestSupport
import Testing
import Voxels

@testable import ImageFiles

@Suite(.ownThread) struct PixelFileMalformedTests {
    private static let sample = Tensor(
        shape: [3, 40, 30], elements: (0..<3600).map { Float(($0 * 7919) % 256) })

    private func samplePNG() throws -> [UInt8] {
        let folder = try TemporaryFolder()
        try PNG.write(Self.sample, to: folder.path + "/a.png")
        return [UInt8](try Data(contentsOf: URL(filePath: folder.path + "/a.png")))
    }

    /// A PNG chunk with its checksum.
    private func chunk(_ name: String, _ data: [UInt8]) -> [UInt8] {
        let body = Array(name.utf8) + data
        return bigEndian(data.count) + body + bigEndian(Int(checksum(body)))
    }

    private func bigEndian(_ value: Int) -> [UInt8] { [24, 16, 8, 0].map { UInt8(value >> $0 & 0xff) } }

    /// CRC-32 as PNG has it.
    private func checksum(_ bytes: [UInt8]) -> UInt32 {
        ~bytes.reduce(~0) { sum, byte in
            (0..<8).reduce(sum ^ UInt32(byte)) { value, _ in value >> 1 ^ (value & 1 == 1 ? 0xedb8_8320 : 0) }
        }
    }

    private func png(width: Int, height: Int, bits: UInt8, kind: UInt8, _ chunks: [UInt8]) -> [UInt8] {
        [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]
            + chunk("IHDR", bigEndian(width) + bigEndian(height) + [bits, kind, 0, 0, 0]) + chunks + chunk("IEND", [])
    }

    private func code(_ bytes: [UInt8], _ limits: ReadLimits = .standard) -> ImageFileError.Code? {
        #expect(throws: ImageFileError.self) { try PixelFile.decode(bytes, name: "a", limits: limits) }?.code
    }

    /// Whether a file is refused for its header alone, before there is room for its pixels.
    private func promises(_ bytes: [UInt8]) -> Bool {
        let error = #expect(throws: ImageFileError.self) { try PixelFile.decode(bytes, name: "a") }
        return error?.code == .malformed && error?.message.contains("its header promises") == true
    }

    @Test("a PNG that ends anywhere before its end is refused")
    func cutPNG() throws {
        let whole = try samplePNG()
        #expect(try PixelFile.decode(whole, name: "a").spatialShape == [40, 30])
        for length in 8..<whole.count where length % 13 == 0 || length > whole.count - 20 {
            #expect(code(Array(whole[..<length])) == .malformed, "\(length) of \(whole.count)")
        }
    }

    @Test("a PNG with a changed byte is refused, as its checksums no longer agree")
    func damagedPNG() throws {
        let whole = try samplePNG()
        for place in stride(from: 16, to: whole.count - 12, by: 11) {
            var bytes = whole
            bytes[place] ^= 0x40
            #expect(throws: ImageFileError.self, "\(place)") { try PixelFile.decode(bytes, name: "a") }
        }
    }

    @Test("a header that promises more than the file holds, or more than is allowed, costs no memory")
    func bombs() throws {
        let data = chunk("IDAT", [0x78, 0x9c, 0x03, 0x00, 0x00, 0x00, 0x00, 0x01])
        #expect(promises(png(width: 1 << 14, height: 1 << 14, bits: 8, kind: 2, data)))
        #expect(code(png(width: (1 << 14) + 1, height: 1 << 14, bits: 8, kind: 0, data)) == .tooLarge)
        #expect(code(png(width: 1 << 27, height: 1 << 27, bits: 1, kind: 0, data)) == .tooLarge)
        #expect(code(try samplePNG(), ReadLimits(maximumBytes: 40 * 30 * 16 - 1)) == .tooLarge)
        #expect(code(png(width: 0, height: 5, bits: 8, kind: 0, data)) == .malformed)
        #expect(code(png(width: 5, height: 5, bits: 3, kind: 0, data)) == .malformed)
        #expect(code(png(width: 4, height: 1, bits: 8, kind: 3, data)) == .malformed, "no palette")
        let large: [UInt8] = [0xff, 0xd8, 0xff, 0xc0, 0, 11, 8, 0xff, 0, 0x0f, 0xff, 1, 1, 0x11, 0]
        let scan: [UInt8] = [0xff, 0xda, 0, 8, 1, 1, 0, 0, 63, 0, 0xff, 0xd9]
        #expect(promises(large + scan))
    }

    @Test("a name stands in each error, and pixels do not")
    func words() throws {
        let error = #expect(throws: ImageFileError.self) {
            try PixelFile.decode(Array(try samplePNG().prefix(60)), name: "one.png")
        }
        #expect(error?.message.hasPrefix("one.png: ") == true)
        #expect(error.map { $0.message.count < 200 } == true)
    }

    @Test(
        "cut and damaged JPEGs are refused or decode to an image of the same size, and nothing ever crashes",
        .enabled(if: Places.python != nil))
    func damagedJPEG() throws {
        let folder = try TemporaryFolder()
        _ = try Places.run(script: "pixel_peers.py", ["read", folder.path])
        var random = SplitMix(state: 3)
        for name in ["jpeg_rgb_2_progressive_95_37x51", "jpeg_rgb_1_baseline_40_37x51", "jpeg_cmyk_37x51"] {
            let whole = [UInt8](try Data(contentsOf: URL(filePath: "\(folder.path)/\(name).jpg")))
            for length in stride(from: 3, to: whole.count - 1, by: 17) {
                #expect(throws: ImageFileError.self, "\(name) cut at \(length)") {
                    try PixelFile.decode(Array(whole[..<length]), name: "a")
                }
            }
            // A JPEG without one of its scans is no longer whole, though it ends as it should.
            if name.contains("progressive") { #expect(code(withoutLastScan(whole)) == .malformed) }
            for _ in 0..<300 {
                var bytes = whole
                for _ in 0..<3 {
                    bytes[Int(random.next() % UInt64(bytes.count))] = UInt8(truncatingIfNeeded: random.next())
                }
                if let image = try? PixelFile.decode(bytes, name: "a", limits: ReadLimits(maximumBytes: 1 << 24)) {
                    #expect(image.tensor.count == image.spatialShape.reduce(image.mode.channels, *))
                }
            }
        }
    }

    private func withoutLastScan(_ bytes: [UInt8]) -> [UInt8] {
        let last = bytes.indices.dropLast().last { bytes[$0] == 0xff && bytes[$0 + 1] == 0xda } ?? 0
        return Array(bytes[..<last]) + [0xff, 0xd9]
    }
}

/// A small generator of the same numbers in every run.
private struct SplitMix {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9e37_79b9_7f4a_7c15
        var value = state
        value = (value ^ value >> 30) &* 0xbf58_476d_1ce4_e5b9
        value = (value ^ value >> 27) &* 0x94d0_49bb_1331_11eb
        return value ^ value >> 31
    }
}
