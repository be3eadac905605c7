internal import CPixelCodecs
internal import Voxels

/// How decoded bytes become values: Pillow's choice of a mode, and its conversion to RGB.
struct PixelLayout {
    let width: Int
    let height: Int
    /// The mode that Pillow opens such a file with.
    let mode: PixelMode
    /// The samples of a pixel as they are decoded; grey and alpha of 16 bits has 2 and becomes RGBA, as with Pillow.
    private let samples: Int
    private let bits: Int
    private let sampleBytes: Int
    private let palette: [Float]

    /// Chooses the mode.
    ///
    /// The table is Pillow's (`PngImagePlugin.py` `_MODES`, `JpegImagePlugin.py` `SOF`).
    ///
    /// - Throws: `ImageFileError` for a kind of pixels that isn't in it.
    init(_ header: portico_pixel_header, _ codec: PixelCodec, name: String) throws(ImageFileError) {
        width = Int(header.width)
        height = Int(header.height)
        bits = Int(header.bits)
        samples = Int(header.channels)
        sampleBytes = Int(header.sample_bytes)
        var entries: [Float] = []
        withUnsafeBytes(of: header.palette) { entries = $0.map(Float.init) }
        palette = header.is_palette != 0 ? entries : []
        switch (codec, samples) {
        case (.png, 1) where header.is_palette != 0: mode = .palette
        case (.png, 1) where bits == 1: mode = .bilevel
        case (.png, 1) where bits == 16: mode = .grey16
        case (.png, 1), (.jpeg, 1): mode = .grey
        case (.png, 2): mode = bits == 16 ? .rgba : .greyAlpha
        case (.png, 3), (.jpeg, 3): mode = .rgb
        case (.png, 4): mode = .rgba
        case (.jpeg, 4): mode = .cmyk
        default: throw ImageFileError(.unsupported, "\(name): an image with \(samples) samples per pixel")
        }
    }

    /// The bytes of the decoded rows.
    var byteCount: Int { width * height * samples * sampleBytes }

    /// The fewest bytes that a file of such an image can have.
    func leastBytes(_ codec: PixelCodec) -> Int {
        switch codec {
        // Deflate shrinks by 1032 to 1 at most; each row has a byte for its filter.
        case .png: height * (1 + (width * samples * bits + 7) / 8) / 1032
        // The largest unit of JPEG, 32 × 32 pixels, has at least 8 blocks, and each takes a bit or more.
        case .jpeg: width * height / 1024
        }
    }

    /// Makes the image of decoded rows, converted where that is wanted.
    func image(_ raw: [UInt8], converter: PixelConverter?) -> PixelImage {
        let mode = converter == .rgb ? PixelMode.rgb : mode
        let shape = mode.channels > 1 ? [width, height, mode.channels] : [width, height]
        let count = width * height * mode.channels
        let elements = Tensor.Elements(unsafeUninitializedCapacity: count) { elements, filled in
            raw.withUnsafeBufferPointer { fill(elements, from: $0, as: mode, isConverted: converter == .rgb) }
            filled = count
        }
        return PixelImage(tensor: Tensor(shape: shape, elements: elements), mode: mode)
    }

    private func fill(
        _ elements: UnsafeMutableBufferPointer<Float>, from raw: UnsafeBufferPointer<UInt8>, as mode: PixelMode,
        isConverted: Bool
    ) {
        guard let into = elements.baseAddress, let from = raw.baseAddress else { return }
        if sampleBytes == 2 {
            from.withMemoryRebound(to: UInt16.self, capacity: width * height) { from in
                if isConverted {
                    // Pillow caps 16 bits instead of scaling them.
                    transpose(from, into, channels: 3) { spread(min(Float($0[0]), 255), over: $1) }
                } else {
                    transpose(from, into, channels: 1) { $1[0] = Float($0[0]) }
                }
            }
            return
        }
        let scale = greyScale(isConverted)
        switch (self.mode, isConverted) {
        case (.bilevel, true), (.grey, true), (.greyAlpha, true):
            transpose(from, into, channels: 3) { spread(Float($0[0]) * scale, over: $1) }
        case (.bilevel, false), (.grey, false):
            transpose(from, into, channels: 1) { $1[0] = Float($0[0]) * scale }
        case (.palette, true):
            palette.withUnsafeBufferPointer { palette in
                transpose(from, into, channels: 3) {
                    for channel in 0..<3 { $1[channel] = palette[Int($0[0]) * 3 + channel] }
                }
            }
        case (.rgba, true) where samples == 2:
            transpose(from, into, channels: 3) { spread(Float($0[0]), over: $1) }
        case (.rgba, false) where samples == 2:
            transpose(from, into, channels: 4) {
                spread(Float($0[0]), over: $1)
                $1[3] = Float($0[1])
            }
        case (.cmyk, true): transpose(from, into, channels: 3) { convertInk($0, $1) }
        case (.cmyk, false):
            transpose(from, into, channels: 4) { for channel in 0..<4 { $1[channel] = 255 - Float($0[channel]) } }
        default:
            let channels = mode.channels
            transpose(from, into, channels: channels) {
                for channel in 0..<channels { $1[channel] = Float($0[channel]) }
            }
        }
    }

    /// What the samples of a grey PNG are multiplied with: 2 and 4 bits are spread over 0 to 255, a single bit is only
    /// where it becomes a colour.
    private func greyScale(_ isConverted: Bool) -> Float {
        switch bits {
        case 1: isConverted ? 255 : 1
        case 2: 85
        case 4: 17
        default: 1
        }
    }

    /// Swaps rows and columns in squares that the cache holds.
    @inline(__always)
    private func transpose<Sample>(
        _ from: UnsafePointer<Sample>, _ into: UnsafeMutablePointer<Float>, channels: Int,
        _ convert: (UnsafePointer<Sample>, UnsafeMutablePointer<Float>) -> Void
    ) {
        let side = 32
        for top in stride(from: 0, to: height, by: side) {
            for left in stride(from: 0, to: width, by: side) {
                for x in left..<min(left + side, width) {
                    for y in top..<min(top + side, height) {
                        convert(from + (y * width + x) * samples, into + (x * height + y) * channels)
                    }
                }
            }
        }
    }
}

/// Writes one value to red, green and blue.
@inline(__always)
private func spread(_ value: Float, over pixel: UnsafeMutablePointer<Float>) {
    pixel[0] = value
    pixel[1] = value
    pixel[2] = value
}

/// Pillow's conversion of CMYK to RGB, with its rounding of a product over 255; the samples are stored inverted.
@inline(__always)
private func convertInk(_ from: UnsafePointer<UInt8>, _ into: UnsafeMutablePointer<Float>) {
    let light = Int32(from[3])
    for channel in 0..<3 {
        let product = (255 - Int32(from[channel])) * light + 128
        into[channel] = Float(max(0, light - ((product >> 8) + product) >> 8))
    }
}
