public import DICOM
public import FoundationEssentials

/// What came of a label map.
public enum SegmentationOutcome: Sendable {
    /// The object was written, read back and found equal to the label map.
    case written(WrittenSegmentation)

    /// The label map is empty, so there is no object.
    case nothingFound
}

/// A segmentation that lies on the disk.
public struct WrittenSegmentation: Sendable {
    /// A segment of it.
    public struct Segment: Sendable, Hashable {
        /// Segment Number (0062,0004), from 1.
        public let number: Int
        /// Segment Label (0062,0005).
        public let label: String
        /// The number of its voxels; 0 where it was not found.
        public let voxelCount: Int
        /// Whether the terminology knew the label.
        public let isKnown: Bool
    }

    /// The file.
    public let file: URL

    /// The SOP Instance UID.
    public let sopInstanceUID: UID

    /// The Series Instance UID.
    public let seriesInstanceUID: UID

    /// The number of frames: those without a voxel are left out.
    public let frameCount: Int

    /// The size of the file in bytes.
    public let byteCount: Int

    /// The segments that were looked for.
    public let segments: [Segment]

    /// How many voxels of the label map were rounded to a label.
    public let roundedVoxels: Int
}
