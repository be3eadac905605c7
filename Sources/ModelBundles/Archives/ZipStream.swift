internal import CZlib

/// Reads a member's bytes within bounds: never more than it declares, never without its checksum.
enum ZipStream {
    private static let piece = 1 << 20

    /// Hands a stored member on.
    static func stored(
        _ member: ZipArchive.Member, at start: Int, in source: any ByteSource,
        _ body: ([UInt8]) throws(BundleError) -> Void
    ) throws(BundleError) {
        var checksum = Checksum()
        var done = 0
        while done < member.size {
            let bytes = try source.bytes(at: start + done, count: min(piece, member.size - done))
            checksum.add(bytes)
            try body(bytes)
            done += bytes.count
        }
        try checksum.verify(member)
    }

    /// Hands a deflated member on (RFC 1951).
    static func inflated(
        _ member: ZipArchive.Member, at start: Int, in source: any ByteSource,
        _ body: ([UInt8]) throws(BundleError) -> Void
    ) throws(BundleError) {
        // Deflate shrinks to a 1032nd at most; what claims more is a lie, and what comes near is no model.
        guard member.size <= Limits.inflatedSize || member.size / Limits.inflatedRatio <= member.compressedSize else {
            throw BundleError(
                .limit,
                "\(member.compressedSize) bytes that become \(member.size): no file of a bundle shrinks so much")
        }
        var inflater = try Inflater()
        var checksum = Checksum()
        var taken = 0
        var made = 0
        while true {
            let input = try source.bytes(at: start + taken, count: min(piece, member.compressedSize - taken))
            taken += input.count
            var ends = false
            try inflater.inflate(input) { (output: [UInt8], isLast: Bool) throws(BundleError) in
                made += output.count
                guard made <= member.size else {
                    throw BundleError(.malformed, "it is longer than the \(member.size) bytes that it declares")
                }
                checksum.add(output)
                if !output.isEmpty { try body(output) }
                ends = isLast
            }
            if ends { break }
            guard taken < member.compressedSize else { throw BundleError(.malformed, "its compressed bytes end early") }
        }
        guard made == member.size, taken == member.compressedSize else {
            throw BundleError(.malformed, "it has \(made) bytes where \(member.size) are declared")
        }
        try checksum.verify(member)
    }

    /// CRC-32 over what was read.
    private struct Checksum {
        private var value = crc32(0, nil, 0)

        mutating func add(_ bytes: [UInt8]) { value = crc32(value, bytes, uInt(bytes.count)) }

        func verify(_ member: ZipArchive.Member) throws(BundleError) {
            guard UInt32(truncatingIfNeeded: value) == member.checksum else {
                throw BundleError(.malformed, "its checksum is wrong: the archive is damaged; fetch it anew")
            }
        }
    }
}

/// zlib's raw inflate.
private struct Inflater: ~Copyable {
    // zlib keeps a pointer to the struct, so it must not move.
    private let stream: UnsafeMutablePointer<z_stream>

    init() throws(BundleError) {
        stream = .allocate(capacity: 1)
        stream.initialize(to: z_stream())
        guard inflateInit2_(stream, -MAX_WBITS, ZLIB_VERSION, Int32(MemoryLayout<z_stream>.size)) == Z_OK else {
            stream.deallocate()
            throw BundleError(.limit, "no memory to inflate a member")
        }
    }

    deinit {
        inflateEnd(stream)
        stream.deallocate()
    }

    /// Inflates a piece of the input, and says whether the end of the deflated bytes was reached.
    mutating func inflate(
        _ input: [UInt8], _ body: ([UInt8], Bool) throws(BundleError) -> Void
    ) throws(BundleError) {
        var offset = 0
        while true {
            var status = Z_OK
            let stream = stream
            let output = [UInt8](unsafeUninitializedCapacity: 1 << 18) { buffer, count in
                input.withUnsafeBufferPointer { bytes in
                    stream.pointee.next_in = bytes.baseAddress.map { UnsafeMutablePointer(mutating: $0 + offset) }
                    stream.pointee.avail_in = uInt(bytes.count - offset)
                    stream.pointee.next_out = buffer.baseAddress
                    stream.pointee.avail_out = uInt(buffer.count)
                    status = CZlib.inflate(stream, Z_NO_FLUSH)
                    offset = bytes.count - Int(stream.pointee.avail_in)
                    count = buffer.count - Int(stream.pointee.avail_out)
                }
            }
            guard status == Z_OK || status == Z_STREAM_END || status == Z_BUF_ERROR else {
                throw BundleError(.malformed, "its compressed bytes are damaged; fetch the archive anew")
            }
            let isLast = status == Z_STREAM_END
            guard !isLast || offset == input.count else {
                throw BundleError(.malformed, "there are bytes behind its compressed end")
            }
            try body(output, isLast)
            // Output that fills its buffer may have more behind it.
            if isLast || offset == input.count && output.count < 1 << 18 { return }
        }
    }
}
