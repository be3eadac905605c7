internal import CDCMTK
internal import FoundationEssentials

/// What the geometry gate has to know of one image: an object with one frame, or one frame of an object.
struct SliceHeader: Sendable {
    let file: URL
    let sopClassUID: UID
    let sopInstanceUID: UID
    let studyInstanceUID: UID
    let seriesInstanceUID: UID
    let modality: String
    let patient: [[UInt8]]
    let frameOfReferenceUID: UID?
    /// Image Type, or the frame's own Frame Type.
    var imageType: [String]
    let instanceNumber: Int?
    /// Nil where the object has no pixels.
    let format: PixelFormat?
    /// The number of frames of the object.
    let frames: Int
    /// The frame from 1, or nil where the header stands for the whole object.
    var frameNumber: Int?
    /// Why the frames of an object cannot be told apart; the header stands for all of them then.
    var framesFault: String?
    var position: [Double]
    var orientation: [Double]
    var pixelSpacing: [Double]
    /// The spacing at the detector of a projection.
    let imagerPixelSpacing: [Double]
    /// Whether the frames are tiles of one large image.
    let isTiled: Bool
    /// Spacing Between Slices, else Slice Thickness.
    var sliceSpacing: Double?
    var rescale: Rescale
    /// The modality LUT, or why it is none.
    let modalityLUT: Result<ModalityLUT?, DICOMError>
    /// Whether a Real World Value Mapping is all that gives stored values a meaning.
    var hasRealWorldValuesOnly = false
    /// What lossy compression the pixels went through; nil where none.
    let lossySteps: [LossyCompression.Step]?
    let canDecode: Bool
    /// Why the pixel data cannot hold the frames; nil where they can.
    let pixelFault: String?
    /// The stack that a frame belongs to.
    var stack: String?
    /// Values that tell images at one position apart, by the name of their attribute.
    var distinctions: [String: String]

    /// Reads the headers of a file: one for each frame where functional groups say how they lie, else one.
    static func read(_ file: URL) throws -> [SliceHeader] {
        let data = try DataSet(contentsOf: file)
        let header = try SliceHeader(file, data)
        return try header.frames == 1 && !FunctionalGroups.describe(data) ? [header] : header.split(data)
    }

    private init(_ file: URL, _ data: DataSet) throws {
        func uid(_ tag: Tag) throws -> UID {
            guard let uid = try data.uid(tag) else { throw DICOMError(.malformed, "\(tag) has no value") }
            return uid
        }
        self.file = file
        sopClassUID = try uid(.sopClassUID)
        sopInstanceUID = try uid(.sopInstanceUID)
        studyInstanceUID = try uid(.studyInstanceUID)
        seriesInstanceUID = try uid(.seriesInstanceUID)
        // A code string (PS3.5 §6.2) is printed; whatever else stands there is not.
        modality = harmless((try data.string(.modality) ?? "").utf8.prefix(16))
        patient = try [data.bytes(.patientID), data.bytes(.issuerOfPatientID), data.bytes(.patientName)]
        frameOfReferenceUID = try data.uid(.frameOfReferenceUID)
        imageType = try data.strings(.imageType)
        instanceNumber = try? data.int(.instanceNumber)
        let format = data.contains(.pixelData) ? try PixelFormat(data) : nil
        self.format = format
        let frames = try data.int(.numberOfFrames) ?? 1
        guard (1...Int(Int32.max)).contains(frames) else {
            throw DICOMError(.malformed, "\(Tag.numberOfFrames) is \(frames)")
        }
        self.frames = frames
        position = try data.doubles(.imagePositionPatient)
        orientation = try data.doubles(.imageOrientationPatient)
        pixelSpacing = try data.doubles(.pixelSpacing)
        imagerPixelSpacing = (try? data.doubles(.imagerPixelSpacing)) ?? []
        isTiled = data.contains(.totalPixelMatrixColumns)
        sliceSpacing = (try? data.double(.spacingBetweenSlices)) ?? (try? data.double(.sliceThickness))
        rescale = Rescale(data)
        modalityLUT = SliceHeader.catching { try ModalityLUT(data, isSigned: format?.isSigned ?? false) }
        lossySteps = try LossyCompression.steps(
            of: data, decodedBytes: Double(format?.frameBytes ?? 0) * Double(frames))
        canDecode = pdx_transfer_syntax_decodes(data.transferSyntax) != 0
        pixelFault = format.flatMap { PixelBudget(data, $0, frames: frames).fault }
        distinctions = [:]
        for (name, tag) in SliceHeader.distinguishing {
            if let values = try? data.doubles(tag), !values.isEmpty { distinctions[name] = "\(values)" }
        }
    }

    private static func catching(_ body: () throws -> ModalityLUT?) -> Result<ModalityLUT?, DICOMError> {
        do {
            return .success(try body())
        } catch let error as DICOMError {
            return .failure(error)
        } catch {
            return .failure(DICOMError(.foreign, "\(error)"))
        }
    }

    private static let distinguishing: [(String, Tag)] = [
        ("Acquisition Number (0020,0012)", .acquisitionNumber), ("Echo Time (0018,0081)", .echoTime),
        ("Trigger Time (0018,1060)", .triggerTime), ("Diffusion b-value (0018,9087)", .diffusionBValue),
        ("Temporal Position Identifier (0020,0100)", .temporalPositionIdentifier),
    ]
}

/// Whether the pixel data of an object can hold the frames that it claims, so that foreign numbers allocate nothing.
struct PixelBudget {
    /// What is wrong, in words that go on after "objects have"; nil where nothing is.
    let fault: String?

    /// No image of an examination becomes so many times smaller …
    private static let largestRatio = 4096
    /// … but an empty one may, and so much memory is there for every object.
    private static let harmless = 64 << 20

    init(_ data: DataSet, _ format: PixelFormat, frames: Int) {
        let native = pdx_dataset_native_pixel_bytes(data.owner.pointer)
        let (needed, overflow) = format.storedFrameBytes(isNative: native > 0).multipliedReportingOverflow(by: frames)
        if native > 0 {
            fault =
                overflow || native < needed
                ? "less pixel data (7FE0,0010) than rows, columns, bits and frames ask for" : nil
            return
        }
        let fragments = pdx_dataset_fragments(data.owner.pointer)
        let compressed = pdx_dataset_encapsulated_pixel_bytes(data.owner.pointer)
        if fragments < frames {
            fault = "fewer fragments of pixel data (7FE0,0010) than frames (0028,0008)"
        } else if overflow || needed > PixelBudget.harmless && needed / PixelBudget.largestRatio > compressed {
            fault = "so little compressed data (7FE0,0010) that they cannot be what rows, columns and frames claim"
        } else {
            fault = nil
        }
    }
}
