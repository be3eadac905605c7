internal import DICOM
internal import FoundationEssentials

/// Reads a written segmentation back and compares it with what it should say, before anything leaves.
///
/// It goes another way than the writer: the file is parsed, frames are placed by position, bits are unpacked one by
/// one, and every voxel is compared with the label map.
struct SegmentationCheck {
    let context: SegmentationContext

    init(_ context: SegmentationContext) { self.context = context }

    /// - Throws: `ResultsError` with the first thing that is wrong.
    func check(_ file: URL, against map: LabelMap) throws {
        let reader: SegmentationReader
        let found: LabelMap
        do {
            reader = try SegmentationReader(contentsOf: file)
            found = try reader.labelMap(on: context.series)
        } catch {
            throw failed("it cannot be read back: \(error)")
        }
        try compare(found, map)
        try checkIdentity(reader)
        try checkPresence(reader.dataSet)
        try checkReferences(reader)
        try checkSegments(reader)
        try checkProvenance(reader.provenance)
        try checkTexts(reader.dataSet)
    }

    private func failed(_ message: String) -> ResultsError {
        ResultsError(.selfCheckFailed, "the written segmentation was withdrawn: \(message)")
    }

    private func compare(_ found: LabelMap, _ map: LabelMap) throws {
        var numbers = [UInt16](repeating: 0, count: 65536)
        for (index, segment) in context.segments.enumerated() { numbers[segment.value] = UInt16(index + 1) }
        var different = 0
        found.labels.withUnsafeBufferPointer { found in
            map.labels.withUnsafeBufferPointer { wanted in
                for index in found.indices where found[index] != numbers[Int(wanted[index])] { different += 1 }
            }
        }
        if different > 0 { throw failed("\(different) voxels differ from the label map") }
    }

    private func checkIdentity(_ reader: SegmentationReader) throws {
        let series = context.series
        guard reader.sopInstanceUID == context.uids.segmentation, reader.seriesInstanceUID == context.uids.series,
            reader.studyInstanceUID == series.studyInstanceUID,
            reader.frameOfReferenceUID == series.frameOfReferenceUID
        else { throw failed("its UIDs are not those it was given") }
        let meta = reader.dataSet.metaInformation
        guard try meta.uid(Tag(0x0002, 0x0003)) == context.uids.segmentation,
            try meta.string(Tag(0x0002, 0x0002)) == SegmentationHeader.sopClass
        else { throw failed("its file meta information names another object") }
        let measures = try reader.dataSet.firstItem(.sharedFunctionalGroupsSequence)?.firstItem(.pixelMeasuresSequence)
        guard let spacing = try measures?.doubles(.pixelSpacing), spacing.count == 2,
            zip(spacing, series.pixelSpacing).allSatisfy({ abs($0 - $1) <= 1e-9 })
        else { throw failed("its pixel spacing (0028,0030) is not the source's") }
        guard let first = series.slices.first else { throw failed("its source has no images") }
        let source = try DataSet(contentsOf: first.file)
        if let tag = try SourceCopy.firstDifference(source, reader.dataSet) {
            throw failed("\(tag) differs from the source")
        }
    }

    /// Attributes of type 1 have a value (PS3.3 A.51.3).
    private func checkPresence(_ dataSet: DataSet) throws {
        let texts: [Tag] = [
            .sopClassUID, .sopInstanceUID, .studyInstanceUID, .modality, .seriesInstanceUID, .seriesNumber,
            .manufacturer, .manufacturerModelName, .deviceSerialNumber, .softwareVersions, .frameOfReferenceUID,
            .imageType, .instanceNumber, .contentDate, .contentTime, .contentLabel, .lossyImageCompression,
            .segmentationType, .photometricInterpretation, .numberOfFrames,
        ]
        for tag in texts where try dataSet.string(tag) == nil { throw failed("\(tag) has no value") }
        let sequences: [Tag] = [
            .segmentSequence, .sharedFunctionalGroupsSequence, .perFrameFunctionalGroupsSequence,
            .dimensionOrganizationSequence, .dimensionIndexSequence, .referencedSeriesSequence,
            .contributingEquipmentSequence,
        ]
        for tag in sequences where try dataSet.items(tag).isEmpty { throw failed("\(tag) has no items") }
        let numbers: [(Tag, Int)] = [
            (.samplesPerPixel, 1), (.bitsAllocated, 1), (.bitsStored, 1), (.highBit, 0), (.pixelRepresentation, 0),
        ]
        for (tag, value) in numbers where try dataSet.int(tag) != value { throw failed("\(tag) is not \(value)") }
    }

