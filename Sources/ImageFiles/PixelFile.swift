internal import CPixelCodecs
internal import Glibc
internal import Voxels

/// PNG and JPEG files, read as MONAI's `PILReader` does (`monai/data/image_reader.py:1524`).
///
/// The values are those of Pillow's array with the first two axes swapped. As with Pillow and MONAI, the orientation of
/// EXIF, gamma, colour profiles and the transparent colour of a PNG change nothing. Pillow decodes some damaged files
/// in part; those are refused here.
public enum PixelFile {
    /// The most pixels of an image, whatever the limits are: 2^28, somewhat more than Pillow allows.
    public static let mostPixels = 1 << 28

    /// Reads an image.
    ///
    /// - Parameters:
    ///   - path: a PNG or JPEG file; what it is is told from its bytes, not its name.
    ///   - converter: what is done before the image becomes an array.
    ///   - limits: how much memory the pixels may take.
    /// - Throws: `ImageFileError`, before anything large is allocated for a header that promises more than the file
    ///   can hold.
    public static func read(
        _ path: String, converter: PixelConverter? = nil, limits: ReadLimits = .standard
    ) throws -> PixelImage {
        try decode(try contents(path, limits), name: path, converter: converter, limits: limits)
    }

    /// Decodes a file's bytes; `name` stands for it in errors.
    ///
    /// - Throws: `ImageFileError` as `read` does.
    static func decode(
        _ bytes: [UInt8], name: String, converter: PixelConverter? = nil, limits: ReadLimits = .standard
    ) throws(ImageFileError) -> PixelImage {
        let codec = try PixelCodec(of: bytes, name: name)
        let header = try codec.header(bytes, name: name)
        let layout = try PixelLayout(header, codec, name: name)
        try check(layout, codec, bytes.count, limits, name: name)
        let raw = try codec.decode(bytes, count: layout.byteCount, limits: limits, name: name)
        return layout.image(raw, converter: converter)
    }

    private static func check(
        _ layout: PixelLayout, _ codec: PixelCodec, _ fileSize: Int, _ limits: ReadLimits, name: String
    ) throws(ImageFileError) {
        let pixels = layout.width.multipliedReportingOverflow(by: layout.height)
        guard !pixels.overflow, pixels.partialValue <= mostPixels,
            pixels.partialValue * 4 * MemoryLayout<Float>.size <= limits.maximumBytes
        else {
            throw ImageFileError(
                .tooLarge,
                "\(name): \(layout.width) × \(layout.height) pixels are more than Portico takes in (\(mostPixels), "
                    + "and \(limits.maximumBytes) bytes)")
        }
        guard layout.leastBytes(codec) <= fileSize else {
            throw ImageFileError(
                .malformed,
                "\(name): the file ends too early: its header promises \(layout.width) × \(layout.height) pixels")
        }
    }

    private static func contents(_ path: String, _ limits: ReadLimits) throws(ImageFileError) -> [UInt8] {
        let file = open(path, O_RDONLY | O_CLOEXEC)
        guard file >= 0 else { throw ImageFileError(.unreadable, "\(path): \(String(cString: strerror(errno)))") }
        defer { close(file) }
        var facts = stat()
        guard fstat(file, &facts) == 0, facts.st_mode & S_IFMT == S_IFREG else {
            throw ImageFileError(.unreadable, "\(path): not a file")
        }
        let size = Int(facts.st_size)
        guard size <= limits.maximumBytes else {
            throw ImageFileError(.tooLarge, "\(path): the file is larger than \(limits.maximumBytes) bytes")
        }
        var failure: Int32 = 0
        let bytes = [UInt8](unsafeUninitializedCapacity: size) { buffer, count in
            while count < size {
                let step = Glibc.read(file, buffer.baseAddress.map { $0 + count }, size - count)
                if step < 0 && errno == EINTR { continue }
                if step < 0 { failure = errno }
                if step <= 0 { return }
                count += step
            }
        }
        guard failure == 0 else { throw ImageFileError(.unreadable, "\(path): \(String(cString: strerror(failure)))") }
        return bytes
    }
}
