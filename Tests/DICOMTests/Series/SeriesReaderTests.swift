import DICOM
import Foundation
import TestSupport
import Testing

@Suite("Series to volume")
struct SeriesReaderTests {
    @Test(
        "Each of dicom2nifti's failing series is refused with the right words", .needsSharedData,
        arguments: [
            ("gantrytilting", SeriesRefusal.Kind.tilt, "leans 14.0°"),
            ("sliceincrement", .gap, "10.0 mm between slices 3 and 4 where 5.0 mm is usual"),
            ("slicecount", .tooFewSlices, "2 slices are fewer than 3"),
        ])
    func failing(_ name: String, _ kind: SeriesRefusal.Kind, _ words: String) throws {
        let files = try Project.files(below: SharedData.url("dicom/dicom2nifti/failing/" + name))
        let refusal = #expect(throws: SeriesRefusal.self) { try SeriesReader().series(in: files) }
        #expect(
            refusal?.reasons.contains { $0.kind == kind && $0.message.contains(words) } == true, "\(refusal as Any)")
    }

    @Test("A frame of reference for each slice is refused, and allowed where the rules say so", .needsSharedData)
    func framesOfReference() throws {
        let folder = try SharedData.url("dicom/fnndsc-data/ct-lidc-idri-0314-low20")
        let files = try Project.files(below: folder).filter { isDICOM($0) }
        let refusal = #expect(throws: SeriesRefusal.self) { try SeriesReader().series(in: files) }
        #expect(refusal?.reasons.map(\.kind) == [.frameOfReference])
        #expect(refusal?.description.contains("20 different frames of reference") == true)
        var rules = GeometryRules()
        rules.needsFrameOfReference = false
        let series = try SeriesReader(rules: rules).series(in: files)
        #expect(series.frameOfReferenceUID == nil)
        #expect(series.shape == [512, 512, 20])
    }

    @Test("An RT Structure Set beside the images is refused as no image", .needsSharedData)
    func structureSet() throws {
        let files = try Project.files(below: SharedData.url("dicom/ibsi/ibsi_validation/dicom/STS_008/CT"))
        let survey = SeriesReader().survey(files)
        #expect(survey.series.map(\.modality) == ["CT"])
        #expect(survey.refused.map(\.modality) == ["RTSTRUCT"])
        #expect(survey.refused.first?.reasons.map(\.kind) == [.notAnImage])
        #expect(survey.unreadable.isEmpty)
    }

    @Test("A file that nests without end is refused before DCMTK sees it", .needsSharedData)
    func nesting() async throws {
        try await Scratch.with { scratch in
            let packed = try SharedData.url("dicom/orthanc-tests/misc/2026-05-06-Deeply-Nested-Sequence.dcm.gz")
            let file = scratch.path("nested.dcm")
            _ = try await Command.run("sh", ["-c", "gzip -dc \"$0\" > \"$1\"", packed.path, file.path]).checked()
            let error = #expect(throws: DICOMError.self) { _ = try DataSet(contentsOf: file) }
            #expect(error?.description.contains("nest deeper than 32 levels") == true)
        }
    }

    private func isDICOM(_ file: URL) -> Bool {
        guard let bytes = try? Data(contentsOf: file), bytes.count > 132 else { return false }
        return bytes[128..<132].elementsEqual("DICM".utf8)
    }
}
