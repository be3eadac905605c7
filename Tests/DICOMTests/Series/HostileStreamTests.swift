import DICOM
import Foundation
import TestSupport
import Testing
import Voxels

/// Code streams that do not mean well end in an error, and in nothing else.
@Suite("Hostile code streams")
struct HostileStreamTests {
    private static let reader = SeriesReader()

    /// Decodes a made file; the error, or nil where it decoded.
    private func fault(_ file: EncapsulatedFile, _ scratch: Scratch, frame: Int? = nil) throws -> String? {
        let made = try file.write(to: scratch.path("made.dcm"))
        do {
            _ = try Self.reader.pixels(of: Self.reader.image(in: made, frame: frame))
            return nil
        } catch {
            return "\(error)"
        }
    }

    @Test("A JPEG 2000 stream that says other than the header, or is cut short, is refused in words", .needsSharedData)
    func jpeg2000() async throws {
        try await Scratch.with { scratch in
            let stream = try TransferSyntaxTests.stream()
            #expect(try fault(TransferSyntaxTests.file([stream]), scratch) == nil)
            func expect(_ words: String, _ change: (inout Data, inout EncapsulatedFile) -> Void) throws {
                var bytes = stream
                var file = TransferSyntaxTests.file([])
                change(&bytes, &file)
                file.fragments = [bytes]
                let fault = try fault(file, scratch)
                #expect(fault?.contains(words) == true, "\(words): \(fault ?? "decoded")")
            }
            // SIZ begins at byte 2: Rsiz at 6, Xsiz at 8, Ysiz at 12, XTsiz at 24, Csiz at 40, Ssiz at 42, XRsiz at 43.
            try expect("384 × 385 pixels where the header has 384 × 384") { bytes, _ in bytes[15] += 1 }
            try expect("384 × 384 pixels where the header has 384 × 200") { _, file in file.rows = 200 }
            try expect("impossible tiles") { bytes, _ in bytes.replaceSubrange(24..<28, with: [0, 0, 0, 0]) }
            try expect("has 147456 tiles") { bytes, _ in
                bytes.replaceSubrange(24..<32, with: [0, 0, 0, 1, 0, 0, 0, 1])
            }
            try expect("16384 components") { bytes, _ in bytes.replaceSubrange(40..<42, with: [0x40, 0]) }
            try expect("subsampled") { bytes, _ in bytes[43] = 2 }
            try expect("HTJ2K") { bytes, _ in bytes[6] = 0x40 }
            try expect("more than 16 bits") { bytes, _ in bytes[42] = 37 }
            try expect("differ about the sign") { bytes, _ in bytes[42] |= 0x80 }
            try expect("do not fit the 8 bits stored") { _, file in file.stored = 8 }
            try expect("does not begin as one") { bytes, _ in bytes.removeFirst() }
            for length in [0, 1, 2, 30, 60, 100, stream.count / 2, stream.count - 100] {
                try expect("JPEG 2000 code stream") { bytes, _ in bytes = bytes.prefix(length) }
            }
        }
    }

    @Test("JPEG and RLE frames that say other than the header are refused in words", .needsSharedData)
    func others() async throws {
        try await Scratch.with { scratch in
            let colour = try EncapsulatedFile.fragments(
                of: SharedData.url("dicom/pydicom/test_files/SC_rgb_dcmtk_+eb+cy+np.dcm"))
            var jpeg = EncapsulatedFile(
                transferSyntax: EncapsulatedFile.jpegBaseline, rows: 100, columns: 100, samples: 3,
                photometric: "YBR_FULL_422", allocated: 8, stored: 8, fragments: colour)
            #expect(try fault(jpeg, scratch) == nil)
            jpeg.rows = 120
            #expect(try fault(jpeg, scratch)?.contains("differ in the number of rows") == true)
            (jpeg.rows, jpeg.photometric) = (100, "RGB")
            #expect(try fault(jpeg, scratch)?.contains("the stream is YCbCr") == true)
            (jpeg.photometric, jpeg.allocated, jpeg.stored) = ("YBR_FULL_422", 8, 8)
            (jpeg.samples, jpeg.photometric) = (1, "MONOCHROME2")
            #expect(try fault(jpeg, scratch)?.contains("differ in the samples per pixel") == true)

            let bytes = try EncapsulatedFile.fragments(of: SharedData.url("dicom/dcm_qa_ts/In/4.dcm"))
            var rle = TransferSyntaxTests.file(bytes)
            rle.transferSyntax = EncapsulatedFile.rle
            #expect(try fault(rle, scratch) == nil)
            rle.fragments = [bytes[0].prefix(40)]
            #expect(try fault(rle, scratch)?.contains("has no header") == true)
            rle.fragments = [bytes[0].prefix(bytes[0].count / 2)]
            #expect(try fault(rle, scratch)?.contains("RLE frame") == true)
            var far = bytes[0]
            far.replaceSubrange(8..<12, with: [0xFF, 0xFF, 0xFF, 0x7F])
            rle.fragments = [far]
            #expect(try fault(rle, scratch)?.contains("wrong table of segments") == true)
            let near = try EncapsulatedFile.fragments(
                of: SharedData.url("dicom/dicom2nifti/generic/compressed_jpegls/001/IM-0001-0001-0001.dcm"))
            let whole = near.reduce(Data(), +)
            var file = EncapsulatedFile(
                transferSyntax: EncapsulatedFile.jpegLS, rows: 256, columns: 256, stored: 12, fragments: [whole])
            #expect(try fault(file, scratch) == nil)
            file.rows = 255
            #expect(try fault(file, scratch)?.contains("JPEG-LS stream and the header differ in the number") == true)
            (file.rows, file.fragments) = (256, [whole.prefix(20000)])
            #expect(try fault(file, scratch)?.contains("JPEG-LS stream is cut short") == true)
            file.fragments = [whole.prefix(20000) + Data([0xFF, 0xD9])]
            #expect(try fault(file, scratch)?.contains("JPEG-LS stream cannot be decoded") == true)
            rle.fragments = [bytes[0].prefix(2000), bytes[0].dropFirst(2000)]
            #expect(try fault(rle, scratch)?.contains("several fragments") == true)
        }
    }

