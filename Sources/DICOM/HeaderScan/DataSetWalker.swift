/// Walks the elements of a data set with a stack of its own.
struct DataSetWalker {
    private enum Kind { case sequence, item, fragments }

    /// A sequence, an item or encapsulated pixel data that is open.
    private struct Frame {
        var kind: Kind
        /// Where it ends at the latest.
        var limit: Int
        /// Whether it ends exactly there.
        var isDefined: Bool
        var encoding: DataSetEncoding
    }

    private static let item: UInt32 = 0xFFFE_E000
    private static let itemEnd: UInt32 = 0xFFFE_E00D
    private static let sequenceEnd: UInt32 = 0xFFFE_E0DD

    private var window: ByteWindow
    private var offset: Int
    private let encoding: DataSetEncoding
    private var frames: [Frame] = []
    private var nesting = 0

    init(window: ByteWindow, from offset: Int, encoding: DataSetEncoding) {
        self.window = window
        self.offset = offset
        self.encoding = encoding
    }

    /// Walks to the end and gives every element of the outermost level to the collector.
    ///
    /// Where something is wrong inside of a sequence whose own length is right, the sequence is skipped: its contents
    /// are for those who need them. Only nesting without end is refused wherever it is.
    mutating func walk(into collector: inout FactsCollector) throws(HeaderScanError) {
        while true {
            closeFinished()
            if frames.isEmpty, offset == window.size { return }
            do throws(HeaderScanError) {
                try step(&collector)
            } catch {
                let isStructural = error.kind == .malformed || error.kind == .truncated
                guard isStructural, leaveDefinedSequence() else { throw error }
            }
        }
    }

    private mutating func closeFinished() {
        while let frame = frames.last, frame.isDefined, frame.limit == offset { pop() }
    }

    private mutating func pop() {
        if frames.removeLast().kind == .sequence { nesting -= 1 }
    }

    /// Closes everything up to the innermost sequence whose end is known.
    private mutating func leaveDefinedSequence() -> Bool {
        guard let index = frames.lastIndex(where: { $0.kind == .sequence && $0.isDefined }) else { return false }
        let end = frames[index].limit
        while frames.count > index { pop() }
        offset = end
        return true
    }

    private mutating func step(_ collector: inout FactsCollector) throws(HeaderScanError) {
        let limit = frames.last?.limit ?? window.size
        let encoding = frames.last?.encoding ?? encoding
        let header = try ElementHeader(&window, at: offset, limit: limit, encoding: encoding)
        guard header.isUndefined || Int(header.length) <= limit - header.valueOffset else {
            throw HeaderScanError(
                limit == window.size ? .truncated : .malformed, Tag(packed: header.tag), at: offset,
                "claims \(header.length) bytes and \(limit - header.valueOffset) are left")
        }
        switch frames.last?.kind {
        case .sequence: try stepInSequence(header, limit, encoding)
        case .fragments: try stepInFragments(header)
        case .item, nil: try stepInItem(header, limit, encoding, &collector)
        }
    }

    private mutating func stepInSequence(
        _ header: ElementHeader, _ limit: Int, _ encoding: DataSetEncoding
    ) throws(HeaderScanError) {
        offset = header.valueOffset
        switch header.tag {
        case DataSetWalker.item:
            let end = header.isUndefined ? limit : offset + Int(header.length)
            frames.append(Frame(kind: .item, limit: end, isDefined: !header.isUndefined, encoding: encoding))
        case DataSetWalker.sequenceEnd where frames.last?.isDefined == false: pop()
        default: throw HeaderScanError(.malformed, Tag(packed: header.tag), at: offset, "a sequence holds only items")
        }
    }

    private mutating func stepInFragments(_ header: ElementHeader) throws(HeaderScanError) {
        offset = header.valueOffset
        switch header.tag {
        case DataSetWalker.item where !header.isUndefined: offset += Int(header.length)
        case DataSetWalker.sequenceEnd: pop()
        default: throw HeaderScanError(.malformed, Tag(packed: header.tag), at: offset, "no fragment of pixel data")
        }
    }

    private mutating func stepInItem(
        _ header: ElementHeader, _ limit: Int, _ encoding: DataSetEncoding, _ collector: inout FactsCollector
    ) throws(HeaderScanError) {
        let tag = Tag(packed: header.tag)
        if header.tag == DataSetWalker.itemEnd, let frame = frames.last, !frame.isDefined {
            offset = header.valueOffset
            return pop()
        }
        guard tag.group != 0xFFFE, tag.group != 0, tag.group != 2 else {
            throw HeaderScanError(.malformed, tag, at: offset, "this has no place in a data set")
        }
        if frames.isEmpty { try collector.take(header, &window, encoding) }
        let begin = offset
        offset = header.valueOffset
        if header.isUndefined { return try open(undefined: header, tag, begin, limit, encoding) }
        if try isSequence(header, encoding) {
            return try push(
                Frame(kind: .sequence, limit: offset + Int(header.length), isDefined: true, encoding: encoding), tag)
        }
        offset += Int(header.length)
    }

    private mutating func open(
        undefined header: ElementHeader, _ tag: Tag, _ begin: Int, _ limit: Int, _ encoding: DataSetEncoding
    ) throws(HeaderScanError) {
        var encoding = encoding
        switch header.vr {
        case ElementHeader.code("OB"), ElementHeader.code("OW"):
            frames.append(Frame(kind: .fragments, limit: limit, isDefined: false, encoding: encoding))
            return
        case 0 where tag == Tag(0x7FE0, 0x0010):
            frames.append(Frame(kind: .fragments, limit: limit, isDefined: false, encoding: encoding))
            return
        case 0, ElementHeader.code("SQ"): break
        case ElementHeader.code("UN"):
            // A sequence whose VR the sender did not know is implicit VR little endian inside (PS3.5 §6.2.2).
            encoding = DataSetEncoding()
            encoding.isImplicit = true
        default: throw HeaderScanError(.malformed, tag, at: begin, "its VR allows no undefined length")
        }
        try push(Frame(kind: .sequence, limit: limit, isDefined: false, encoding: encoding), tag)
    }

    private mutating func push(_ frame: Frame, _ tag: Tag) throws(HeaderScanError) {
        nesting += 1
        guard nesting <= HeaderScanner.deepestNesting else {
            throw HeaderScanError(
                .limitExceeded, tag, at: offset,
                "sequences are nested more than \(HeaderScanner.deepestNesting) levels deep")
        }
        frames.append(frame)
    }

    /// Whether an element of a known length is a sequence. Implicit VR does not say, so its first bytes do.
    private mutating func isSequence(
        _ header: ElementHeader, _ encoding: DataSetEncoding
    ) throws(HeaderScanError) -> Bool {
        if header.length == 0 { return false }
        if header.vr != 0 { return header.vr == ElementHeader.code("SQ") }
        guard header.length >= 8, header.tag >> 16 != 0x7FE0 else { return false }
        return try window.read(header.valueOffset, 4) { $0.elementsEqual([0xFE, 0xFF, 0x00, 0xE0]) }
    }
}
