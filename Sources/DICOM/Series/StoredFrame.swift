internal import CDCMTK
internal import FoundationEssentials

/// One decoded frame with what its samples mean.
struct StoredFrame {
    /// The samples in this machine's byte order.
    let bytes: [UInt8]
    /// Photometric Interpretation after decoding.
    let colours: String
    /// Whether samples lie plane by plane.
    let isByPlane: Bool

    /// Decodes the frame of an image.
    init(_ image: PlanarImage, _ dataSet: DataSet) throws {
        let (format, index) = (image.format, (image.frameNumber ?? 1) - 1)
        let isNative = dataSet.nativePixelByteCount > 0
        let count = format.storedFrameBytes(isNative: isNative)
        let name = image.file.lastPathComponent
        if count != format.frameBytes {
            guard format.columns.isMultiple(of: 2) else {
                throw DICOMError(.malformed, "\(name): YBR_FULL_422 has an odd number of columns (PS3.3 C.7.6.3.1.2)")
            }
            bytes = try [UInt8](unsafeUninitializedCapacity: count) { buffer, initialized in
                try dataSet.readPixelBytes(at: index * count, into: UnsafeMutableRawBufferPointer(buffer))
                initialized = count
            }
            (colours, isByPlane) = (format.photometricInterpretation, false)
            return
        }
        var form = pdx_frame_form()
        bytes = try [UInt8](unsafeUninitializedCapacity: count) { buffer, initialized in
            form = try dataSet.readFrame(index, into: UnsafeMutableRawBufferPointer(buffer), naming: name)
            initialized = count
        }
        colours = withUnsafeBytes(of: form.photometric) { String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self) }
        guard form.planar < 2 else { throw DICOMError(.malformed, "\(name): \(Tag.planarConfiguration) is no 0 or 1") }
        isByPlane = form.planar == 1
    }

    /// The frame in red, green and blue.
    ///
    /// - Throws: `DICOMError` where its colours cannot be turned into those.
    func rgb(_ format: PixelFormat, _ dataSet: DataSet) throws -> ColourFrame {
        switch colours {
        case "RGB": return ColourFrame(bytes: bytes, isByPlane: isByPlane, isPlainBytes: false)
        case "PALETTE COLOR":
            let palette = try Palette(dataSet, isSigned: format.isSigned)
            return ColourFrame(bytes: palette.rgb(bytes, format), isByPlane: false, isPlainBytes: true)
        case "YBR_FULL_422" where bytes.count == format.frameBytes / 3 * 2:
            return ColourFrame(bytes: YBR.rgbOfPairs(bytes), isByPlane: false, isPlainBytes: true)
        case "YBR_FULL", "YBR_FULL_422":
            return ColourFrame(bytes: YBR.rgb(bytes, isByPlane: isByPlane), isByPlane: false, isPlainBytes: true)
        default:
            throw DICOMError(.unsupported, "the decoded pixels have colours (0028,0004) that cannot be read as RGB")
        }
    }
}

/// A frame in red, green and blue.
struct ColourFrame {
    let bytes: [UInt8]
    /// Whether all red samples come first.
    let isByPlane: Bool
    /// Whether samples are bytes, however the object stores its own.
    let isPlainBytes: Bool
}

/// Luminance and colour differences to red, green and blue: ISO 10918-5 §7 in the integers of libjpeg (jdcolor.c), so
/// that what comes uncompressed equals what its decoder makes.
enum YBR {
    /// Turns full-range YCbCr into interleaved RGB.
    static func rgb(_ bytes: [UInt8], isByPlane: Bool) -> [UInt8] {
        let pixels = bytes.count / 3
        let (pixelStep, sampleStep) = isByPlane ? (1, pixels) : (3, 1)
        return made(pixels) { pixel, write in
            let at = pixel &* pixelStep
            write(bytes[at], bytes[at &+ sampleStep], bytes[at &+ 2 &* sampleStep])
        }
    }

    /// Turns pairs of pixels that share their colour, Y1 Y2 Cb Cr, into interleaved RGB (PS3.3 C.7.6.3.1.2).
    static func rgbOfPairs(_ bytes: [UInt8]) -> [UInt8] {
        made(bytes.count / 2) { pixel, write in
            let pair = (pixel &>> 1) &* 4
            write(bytes[pair &+ (pixel & 1)], bytes[pair &+ 2], bytes[pair &+ 3])
        }
    }

    @inline(__always)
    private static func made(_ pixels: Int, _ read: (Int, (UInt8, UInt8, UInt8) -> Void) -> Void) -> [UInt8] {
        [UInt8](unsafeUninitializedCapacity: pixels * 3) { buffer, initialized in
            for pixel in 0..<pixels {
                read(pixel) { y, blue, red in
                    let (y, cb, cr) = (Int32(y), Int32(blue) - 128, Int32(red) - 128)
                    // 1.402, 0.344136, 0.714136 and 1.772 times 2¹⁶, rounded.
                    buffer[pixel &* 3] = clamped(y + (91881 &* cr &+ 32768) &>> 16)
                    buffer[pixel &* 3 &+ 1] = clamped(y + (-22554 &* cb &- 46802 &* cr &+ 32768) &>> 16)
                    buffer[pixel &* 3 &+ 2] = clamped(y + (116130 &* cb &+ 32768) &>> 16)
                }
            }
            initialized = pixels * 3
        }
    }

    private static func clamped(_ value: Int32) -> UInt8 { UInt8(min(max(value, 0), 255)) }
}

/// The colours of a PALETTE COLOR image (PS3.3 C.7.6.3.1.5, C.7.6.3.1.6).
struct Palette {
    private let tables: [LookupTable]

    init(_ dataSet: DataSet, isSigned: Bool) throws {
        let tags: [(Tag, Tag)] = [
            (.redPaletteColorLookupTableDescriptor, .redPaletteColorLookupTableData),
            (.greenPaletteColorLookupTableDescriptor, .greenPaletteColorLookupTableData),
            (.bluePaletteColorLookupTableDescriptor, .bluePaletteColorLookupTableData),
        ]
        tables = try tags.map { try LookupTable(dataSet, descriptor: $0.0, data: $0.1, isSigned: isSigned) }
    }

    /// Turns stored values into interleaved RGB of 8 bits.
    func rgb(_ bytes: [UInt8], _ format: PixelFormat) -> [UInt8] {
        let pixels = format.rows * format.columns
        let shifts = tables.map { $0.bits - 8 }
        return [UInt8](unsafeUninitializedCapacity: pixels * 3) { buffer, initialized in
            bytes.withUnsafeBytes { raw in
                format.withSamples(raw) { sample in
                    for pixel in 0..<pixels {
                        let stored = sample(pixel)
                        for channel in 0..<3 {
                            buffer[pixel &* 3 &+ channel] = UInt8(tables[channel][stored] >> shifts[channel])
                        }
                    }
                }
            }
            initialized = pixels * 3
        }
    }
}