    @Test(
        "Frames are found by the table of offsets, and a wrong one or too few fragments are refused", .needsSharedData)
    func frames() async throws {
        try await Scratch.with { scratch in
            let stream = try TransferSyntaxTests.stream()
            let (first, second) = (Data(stream.prefix(5000)), Data(stream.dropFirst(5000)))
            var file = TransferSyntaxTests.file([first, second, stream])
            file.frames = 2
            #expect(try fault(file, scratch, frame: 2)?.contains("no table of offsets") == true)
            let place = UInt32(first.count + second.count + second.count % 2 + 16)
            file.offsets = [0, place]
            #expect(try fault(file, scratch, frame: 1) == nil)
            #expect(try fault(file, scratch, frame: 2) == nil)
            file.offsets = [0, place + 2]
            #expect(try fault(file, scratch, frame: 1)?.contains("table of offsets does not fit") == true)
            file.frames = 1_000_000
            #expect(try fault(file, scratch, frame: 1)?.contains("more than 65536 frames") == true)
            file.frames = 60_000
            #expect(try fault(file, scratch, frame: 1)?.contains("fewer fragments") == true)
            var large = TransferSyntaxTests.file([stream])
            (large.rows, large.columns) = (65535, 65535)
            #expect(try fault(large, scratch)?.contains("so little compressed data") == true)
        }
    }

    @Test("Bytes changed at random decode or are refused, and end nothing else", .needsSharedData)
    func random() async throws {
        try await Scratch.with { scratch in
            let shared = try SharedData.url("dicom")
            func template(
                _ name: String, _ syntax: String, _ side: Int, _ change: (inout EncapsulatedFile) -> Void = { _ in }
            ) throws -> EncapsulatedFile {
                let whole = try EncapsulatedFile.fragments(of: shared.appendingPathComponent(name)).reduce(Data(), +)
                var file = EncapsulatedFile(
                    transferSyntax: syntax, rows: side, columns: side, stored: 12, fragments: [whole])
                change(&file)
                return file
            }
            let generic = "dicom2nifti/generic/compressed_"
            let kinds = [
                try template("dcm_qa_ts/In/9.dcm", EncapsulatedFile.jpeg2000, 384),
                try template("dcm_qa_ts/In/4.dcm", EncapsulatedFile.rle, 384),
                try template(generic + "jpeg/001/IM-0001-0001-0001.dcm", EncapsulatedFile.jpegLossless, 256),
                try template(generic + "jpegls/001/IM-0001-0001-0001.dcm", EncapsulatedFile.jpegLS, 256),
                try template("pydicom/test_files/SC_rgb_dcmtk_+eb+cy+np.dcm", EncapsulatedFile.jpegBaseline, 100) {
                    ($0.samples, $0.photometric, $0.allocated, $0.stored) = (3, "YBR_FULL_422", 8, 8)
                },
            ]
            var state: UInt64 = 4
            func next(_ bound: Int) -> Int {
                state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
                return Int(state >> 33) % bound
            }
            for kind in kinds {
                var file = kind
                let whole = kind.fragments[0]
                #expect(try fault(kind, scratch) == nil)
                for round in 0..<60 {
                    var bytes = whole
                    // Half of the rounds change the headers at the start, where most decisions are taken.
                    let reach = round.isMultiple(of: 2) ? min(200, bytes.count) : bytes.count
                    for _ in 0...next(4) { bytes[next(reach)] = UInt8(next(256)) }
                    if round % 5 == 4 { bytes = bytes.prefix(next(bytes.count)) }
                    file.fragments = [bytes]
                    _ = try fault(file, scratch)
                }
            }
        }
    }
}
