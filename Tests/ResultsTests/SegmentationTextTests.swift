import DICOM
import Foundation
import TestSupport
import Testing
import Voxels

@testable import Results

@Suite("Texts of segmentations", .serialized)
struct SegmentationTextTests {
    private static func context(_ series: ImageSeries, _ author: String, _ labels: [String]) -> SegmentationContext {
        let model = ModelIdentity(
            manufacturer: author, modelName: "Modèle 腹部", softwareVersion: "1.0-β",
            deviceUID: ResultUIDs(seed: "w").uid("d"), algorithmName: "算法", digest: "d", description: "für Forschung")
        return SegmentationContext(
            series: series, segments: labels.enumerated().map { SegmentDefinition(value: $0 + 1, label: $1) },
            model: model, gateway: GatewayIdentity(serialNumber: "s", softwareVersion: "v"),
            uids: ResultUIDs(seed: "job"), created: Date(timeIntervalSince1970: 0))
    }

    @Test(
        "No word of the bundle is lost whatever the source's character set, and the patient keeps the name",
        .enabled(if: Foreign.isWanted, "PORTICO_SKIP_PEERS is 1"),
        arguments: [("ISO_IR 100", "Müller^Jörg"), (nil, "Doe^Jane"), ("GB18030", "王^小东"), ("ISO_IR 192", "Ωμ^λ")])
    func words(_ set: String?, _ name: String) async throws {
        try await Scratch.with { scratch in
            var synthetic = SyntheticSeries()
            synthetic.decorate = { builder, _ in
                if let set { try builder.set(.specificCharacterSet, set) }
                try builder.set(.patientName, text: name)
                let item = try builder.append(.contributingEquipmentSequence)
                try item.set(.manufacturer, text: String(name.prefix(2)))
                try CodedConcept("109104", "DCM", "De-identifying Equipment")
                    .append(to: item, .purposeOfReferenceCodeSequence)
            }
            let series = try SeriesReader().series(in: synthetic.write(to: scratch.folder))
            let map = try LabelMap.asymmetric(on: series, labels: 2)
            let file = scratch.path("seg.dcm")
            let author = "北京大学, Zoë / Müller"
            _ = try SegmentationWriter(Self.context(series, author, ["肝臓", "Läsion"])).write(map, to: file)
            let reader = try SegmentationReader(contentsOf: file)
            #expect(try reader.dataSet.string(.specificCharacterSet) == "ISO_IR 192")
            #expect(try reader.dataSet.text(.patientName) == name)
            #expect(reader.segments.map(\.label) == ["肝臓", "Läsion"])
            #expect(reader.provenance.contributions[0].manufacturer == String(name.prefix(2)))
            #expect(reader.provenance.contributions[1].manufacturer == author)
            #expect(reader.provenance.algorithms.map(\.name) == ["Modèle 腹部"])
            #expect(try reader.dataSet.text(.seriesDescription) == "Modèle 腹部 1.0-β (AI, not reviewed)")
            let reading = try await Foreign.read(file, map, series, scratch)
            #expect(reading.segments == ["肝臓", "Läsion"])
            #expect(reading.equipment[1][1] == author)
            #expect(reading.name == reading.sourceName)
            #expect(try await Foreign.dciodvfy(file) == [])
        }
    }

