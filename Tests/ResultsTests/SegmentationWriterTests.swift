import DICOM
import Foundation
import Results
import TestSupport
import Testing
import Voxels

@Suite("Segmentation objects", .serialized)
struct SegmentationWriterTests {
    @Test(
        "highdicom reads the label map back voxel for voxel at every rest of rows × columns modulo 8",
        .enabled(if: Foreign.isWanted, "PORTICO_SKIP_PEERS is 1"),
        arguments: [(8, 5), (9, 9), (10, 5), (9, 11), (12, 9), (7, 11), (10, 7), (9, 7), (141, 137)])
    func sizes(_ columns: Int, _ rows: Int) async throws {
        try await Scratch.with { scratch in
            var synthetic = SyntheticSeries()
            (synthetic.columns, synthetic.rows) = (columns, rows)
            let series = try SeriesReader().series(in: synthetic.write(to: scratch.folder))
            let map = try LabelMap.asymmetric(on: series, labels: 3, seed: UInt64(columns * rows))
            let file = scratch.path("seg.dcm")
            let outcome = try SegmentationWriter(.test(series)).write(map, to: file)
            guard case .written(let written) = outcome else {
                Issue.record("nothing was found")
                return
            }
            let reading = try await Foreign.read(file, map, series, scratch)
            #expect(reading.different == 0)
            #expect(reading.off < 0.01 && reading.off >= 0)
            #expect(reading.frames == written.frameCount)
            #expect(reading.changed.isEmpty)
            #expect(reading.segments == ["liver", "spleen", "left kidney"])
            #expect(try await Foreign.dciodvfy(file).isEmpty)
        }
    }

    @Test(
        "Sagittal, coronal and oblique series with anisotropic pixels keep every voxel in its place",
        .enabled(if: Foreign.isWanted, "PORTICO_SKIP_PEERS is 1"),
        arguments: [
            [0, 1, 0, 0, 0, -1], [1, 0, 0, 0, 0, -1], [0.6, 0.8, 0, -0.8, 0.6, 0], [0.8, 0, 0.6, 0.36, 0.8, -0.48],
        ])
    func orientations(_ orientation: [Double]) async throws {
        try await Scratch.with { scratch in
            var synthetic = SyntheticSeries()
            synthetic.orientation = orientation
            let series = try SeriesReader().series(in: synthetic.write(to: scratch.folder))
            let map = try LabelMap.asymmetric(on: series, labels: 3)
            let file = scratch.path("seg.dcm")
            _ = try SegmentationWriter(.test(series)).write(map, to: file)
            let reading = try await Foreign.read(file, map, series, scratch)
            #expect(reading.different == 0)
            #expect(reading.off < 0.01 && reading.off >= 0)
        }
    }

