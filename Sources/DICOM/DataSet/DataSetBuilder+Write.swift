internal import CDCMTK
public import FoundationEssentials

/// Pixel data that is written piece by piece behind a data set, so that it never lies in memory as a whole.
public struct PixelDataStream {
    /// The length of all pieces together; a padding byte is added where it is odd.
    public let byteCount: Int

    /// Hands every piece in order to the function it is given.
    public let pieces: ((UnsafeRawBufferPointer) throws -> Void) throws -> Void

    /// Makes a stream of a known length.
    public init(byteCount: Int, pieces: @escaping ((UnsafeRawBufferPointer) throws -> Void) throws -> Void) {
        self.byteCount = byteCount
        self.pieces = pieces
    }
}

extension DataSetBuilder {
    /// Writes a file in Explicit VR Little Endian that is durable when this returns, over one of that name.
    ///
    /// - Parameter pixelData: becomes Pixel Data (7FE0,0010), VR OB, the last element of the data set.
    /// - Throws: `DICOMError` where the file cannot be written; then there is none.
    public func write(to file: URL, pixelData: PixelDataStream? = nil) throws {
        let output = try DurableFile(for: file)
        let context = Unmanaged.passUnretained(output).toOpaque()
        try ShimError.check(naming: file.lastPathComponent) { error in
            pdx_dataset_write(
                owner.pointer, Implementation.classUID.value, Implementation.versionName, DataSetBuilder.sink,
                context, error)
        }
        if let pixelData { try DataSetBuilder.append(pixelData, to: output) }
        try output.publish()
    }

    private static let sink: pdx_sink = { context, bytes, count in
        guard let context else { return 0 }
        return Unmanaged<DurableFile>.fromOpaque(context).takeUnretainedValue()
            .append(UnsafeRawBufferPointer(start: bytes, count: count))
    }

    /// Writes the element by hand (PS3.5 §7.1.2): tag, `OB`, two reserved bytes, 32-bit length, value, padding.
    private static func append(_ pixelData: PixelDataStream, to output: DurableFile) throws {
        let padding = pixelData.byteCount & 1
        // PS3.5 §7.1.1: lengths are 32 bits and even, and 0xFFFFFFFF means undefined.
        guard pixelData.byteCount + padding <= 0xFFFF_FFFE else {
            throw DICOMError(
                .unsupported, "pixel data of \(pixelData.byteCount) bytes pass the 4 GiB that an element can hold")
        }
        let header: [UInt8] = [0xE0, 0x7F, 0x10, 0x00, 0x4F, 0x42, 0, 0]
        try header.withUnsafeBytes(output.write)
        try withUnsafeBytes(of: UInt32(pixelData.byteCount + padding).littleEndian, output.write)
        var written = 0
        try pixelData.pieces { piece in
            written += piece.count
            try output.write(piece)
        }
        guard written == pixelData.byteCount else {
            throw DICOMError(
                .inconsistent, "\(written) bytes of pixel data came where \(pixelData.byteCount) were announced")
        }
        if padding == 1 { try [UInt8(0)].withUnsafeBytes(output.write) }
    }
}
