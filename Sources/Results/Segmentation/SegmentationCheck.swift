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
        for tag in [Tag.patientName, .patientID, .patientBirthDate, .studyID, .accessionNumber, .specificCharacterSet] {
            guard try source.bytes(tag) == reader.dataSet.bytes(tag) else {
                throw failed("\(tag) differs from the source")
            }
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
            guard !segment.label.isEmpty, segment.type == wanted.concept.type,
                segment.category == wanted.concept.category, segment.modifier == wanted.concept.modifier
            else { throw failed("segment \(segment.number) does not say what it is") }
        }
    }

    private func checkProvenance(_ provenance: Provenance) throws {
        let model = context.model
        let item = provenance.contributions.first { $0.purpose == context.purposeOfReference }
        guard let item, item.deviceUID == model.deviceUID.value, !item.manufacturer.isEmpty, !item.modelName.isEmpty,
            !item.softwareVersions.isEmpty
        else { throw failed("its contributing equipment does not name the model") }
        guard
            provenance.algorithms.allSatisfy({
                $0.name == item.modelName && $0.version == item.softwareVersions && $0.source == item.manufacturer
            }), !provenance.algorithms.isEmpty
        else { throw failed("its algorithm identification says something else than its contributing equipment") }
    }
}
