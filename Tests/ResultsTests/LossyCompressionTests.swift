import DICOM
import Foundation
import Results
import TestSupport
import Testing

@Suite("Lossy compression of the source", .serialized)
struct LossyCompressionTests {
    /// What the object says of a series in which slices are decorated.
    private func written(_ decorate: @escaping (DataSetBuilder, Int) throws -> Void) async throws -> [[String]] {
        try await Scratch.with { scratch in
            var synthetic = SyntheticSeries()
            synthetic.decorate = decorate
            let series = try SeriesReader().series(in: synthetic.write(to: scratch.folder))
            let file = scratch.path("seg.dcm")
            _ = try SegmentationWriter(.test(series)).write(.asymmetric(on: series, labels: 3), to: file)
            let data = try DataSet(contentsOf: file)
            return try [.lossyImageCompression, .lossyImageCompressionRatio, .lossyImageCompressionMethod]
                .map { try data.strings($0) }
        }
    }

    @Test("One lossy slice makes the result lossy, with every method once and its largest ratio")
    func attributes() async throws {
        #expect(try await written { _, _ in } == [["00"], [], []])
        #expect(
            try await written { builder, slice in
                try builder.set(.lossyImageCompression, slice == 3 ? "01" : "00")
            } == [["01"], [], []])
        #expect(
            try await written { builder, slice in
                guard slice > 2 else { return }
                try builder.set(.lossyImageCompression, "01")
                try builder.set(.lossyImageCompressionRatio, slice == 3 ? "9.5" : "10.25")
                try builder.set(.lossyImageCompressionMethod, "ISO_10918_1")
            } == [["01"], ["10.25"], ["ISO_10918_1"]])
        #expect(
            try await written { builder, slice in
                try builder.set(.lossyImageCompression, "01")
                try builder.set(.lossyImageCompressionRatio, slice == 1 ? "4\\3" : "5")
                try builder.set(
                    .lossyImageCompressionMethod, slice == 1 ? "ISO_10918_1\\ISO_15444_1" : "ISO_14495_1")
            } == [["01"], ["5", "4", "3"], ["ISO_14495_1", "ISO_10918_1", "ISO_15444_1"]])
    }

    @Test(
        "A slice in a lossy transfer syntax makes the result lossy though no attribute says so",
        .enabled(if: Foreign.isWanted, "PORTICO_SKIP_PEERS is 1"), arguments: [true, false])
    func transferSyntax(_ isLossy: Bool) async throws {
        try await Scratch.with { scratch in
            var synthetic = SyntheticSeries()
            (synthetic.columns, synthetic.rows) = (64, 48)
            var files = try synthetic.write(to: scratch.folder)
            // DCMTK's near-lossless mode takes unsigned samples only.
            _ = try await Command.run("dcmodify", ["-nb", "-m", "(0028,0103)=0"] + files.map(\.path)).checked()
            let packed = scratch.path("packed.dcm")
            _ = try await Command.run(
                "dcmcjpls", (isLossy ? ["+en", "+md", "2"] : ["+el"]) + ["+un", files[2].path, packed.path]
            ).checked()
            let erased = ["2110", "2112", "2114"].flatMap { ["-ea", "(0028,\($0))"] }
            _ = try await Command.run("dcmodify", ["-nb", "-imt"] + erased + [packed.path]).checked()
            files[2] = packed
            let series = try SeriesReader().series(in: files)
            let file = scratch.path("seg.dcm")
            _ = try SegmentationWriter(.test(series)).write(.asymmetric(on: series, labels: 3), to: file)
            let data = try DataSet(contentsOf: file)
            #expect(try data.string(.lossyImageCompression) == (isLossy ? "01" : "00"))
            #expect(try data.strings(.lossyImageCompressionMethod) == (isLossy ? ["ISO_14495_1"] : []))
            let ratios = try data.doubles(.lossyImageCompressionRatio)
            #expect(isLossy ? ratios.count == 1 && ratios.allSatisfy { $0 > 1 } : ratios.isEmpty, "\(ratios)")
            #expect(try await Foreign.dciodvfy(file).isEmpty)
        }
    }
}
