internal import DICOM
internal import Foundation

/// Everything of a Segmentation object but its functional groups and its pixels.
struct SegmentationHeader {
    static let sopClass = "1.2.840.10008.5.1.4.1.1.66.4"

    let context: SegmentationContext
    let source: DataSet
    let moment: ContentMoment

    init(_ context: SegmentationContext, _ source: DataSet) throws {
        self.context = context
        self.source = source
        // Dates copied from the source are in its zone, and one data set has one zone (PS3.3 C.12.1.1.8).
        let zone = try source.string(.timezoneOffsetFromUTC).flatMap(ContentMoment.zone(offset:))
        moment = ContentMoment(context.created, zone ?? context.timeZone)
    }

    /// Makes a data set of everything, in the source's character set or, where that lacks a character of what is added,
    /// in UTF-8.
    ///
    /// - Throws: `ResultsError` where UTF-8 is needed and the source's text cannot be converted.
    func build(frameCount: Int) throws -> DataSetBuilder {
        do {
            let builder = try DataSetBuilder()
            try SourceCopy.write(from: source, into: builder)
            try write(into: builder, frameCount: frameCount)
            return builder
        } catch let error as DICOMError where error.code == .unrepresentable {
            let builder = try DataSetBuilder()
            try SourceCopy.write(from: source, into: builder)
            do {
                try builder.convertToUTF8()
            } catch let failure as DICOMError {
                throw ResultsError(
                    .unfitSource,
                    "\(error.message), and the source's own text cannot be converted to ISO_IR 192: "
                        + "\(failure.message). Mend the source's character set (0008,0005), or write the names of "
                        + "model and labels in ASCII")
            }
            try write(into: builder, frameCount: frameCount)
            return builder
        }
    }

    private func write(into builder: DataSetBuilder, frameCount: Int) throws {
        try writeSOPCommon(builder)
        try writeSeries(builder)
        try writeEquipment(builder)
        try writeImage(builder, frameCount)
        try writeDimensions(builder)
        for (index, segment) in context.segments.enumerated() { try write(segment, number: index + 1, builder) }
        try writeReferences(builder)
    }

    private func writeSOPCommon(_ builder: DataSetBuilder) throws {
        try builder.set(.sopClassUID, SegmentationHeader.sopClass)
        try builder.set(.sopInstanceUID, context.uids.segmentation)
        try builder.set(.instanceCreationDate, moment.date)
        try builder.set(.instanceCreationTime, moment.time)
        let known = try builder.dataSet.items(.codingSchemeIdentificationSequence)
            .compactMap { try $0.string(.codingSchemeDesignator) }
        for scheme in context.codingSchemes where !known.contains(scheme.designator) {
            let item = try builder.append(.codingSchemeIdentificationSequence)
            try item.set(.codingSchemeDesignator, text: scheme.designator)
            try item.set(.codingSchemeName, text: FittedText.shortText(scheme.name))
            try item.set(
                .codingSchemeResponsibleOrganization, text: FittedText.shortText(scheme.responsibleOrganization))
        }
        try ContributingEquipment(context, moment.dateTime).write(into: builder)
    }

    private func writeSeries(_ builder: DataSetBuilder) throws {
        try builder.set(.modality, "SEG")
        try builder.set(.seriesInstanceUID, context.uids.series)
        try builder.set(.seriesNumber, String(context.seriesNumber))
        try builder.set(.seriesDate, moment.date)
        try builder.set(.seriesTime, moment.time)
        try builder.set(
            .seriesDescription, text: FittedText.longString(context.effectiveSeriesDescription))
        try builder.set(.frameOfReferenceUID, context.series.frameOfReferenceUID?.value ?? "")
    }

    private func writeEquipment(_ builder: DataSetBuilder) throws {
        try builder.set(.manufacturer, text: FittedText.longString(context.gateway.manufacturer))
        try builder.set(.manufacturerModelName, text: FittedText.longString(context.gateway.modelName))
        try builder.set(.deviceSerialNumber, text: FittedText.longString(context.gateway.serialNumber))
        try builder.set(.softwareVersions, text: FittedText.longString(context.gateway.softwareVersion))
    }

    private func writeImage(_ builder: DataSetBuilder, _ frameCount: Int) throws {
        try builder.set(.imageType, ["DERIVED", "PRIMARY"])
        try builder.set(.instanceNumber, String(context.instanceNumber))
        try builder.set(.contentDate, moment.date)
        try builder.set(.contentTime, moment.time)
        try builder.set(.contentLabel, context.contentLabel)
        try builder.set(.contentDescription, text: FittedText.longString(context.contentDescription ?? ""))
        try builder.setEmpty(.contentCreatorName)
        try builder.set(.burnedInAnnotation, "NO")
        try writeCompression(builder)
        try builder.set(.samplesPerPixel, 1)
        try builder.set(.photometricInterpretation, "MONOCHROME2")
        try builder.set(.numberOfFrames, String(frameCount))
        try builder.set(.rows, context.series.format.rows)
        try builder.set(.columns, context.series.format.columns)
        try builder.set(.bitsAllocated, 1)
        try builder.set(.bitsStored, 1)
        try builder.set(.highBit, 0)
        try builder.set(.pixelRepresentation, 0)
        try builder.set(.segmentationType, "BINARY")
        try builder.set(.segmentsOverlap, "NO")
    }

