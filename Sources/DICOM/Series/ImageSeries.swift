public import FoundationEssentials
public import Voxels

/// One slice of a series: where its pixels are and where they lie.
public struct ImageSlice: Sendable, Hashable {
    /// The file that holds it.
    public let file: URL

    /// The SOP Class UID of the object.
    public let sopClassUID: UID

    /// The SOP Instance UID of the object.
    public let sopInstanceUID: UID

    /// The frame within the object from 1, or nil where the object has one frame only.
    public let frameNumber: Int?

    /// The centre of the first voxel in millimetres, LPS: Image Position (Patient) (0020,0032).
    public let position: [Double]

    /// What a stored value is multiplied by: Rescale Slope (0028,1053), or 1.
    public let rescaleSlope: Double

    /// What is added then: Rescale Intercept (0028,1052), or 0.
    public let rescaleIntercept: Double

    /// What gives stored values their meaning in place of slope and intercept, or nil where those do.
    public let modalityLUT: ModalityLUT?

    /// Instance Number (0020,0013), for people; nothing is sorted by it.
    public let instanceNumber: Int?
}

/// A series that is one regular volume: equal slices, equally spaced along their normal, in one frame of reference.
///
/// Voxel `(i, j, k)` is column `i` and row `j` of slice `k`.
public struct ImageSeries: Sendable {
    /// The Study Instance UID.
    public let studyInstanceUID: UID

    /// The Series Instance UID.
    public let seriesInstanceUID: UID

    /// The Frame of Reference UID, or nil where the images have none and the rules let that pass.
    public let frameOfReferenceUID: UID?

    /// The modality, such as `CT`.
    public let modality: String

    /// How the samples of every slice are stored.
    public let format: PixelFormat

    /// Pixel Spacing (0028,0030): the distance between rows, then between columns, in millimetres.
    public let pixelSpacing: [Double]

    /// Image Orientation (Patient) (0020,0037): the direction along a row, then down a column, LPS.
    public let orientation: [Double]

    /// The slices by their position along the normal, row direction × column direction.
    public let slices: [ImageSlice]

    /// Takes `(i, j, k)` to millimetres in LPS, as DICOM has them.
    public let affineLPS: Affine

    /// What lossy compression any of the images went through, or nil where none did.
    public let lossyCompression: LossyCompression?

    /// How many objects came a second time and were left out.
    public let duplicates: Int

    /// What a person should know about the geometry though it is within the rules.
    public let notes: [String]

    /// The number of columns, rows and slices.
    public var shape: [Int] { [format.columns, format.rows, slices.count] }

    /// Takes `(i, j, k)` to millimetres in RAS, as NIfTI and MONAI have them.
    public var affine: Affine { affineLPS.flippingLPSAndRAS }

    /// The SOP Class UID of the first slice; all have the same.
    public var sopClassUID: UID? { slices.first?.sopClassUID }
}