    @Test(
        "The object of a real CT passes the validators but for values that the source has",
        .enabled(if: Foreign.isWanted, "PORTICO_SKIP_PEERS is 1"), .needsSharedData)
    func realSource() async throws {
        try await Scratch.with { scratch in
            let folder = try SharedData.url("dicom/ibsi/ibsi_validation/dicom/STS_008/CT/image")
            let series = try SeriesReader().series(in: Project.files(below: folder))
            let map = try LabelMap.asymmetric(on: series, labels: 3)
            let file = scratch.path("seg.dcm")
            _ = try SegmentationWriter(.test(series)).write(map, to: file)
            let reading = try await Foreign.read(file, map, series, scratch)
            #expect(reading.different == 0)
            #expect(reading.changed.isEmpty)
            // The source's StudyID has 17 characters, where SH allows 16; it is copied unchanged.
            let errors = try await Foreign.dciodvfy(file)
            #expect(errors.allSatisfy { $0.contains("</StudyID(0020,0010)[1]>") }, "\(errors)")
            let complaints = try await Foreign.pixelMed(file)
            #expect(
                complaints.allSatisfy { $0.contains("Laterality") || $0.contains("StudyID") }, "\(complaints)")
            let entities = try await Command.run("dcentvfy", [file.path] + series.slices.map(\.file.path))
            #expect((entities.output + entities.errors).isEmpty, "\(entities.output)\(entities.errors)")
        }
    }

    @Test(
        "Contributing equipment names model and gateway, and the source's own items stay",
        .enabled(if: Foreign.isWanted, "PORTICO_SKIP_PEERS is 1"))
    func provenance() async throws {
        try await Scratch.with { scratch in
            var synthetic = SyntheticSeries()
            synthetic.decorate = { builder, _ in
                let item = try builder.append(.contributingEquipmentSequence)
                try item.set(.manufacturer, "Old Works")
                let code = try item.append(.purposeOfReferenceCodeSequence)
                try code.set(.codeValue, "109104")
                try code.set(.codingSchemeDesignator, "DCM")
                try code.set(.codeMeaning, "De-identifying Equipment")
            }
            let series = try SeriesReader().series(in: synthetic.write(to: scratch.folder))
            let map = try LabelMap.asymmetric(on: series, labels: 3)
            let file = scratch.path("seg.dcm")
            let context = try SegmentationContext.test(series)
            _ = try SegmentationWriter(context).write(map, to: file)
            let reading = try await Foreign.read(file, map, series, scratch)
            #expect(reading.equipment.map { $0[0] } == ["109104", "Newcode1", "109102"])
            #expect(
                reading.equipment[1] == [
                    "Newcode1", "Acme Research", "abdomen", "1.2.3", context.model.deviceUID.value,
                ])
            #expect(reading.schemes == ["99IHE"])
            #expect(reading.tracking.count == 3)
            let own = try SegmentationReader(contentsOf: file).provenance
            #expect(own.contributions.count == 3)
            #expect(own.algorithms.map(\.name) == ["abdomen"])
            #expect(own.description.contains("Acme Research abdomen 1.2.3"))
            #expect(own.description.contains("not for clinical use"))
        }
    }

    @Test("A map without foreground gives no object")
    func nothingFound() async throws {
        try await Scratch.with { scratch in
            let series = try SeriesReader().series(in: SyntheticSeries().write(to: scratch.folder))
            let map = try LabelMap(
                shape: series.shape, affine: series.affine,
                labels: Array(repeating: 0, count: series.shape.reduce(1, *)))
            let file = scratch.path("seg.dcm")
            guard case .nothingFound = try SegmentationWriter(.test(series)).write(map, to: file) else {
                Issue.record("an object was written")
                return
            }
            #expect(!FileManager.default.fileExists(atPath: file.path))
        }
    }

    @Test("The same job gives the same bytes, and another job other UIDs")
    func deterministic() async throws {
        try await Scratch.with { scratch in
            let series = try SeriesReader().series(in: SyntheticSeries().write(to: scratch.folder))
            let map = try LabelMap.asymmetric(on: series, labels: 3)
            let writer = SegmentationWriter(try .test(series))
            _ = try writer.write(map, to: scratch.path("a.dcm"))
            _ = try writer.write(map, to: scratch.path("b.dcm"))
            #expect(try Data(contentsOf: scratch.path("a.dcm")) == Data(contentsOf: scratch.path("b.dcm")))
            #expect(ResultUIDs(seed: "job 1").segmentation != ResultUIDs(seed: "job 2").segmentation)
            // printf 'a\0b' | sha256sum, first 32 digits, as a decimal number.
            #expect(ResultUIDs(seed: "a").uid("b").value == "2.25.119227826172246415199572365930447286639")
        }
    }

    @Test("What does not lie on the source's grid, or is no label, is refused and leaves no file")
    func refusals() async throws {
        try await Scratch.with { scratch in
            let series = try SeriesReader().series(in: SyntheticSeries().write(to: scratch.folder))
            let writer = SegmentationWriter(try .test(series))
            let file = scratch.path("seg.dcm")
            let labels = try LabelMap.asymmetric(on: series, labels: 3).labels
            func code(_ map: @autoclosure () throws -> LabelMap) -> ResultsError.Code? {
                do {
                    _ = try writer.write(map(), to: file)
                    return nil
                } catch {
                    return (error as? ResultsError)?.code
                }
            }
            let shape = series.shape
            let turned = [shape[1], shape[0], shape[2]]
            #expect(code(try LabelMap(shape: turned, affine: series.affine, labels: labels)) == .wrongGrid)
            var moved = series.affine
            moved[0, 3] += 0.02
            #expect(code(try LabelMap(shape: shape, affine: moved, labels: labels)) == .wrongGrid)
            var flipped = series.affine
            for row in 0..<3 { flipped[row, 0] = -flipped[row, 0] }
            #expect(code(try LabelMap(shape: shape, affine: flipped, labels: labels)) == .wrongGrid)
            var rounded = series.affine
            rounded.elements = rounded.elements.map { Double(Float($0)) }
            #expect(code(try LabelMap(shape: shape, affine: rounded, labels: labels)) == nil)
            try FileManager.default.removeItem(at: file)
            let unknown = labels.map { $0 == 3 ? 4 : $0 }
            #expect(code(try LabelMap(shape: shape, affine: series.affine, labels: unknown)) == .wrongLabel)
            var values = labels.map(Float.init)
            values[7] = .nan
            #expect(
                code(try LabelMap(tensor: Tensor(shape: shape, elements: values), affine: series.affine)) == .wrongLabel
            )
            #expect(try FileManager.default.contentsOfDirectory(atPath: scratch.folder.path).count == 5)
        }
    }

    @Test("Numbers between labels are rounded half to even and counted")
    func rounding() throws {
        let tensor = Tensor(shape: [1, 1, 2, 3], elements: [0, 0.5, 1, 1.5, 2.25, -0.0])
        let map = try LabelMap(tensor: tensor, affine: .identity)
        #expect(map.labels == [0, 0, 1, 2, 2, 0])
        #expect(map.roundedVoxels == 3)
        #expect(map.shape == [1, 2, 3])
    }
}
