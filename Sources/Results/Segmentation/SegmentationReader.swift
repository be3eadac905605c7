public import DICOM
public import FoundationEssentials
internal import Voxels

/// Reads a BINARY Segmentation object, Portico's or another's.
public struct SegmentationReader {
    /// A segment as the object describes it.
    public struct Segment: Sendable, Hashable {
        /// Segment Number (0062,0004).
        public let number: Int
        /// Segment Label (0062,0005).
        public let label: String
        /// Segmented Property Category.
        public let category: CodedConcept?
        /// Segmented Property Type.
        public let type: CodedConcept?
        /// Segmented Property Type Modifier, such as the side.
        public let modifier: CodedConcept?
        /// The recommended colour, where it has one.
        public let colour: RGBColour?
        /// Tracking UID (0062,0021).
        public let trackingUID: UID?
    }

    /// A frame as the object describes it.
    public struct Frame: Sendable, Hashable {
        /// The number of its segment.
        public let segment: Int
        /// Image Position (Patient) in LPS.
        public let position: [Double]
        /// The SOP Instance UIDs of the images that it was computed from.
        public let sources: [UID]
    }

    /// The data set, for what is not a property here.
    public let dataSet: DataSet

    /// The SOP Instance UID.
    public let sopInstanceUID: UID

    /// The Series Instance UID.
    public let seriesInstanceUID: UID

    /// The Study Instance UID.
    public let studyInstanceUID: UID

    /// The Frame of Reference UID.
    public let frameOfReferenceUID: UID?

    /// The series that Common Instance Reference names.
    public let referencedSeriesUIDs: [UID]

    /// The number of rows of a frame.
    public let rows: Int

    /// The number of columns of a frame.
    public let columns: Int

    /// The segments by their numbers.
    public let segments: [Segment]

    /// The frames in order.
    public let frames: [Frame]

    /// Who made the object.
    public let provenance: Provenance

    let orientations: [[Double]]

    /// Reads an object.
    ///
    /// - Throws: `DICOMError` where the file cannot be read; `ResultsError` where it is no BINARY segmentation.
    public init(contentsOf file: URL) throws {
        let dataSet = try DataSet(contentsOf: file)
        self.dataSet = dataSet
        func need<Value>(_ value: Value?, _ tag: Tag) throws -> Value {
            guard let value else { throw ResultsError(.malformed, "\(tag) has no value") }
            return value
        }
        guard try dataSet.string(.sopClassUID) == SegmentationHeader.sopClass else {
            throw ResultsError(.unsupported, "the object is no Segmentation (\(SegmentationHeader.sopClass))")
        }
        guard try dataSet.string(.segmentationType) == "BINARY", try dataSet.int(.bitsAllocated) == 1 else {
            throw ResultsError(.unsupported, "the segmentation is not BINARY (0062,0001) with one bit a pixel")
        }
        sopInstanceUID = try need(dataSet.uid(.sopInstanceUID), .sopInstanceUID)
        seriesInstanceUID = try need(dataSet.uid(.seriesInstanceUID), .seriesInstanceUID)
        studyInstanceUID = try need(dataSet.uid(.studyInstanceUID), .studyInstanceUID)
        frameOfReferenceUID = try dataSet.uid(.frameOfReferenceUID)
        referencedSeriesUIDs = try dataSet.items(.referencedSeriesSequence).compactMap {
            try $0.uid(.seriesInstanceUID)
        }
        rows = try need(dataSet.int(.rows), .rows)
        columns = try need(dataSet.int(.columns), .columns)
        segments = try dataSet.items(.segmentSequence).map(Segment.init).sorted { $0.number < $1.number }
        (frames, orientations) = try FrameReader(dataSet).read()
        provenance = try Provenance(dataSet)
        let count = try need(dataSet.int(.numberOfFrames), .numberOfFrames)
        guard count == frames.count, rows > 0, columns > 0 else {
            throw ResultsError(.malformed, "\(count) frames are announced (0028,0008) and \(frames.count) described")
        }
    }

