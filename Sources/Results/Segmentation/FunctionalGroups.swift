internal import DICOM
internal import Voxels

/// The Multi-frame Functional Groups of a Segmentation (PS3.3 A.51.5): what all frames share and what each has.
struct FunctionalGroups {
    let context: SegmentationContext
    let source: DataSet
    private let positions: [String]

    init(_ context: SegmentationContext, _ source: DataSet) throws {
        self.context = context
        self.source = source
        positions = try context.series.slices.map { slice in
            try slice.position.map(DecimalString.text).joined(separator: "\\")
        }
    }

    func write(into builder: DataSetBuilder, _ frames: [SlicedLabels.Frame]) throws {
        try writeShared(try builder.append(.sharedFunctionalGroupsSequence))
        // Index values count what occurs, from 1 on without a gap (PS3.3 C.7.6.17).
        let segmentRank = ranks(frames.map(\.segment))
        let sliceRank = ranks(frames.map(\.slice))
        for frame in frames {
            let item = try builder.append(.perFrameFunctionalGroupsSequence)
            try item.append(.frameContentSequence).set(
                .dimensionIndexValues, segmentRank[frame.segment] ?? 0, sliceRank[frame.slice] ?? 0)
            try item.append(.planePositionSequence).set(.imagePositionPatient, positions[frame.slice])
            try item.append(.segmentIdentificationSequence).set(.referencedSegmentNumber, frame.segment)
            try writeDerivation(item, context.series.slices[frame.slice])
        }
    }

    private func writeShared(_ shared: DataSetBuilder) throws {
        let series = context.series
        let measures = try shared.append(.pixelMeasuresSequence)
        let spacing = try DecimalString.text(series.affineLPS.spacing[2])
        if let thickness = try source.double(.sliceThickness), thickness > 0 {
            try measures.set(.sliceThickness, DecimalString.text(thickness))
        } else {
            try measures.set(.sliceThickness, spacing)
        }
        try measures.set(.spacingBetweenSlices, spacing)
        try measures.set(.pixelSpacing, series.pixelSpacing.map(DecimalString.text))
        try shared.append(.planeOrientationSequence)
            .set(.imageOrientationPatient, series.orientation.map(DecimalString.text))
    }

    /// Which image a frame was computed from (PS3.3 C.7.6.16.2.6).
    private func writeDerivation(_ frame: DataSetBuilder, _ slice: ImageSlice) throws {
        let derivation = try frame.append(.derivationImageSequence)
        try CodedConcept("113076", "DCM", "Segmentation").append(to: derivation, .derivationCodeSequence)
        let image = try derivation.append(.sourceImageSequence)
        try image.set(.referencedSOPClassUID, slice.sopClassUID)
        try image.set(.referencedSOPInstanceUID, slice.sopInstanceUID)
        if let number = slice.frameNumber { try image.set(.referencedFrameNumber, String(number)) }
        try CodedConcept("121322", "DCM", "Source image for image processing operation")
            .append(to: image, .purposeOfReferenceCodeSequence)
        try image.set(.spatialLocationsPreserved, "YES")
    }

    private func ranks(_ values: [Int]) -> [Int: Int] {
        Dictionary(uniqueKeysWithValues: Set(values).sorted().enumerated().map { ($0.element, $0.offset + 1) })
    }
}

/// Numbers as Decimal String (PS3.5 §6.2): at most 16 characters, as exact as those allow.
enum DecimalString {
    static func text(_ value: Double) throws -> String {
        guard value.isFinite else { throw ResultsError(.invalidArgument, "a number of the geometry is not finite") }
        let exact = value == value.rounded() && abs(value) < 1e15 ? "\(Int(value))" : "\(value)"
        if exact.utf8.count <= 16 { return exact }
        // As many digits as fit: a sign, a point and an exponent take theirs.
        for digits in stride(from: 16, through: 1, by: -1) {
            let text = Self.rounded(value, digits)
            if text.utf8.count <= 16 { return text }
        }
        throw ResultsError(.invalidArgument, "\(value) does not fit a Decimal String")
    }

    /// The shortest text of a value rounded to so many significant digits.
    private static func rounded(_ value: Double, _ digits: Int) -> String {
        var power = 0
        var magnitude = abs(value)
        while magnitude >= 10 { (magnitude, power) = (magnitude / 10, power + 1) }
        while magnitude < 1, magnitude > 0 { (magnitude, power) = (magnitude * 10, power - 1) }
        let places = digits - 1 - power
        // A power of ten beyond 22 is not exact in a double, and no geometry needs one.
        guard (0...22).contains(places) else { return "\(value)" }
        var scale = 1.0
        for _ in 0..<places { scale *= 10 }
        return "\((value * scale).rounded() / scale)"
    }
}
