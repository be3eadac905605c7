internal import CDCMTK
internal import Glibc

/// Reads the facts of an object from its file without parsing it whole.
///
/// It is made for bytes from strangers: it walks the elements with a stack of its own and never recurses, allocates
/// a few kilobytes whatever the file claims, skips values without reading them, and follows every length to the end
/// of the file, so that an object which is shorter than its elements claim is noticed. What it does not do is decode
/// pixels or check values.
///
/// A deflated data set is inflated as a stream: 16 MiB of it are looked at, the rest is counted.
public enum HeaderScanner {
    /// The deepest nesting of sequences; real objects stay below a dozen.
    public static let deepestNesting = 64

    /// The bytes of a deflated data set that are kept, and the most it may inflate to.
    static let inflatedHead = 16 << 20
    static let inflatedLimit = 1 << 30

    /// Scans a file by its path.
    public static func scan(path: String) throws(HeaderScanError) -> HeaderFacts {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else {
            throw HeaderScanError(.unreadable, at: 0, "\(path): \(String(cString: strerror(errno)))")
        }
        defer { close(descriptor) }
        return try scan(descriptor: descriptor, path: path)
    }

    /// Scans a file that is open for reading; its position does not matter and does not change.
    ///
    /// - Parameter path: where the file lies; a deflated data set is opened again by it.
    public static func scan(descriptor: Int32, path: String) throws(HeaderScanError) -> HeaderFacts {
        var status = stat()
        guard fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG else {
            throw HeaderScanError(.unreadable, at: 0, "\(path) is no regular file")
        }
        var window = ByteWindow(descriptor: descriptor, size: Int(status.st_size))
        let meta = try MetaHeader(reading: &window)
        var collector = FactsCollector()
        if meta.encoding.isDeflated {
            try scanDeflated(path: path, meta: meta, into: &collector)
        } else {
            var walker = DataSetWalker(window: window, from: meta.end, encoding: meta.encoding)
            try walker.walk(into: &collector)
        }
        return try collector.facts(meta)
    }

    private static func scanDeflated(
        path: String, meta: MetaHeader, into collector: inout FactsCollector
    ) throws(HeaderScanError) {
        var error = pdx_error()
        var total: UInt64 = 0
        var code: Int32 = 0
        let head = [UInt8](unsafeUninitializedCapacity: inflatedHead) { buffer, count in
            guard let base = buffer.baseAddress else { return }
            code = pdx_inflate(
                path, UInt64(meta.end), base, UInt64(inflatedHead), UInt64(inflatedLimit), &total, &error)
            count = min(Int(total), inflatedHead)
        }
        guard code == PDX_OK else {
            let kind: HeaderScanError.Kind =
                code == PDX_IO ? .unreadable : code == PDX_UNSUPPORTED ? .limitExceeded : .malformed
            throw HeaderScanError(kind, at: meta.end, text(of: error.message))
        }
        var walker = DataSetWalker(
            window: ByteWindow(head: head, size: Int(total)), from: 0, encoding: meta.encoding)
        try walker.walk(into: &collector)
    }
}