    /// Lays the segments on the grid of a series; the value of a voxel is the number of its segment.
    ///
    /// - Throws: `ResultsError` where the frames do not lie on slices of the series, or segments overlap.
    public func labelMap(on series: ImageSeries) throws -> LabelMap {
        let pixels = rows * columns
        guard rows == series.format.rows, columns == series.format.columns else {
            throw ResultsError(.wrongGrid, "frames of \(columns) × \(rows) do not lie on \(series.shape)")
        }
        guard frameOfReferenceUID == series.frameOfReferenceUID else {
            throw ResultsError(.wrongGrid, "the segmentation lies in another frame of reference (0020,0052)")
        }
        guard dataSet.nativePixelByteCount >= (frames.count * pixels + 7) / 8 else {
            throw ResultsError(.unsupported, "the pixel data (7FE0,0010) is compressed, or shorter than its frames")
        }
        let slices = try FrameMatcher(series).slices(of: frames, orientations)
        var planes = [UInt16](repeating: 0, count: pixels * series.slices.count)
        var bytes = [UInt8](repeating: 0, count: pixels / 8 + 2)
        for (index, frame) in frames.enumerated() {
            let first = index * pixels
            let count = (first + pixels + 7) / 8 - first / 8
            try bytes.withUnsafeMutableBytes { buffer in
                try dataSet.readPixelBytes(
                    at: first / 8, into: UnsafeMutableRawBufferPointer(rebasing: buffer[..<count]))
            }
            let isFree = SegmentationReader.lay(
                bytes, first % 8, pixels, UInt16(clamping: frame.segment), into: &planes, slices[index] * pixels)
            if !isFree { throw ResultsError(.unsupported, "segments overlap, so they are no label map") }
        }
        return try LabelMap(
            shape: series.shape, affine: series.affine,
            labels: SliceOrder.labels(planes, columns: columns, rows: rows, depth: series.slices.count))
    }

    /// Writes the number of a segment wherever its frame has a bit; false where another segment is there already.
    private static func lay(
        _ bytes: [UInt8], _ shift: Int, _ pixels: Int, _ number: UInt16, into planes: inout [UInt16], _ start: Int
    ) -> Bool {
        var isFree = true
        bytes.withUnsafeBufferPointer { bytes in
            planes.withUnsafeMutableBufferPointer { planes in
                for index in 0..<(shift + pixels + 7) / 8 {
                    var rest = bytes[index]
                    while rest != 0 {
                        let bit = rest.trailingZeroBitCount
                        rest &= rest &- 1
                        let pixel = index &* 8 &+ bit &- shift
                        // Bits of the frames before and behind share the first and the last byte.
                        guard pixel >= 0, pixel < pixels else { continue }
                        if planes[start &+ pixel] != 0 { isFree = false }
                        planes[start &+ pixel] = number
                    }
                }
            }
        }
        return isFree
    }
}

extension SegmentationReader.Segment {
    init(_ item: DataSet) throws {
        guard let number = try item.int(.segmentNumber) else {
            throw ResultsError(.malformed, "a segment has no number (0062,0004)")
        }
        self.number = number
        label = try item.text(.segmentLabel) ?? ""
        category = try item.firstItem(.segmentedPropertyCategoryCodeSequence).flatMap(CodedConcept.init)
        let type = try item.firstItem(.segmentedPropertyTypeCodeSequence)
        self.type = try type.flatMap(CodedConcept.init)
        modifier = try type?.firstItem(.segmentedPropertyTypeModifierCodeSequence).flatMap(CodedConcept.init)
        colour = RGBColour(dicomLab: try item.doubles(.recommendedDisplayCIELabValue).map { Int($0) })
        trackingUID = try item.uid(.trackingUID)
    }
}
