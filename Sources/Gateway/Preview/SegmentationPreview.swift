import DICOM
import Foundation
import ImageFiles
import Results
import Voxels

/// Draws a segmentation over its source images. Blocks its thread.
struct SegmentationPreview: Sendable {
    var segmentation: URL
    var source: URL
    /// At most so many slices.
    var most: Int

    /// Writes the picture.
    ///
    /// - Throws: `CommandFailure` where the source images are not in the folder; else what reading throws.
    func write(to path: String) throws -> PreviewReport {
        let segmentation = try SegmentationReader(contentsOf: segmentation)
        let series = try sourceSeries(of: segmentation)
        let labels = try segmentation.labelMap(on: series)
        let volume = try SeriesReader().volume(of: series)
        let chosen = Self.choose(labels, most: most)
        let window = GreyWindow(volume, modality: series.modality)
        let montage = Montage(
            slices: chosen.map { slice(at: $0, volume: volume, labels: labels, window: window, series: series) },
            segments: segmentation.segments.map(Montage.Segment.init),
            pixelSpacing: (x: series.pixelSpacing[1], y: series.pixelSpacing[0]),
            orientation: Self.letters(series.orientation),
            title: Self.title(segmentation), subtitle: Self.subtitle(segmentation),
            footer: ["Made by an AI model, not reviewed. The picture is not for clinical use."], columns: nil)
        try montage.writePNG(to: path)
        return PreviewReport(
            picture: path, slices: chosen.count, segments: segmentation.segments.map(\.label))
    }

    /// The series that the segmentation was made from, found by its UID.
    private func sourceSeries(of segmentation: SegmentationReader) throws -> ImageSeries {
        let files = try FileWalk.files(below: [source.path]).map { URL(fileURLWithPath: $0) }
        let survey = SeriesReader().survey(files)
        let wanted = segmentation.referencedSeriesUIDs
        guard !wanted.isEmpty else {
            throw CommandFailure("\(self.segmentation.path) does not say which series it was made from")
        }
        if let series = survey.series.first(where: { wanted.contains($0.seriesInstanceUID) }) { return series }
        if let refusal = survey.refused.first(where: { wanted.contains($0.seriesInstanceUID) }) { throw refusal }
        throw CommandFailure(
            "\(source.path) does not hold series \(wanted.map(\.value).joined(separator: " or ")), "
                + "which \(self.segmentation.path) was made from")
    }

    /// The algorithm and its version.
    private static func title(_ segmentation: SegmentationReader) -> String {
        guard let algorithm = segmentation.provenance.algorithms.first else { return "Segmentation" }
        return "\(algorithm.name) \(algorithm.version)"
    }

    /// Who made the model, and its device UID.
    private static func subtitle(_ segmentation: SegmentationReader) -> String {
        guard let model = segmentation.provenance.contributions.last(where: { $0.deviceUID != nil }) else { return "" }
        return [model.manufacturer, model.deviceUID.map { "device UID \($0)" }].compactMap { $0 }
            .joined(separator: ", ")
    }

    private func slice(
        at k: Int, volume: Tensor, labels: LabelMap, window: GreyWindow, series: ImageSeries
    ) -> Montage.Slice {
        let (width, height, depth) = (series.shape[0], series.shape[1], series.shape[2])
        var grey = [UInt8](repeating: 0, count: width * height)
        var marks = [UInt16](repeating: 0, count: width * height)
        for j in 0..<height {
            for i in 0..<width {
                let voxel = (i * height + j) * depth + k
                grey[j * width + i] = window.grey(volume.elements[voxel])
                marks[j * width + i] = labels.labels[voxel]
            }
        }
        let along = zip(series.slices[k].position, Self.normal(series.orientation)).map(*).reduce(0, +)
        return Montage.Slice(
            width: width, height: height, grey: grey, labels: marks,
            caption: "slice \(k + 1) of \(depth), \(String(format: "%.1f", along)) mm")
    }

    /// Slices that are spread evenly over those with a segment; over all where there is none.
    private static func choose(_ labels: LabelMap, most: Int) -> [Int] {
        let depth = labels.shape[2]
        var holds = [Bool](repeating: false, count: depth)
        for (index, label) in labels.labels.enumerated() where label != 0 { holds[index % depth] = true }
        let marked = holds.indices.filter { holds[$0] }
        let pool = marked.isEmpty ? Array(0..<depth) : marked
        guard pool.count > most else { return pool }
        guard most > 1 else { return [pool[pool.count / 2]] }
        return (0..<most).map { pool[$0 * (pool.count - 1) / (most - 1)] }
    }

    /// The cross product of the row and column directions (PS3.3 C.7.6.2.1.1).
    private static func normal(_ orientation: [Double]) -> [Double] {
        let (r, c) = (Array(orientation[0..<3]), Array(orientation[3..<6]))
        return [r[1] * c[2] - r[2] * c[1], r[2] * c[0] - r[0] * c[2], r[0] * c[1] - r[1] * c[0]]
    }

    /// The letters at a slice's edges: where left, right, front, back, head and feet of the patient are.
    private static func letters(_ orientation: [Double]) -> Montage.Orientation {
        let right = letter(Array(orientation[0..<3]))
        let left = letter(orientation[0..<3].map { -$0 })
        let bottom = letter(Array(orientation[3..<6]))
        let top = letter(orientation[3..<6].map { -$0 })
        return Montage.Orientation(left: left, right: right, top: top, bottom: bottom)
    }

    /// The patient's side that a direction in LPS points to most.
    private static func letter(_ direction: [Double]) -> String {
        let names = [("L", "R"), ("P", "A"), ("H", "F")]
        let axis = direction.indices.max { abs(direction[$0]) < abs(direction[$1]) } ?? 0
        return direction[axis] > 0 ? names[axis].0 : names[axis].1
    }
}

/// Maps intensities to grey.
struct GreyWindow {
    private let low: Float
    private let high: Float

    /// The abdomen's soft tissue window for CT; for others the first to the 99th percentile of the volume.
    init(_ volume: Tensor, modality: String) {
        if modality == "CT" {
            (low, high) = (-160, 240)
            return
        }
        let step = max(volume.count / 100_000, 1)
        let sorted = stride(from: 0, to: volume.count, by: step).map { volume.elements[$0] }.sorted()
        low = sorted.isEmpty ? 0 : sorted[sorted.count / 100]
        high = sorted.isEmpty ? 1 : sorted[sorted.count * 99 / 100]
    }

    /// The grey of an intensity.
    func grey(_ value: Float) -> UInt8 {
        guard high > low else { return 0 }
        return UInt8(min(max((value - low) / (high - low), 0), 1) * 255)
    }
}

extension Montage.Segment {
    /// A segment in its recommended colour; grey where it has none.
    fileprivate init(_ segment: SegmentationReader.Segment) {
        self.init(
            number: segment.number, name: segment.label, red: segment.colour?.red ?? 190,
            green: segment.colour?.green ?? 190, blue: segment.colour?.blue ?? 190)
    }
}
