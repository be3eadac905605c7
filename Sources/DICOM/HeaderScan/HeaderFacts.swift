/// What intake learns from the head of an object: enough to file it, to index it and to match it.
///
/// It holds no name, id, date or free text of a patient or a study.
public struct HeaderFacts: Sendable, Hashable, Codable {
    /// SOP Class UID (0008,0016).
    public var sopClassUID: UID
    /// SOP Instance UID (0008,0018).
    public var sopInstanceUID: UID
    /// Study Instance UID (0020,000D).
    public var studyInstanceUID: UID
    /// Series Instance UID (0020,000E).
    public var seriesInstanceUID: UID
    /// Transfer Syntax UID (0002,0010).
    public var transferSyntaxUID: UID
    /// Where the data set begins in the file, in bytes.
    public var dataSetOffset: Int

    /// Modality (0008,0060).
    public var modality: String?
    /// Image Type (0008,0008).
    public var imageType: [String] = []
    /// Manufacturer (0008,0070), by which Portico knows its own results.
    public var manufacturer: String?
    /// Body Part Examined (0018,0015).
    public var bodyPartExamined: String?
    /// Convolution Kernel (0018,1210).
    public var convolutionKernel: [String] = []
    /// Contrast/Bolus Agent (0018,0010) is there and not empty.
    public var hasContrastAgent = false
    /// Slice Thickness (0018,0050) in mm.
    public var sliceThickness: Double?
    /// Spacing Between Slices (0018,0088) in mm.
    public var spacingBetweenSlices: Double?

    /// Series Number (0020,0011).
    public var seriesNumber: Int?
    /// Acquisition Number (0020,0012).
    public var acquisitionNumber: Int?
    /// Instance Number (0020,0013).
    public var instanceNumber: Int?
    /// Image Position (Patient) (0020,0032) in mm, LPS.
    public var imagePosition: [Double]?
    /// Image Orientation (Patient) (0020,0037), LPS.
    public var imageOrientation: [Double]?
    /// Frame of Reference UID (0020,0052).
    public var frameOfReferenceUID: UID?
    /// Temporal Position Identifier (0020,0100).
    public var temporalPosition: Int?
    /// Images in Acquisition (0020,1002).
    public var imagesInAcquisition: Int?

    /// Samples per Pixel (0028,0002).
    public var samplesPerPixel: Int?
    /// Photometric Interpretation (0028,0004).
    public var photometricInterpretation: String?
    /// Number of Frames (0028,0008).
    public var numberOfFrames: Int?
    /// Rows (0028,0010).
    public var rows: Int?
    /// Columns (0028,0011).
    public var columns: Int?
    /// Pixel Spacing (0028,0030) in mm: between rows, between columns.
    public var pixelSpacing: [Double]?
    /// Bits Allocated (0028,0100).
    public var bitsAllocated: Int?
    /// Bits Stored (0028,0101).
    public var bitsStored: Int?
    /// Pixel Representation (0028,0103).
    public var pixelRepresentation: Int?
    /// Whether there are Pixel Data, as integers or floats, (7FE0,0008 ... 0010).
    public var hasPixelData = false

    /// Makes facts of what every object must have; the rest is set afterwards.
    public init(
        sopClassUID: UID, sopInstanceUID: UID, studyInstanceUID: UID, seriesInstanceUID: UID, transferSyntaxUID: UID,
        dataSetOffset: Int
    ) {
        self.sopClassUID = sopClassUID
        self.sopInstanceUID = sopInstanceUID
        self.studyInstanceUID = studyInstanceUID
        self.seriesInstanceUID = seriesInstanceUID
        self.transferSyntaxUID = transferSyntaxUID
        self.dataSetOffset = dataSetOffset
    }
}
