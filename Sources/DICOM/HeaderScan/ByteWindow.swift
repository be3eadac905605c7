internal import Glibc

/// A small window over a file, or over the head of a longer run of bytes in memory.
struct ByteWindow {
    /// The bytes there are, in the window or not.
    let size: Int

    private let descriptor: Int32?
    private var bytes: [UInt8]
    private var start = 0

    init(descriptor: Int32, size: Int) {
        self.descriptor = descriptor
        self.size = size
        bytes = []
    }

    init(head: [UInt8], size: Int) {
        descriptor = nil
        self.size = size
        bytes = head
    }

    /// Calls a function with bytes that lie in the file for certain.
    ///
    /// - Precondition: `offset + count` is at most `size`, and `count` is small.
    mutating func read<Value>(
        _ offset: Int, _ count: Int, _ body: (UnsafeRawBufferPointer) -> Value
    ) throws(HeaderScanError) -> Value {
        if offset < start || offset + count > start + bytes.count { try move(to: offset, count) }
        let lower = offset - start
        return bytes.withUnsafeBytes { body(UnsafeRawBufferPointer(rebasing: $0[lower..<lower + count])) }
    }

    private mutating func move(to offset: Int, _ count: Int) throws(HeaderScanError) {
        guard let descriptor else {
            throw HeaderScanError(.limitExceeded, at: offset, "the inflated head ends before this element")
        }
        // After a jump over a long value a few more elements follow; in a run of elements more is read at a time.
        let isNext = offset >= start && offset <= start + bytes.count + 4096
        let wanted = max(count, min(size - offset, bytes.isEmpty ? 16 << 10 : isNext ? 64 << 10 : 4 << 10))
        var have = 0
        bytes = [UInt8](unsafeUninitializedCapacity: wanted) { buffer, filled in
            while have < wanted, let base = buffer.baseAddress {
                let got = pread(descriptor, base + have, wanted - have, off_t(offset + have))
                if got < 0, errno == EINTR { continue }
                if got <= 0 { break }
                have += got
            }
            filled = have
        }
        start = offset
        guard have >= count else {
            throw HeaderScanError(.unreadable, at: offset, "the file cannot be read here or was cut while it was read")
        }
    }
}
