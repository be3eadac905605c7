public import FoundationEssentials

/// A 2D image: an object with one frame, or one frame of an object (CR, DX, MG, US, XA, endoscopy, secondary capture).
///
/// It has no place in space. Voxel `(i, j)` is column `i` and row `j`.
public struct PlanarImage: Sendable, Hashable {
    /// The file that holds it.
    public let file: URL

    /// The Study Instance UID.
    public let studyInstanceUID: UID

    /// The Series Instance UID.
    public let seriesInstanceUID: UID

    /// The SOP Class UID of the object.
    public let sopClassUID: UID

    /// The SOP Instance UID of the object.
    public let sopInstanceUID: UID

    /// The modality, such as `DX`.
    public let modality: String

    /// How the samples are stored.
    public let format: PixelFormat

    /// The frame within the object from 1, or nil where the object has one frame only.
    public let frameNumber: Int?

    /// The number of frames of the object.
    public let frameCount: Int

    /// Instance Number (0020,0013), for people.
    public let instanceNumber: Int?

    /// The distance between rows, then between columns, in millimetres, or nil where it is not known.
    ///
    /// It is Pixel Spacing (0028,0030) where that is there, else Imager Pixel Spacing (0018,1164), which is that at the
    /// detector and not in the patient (PS3.3 10.7.1.3).
    public let pixelSpacing: [Double]?

    /// What lossy compression the image went through, or nil where none.
    public let lossyCompression: LossyCompression?

    /// What a stored value of a grey image is multiplied by: Rescale Slope (0028,1053), or 1.
    public let rescaleSlope: Double

    /// What is added then: Rescale Intercept (0028,1052), or 0.
    public let rescaleIntercept: Double

    /// What gives stored values of a grey image their meaning in place of slope and intercept, or nil where those do.
    public let modalityLUT: ModalityLUT?

    /// Whether pixels are colours.
    public var isColour: Bool { !format.isGrey }

    /// The number of columns and rows, and 3 after them where pixels are colours.
    public var shape: [Int] { [format.columns, format.rows] + (isColour ? [3] : []) }

    /// Takes one frame of a header that passed the checks.
    init?(_ header: SliceHeader, frame: Int?) {
        guard let format = header.format else { return nil }
        file = header.file
        studyInstanceUID = header.studyInstanceUID
        seriesInstanceUID = header.seriesInstanceUID
        sopClassUID = header.sopClassUID
        sopInstanceUID = header.sopInstanceUID
        modality = header.modality
        self.format = format
        frameNumber = frame
        frameCount = header.frames
        instanceNumber = header.instanceNumber
        let spacing = header.pixelSpacing.isEmpty ? header.imagerPixelSpacing : header.pixelSpacing
        pixelSpacing = spacing.count == 2 && spacing.allSatisfy { $0 > 0 } ? spacing : nil
        lossyCompression = LossyCompression([header.lossySteps])
        rescaleSlope = header.rescale.effectiveSlope
        rescaleIntercept = header.rescale.effectiveIntercept
        modalityLUT = try? header.modalityLUT.get()
    }
}

/// Why an object is no 2D image that can be read.
public struct PlanarRefusal: Error, Sendable, CustomStringConvertible {
    /// The file that holds it.
    public let file: URL

    /// The Study Instance UID.
    public let studyInstanceUID: UID

    /// The Series Instance UID.
    public let seriesInstanceUID: UID

    /// The SOP Instance UID.
    public let sopInstanceUID: UID

    /// The modality, such as `SM`.
    public let modality: String

    /// Every reason that was found; never empty. Messages go on after "the object".
    public let reasons: [SeriesRefusal.Reason]

    /// All reasons in one sentence.
    public var description: String {
        "object \(sopInstanceUID) (\(modality)) is no 2D image that can be read: "
            + reasons.map(\.message).joined(separator: "; ")
    }

    init(_ header: SliceHeader, _ reasons: [SeriesRefusal.Reason]) {
        file = header.file
        studyInstanceUID = header.studyInstanceUID
        seriesInstanceUID = header.seriesInstanceUID
        sopInstanceUID = header.sopInstanceUID
        modality = header.modality
        self.reasons = reasons
    }
}