    @Test("A word that the source's character set has is written in it")
    func sameSet() async throws {
        try await Scratch.with { scratch in
            var synthetic = SyntheticSeries()
            synthetic.decorate = { builder, _ in
                try builder.set(.specificCharacterSet, "ISO_IR 100")
                try builder.set(.patientName, text: "Müller^Jörg")
            }
            let series = try SeriesReader().series(in: synthetic.write(to: scratch.folder))
            let file = scratch.path("seg.dcm")
            _ = try SegmentationWriter(.test(series, labels: ["Läsion"]))
                .write(.asymmetric(on: series, labels: 1), to: file)
            let written = try DataSet(contentsOf: file)
            #expect(try written.string(.specificCharacterSet) == "ISO_IR 100")
            #expect(try written.bytes(.patientName).contains(0xFC))
            #expect(
                try written.firstItem(.segmentSequence)?.bytes(.segmentLabel)
                    == Array("L".utf8) + [0xE4] + Array("sion".utf8))
        }
    }

    @Test("Bytes without a declared character set stay as they are, or are refused where words need another")
    func undeclared() async throws {
        try await Scratch.with { scratch in
            let latin = try DataSetBuilder()
            try latin.set(.specificCharacterSet, "ISO_IR 100")
            try latin.set(.patientName, text: "Müller^Jörg")
            var synthetic = SyntheticSeries()
            synthetic.decorate = { builder, _ in try builder.copy(.patientName, from: latin.dataSet) }
            let series = try SeriesReader().series(in: synthetic.write(to: scratch.folder))
            let map = try LabelMap.asymmetric(on: series, labels: 1)
            let file = scratch.path("seg.dcm")
            let error = #expect(throws: ResultsError.self) {
                try SegmentationWriter(.test(series, labels: ["Läsion"])).write(map, to: file)
            }
            #expect(error?.code == .unfitSource)
            #expect(error?.message.contains("(0008,0005)") == true)
            #expect(!FileManager.default.fileExists(atPath: file.path))
            _ = try SegmentationWriter(.test(series, labels: ["lesion"])).write(map, to: file)
            #expect(try DataSet(contentsOf: file).bytes(.patientName) == latin.dataSet.bytes(.patientName))
        }
    }

    @Test("An object that says another label, maker, model or algorithm than was meant is withdrawn")
    func selfCheck() async throws {
        try await Scratch.with { scratch in
            let series = try SeriesReader().series(in: SyntheticSeries().write(to: scratch.folder))
            let map = try LabelMap.asymmetric(on: series, labels: 1)
            let file = scratch.path("seg.dcm")
            let meant = Self.context(series, "Zoë", ["Läsion"])
            _ = try SegmentationWriter(meant).write(map, to: file)
            try SegmentationCheck(meant).check(file, against: map)
            func refuses(_ other: SegmentationContext) -> Bool {
                do {
                    try SegmentationCheck(other).check(file, against: map)
                    return false
                } catch {
                    return (error as? ResultsError)?.code == .selfCheckFailed
                }
            }
            #expect(refuses(Self.context(series, "Zo?", ["Läsion"])))
            #expect(refuses(Self.context(series, "Zoë", ["L?sion"])))
            func changed(_ change: (inout ModelIdentity, inout GatewayIdentity) -> Void) -> SegmentationContext {
                var (model, gateway) = (meant.model, meant.gateway)
                change(&model, &gateway)
                return SegmentationContext(
                    series: series, segments: meant.segments, model: model, gateway: gateway, uids: meant.uids,
                    created: meant.created, trackingSeed: meant.trackingSeed)
            }
            #expect(!refuses(changed { _, _ in }))
            #expect(refuses(changed { model, _ in model.modelName = "Mod?le" }))
            #expect(refuses(changed { model, _ in model.algorithmName = "??" }))
            #expect(refuses(changed { _, gateway in gateway.manufacturer = "?" }))
        }
    }

    @Test("Long text is cut to the bytes that its element may have, between characters, and says so")
    func fitted() {
        #expect(FittedText.longString(String(repeating: "x", count: 64)).utf8.count == 64)
        #expect(FittedText.longString(String(repeating: "x", count: 65)) == String(repeating: "x", count: 61) + "...")
        #expect(FittedText.longString(String(repeating: "肝", count: 22)) == String(repeating: "肝", count: 20) + "...")
        #expect(FittedText.longString(String(repeating: "é", count: 32)).utf8.count == 64)
        let families = FittedText.longString(String(repeating: "👩‍👩‍👧", count: 5))
        #expect(families == String(repeating: "👩‍👩‍👧", count: 3) + "...")
        // One character of 81 bytes: its code points are whole.
        let marks = FittedText.longString("a" + String(repeating: "\u{301}", count: 40))
        #expect(marks.utf8.count <= 64 && marks.hasSuffix("..."))
        #expect(FittedText.longString("  a\\b\n ") == "a/b")
        let name = FittedText.longString(String(repeating: "肝", count: 30), suffix: " (AI, not reviewed)")
        #expect(name.utf8.count <= 64 && name.hasSuffix("... (AI, not reviewed)"))
        #expect(FittedText.shortText(String(repeating: "ö", count: 1024)).utf8.count <= 1024)
    }

    @Test("Two writes of one context are the same file, wherever and whenever they happen")
    func sameBytes() async throws {
        try await Scratch.with { scratch in
            var synthetic = SyntheticSeries()
            synthetic.decorate = { builder, slice in
                try builder.set(.lossyImageCompression, "01")
                try builder.set(.lossyImageCompressionMethod, slice % 2 == 0 ? "ISO_10918_1" : "ISO_15444_1")
                try builder.set(.lossyImageCompressionRatio, "\(slice + 2)")
            }
            let files = try synthetic.write(to: scratch.folder)
            // PORTICO_KEEP lets two processes be compared, which hash in different orders.
            let kept = ProcessInfo.processInfo.environment["PORTICO_KEEP"].map { URL(fileURLWithPath: $0) }
            let outputs = [scratch.path("a.dcm"), kept ?? scratch.path("b.dcm")]
            for (output, order) in zip(outputs, [files, files.reversed()]) {
                let series = try SeriesReader().series(in: order)
                var context = Self.context(series, "Zoë", ["肝臓", "Läsion", "spleen"])
                context.timeZone = TimeZone(secondsFromGMT: 3600) ?? .current
                _ = try SegmentationWriter(context).write(.asymmetric(on: series, labels: 3), to: output)
            }
            _ = try await Command.run("cmp", outputs.map(\.path)).checked()
        }
    }
}
