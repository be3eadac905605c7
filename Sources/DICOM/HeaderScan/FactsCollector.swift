/// Gathers the facts from the elements of the outermost level.
struct FactsCollector {
    private var texts: [UInt32: [UInt8]] = [:]
    private var isBigEndian = false
    private var hasPixelData = false

    /// The tags that become facts.
    private static let wanted: Set<UInt32> = [
        0x0008_0008, 0x0008_0016, 0x0008_0018, 0x0008_0060, 0x0008_0070, 0x0018_0010, 0x0018_0015, 0x0018_0050,
        0x0018_0088, 0x0018_1210, 0x0020_000D, 0x0020_000E, 0x0020_0011, 0x0020_0012, 0x0020_0013, 0x0020_0032,
        0x0020_0037, 0x0020_0052, 0x0020_0100, 0x0020_1002, 0x0028_0002, 0x0028_0004, 0x0028_0008, 0x0028_0010,
        0x0028_0011, 0x0028_0030, 0x0028_0100, 0x0028_0101, 0x0028_0103,
    ]

    /// Values longer than this are no facts.
    private static let longest = 1024

    /// Looks at an element; the first one of a tag counts.
    mutating func take(
        _ header: ElementHeader, _ window: inout ByteWindow, _ encoding: DataSetEncoding
    ) throws(HeaderScanError) {
        isBigEndian = encoding.isBigEndian
        if header.tag >= 0x7FE0_0008 {
            hasPixelData = hasPixelData || header.tag <= 0x7FE0_0010
            return
        }
        guard header.tag <= 0x0028_0103, FactsCollector.wanted.contains(header.tag), texts[header.tag] == nil,
            !header.isUndefined, header.length <= FactsCollector.longest
        else { return }
        texts[header.tag] = try window.read(header.valueOffset, Int(header.length)) { [UInt8]($0) }
    }

    /// The facts, or which of the four UIDs is missing.
    func facts(_ meta: MetaHeader) throws(HeaderScanError) -> HeaderFacts {
        var facts = HeaderFacts(
            sopClassUID: try required(0x0008_0016, "SOP Class UID", meta),
            sopInstanceUID: try required(0x0008_0018, "SOP Instance UID", meta),
            studyInstanceUID: try required(0x0020_000D, "Study Instance UID", meta),
            seriesInstanceUID: try required(0x0020_000E, "Series Instance UID", meta),
            transferSyntaxUID: meta.transferSyntax, dataSetOffset: meta.end)
        fillDescription(&facts)
        fillGeometry(&facts)
        fillPixels(&facts)
        return facts
    }

    private func fillDescription(_ facts: inout HeaderFacts) {
        facts.modality = values(0x0008_0060).first
        facts.imageType = values(0x0008_0008)
        facts.manufacturer = values(0x0008_0070).first
        facts.bodyPartExamined = values(0x0018_0015).first
        facts.convolutionKernel = values(0x0018_1210)
        facts.hasContrastAgent = !values(0x0018_0010).isEmpty
        facts.seriesNumber = integer(0x0020_0011)
        facts.acquisitionNumber = integer(0x0020_0012)
        facts.instanceNumber = integer(0x0020_0013)
        facts.temporalPosition = integer(0x0020_0100)
        facts.imagesInAcquisition = integer(0x0020_1002)
    }

    private func fillGeometry(_ facts: inout HeaderFacts) {
        facts.sliceThickness = decimals(0x0018_0050, 1)?[0]
        facts.spacingBetweenSlices = decimals(0x0018_0088, 1)?[0]
        facts.imagePosition = decimals(0x0020_0032, 3)
        facts.imageOrientation = decimals(0x0020_0037, 6)
        facts.pixelSpacing = decimals(0x0028_0030, 2)
        facts.frameOfReferenceUID = texts[0x0020_0052].flatMap { UID(padded: $0) }
    }

    private func fillPixels(_ facts: inout HeaderFacts) {
        facts.samplesPerPixel = number(0x0028_0002)
        facts.photometricInterpretation = values(0x0028_0004).first
        facts.numberOfFrames = integer(0x0028_0008)
        facts.rows = number(0x0028_0010)
        facts.columns = number(0x0028_0011)
        facts.bitsAllocated = number(0x0028_0100)
        facts.bitsStored = number(0x0028_0101)
        facts.pixelRepresentation = number(0x0028_0103)
        facts.hasPixelData = hasPixelData
    }

    private func required(_ tag: UInt32, _ name: String, _ meta: MetaHeader) throws(HeaderScanError) -> UID {
        guard let bytes = texts[tag] else {
            throw HeaderScanError(.missing, Tag(packed: tag), at: meta.end, "the data set has no \(name)")
        }
        guard let uid = UID(padded: bytes) else {
            throw HeaderScanError(.missing, Tag(packed: tag), at: meta.end, "\(name) is no valid UID")
        }
        return uid
    }

    /// The values of a text without the blanks around them; a lone empty one is none.
    private func values(_ tag: UInt32) -> [String] {
        guard let bytes = texts[tag] else { return [] }
        let found = bytes.split(separator: 0x5C, omittingEmptySubsequences: false).map { part in
            var part = part
            while let last = part.last, last == 0x20 || last == 0 { part.removeLast() }
            while part.first == 0x20 { part.removeFirst() }
            return String(decoding: part, as: UTF8.self)
        }
        return found == [""] ? [] : found
    }

    private func integer(_ tag: UInt32) -> Int? { values(tag).first.flatMap { Int($0) } }

    private func decimals(_ tag: UInt32, _ count: Int) -> [Double]? {
        let numbers = values(tag).compactMap { Double($0) }.filter(\.isFinite)
        return numbers.count == count ? numbers : nil
    }

    private func number(_ tag: UInt32) -> Int? {
        guard let bytes = texts[tag], bytes.count >= 2 else { return nil }
        return isBigEndian ? Int(bytes[0]) << 8 | Int(bytes[1]) : Int(bytes[1]) << 8 | Int(bytes[0])
    }
}
