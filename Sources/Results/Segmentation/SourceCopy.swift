internal import DICOM

/// Patient, study, frame of reference and earlier equipment of a result: the source's elements, bytes unchanged.
enum SourceCopy {
    /// Copies what the source has and adds what is required (type 2) without a value.
    static func write(from source: DataSet, into builder: DataSetBuilder) throws {
        for tag in [.specificCharacterSet] + elements + extended { try builder.copy(tag, from: source) }
        let required: [Tag] = [
            .patientName, .patientID, .patientBirthDate, .patientSex, .studyDate, .studyTime, .referringPhysicianName,
            .studyID, .accessionNumber, .positionReferenceIndicator,
        ]
        for tag in required where !source.contains(tag) { try builder.setEmpty(tag) }
    }

    /// The first copied element that a result does not have as the source has it, at any depth.
    ///
    /// In the same character set bytes are compared, otherwise the text.
    static func firstDifference(_ source: DataSet, _ result: DataSet) throws -> Tag? {
        let isVerbatim = try source.bytes(.specificCharacterSet) == result.bytes(.specificCharacterSet)
        guard try isVerbatim || result.string(.specificCharacterSet) == "ISO_IR 192" else {
            return .specificCharacterSet
        }
        return try firstDifference(source, result, elements + extended, isVerbatim)
    }

    private static func firstDifference(
        _ source: DataSet, _ result: DataSet, _ tags: [Tag], _ isVerbatim: Bool
    ) throws -> Tag? {
        for tag in tags where source.contains(tag) && (isVerbatim || tag != .specificCharacterSet) {
            let kind = source.valueRepresentation(tag) ?? ""
            guard kind == result.valueRepresentation(tag) else { return tag }
            switch kind {
            case "SQ":
                let (wanted, found) = (try source.items(tag), try result.items(tag))
                guard wanted.count == found.count || wanted.count < found.count && extended.contains(tag) else {
                    return tag
                }
                for (item, copy) in zip(wanted, found) {
                    if let inner = try firstDifference(item, copy, item.tags(), isVerbatim) { return inner }
                }
            case "SH", "LO", "ST", "LT", "UC", "UT", "PN":
                let isSame =
                    try isVerbatim
                    ? source.bytes(tag) == result.bytes(tag) : source.text(tag) == result.text(tag)
                if !isSame { return tag }
            case "AE", "AS", "CS", "DA", "DS", "DT", "IS", "TM", "UI", "UR":
                if try source.bytes(tag) != result.bytes(tag) { return tag }
            default: continue
            }
        }
        return nil
    }

    private static let elements = common + patient + study + patientStudy + clinicalTrial + series

    /// Sequences that the result adds items to.
    private static let extended: [Tag] = [.contributingEquipmentSequence, .codingSchemeIdentificationSequence]

    /// SOP Common: what gives the copied values their meaning.
    private static let common: [Tag] = [.timezoneOffsetFromUTC]

    /// Patient (PS3.3 C.7.1.1).
    private static let patient: [Tag] =
        [.patientName, .patientID, .issuerOfPatientID, .patientBirthDate, .patientSex]
        + tags(
            0x0008_1120, 0x0010_0022, 0x0010_0024, 0x0010_0026, 0x0010_0027, 0x0010_0028, 0x0010_0032, 0x0010_0033,
            0x0010_0034, 0x0010_0035, 0x0010_0200, 0x0010_1000, 0x0010_1001, 0x0010_1002, 0x0010_2160, 0x0010_2201,
            0x0010_2202, 0x0010_2292, 0x0010_2293, 0x0010_2294, 0x0010_2295, 0x0010_2296, 0x0010_2297, 0x0010_2298,
            0x0010_2299, 0x0010_4000, 0x0012_0062, 0x0012_0063, 0x0012_0064)

    /// General Study (PS3.3 C.7.2.1).
    private static let study: [Tag] =
        [
            .studyInstanceUID, .studyDate, .studyTime, .referringPhysicianName, .studyID, .accessionNumber,
            .studyDescription,
        ]
        + tags(
            0x0008_0051, 0x0008_0096, 0x0008_009C, 0x0008_009D, 0x0008_1032, 0x0008_1048, 0x0008_1049, 0x0008_1060,
            0x0008_1062, 0x0008_1110, 0x0032_1033, 0x0032_1034, 0x0040_1012)

    /// Patient Study (PS3.3 C.7.2.2).
    private static let patientStudy = tags(
        0x0008_1080, 0x0008_1084, 0x0010_1010, 0x0010_1020, 0x0010_1021, 0x0010_1022, 0x0010_1023, 0x0010_1024,
        0x0010_1030, 0x0010_2000, 0x0010_2110, 0x0010_2180, 0x0010_21A0, 0x0010_21B0, 0x0010_21C0, 0x0010_21D0,
        0x0010_2203, 0x0032_1066, 0x0032_1067, 0x0038_0010, 0x0038_0014, 0x0038_0060, 0x0038_0062, 0x0038_0064,
        0x0038_0500)

    /// Clinical Trial Subject and Study (PS3.3 C.7.1.3, C.7.2.3).
    private static let clinicalTrial = tags(
        0x0012_0010, 0x0012_0020, 0x0012_0021, 0x0012_0030, 0x0012_0031, 0x0012_0040, 0x0012_0042, 0x0012_0050,
        0x0012_0051, 0x0012_0052, 0x0012_0053, 0x0012_0081, 0x0012_0082, 0x0012_0083)

    /// What part of the body the images show, and where their frame of reference comes from.
    private static let series: [Tag] = [.laterality, .positionReferenceIndicator] + tags(0x0018_0015)

    private static func tags(_ packed: UInt32...) -> [Tag] { packed.map(Tag.init(packed:)) }
}
