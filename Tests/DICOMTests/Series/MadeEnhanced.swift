import DICOM
import Foundation
import TestSupport

/// One frame of an enhanced object that is made for a test.
struct MadeFrame {
    var position: [Double]
    var orientation = [1.0, 0, 0, 0, 1, 0]
    var spacing: [Double]? = [0.5, 0.8]
    var slope: Double? = 2
    var intercept = -10.0
    var stack: String? = "1"
    var temporal: Int?
    var change: (DataSetBuilder) throws -> Void = { _ in }
}

/// An enhanced MR object of 4 × 3 pixels that is made for a test; frame `f` from 0 holds `100 f + 10 row + column`.
struct MadeEnhanced {
    var frames: [MadeFrame]
    var sopClass = "1.2.840.10008.5.1.4.1.1.4.1"
    var instance = "1.2.3.1"
    /// Whether what all frames have in common is written once.
    var isShared = false
    var change: (DataSetBuilder) throws -> Void = { _ in }

    func write(to file: URL) throws -> URL {
        let builder = try DataSetBuilder()
        let texts: [(DICOM.Tag, String)] = [
            (.sopClassUID, sopClass), (.sopInstanceUID, instance), (.studyInstanceUID, "1.2.1"),
            (.seriesInstanceUID, "1.2.2"), (.frameOfReferenceUID, "1.2.4"), (.modality, "MR"), (.patientID, "1"),
            (.photometricInterpretation, "MONOCHROME2"), (.imageType, "ORIGINAL\\PRIMARY\\VOLUME\\NONE"),
            (.numberOfFrames, "\(frames.count)"),
        ]
        for (tag, text) in texts { try builder.set(tag, text) }
        let numbers: [(DICOM.Tag, Int)] = [
            (.samplesPerPixel, 1), (.rows, 3), (.columns, 4), (.bitsAllocated, 16), (.bitsStored, 16), (.highBit, 15),
            (.pixelRepresentation, 0),
        ]
        for (tag, number) in numbers { try builder.set(tag, number) }
        if isShared, let first = frames.first {
            try common(first, builder.append(.sharedFunctionalGroupsSequence))
        }
        for frame in frames {
            let item = try builder.append(.perFrameFunctionalGroupsSequence)
            let content = try item.append(.frameContentSequence)
            if let stack = frame.stack { try content.set(.stackID, stack) }
            if let temporal = frame.temporal { try content.set(.temporalPositionIndex, temporal) }
            try item.append(.planePositionSequence).set(.imagePositionPatient, text(frame.position))
            if !isShared { try common(frame, item) }
            try frame.change(item)
        }
        try change(builder)
        let pixels = frames.indices.flatMap { frame in
            (0..<12).flatMap { pixel in
                let stored = UInt16(100 * frame + pixel / 4 * 10 + pixel % 4)
                return [UInt8(stored & 255), UInt8(stored >> 8)]
            }
        }
        try builder.write(
            to: file, pixelData: PixelDataStream(byteCount: pixels.count) { try pixels.withUnsafeBytes($0) })
        return file
    }

    private func common(_ frame: MadeFrame, _ item: DataSetBuilder) throws {
        try item.append(.planeOrientationSequence).set(.imageOrientationPatient, text(frame.orientation))
        if let spacing = frame.spacing { try item.append(.pixelMeasuresSequence).set(.pixelSpacing, text(spacing)) }
        if let slope = frame.slope {
            let values = try item.append(.pixelValueTransformationSequence)
            try values.set(.rescaleSlope, "\(slope)")
            try values.set(.rescaleIntercept, "\(frame.intercept)")
        }
    }

    private func text(_ values: [Double]) -> String { values.map { "\($0)" }.joined(separator: "\\") }
}
