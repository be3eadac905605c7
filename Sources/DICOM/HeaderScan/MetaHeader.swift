/// The meta header of a file (PS3.10 §7.1): what of it a scan needs.
struct MetaHeader {
    var transferSyntax: UID
    var encoding: DataSetEncoding
    /// Where the data set begins.
    var end: Int

    /// The longest meta header that is read; real ones have some hundred bytes.
    private static let longest = 1 << 20

    init(reading window: inout ByteWindow) throws(HeaderScanError) {
        guard window.size >= 132, try window.read(128, 4, { $0.elementsEqual([0x44, 0x49, 0x43, 0x4D]) }) else {
            throw HeaderScanError(.notDICOM, at: 128, "there is no preamble with DICM after it")
        }
        var offset = 132
        var syntax: UID?
        while window.size - offset >= 8 {
            let isMeta = try window.read(offset, 2) { $0[0] == 2 && $0[1] == 0 }
            guard isMeta else { break }
            let header = try ElementHeader(&window, at: offset, limit: window.size, encoding: DataSetEncoding())
            let length = Int(header.length)
            guard !header.isUndefined, length <= window.size - header.valueOffset else {
                throw HeaderScanError(.truncated, Tag(packed: header.tag), at: offset, "longer than the file")
            }
            guard header.valueOffset + length <= MetaHeader.longest else {
                throw HeaderScanError(.limitExceeded, at: offset, "the meta header is longer than 1 MiB")
            }
            if header.tag == 0x0002_0010 {
                syntax = try window.read(header.valueOffset, min(length, 80)) { UID(padded: $0) }
            }
            offset = header.valueOffset + length
        }
        guard let syntax else {
            throw HeaderScanError(
                .notDICOM, Tag(0x0002, 0x0010), at: offset, "the meta header names no valid transfer syntax")
        }
        transferSyntax = syntax
        encoding = DataSetEncoding(syntax)
        end = offset
    }
}
