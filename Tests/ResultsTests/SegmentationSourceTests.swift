import DICOM
import Foundation
import Results
import TestSupport
import Testing

@Suite("Segmentations and their sources", .serialized)
struct SegmentationSourceTests {
    @Test(
        "Names in the source's character set arrive byte for byte, or as the same text where labels need UTF-8",
        .enabled(if: Foreign.isWanted, "PORTICO_SKIP_PEERS is 1"), .needsSharedData,
        arguments: ["chrH31", "chrJapMulti", "chrI2", "chrX1", "chrGreek", "chrArab"])
    func characterSets(_ name: String) async throws {
        try await Scratch.with { scratch in
            let folder = try SharedData.url("dicom/pydicom/charset_files")
            let names = try DataSet(contentsOf: folder.appendingPathComponent(name + ".dcm"))
            var synthetic = SyntheticSeries()
            synthetic.decorate = { builder, _ in
                try builder.copy(.specificCharacterSet, from: names)
                try builder.copy(.patientName, from: names)
            }
            let series = try SeriesReader().series(in: synthetic.write(to: scratch.folder))
            let map = try LabelMap.asymmetric(on: series, labels: 2)
            let file = scratch.path("seg.dcm")
            _ = try SegmentationWriter(.test(series, labels: ["liver", "spleen"])).write(map, to: file)
            let written = try DataSet(contentsOf: file)
            #expect(try written.bytes(.patientName) == names.bytes(.patientName))
            #expect(try written.bytes(.specificCharacterSet) == names.bytes(.specificCharacterSet))
            let reading = try await Foreign.read(file, map, series, scratch)
            #expect(reading.changed.isEmpty)
            #expect(reading.name == reading.sourceName)
            let labels = ["Leber groß, 肝臓", "spleen"]
            _ = try SegmentationWriter(.test(series, labels: labels)).write(map, to: file)
            let unicode = try DataSet(contentsOf: file)
            #expect(try unicode.string(.specificCharacterSet) == "ISO_IR 192")
            #expect(try unicode.text(.patientName) == names.text(.patientName))
            let again = try await Foreign.read(file, map, series, scratch)
            #expect(again.segments == labels)
            #expect(again.name == again.sourceName)
        }
    }

    @Test("Bundle metadata of any length and alphabet gives legal values", .enabled(if: Foreign.isWanted))
    func longMetadata() async throws {
        try await Scratch.with { scratch in
            let series = try SeriesReader().series(in: SyntheticSeries().write(to: scratch.folder))
            let map = try LabelMap.asymmetric(on: series, labels: 1)
            let model = ModelIdentity(
                manufacturer: String(repeating: "Jürgen Müller, ", count: 12),
                modelName: "a\\b\n" + String(repeating: "x", count: 90),
                softwareVersion: "1\\2", deviceUID: ResultUIDs(seed: "w").uid("d"), algorithmName: "名前", digest: "d",
                description: String(repeating: "long ", count: 500))
            let context = SegmentationContext(
                series: series, segments: [SegmentDefinition(value: 1, label: String(repeating: "label ", count: 20))],
                model: model, gateway: GatewayIdentity(serialNumber: "s", softwareVersion: "v"),
                uids: ResultUIDs(seed: "job"), created: Date(timeIntervalSince1970: 0))
            let file = scratch.path("seg.dcm")
            _ = try SegmentationWriter(context).write(map, to: file)
            #expect(try await Foreign.dciodvfy(file).isEmpty)
        }
    }

    @Test("The segmentations of dcmqi are read on the series that they were made of", .needsSharedData)
    func foreignSegmentations() throws {
        let base = try SharedData.url("dicom/dcmqi/segmentations/ct-3slice")
        let images = try Project.files(below: base).filter { $0.pathExtension == "dcm" }
        let survey = SeriesReader().survey(images)
        let series = try #require(survey.series.first)
        let folder = try SharedData.url("dicom/dcmqi/segmentations")
        var read = 0
        for file in try Project.files(below: folder) where file.pathExtension == "dcm" {
            guard let reader = try? SegmentationReader(contentsOf: file) else { continue }
            #expect(!reader.segments.isEmpty)
            #expect(!reader.provenance.lines.isEmpty)
            guard reader.referencedSeriesUIDs.contains(series.seriesInstanceUID),
                let map = try? reader.labelMap(on: series)
            else { continue }
            #expect(map.labels.contains { $0 != 0 }, "\(file.lastPathComponent)")
            read += 1
        }
        #expect(read > 0)
    }

    @Test("The frames of an enhanced object are referenced one by one, and the object once", .needsSharedData)
    func enhanced() async throws {
        try await Scratch.with { scratch in
            let source = try SharedData.url(
                "dicom/dicom2nifti/philips_enhanced/anatomical/001/IM-0001-0170-0001.dcm")
            let builder = try DataSetBuilder()
            try builder.copyAll(from: DataSet(contentsOf: source))
            try builder.set(.frameOfReferenceUID, "2.25.99.4")
            let image = scratch.path("enhanced.dcm")
            try builder.write(to: image)
            let series = try SeriesReader().series(in: [image])
            #expect(Set(series.slices.map(\.frameNumber)) == Set(1...8))
            let map = try LabelMap.asymmetric(on: series, labels: 1)
            let file = scratch.path("seg.dcm")
            _ = try SegmentationWriter(.test(series, labels: ["liver"])).write(map, to: file)
            let reader = try SegmentationReader(contentsOf: file)
            #expect(try reader.labelMap(on: series).labels == map.labels)
            let references = try #require(try reader.dataSet.firstItem(.referencedSeriesSequence))
            #expect(try references.items(.referencedInstanceSequence).count == 1)
            for frame in try reader.dataSet.items(.perFrameFunctionalGroupsSequence) {
                let derivation = try frame.firstItem(.derivationImageSequence)?.firstItem(.sourceImageSequence)
                let position = try frame.firstItem(.planePositionSequence)?.doubles(.imagePositionPatient)
                let slice = series.slices.first { $0.frameNumber == (try? derivation?.int(.referencedFrameNumber)) }
                #expect(slice?.position == position)
            }
        }
    }

    @Test("Own objects are read back with labels, colours and the map itself")
    func readBack() async throws {
        try await Scratch.with { scratch in
            let series = try SeriesReader().series(in: SyntheticSeries().write(to: scratch.folder))
            let map = try LabelMap.asymmetric(on: series, labels: 3)
            let file = scratch.path("seg.dcm")
            let context = try SegmentationContext.test(series)
            _ = try SegmentationWriter(context).write(map, to: file)
            let reader = try SegmentationReader(contentsOf: file)
            #expect(reader.segments.map(\.label) == ["liver", "spleen", "left kidney"])
            #expect(reader.segments.map(\.colour) == context.segments.map(\.concept.colour))
            #expect(reader.segments[2].modifier?.meaning == "Left")
            #expect(try reader.labelMap(on: series).labels == map.labels)
            #expect(reader.referencedSeriesUIDs == [series.seriesInstanceUID])
        }
    }
}
