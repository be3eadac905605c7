internal import CPixelCodecs

/// The two formats, as the C functions read them.
enum PixelCodec {
    case png
    case jpeg

    /// Tells the format from the first bytes.
    ///
    /// - Throws: `ImageFileError` when it is neither.
    init(of bytes: [UInt8], name: String) throws(ImageFileError) {
        if bytes.starts(with: [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]) {
            self = .png
        } else if bytes.starts(with: [0xff, 0xd8, 0xff]) {
            self = .jpeg
        } else {
            throw ImageFileError(.notThisFormat, "\(name): neither a PNG nor a JPEG file")
        }
    }

    /// Reads the header.
    func header(_ bytes: [UInt8], name: String) throws(ImageFileError) -> portico_pixel_header {
        var header = portico_pixel_header()
        var error = portico_codec_error()
        let status = bytes.withUnsafeBufferPointer { buffer in
            guard let base = buffer.baseAddress else { return Int32(PORTICO_CODEC_MALFORMED) }
            return switch self {
            case .png: portico_png_header(base, buffer.count, &header, &error)
            case .jpeg: portico_jpeg_header(base, buffer.count, &header, &error)
            }
        }
        guard status == PORTICO_CODEC_OK else { throw ImageFileError(status, error, name) }
        return header
    }

    /// Decodes the pixels to exactly `count` bytes, rows from the top.
    func decode(
        _ bytes: [UInt8], count: Int, limits: ReadLimits, name: String
    ) throws(ImageFileError) -> [UInt8] {
        var status = Int32(PORTICO_CODEC_MALFORMED)
        var error = portico_codec_error()
        let pixels = [UInt8](unsafeUninitializedCapacity: count) { pixels, filled in
            bytes.withUnsafeBufferPointer { buffer in
                guard let base = buffer.baseAddress, let into = pixels.baseAddress else { return }
                switch self {
                case .png: status = portico_png_decode(base, buffer.count, into, count, &error)
                case .jpeg: status = portico_jpeg_decode(base, buffer.count, into, count, limits.maximumBytes, &error)
                }
            }
            filled = status == PORTICO_CODEC_OK ? count : 0
        }
        guard status == PORTICO_CODEC_OK else { throw ImageFileError(status, error, name) }
        return pixels
    }
}

extension ImageFileError {
    /// What a codec's call returned and said.
    init(_ status: Int32, _ error: portico_codec_error, _ name: String) {
        let code: Code =
            switch Int(status) {
            case PORTICO_CODEC_UNSUPPORTED: .unsupported
            case PORTICO_CODEC_NO_MEMORY: .tooLarge
            case PORTICO_CODEC_BAD_ARGUMENT: .badArgument
            default: .malformed
            }
        let reason = withUnsafeBytes(of: error.message) { String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self) }
        self.init(code, "\(name): \(reason.isEmpty ? "the file is damaged" : reason)")
    }
}
