internal import DICOM
public import Foundation
internal import Voxels

/// Writes a label map as a Segmentation object (PS3.3 A.51), BINARY, and checks it before anybody sees it.
///
/// Frames without a voxel are left out. Frames come by segment and within it by position along the normal. Patient and
/// study are copied byte for byte from the first source image with their character set; where that lacks a character
/// of the model's names or the labels, all text is converted to UTF-8.
public struct SegmentationWriter: Sendable {
    /// What the object says but its pixels.
    public let context: SegmentationContext

    /// How far, in millimetres, any corner of the label map may lie from that of the source: float32 affines, as NIfTI
    /// and pipelines carry them, are off by less.
    static let gridTolerance = 0.01

    /// Makes a writer.
    public init(_ context: SegmentationContext) { self.context = context }

    /// Writes the object; the file is durable and equal to the label map when this returns. It blocks.
    ///
    /// - Throws: `ResultsError` where the label map does not lie on the source's grid, holds labels that no segment
    ///   has, or the written file does not hold what it should; `DICOMError` where the source or the file fails. There
    ///   is no file then.
    public func write(_ map: LabelMap, to file: URL) throws -> SegmentationOutcome {
        try checkSegments()
        try checkGrid(map)
        let labels = try SlicedLabels(map, context.segments)
        if labels.frames.isEmpty { return .nothingFound }
        guard let first = context.series.slices.first else {
            throw ResultsError(.unfitSource, "the source series has no images")
        }
        let source = try DataSet(contentsOf: first.file)
        let builder = try SegmentationHeader(context, source).build(frameCount: labels.frames.count)
        try FunctionalGroups(context, source).write(into: builder, labels.frames)
        let packer = FramePacker(labels)
        // The folder that results are sent from never holds an unchecked object.
        let unchecked = file.deletingLastPathComponent()
            .appendingPathComponent(".\(file.lastPathComponent).unchecked", isDirectory: false)
        defer { try? FileManager.default.removeItem(at: unchecked) }
        try builder.write(
            to: unchecked, pixelData: PixelDataStream(byteCount: packer.byteCount) { try packer.write($0) })
        try SegmentationCheck(context).check(unchecked, against: map)
        try DurableMove.rename(unchecked, to: file)
        let size = try FileManager.default.attributesOfItem(atPath: file.path)[.size] as? Int
        return .written(summary(file, labels, size ?? 0, map.roundedVoxels))
    }

    private func summary(
        _ file: URL, _ labels: SlicedLabels, _ size: Int, _ rounded: Int
    ) -> WrittenSegmentation {
        let segments = zip(context.segments, labels.voxelCounts).enumerated().map { index, pair in
            WrittenSegmentation.Segment(
                number: index + 1, label: pair.0.label, voxelCount: pair.1, isKnown: pair.0.concept.isKnown)
        }
        return WrittenSegmentation(
            file: file, sopInstanceUID: context.uids.segmentation, seriesInstanceUID: context.uids.series,
            frameCount: labels.frames.count, byteCount: size, segments: segments, roundedVoxels: rounded)
    }

    private func checkSegments() throws {
        guard !context.segments.isEmpty, context.segments.count < 65535 else {
            throw ResultsError(.invalidArgument, "a segmentation has 1 to 65534 segments")
        }
        let values = context.segments.map(\.value)
        guard values.allSatisfy((1...65535).contains), Set(values).count == values.count else {
            throw ResultsError(.invalidArgument, "the labels of segments are different numbers from 1 to 65535")
        }
        guard context.series.frameOfReferenceUID != nil else {
            throw ResultsError(
                .unfitSource, "the source names no single frame of reference (0020,0052), which a segmentation needs")
        }
    }

    private func checkGrid(_ map: LabelMap) throws {
        let series = context.series
        guard map.shape == series.shape else {
            throw ResultsError(
                .wrongGrid, "the label map has \(map.shape) voxels where the source has \(series.shape)")
        }
        var largest = 0.0
        for corner in 0..<8 {
            let index = (0..<3).map { axis in corner >> axis & 1 == 1 ? Double(map.shape[axis] - 1) : 0 }
            let off = zip(map.affine.apply(index), series.affine.apply(index)).map { $0 - $1 }
            largest = max(largest, off.map { $0 * $0 }.reduce(0, +).squareRoot())
        }
        // Written so that not-a-number fails.
        guard largest <= SegmentationWriter.gridTolerance else {
            throw ResultsError(
                .wrongGrid,
                "a corner of the label map lies \(largest) mm from that of the source; at most "
                    + "\(SegmentationWriter.gridTolerance) mm are let pass")
        }
    }
}
