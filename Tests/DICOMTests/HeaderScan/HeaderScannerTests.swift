import Foundation
import TestSupport
import Testing

@testable import DICOM

@Suite("Scanning heads")
struct HeaderScannerTests {
    @Test("The facts of a real CT slice", .needsSharedData)
    func realCT() throws {
        let folder = try SharedData.url("dicom/ibsi/ibsi_validation/dicom/STS_008/CT/image")
        let file = try #require(try Project.files(below: folder).first { $0.pathExtension == "dcm" })
        let facts = try HeaderScanner.scan(path: file.path)
        #expect(facts.modality == "CT")
        #expect(facts.sopClassUID.value == "1.2.840.10008.5.1.4.1.1.2")
        #expect((facts.rows, facts.columns) == (137, 141) || (facts.rows, facts.columns) == (141, 137))
        #expect(facts.imagePosition?.count == 3 && facts.imageOrientation?.count == 6)
        #expect(facts.pixelSpacing?.count == 2 && facts.frameOfReferenceUID != nil && facts.instanceNumber != nil)
        #expect(facts.hasPixelData)
    }

    @Test("Every encoding gives the same facts", arguments: Encoding.allCases)
    func encodings(encoding: Encoding) throws {
        let bytes = ElementBytes(isImplicit: encoding == .implicit, isBigEndian: encoding == .bigEndian)
        let item = bytes.element(0xFFFE_E000, "", bytes.text(0x0008_0060, "CS", "XX"))
        let open =
            bytes.element(0xFFFE_E000, "", Data(), length: .max) + bytes.text(0x0008_0060, "CS", "XX")
            + bytes.element(0xFFFE_E00D, "", Data())
        let extra =
            bytes.element(0x0020_1115, "SQ", item + item)
            + bytes.element(0x0020_1116, "SQ", Data(), length: .max) + open + bytes.element(0xFFFE_E0DD, "", Data())
            + bytes.element(0x0020_1117, "SQ", Data())
        let facts = try scan(bytes.object(sopInstance: "2.25.5", extra: extra), encoding.rawValue)
        #expect(facts.sopInstanceUID.value == "2.25.5")
        #expect(facts.modality == "OT")
        #expect(facts.rows == 8 && facts.columns == 8 && facts.instanceNumber == 7 && facts.hasPixelData)
    }

    enum Encoding: String, CaseIterable, Sendable {
        case explicit = "1.2.840.10008.1.2.1"
        case implicit = "1.2.840.10008.1.2"
        case bigEndian = "1.2.840.10008.1.2.2"
    }

    @Test("A sequence whose VR the sender did not know is implicit inside")
    func unknownSequence() throws {
        let inner = ElementBytes(isImplicit: true)
        let item =
            inner.element(0xFFFE_E000, "", Data(), length: .max) + inner.text(0x0009_1001, "LO", "AB")
            + inner.element(0xFFFE_E00D, "", Data()) + inner.element(0xFFFE_E0DD, "", Data())
        let bytes = ElementBytes()
        let extra = bytes.element(0x0021_1001, "UN", Data(), length: .max) + item
        #expect(try scan(bytes.object(sopInstance: "2.25.5", extra: extra)).columns == 8)
    }

    @Test("Encapsulated pixel data is followed fragment by fragment, and a missing end is noticed")
    func fragments() throws {
        let bytes = ElementBytes()
        let body = bytes.object(sopInstance: "2.25.5", pixels: 0).dropLast(12)
        let begin = body + bytes.element(0x7FE0_0010, "OB", Data(), length: .max)
        let items =
            bytes.element(0xFFFE_E000, "", Data()) + bytes.element(0xFFFE_E000, "", Data(repeating: 1, count: 90_000))
        let end = bytes.element(0xFFFE_E0DD, "", Data())
        #expect(try scan(begin + items + end).hasPixelData)
        #expect(throws: HeaderScanError.self) { try scan(begin + items) }
        #expect(throws: HeaderScanError.self) { try scan(begin + items.dropLast(2)) }
    }