    /// What was compressed with loss once stays so, in any image (PS3.3 C.7.6.1.1.5).
    ///
    /// Ratio and method are of type 1C: a value where one is known, and no element otherwise.
    private func writeCompression(_ builder: DataSetBuilder) throws {
        guard let lossy = context.series.lossyCompression else {
            return try builder.set(.lossyImageCompression, "00")
        }
        try builder.set(.lossyImageCompression, "01")
        if !lossy.ratios.isEmpty { try builder.set(.lossyImageCompressionRatio, lossy.ratios) }
        if !lossy.methods.isEmpty { try builder.set(.lossyImageCompressionMethod, lossy.methods) }
    }

    private func writeDimensions(_ builder: DataSetBuilder) throws {
        let organization = context.uids.dimensionOrganization
        try builder.append(.dimensionOrganizationSequence).set(.dimensionOrganizationUID, organization)
        let dimensions: [(Tag, Tag, String)] = [
            (.referencedSegmentNumber, .segmentIdentificationSequence, "Segment Number"),
            (.imagePositionPatient, .planePositionSequence, "Image Position Patient"),
        ]
        for (pointer, group, label) in dimensions {
            let item = try builder.append(.dimensionIndexSequence)
            try item.set(.dimensionOrganizationUID, organization)
            try item.set(.dimensionIndexPointer, pointer)
            try item.set(.functionalGroupPointer, group)
            try item.set(.dimensionDescriptionLabel, label)
        }
    }

    private func write(_ segment: SegmentDefinition, number: Int, _ builder: DataSetBuilder) throws {
        let model = context.model
        let item = try builder.append(.segmentSequence)
        try item.set(.segmentNumber, number)
        try item.set(.segmentLabel, text: segment.writtenLabel(number: number))
        try item.set(.segmentAlgorithmType, "AUTOMATIC")
        try item.set(.segmentAlgorithmName, text: FittedText.longString(model.algorithmName))
        let algorithm = try item.append(.segmentationAlgorithmIdentificationSequence)
        try CodedConcept("123110", "DCM", "Artificial Intelligence")
            .append(to: algorithm, .algorithmFamilyCodeSequence)
        try algorithm.set(.algorithmName, text: FittedText.longString(model.modelName))
        try algorithm.set(.algorithmVersion, text: FittedText.longString(model.softwareVersion))
        try algorithm.set(.algorithmSource, text: FittedText.longString(model.manufacturer))
        try algorithm.set(
            .algorithmParameters,
            text: FittedText.longText("deviceUID=\(model.deviceUID) digest=\(model.digest)"))
        let concept = segment.concept
        try concept.category.append(to: item, .segmentedPropertyCategoryCodeSequence)
        try concept.type.append(to: item, .segmentedPropertyTypeCodeSequence)
        if let modifier = concept.modifier {
            // The modifier belongs into the item of the type (PS3.3 C.8.20.4, Table C.8.20-4).
            try modifier.append(
                to: item.lastItem(of: .segmentedPropertyTypeCodeSequence), .segmentedPropertyTypeModifierCodeSequence)
        }
        if let region = concept.region { try region.append(to: item, .anatomicRegionSequence) }
        try item.set(.recommendedDisplayCIELabValue, concept.colour.dicomLab.map(Double.init))
        try item.set(.trackingID, text: FittedText.shortText("\(model.modelName): \(segment.label)"))
        let tracking = ResultUIDs(seed: context.trackingSeed).uid("tracking \(segment.value) \(segment.label)")
        try item.set(.trackingUID, tracking)
    }

    /// Common Instance Reference (PS3.3 C.12.2): every image that the label map was computed from.
    private func writeReferences(_ builder: DataSetBuilder) throws {
        let series = try builder.append(.referencedSeriesSequence)
        try series.set(.seriesInstanceUID, context.series.seriesInstanceUID)
        // The frames of an enhanced object are one image here (PS3.3 Table 10-11).
        var written: Set<UID> = []
        for slice in context.series.slices where written.insert(slice.sopInstanceUID).inserted {
            let item = try series.append(.referencedInstanceSequence)
            try item.set(.referencedSOPClassUID, slice.sopClassUID)
            try item.set(.referencedSOPInstanceUID, slice.sopInstanceUID)
        }
    }
}
