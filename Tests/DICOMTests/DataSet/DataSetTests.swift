import DICOM
import Foundation
import TestSupport
import Testing

@Suite("Data sets")
struct DataSetTests {
    @Test("Values come back as they were put, also from items and with the meta information")
    func roundTrip() async throws {
        try await Scratch.with { scratch in
            let builder = try DataSetBuilder()
            try builder.set(.sopClassUID, "1.2.840.10008.5.1.4.1.1.2")
            try builder.set(.sopInstanceUID, "1.2.3")
            try builder.set(.specificCharacterSet, "ISO_IR 100")
            try builder.set(.patientName, text: "Müller^Jörg")
            let lacking = #expect(throws: DICOMError.self) { try builder.set(.seriesDescription, text: "肝") }
            #expect(lacking?.code == .unrepresentable)
            try builder.set(.rows, 512)
            try builder.set(.dimensionIndexPointer, .imagePositionPatient)
            try builder.set(.pixelSpacing, ["0.5", "0.25"])
            try builder.append(.segmentSequence).set(.segmentLabel, "one")
            try builder.append(.segmentSequence).append(.derivationCodeSequence).set(.codeValue, "two")
            let file = scratch.path("a.dcm")
            try builder.write(to: file)
            let data = try DataSet(contentsOf: file)
            #expect(
                try data.bytes(.patientName) == Array("M".utf8) + [0xFC] + Array("ller^J".utf8) + [0xF6, 0x72, 0x67])
            #expect(try data.text(.patientName) == "Müller^Jörg")
            #expect(!data.contains(.seriesDescription))
            #expect(try data.int(.rows) == 512)
            #expect(try data.doubles(.dimensionIndexPointer) == [Double(DICOM.Tag.imagePositionPatient.packed)])
            #expect(try data.doubles(.pixelSpacing) == [0.5, 0.25])
            #expect(try data.items(.segmentSequence).count == 2)
            let inner = try data.items(.segmentSequence)[1].firstItem(.derivationCodeSequence)
            #expect(try inner?.string(.codeValue) == "two")
            #expect(data.transferSyntax == "1.2.840.10008.1.2.1")
            let meta = data.metaInformation
            #expect(try meta.uid(DICOM.Tag(0x0002, 0x0003)) == UID("1.2.3"))
            #expect(try meta.uid(DICOM.Tag(0x0002, 0x0012)) == Implementation.classUID)
            #expect(try data.string(.studyID) == nil)
            #expect(!data.contains(.studyID))
        }
    }

    @Test("A value that breaks its VR is refused and not kept")
    func invalidValues() throws {
        let builder = try DataSetBuilder()
        #expect(throws: DICOMError.self) { try builder.set(.contentLabel, "lower case") }
        #expect(throws: DICOMError.self) { try builder.set(.studyID, "more than sixteen characters") }
        #expect(throws: DICOMError.self) { try builder.set(.pixelSpacing, ["half", "1"]) }
        #expect(throws: DICOMError.self) { try builder.set(.sopInstanceUID, "1.2.x") }
        #expect(throws: DICOMError.self) { try builder.set(.rows, 65536) }
        #expect(throws: DICOMError.self) { try builder.set(.rows, [0.5]) }
        #expect(try builder.dataSet.tags().isEmpty)
    }

    @Test(
        "A UID that is none is refused with its tag, not shortened to one",
        arguments: [
            "1." + String(repeating: "2", count: 63), "1." + String(repeating: "2", count: 70), "1.2.x", "1.2\\1.3",
        ])
    func brokenUID(text: String) async throws {
        try await Scratch.with { scratch in
            let file = scratch.path("a.dcm")
            try ElementBytes.file(ElementBytes().object(sopInstance: "1.2.3", study: text)).write(to: file)
            let error = #expect(throws: DICOMError.self) { try DataSet(contentsOf: file).uid(.studyInstanceUID) }
            #expect(error?.code == .invalidUID && error?.message.contains("(0020,000d)") == true, "\(error as Any)")
            #expect(error?.message.contains("\(text.count) bytes") == true && error?.message.contains("2222") == false)
            let survey = SeriesReader().survey([file])
            #expect("\(survey.unreadable.map(\.error))".lowercased().contains("(0020,000d)"))
        }
    }

    @Test("Items with a character set of their own are converted to UTF-8 as they are meant")
    func nestedCharacterSets() throws {
        let builder = try DataSetBuilder()
        try builder.set(.specificCharacterSet, "ISO_IR 126")
        try builder.set(.patientName, text: "Διονυσιος")
        let inner = try builder.append(.contributingEquipmentSequence)
        try inner.set(.specificCharacterSet, "ISO_IR 100")
        try inner.set(.manufacturer, text: "Zoë")
        try builder.append(.contributingEquipmentSequence).set(.manufacturer, text: "Διο")
        try builder.convertToUTF8()
        #expect(try builder.dataSet.text(.patientName) == "Διονυσιος")
        let items = try builder.dataSet.items(.contributingEquipmentSequence)
        #expect(try items.map { try $0.text(.manufacturer) } == ["Zoë", "Διο"])
        try builder.set(.specificCharacterSet, "ISO_IR 999")
        #expect(throws: DICOMError.self) { try builder.convertToUTF8() }
    }

    @Test("A character set in which a character would take more bytes, or a backslash, does not take the text")
    func awkwardCharacterSets() throws {
        let builder = try DataSetBuilder()
        try builder.set(.specificCharacterSet, "GB18030")
        try builder.set(.patientName, text: "王^小东")
        #expect(try builder.dataSet.text(.patientName) == "王^小东")
        // ö has four bytes in GB18030, and the second byte of 乗 is 0x5C.
        for text in ["ö", "乗"] {
            let error = #expect(throws: DICOMError.self) { try builder.set(.seriesDescription, text: text) }
            #expect(error?.code == .unrepresentable)
        }
    }

    @Test("What is no DICOM file is refused in words")
    func noFile() async throws {
        try await Scratch.with { scratch in
            let file = scratch.path("x.dcm")
            #expect(throws: DICOMError.self) { _ = try DataSet(contentsOf: file) }
            try Data(repeating: 0, count: 200).write(to: file)
            let error = #expect(throws: DICOMError.self) { _ = try DataSet(contentsOf: file) }
            #expect(error?.message.contains("DICM is missing") == true)
        }
    }

    @Test("Names in every character set are copied byte for byte", .needsSharedData)
    func characterSets() async throws {
        try await Scratch.with { scratch in
            var count = 0
            for folder in ["dicom/pydicom/charset_files", "dicom/orthanc-tests/Encodings"] {
                for file in try Project.files(below: SharedData.url(folder)) {
                    guard let source = try? DataSet(contentsOf: file), source.contains(.patientName) else { continue }
                    let builder = try DataSetBuilder()
                    try builder.copy(.specificCharacterSet, from: source)
                    try builder.copy(.patientName, from: source)
                    try builder.set(.sopClassUID, "1.2.840.10008.5.1.4.1.1.2")
                    try builder.set(.sopInstanceUID, "1.2.3")
                    let copy = scratch.path("\(count).dcm")
                    try builder.write(to: copy)
                    let read = try DataSet(contentsOf: copy)
                    #expect(try read.bytes(.patientName) == source.bytes(.patientName), "\(file.lastPathComponent)")
                    #expect(try read.bytes(.specificCharacterSet) == source.bytes(.specificCharacterSet))
                    // What cannot be read as text cannot be converted either, and says so.
                    guard let name = try? source.text(.patientName), !name.contains("\u{FFFD}") else { continue }
                    try builder.convertToUTF8()
                    #expect(try builder.dataSet.string(.specificCharacterSet) == "ISO_IR 192")
                    #expect(try builder.dataSet.text(.patientName) == name, "\(file.lastPathComponent)")
                    try builder.set(.seriesDescription, text: "肝 ß")
                    #expect(try builder.dataSet.text(.seriesDescription) == "肝 ß")
                    count += 1
                }
            }
            #expect(count > 20)
        }
    }
}
