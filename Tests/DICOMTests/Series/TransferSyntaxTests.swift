import DICOM
import Foundation
import TestSupport
import Testing
import Voxels

@Suite("Transfer syntaxes")
struct TransferSyntaxTests {
    @Test("One image in nine transfer syntaxes decodes to one array, as a volume and as an image", .needsSharedData)
    func nineSyntaxes() throws {
        let folder = try SharedData.url("dicom/dcm_qa_ts/In")
        let files = (1...9).map { folder.appendingPathComponent("\($0).dcm") }
        var rules = GeometryRules()
        (rules.minimumSlices, rules.needsFrameOfReference) = (1, false)
        let reader = SeriesReader(rules: rules)
        let syntaxes = Set(try files.map { try DataSet(contentsOf: $0).transferSyntax })
        #expect(syntaxes.isSuperset(of: [EncapsulatedFile.jpeg2000, EncapsulatedFile.rle, "1.2.840.10008.1.2.2"]))
        let volumes = try files.map { try reader.volume(of: reader.series(in: [$0])) }
        let images = try files.map { try reader.pixels(of: reader.image(in: $0)) }
        #expect(volumes.dropFirst().allSatisfy { $0 == volumes[0] })
        #expect(images.allSatisfy { $0.elements == volumes[0].elements })
        #expect(volumes[0].elements.max() == 2362)
    }

    @Test(
        "Lossless encodings of the working group's images equal the uncompressed ones", .needsSharedData,
        arguments: ["CT1", "CT2", "NM1"])
    func workingGroup(_ name: String) throws {
        let folder = try SharedData.url("dicom/nema-wg04")
        let reader = SeriesReader()
        func pixels(_ kind: String, _ suffix: String) throws -> Tensor {
            try reader.pixels(of: reader.image(in: folder.appendingPathComponent("\(kind)/\(name)_\(suffix)")))
        }
        let plain = try pixels("REF", "UNC")
        for kind in ["RLE", "JPLL", "JLSL", "J2KR"] { #expect(try pixels(kind, kind) == plain, "\(kind)") }
        // Lossy ones are near; how near is theirs.
        let lossy = try pixels("J2KI", "J2KI")
        let error = zip(lossy.elements, plain.elements).map { Double(abs($0 - $1)) }.reduce(0, +) / Double(plain.count)
        #expect(error > 0 && error < 40)
        #expect(try reader.image(in: folder.appendingPathComponent("J2KI/\(name)_J2KI")).lossyCompression != nil)
    }

    @Test("Big-endian and deflated objects decode like the others", .needsSharedData)
    func otherEncodings() throws {
        let folder = try SharedData.url("dicom/pydicom/test_files")
        let reader = SeriesReader()
        func pixels(_ name: String) throws -> Tensor {
            try reader.pixels(of: reader.image(in: folder.appendingPathComponent(name)))
        }
        let small = try pixels("MR_small.dcm")
        for name in ["bigendian", "expb", "implicit", "RLE", "jp2klossless", "jpeg_ls_lossless", "padded"] {
            #expect(try pixels("MR_small_\(name).dcm") == small, "\(name)")
        }
        #expect(try pixels("SC_rgb_small_odd_big_endian.dcm") == pixels("SC_rgb_small_odd.dcm"))
        let deflated = try pixels("image_dfl.dcm")
        #expect(deflated.shape == [512, 512])
        let enhanced = try SharedData.url("dicom/pydicom-data")
        func frame(_ name: String, _ index: Int) throws -> Tensor {
            try reader.pixels(of: reader.image(in: enhanced.appendingPathComponent(name), frame: index))
        }
        for index in [1, 6, 10] {
            let plain = try frame("emri_small.dcm", index)
            for kind in ["RLE", "big_endian", "jpeg_2k_lossless", "jpeg_ls_lossless"] {
                #expect(try frame("emri_small_\(kind).dcm", index) == plain, "\(kind), frame \(index)")
            }
        }
    }

    @Test("What cannot be decoded is refused by its name or its fault", .needsSharedData)
    func refused() async throws {
        try await Scratch.with { scratch in
            let reader = SeriesReader()
            let stream = try Self.stream()
            var file = Self.file([stream])
            let cases = [
                ("1.2.840.10008.1.2.4.201", "HTJ2K (1.2.840.10008.1.2.4.201)"),
                ("1.2.840.10008.1.2.4.100", "cannot be decoded"), ("1.2.840.10008.1.2.4.92", "cannot be decoded"),
                ("1.2.3.4", "transfer syntax 1.2.3.4, which is not known"),
            ]
            for (syntax, words) in cases {
                file.transferSyntax = syntax
                let made = try file.write(to: scratch.path("unknown.dcm"))
                let survey = reader.images(in: [made])
                let found = survey.refused.map(\.description) + survey.unreadable.map(\.error.description)
                #expect(survey.images.isEmpty && found.count == 1 && found[0].contains(words), "\(syntax): \(found)")
            }
        }
    }

    /// A code stream of 384 × 384 samples.
    static func stream() throws -> Data {
        try EncapsulatedFile.fragments(of: SharedData.url("dicom/dcm_qa_ts/In/9.dcm")).reduce(Data(), +)
    }

    static func file(_ fragments: [Data]) -> EncapsulatedFile {
        EncapsulatedFile(
            transferSyntax: EncapsulatedFile.jpeg2000, rows: 384, columns: 384, stored: 12, fragments: fragments)
    }
}
