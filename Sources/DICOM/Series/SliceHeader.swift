internal import CDCMTK
internal import FoundationEssentials

/// What the geometry gate has to know of one object.
struct SliceHeader: Sendable {
    let file: URL
    let sopClassUID: UID
    let sopInstanceUID: UID
    let studyInstanceUID: UID
    let seriesInstanceUID: UID
    let modality: String
    let patient: [[UInt8]]
    let frameOfReferenceUID: UID?
    let imageType: [String]
    let instanceNumber: Int?
    /// Nil where the object has no pixels.
    let format: PixelFormat?
    let frames: Int
    let position: [Double]
    let orientation: [Double]
    let pixelSpacing: [Double]
    /// Spacing Between Slices, else Slice Thickness.
    let sliceSpacing: Double?
    let rescale: Rescale
    /// What lossy compression the pixels went through; nil where none.
    let lossySteps: [LossyCompression.Step]?
    let hasModalityLUT: Bool
    let transferSyntax: String
    let canDecode: Bool
    /// The length of native pixel data, 0 where they are encapsulated.
    let pixelBytes: Int
    /// Values that tell images at one position apart, by the name of their attribute.
    let distinctions: [String: [Double]]

    init(_ file: URL) throws {
        let data = try DataSet(contentsOf: file)
        func uid(_ tag: Tag) throws -> UID {
            guard let uid = try data.uid(tag) else { throw DICOMError(.malformed, "\(tag) has no value") }
            return uid
        }
        self.file = file
        sopClassUID = try uid(.sopClassUID)
        sopInstanceUID = try uid(.sopInstanceUID)
        studyInstanceUID = try uid(.studyInstanceUID)
        seriesInstanceUID = try uid(.seriesInstanceUID)
        modality = try data.string(.modality) ?? ""
        patient = try [data.bytes(.patientID), data.bytes(.issuerOfPatientID), data.bytes(.patientName)]
        frameOfReferenceUID = try data.uid(.frameOfReferenceUID)
        imageType = try data.strings(.imageType)
        instanceNumber = try? data.int(.instanceNumber)
        format = data.contains(.pixelData) ? try PixelFormat(data) : nil
        frames = try data.int(.numberOfFrames) ?? 1
        position = try data.doubles(.imagePositionPatient)
        orientation = try data.doubles(.imageOrientationPatient)
        pixelSpacing = try data.doubles(.pixelSpacing)
        sliceSpacing = (try? data.double(.spacingBetweenSlices)) ?? (try? data.double(.sliceThickness))
        rescale = Rescale(data)
        lossySteps = try LossyCompression.steps(
            of: data, decodedBytes: Double(format?.frameBytes ?? 0) * Double(frames))
        hasModalityLUT = data.contains(.modalityLUTSequence)
        transferSyntax = data.transferSyntax
        canDecode = pdx_transfer_syntax_decodes(transferSyntax) != 0
        pixelBytes = pdx_dataset_native_pixel_bytes(data.owner.pointer)
        var distinctions: [String: [Double]] = [:]
        for (name, tag) in SliceHeader.distinguishing { distinctions[name] = try? data.doubles(tag) }
        self.distinctions = distinctions
    }

    private static let distinguishing: [(String, Tag)] = [
        ("Acquisition Number (0020,0012)", .acquisitionNumber), ("Echo Time (0018,0081)", .echoTime),
        ("Trigger Time (0018,1060)", .triggerTime), ("Diffusion b-value (0018,9087)", .diffusionBValue),
        ("Temporal Position Identifier (0020,0100)", .temporalPositionIdentifier),
    ]
}