    private func checkReferences(_ reader: SegmentationReader) throws {
        let wanted = Set(context.series.slices.map(\.sopInstanceUID))
        let items = try reader.dataSet.items(.referencedSeriesSequence)
        guard items.count == 1, try items[0].uid(.seriesInstanceUID) == context.series.seriesInstanceUID,
            Set(try items[0].items(.referencedInstanceSequence).compactMap { try $0.uid(.referencedSOPInstanceUID) })
                == wanted
        else { throw failed("its references are not the images of the source series") }
        guard reader.frames.allSatisfy({ $0.sources.count == 1 && wanted.contains($0.sources[0]) }) else {
            throw failed("a frame does not name the one image that it was computed from")
        }
    }

    private func checkSegments(_ reader: SegmentationReader) throws {
        guard reader.segments.map(\.number) == Array(1...context.segments.count) else {
            throw failed("its segments are not numbered from 1 on")
        }
        for (segment, wanted) in zip(reader.segments, context.segments) {
            guard segment.label == wanted.writtenLabel(number: segment.number) else {
                throw failed("the label (0062,0005) of segment \(segment.number) is not what it was given")
            }
            guard segment.type == wanted.concept.type.written,
                segment.category == wanted.concept.category.written,
                segment.modifier == wanted.concept.modifier?.written
            else { throw failed("segment \(segment.number) does not say what it is") }
        }
    }

    private func checkProvenance(_ provenance: Provenance) throws {
        let (model, gateway) = (context.model, context.gateway)
        let names = [model.manufacturer, model.modelName, model.softwareVersion].map(FittedText.longString)
        // The model's item comes behind those of the source, before that of the gateway.
        let item = provenance.contributions.dropLast().last
        guard let item, item.purpose == context.purposeOfReference.written, item.deviceUID == model.deviceUID.value,
            !names.contains(""), [item.manufacturer, item.modelName, item.softwareVersions] == names
        else { throw failed("its contributing equipment (0018,A001) does not name the model") }
        guard !provenance.algorithms.isEmpty,
            provenance.algorithms.allSatisfy({ [$0.source, $0.name, $0.version] == names })
        else { throw failed("its algorithm identification (0062,0007) does not name the model") }
        let writer = provenance.writer
        guard
            [writer.manufacturer, writer.modelName, writer.softwareVersions, writer.serialNumber ?? ""]
                == [gateway.manufacturer, gateway.modelName, gateway.softwareVersion, gateway.serialNumber]
                .map(FittedText.longString)
        else { throw failed("its equipment is not the gateway") }
    }

    /// The texts that no other check reads.
    private func checkTexts(_ dataSet: DataSet) throws {
        let name = FittedText.longString(context.model.algorithmName)
        for item in try dataSet.items(.segmentSequence) where try (item.text(.segmentAlgorithmName) ?? "") != name {
            throw failed("an algorithm name (0062,0009) is not what it was given")
        }
        let texts: [(Tag, String)] = [
            (.seriesDescription, context.effectiveSeriesDescription),
            (.contentDescription, context.contentDescription ?? ""),
        ]
        for (tag, text) in texts where try (dataSet.text(tag) ?? "") != FittedText.longString(text) {
            throw failed("\(tag) is not what it was given")
        }
        guard try (dataSet.string(.lossyImageCompression) == "01") == (context.series.lossyCompression != nil) else {
            throw failed("Lossy Image Compression (0028,2110) is not that of the source")
        }
    }
}
