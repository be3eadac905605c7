import DICOM
import Foundation
import TestSupport
import Testing
import Voxels

@Suite("Volumes beside those of dcm2niix")
struct SameVolumeTests {
    private struct Case: Encodable {
        var name: String
        var raw: String
        var shape: [Int]
        var affine: [Double]
        var folder: String
    }

    private struct Outcome: Decodable {
        var name: String
        var refused: String?
        var largest: Double?
        var scale: Double?
        var affine: Double?
    }

    /// Series that dcm2niix makes no volume of: Debian's has no decoder of JPEG-LS.
    private static let refusedByPeer: Set<String> = ["dicom2nifti/generic/compressed_jpegls/001"]

    @Test(
        "Every CT, MR and PET series of the shared data that both read has the same voxels at the same places",
        .enabled(if: ProcessInfo.processInfo.environment["PORTICO_SKIP_PEERS"] != "1"), .needsSharedData)
    func everySeries() async throws {
        try await Scratch.with { scratch in
            let root = try SharedData.url("dicom")
            // The geometry is what is compared, so a short series or one without a frame of reference is one, too.
            var rules = GeometryRules()
            (rules.minimumSlices, rules.needsFrameOfReference) = (3, false)
            let reader = SeriesReader(rules: rules)
            var cases: [Case] = []
            var perSlice: Set<String> = []
            let folders = Dictionary(grouping: try Project.files(below: root)) { $0.deletingLastPathComponent().path }
            for (folder, files) in folders.sorted(by: { $0.key < $1.key }) {
                for (index, series) in reader.survey(files).series.enumerated()
                where ["CT", "MR", "PT"].contains(series.modality) {
                    let name =
                        folder.replacingOccurrences(of: root.path + "/", with: "") + (index == 0 ? "" : " \(index)")
                    cases.append(try write(series, reader, name, scratch))
                    if Set(series.slices.map(\.rescaleSlope)).count > 1 { perSlice.insert(name) }
                    let isWhole = series.slices.allSatisfy {
                        $0.rescaleSlope == $0.rescaleSlope.rounded()
                            && $0.rescaleIntercept == $0.rescaleIntercept.rounded()
                    }
                    if !isWhole { perSlice.insert(name) }
                }
            }
            let outcomes = try await compare(cases, scratch)
            var table =
                "| series | shape | largest difference | of the largest value | affine (mm) |\n|---|---|---|---|---|\n"
            for (made, outcome) in zip(cases, outcomes) {
                #expect(outcome.name == made.name)
                guard let largest = outcome.largest, let scale = outcome.scale, let affine = outcome.affine else {
                    table += "| \(made.name) | \(made.shape) | \(outcome.refused ?? "") | | |\n"
                    #expect(SameVolumeTests.refusedByPeer.contains(made.name), "\(made.name): \(outcome)")
                    continue
                }
                table += "| \(made.name) | \(made.shape) | \(largest) | \(largest / max(scale, 1)) | \(affine) |\n"
                #expect(affine < 1e-4, "\(made.name)")
                #expect(largest <= (perSlice.contains(made.name) ? 1e-6 * scale : 0), "\(made.name)")
            }
            print(table)
            #expect(cases.count >= 12)
        }
    }

    private func compare(_ cases: [Case], _ scratch: Scratch) async throws -> [Outcome] {
        let list = scratch.path("list.json")
        try JSONEncoder().encode(cases).write(to: list)
        let script = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .appendingPathComponent("Scripts/same_volume.py")
        return try await Command.run(Peers.python(), [script.path, list.path]).json([Outcome].self)
    }

    /// Writes a series' voxels, and links its objects into a folder of their own.
    private func write(_ series: ImageSeries, _ reader: SeriesReader, _ name: String, _ scratch: Scratch) throws -> Case
    {
        let volume = try reader.volume(of: series)
        #expect(volume.shape == series.shape)
        let plain = String(name.map { $0.isLetter || $0.isNumber ? $0 : "-" })
        let raw = scratch.path(plain + ".f32")
        try volume.elements.withUnsafeBytes { Data($0) }.write(to: raw)
        let folder = try scratch.makeFolder(plain)
        for (index, file) in Set(series.slices.map(\.file)).enumerated() {
            try FileManager.default.createSymbolicLink(
                at: folder.appendingPathComponent("\(index).dcm"), withDestinationURL: file)
        }
        return Case(
            name: name, raw: raw.path, shape: series.shape, affine: series.affine.elements, folder: folder.path)
    }
}