    @Test("No part of an object passes for the whole, wherever it is cut")
    func truncation() throws {
        let bytes = ElementBytes()
        let item = bytes.element(0xFFFE_E000, "", bytes.text(0x0008_0060, "CS", "XX"))
        let whole = bytes.object(sopInstance: "2.25.5", extra: bytes.element(0x0020_1115, "SQ", item))
        for count in 0..<whole.count {
            // Where an element ends nothing is missing but the elements behind it.
            let facts = try? scan(whole.prefix(count))
            if let facts { #expect(!facts.hasPixelData, "cut at \(count)") }
        }
        #expect(try scan(whole).hasPixelData)
    }

    @Test("Nesting without end is refused, of known and of unknown length, in explicit and implicit VR")
    func nesting() throws {
        for isImplicit in [false, true] {
            let bytes = ElementBytes(isImplicit: isImplicit)
            let syntax = isImplicit ? Encoding.implicit.rawValue : Encoding.explicit.rawValue
            let opening =
                bytes.element(0x0040_A730, "SQ", Data(), length: .max)
                + bytes.element(0xFFFE_E000, "", Data(), length: .max)
            let open = Data((0..<200_000).flatMap { _ in Array(opening) })
            let error = #expect(throws: HeaderScanError.self) {
                try scan(bytes.object(sopInstance: "2.25.5", extra: open), syntax)
            }
            #expect(error?.kind == .limitExceeded)

            var nested = bytes.text(0x0008_0060, "CS", "XX")
            for _ in 0..<100 { nested = bytes.element(0x0040_A730, "SQ", bytes.element(0xFFFE_E000, "", nested)) }
            let known = #expect(throws: HeaderScanError.self) {
                try scan(bytes.object(sopInstance: "2.25.5", extra: nested), syntax)
            }
            #expect(known?.kind == .limitExceeded)
            var shallow = bytes.text(0x0008_0060, "CS", "XX")
            for _ in 0..<40 { shallow = bytes.element(0x0040_A730, "SQ", bytes.element(0xFFFE_E000, "", shallow)) }
            #expect(try scan(bytes.object(sopInstance: "2.25.5", extra: shallow), syntax).columns == 8)
        }
    }

    @Test("Nonsense inside of a sequence whose length is right is skipped")
    func nonsenseInside() throws {
        let bytes = ElementBytes()
        let item = bytes.element(0xFFFE_E000, "", Data(repeating: 0xEE, count: 30))
        let extra = bytes.element(0x0020_1115, "SQ", item) + bytes.element(0x0021_1115, "SQ", Data(count: 12))
        #expect(try scan(bytes.object(sopInstance: "2.25.5", extra: extra)).columns == 8)
    }

    @Test("Errors name the tag and the byte, and no value")
    func errors() throws {
        let bytes = ElementBytes()
        let named = bytes.element(0x0010_0010, "PN", Data("Doe^Jane".utf8), length: 5000)
        let error = #expect(throws: HeaderScanError.self) {
            try scan(bytes.text(0x0008_0016, "UI", "1.2") + named)
        }
        #expect(error?.tag == Tag(0x0010, 0x0010) && error?.kind == .truncated)
        #expect(error.map { "\($0)".contains("Doe") } == false)
        #expect(error.map { "\($0)".contains("(0010,0010)") } == true)
    }

    @Test("A deflated data set is read, and noticed where it is broken or cut", .needsSharedData)
    func deflated() throws {
        let url = try SharedData.url("dicom/dcm4che/report_dfl")
        let facts = try HeaderScanner.scan(path: url.path)
        #expect(facts.modality == "SR")
        let file = try Data(contentsOf: url)
        let places = [facts.dataSetOffset + 10, file.count / 2, file.count - 40]
        for place in places {
            #expect(throws: HeaderScanError.self) { try scanFile(file.prefix(place)) }
        }
    }

    @Test("The malformed files that others collected are scanned or refused without harm", .needsSharedData)
    func collected() async throws {
        var count = 0
        let folders = ["pydicom", "pydicom-data", "dicom-ts", "orthanc-tests", "dcm4che", "dcm_qa_enh", "fnndsc-data"]
        for folder in folders {
            for file in try Project.files(below: SharedData.url("dicom/\(folder)")) {
                _ = try? HeaderScanner.scan(path: file.path)
                count += 1
            }
        }
        #expect(count > 200)
        let huge = try SharedData.url("dicom/dcm4che/3gb-bulk-data-truncated")
        let error = #expect(throws: HeaderScanError.self) { try HeaderScanner.scan(path: huge.path) }
        #expect(error?.kind == .truncated)
        try await Scratch.with { scratch in
            let packed = try SharedData.url("dicom/orthanc-tests/misc/2026-05-06-Deeply-Nested-Sequence.dcm.gz")
            let file = scratch.path("nested.dcm.gz")
            try FileManager.default.copyItem(at: packed, to: file)
            _ = try await Command.run("gunzip", [file.path]).checked()
            let error = #expect(throws: HeaderScanError.self) {
                try HeaderScanner.scan(path: scratch.path("nested.dcm").path)
            }
            #expect(error?.kind == .limitExceeded)
        }
    }

    @Test("Two thousand mutations of real heads do no harm", .needsSharedData)
    func mutations() throws {
        let names = [
            "orthanc-tests/TransferSyntaxes/1.2.840.10008.1.2.1.dcm", "pydicom/test_files/rtplan.dcm",
            "pydicom/test_files/ExplVR_BigEnd.dcm", "pydicom/test_files/nested_priv_SQ.dcm", "dcm4che/report_dfl",
        ]
        var random = Seeded(state: 2026)
        var scanned = 0
        for name in names {
            let original = try Data(contentsOf: SharedData.url("dicom/\(name)"))
            for _ in 0..<400 {
                var bytes = Array(
                    original.prefix(Int.random(in: 100...max(101, min(original.count, 6000)), using: &random)))
                for _ in 0..<Int.random(in: 1...6, using: &random) {
                    let place = Int.random(in: 0..<bytes.count, using: &random)
                    bytes[place] =
                        [0, 0xFF, 0xFE, UInt8.random(in: 0...255, using: &random)][
                            Int.random(in: 0..<4, using: &random)]
                }
                if (try? scanFile(Data(bytes))) != nil { scanned += 1 }
            }
        }
        #expect(scanned < 2000)
    }

    private func scan(_ dataSet: Data, _ syntax: String = Encoding.explicit.rawValue) throws -> HeaderFacts {
        try scanFile(ElementBytes.file(dataSet, transferSyntax: syntax))
    }

    private func scanFile(_ data: Data) throws -> HeaderFacts {
        let url = FileManager.default.temporaryDirectory.appendingPathComponent("scan-\(UUID().uuidString).dcm")
        try data.write(to: url)
        defer { try? FileManager.default.removeItem(at: url) }
        return try HeaderScanner.scan(path: url.path)
    }
}

/// A generator that gives the same numbers each time (SplitMix64).
private struct Seeded: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }
}
