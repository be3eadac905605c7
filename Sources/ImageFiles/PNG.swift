internal import CPixelCodecs
public import Voxels

/// PNG files, written as MONAI's `PILWriter` does (`monai/data/image_writer.py:675`).
public enum PNG {
    /// What the values are multiplied with after they were clipped to 0 to 1.
    public enum Scale: Int, Sendable, Equatable {
        /// To 0 to 255, `scale=255`.
        case byte = 255
        /// To 0 to 65535, `scale=65535`.
        case word = 65535
    }

    /// The type of a stored sample. `SaveImage` makes any `output_dtype` but `uint16` and none to `uint8` for a PNG.
    public enum Sample: Int, Sendable, Equatable {
        /// `uint8`.
        case byte = 8
        /// `uint16`: for one channel only.
        case word = 16
    }

    /// The arguments of `SaveImage` that change a PNG's pixels.
    public struct Settings: Sendable, Equatable {
        /// `scale`; nothing leaves the values as they are.
        public var scale: Scale?
        /// `output_dtype`.
        public var sample: Sample
        /// `channel_dim`: the axis of the channels from 0, or none.
        public var channelAxis: Int?
        /// `squeeze_end_dims`: whether axes of length 1 at the end go, the channels' being the last.
        public var squeezesEnd: Bool

        /// Makes settings; what is left out has the default of `SaveImage(output_ext=".png")`.
        public init(
            scale: Scale? = nil, sample: Sample = .byte, channelAxis: Int? = 0, squeezesEnd: Bool = true
        ) {
            self.scale = scale
            self.sample = sample
            self.channelAxis = channelAxis
            self.squeezesEnd = squeezesEnd
        }
    }

    /// Writes an image as MONAI's `SaveImage(output_ext=".png")` does.
    ///
    /// One channel gives a grey PNG, two grey with alpha, three RGB, four RGBA. Of more than two spatial axes the first
    /// place of each further one is written, and a missing second one gives one row, as in MONAI. Values become
    /// integers by cutting off the fraction. MONAI leaves it to the processor what becomes of a value that the type
    /// doesn't hold; that is refused here. (A scale of 65535 with 8 bits keeps the low byte, as in MONAI.)
    ///
    /// - Parameters:
    ///   - tensor: `[C, W, H]`, or `[W, H]` where `channelAxis` is nil.
    ///   - path: the file; it is there whole or not at all.
    /// - Throws: `ImageFileError` when MONAI or Pillow refuses such an image too, when a value is NaN or doesn't fit, or
    ///   when the file can't be written.
    public static func write(_ tensor: Tensor, to path: String, settings: Settings = .init()) throws {
        let plane = try PixelPlane(tensor.shape, settings, path: path)
        let pixels =
            switch settings.sample {
            case .byte: try plane.bytes(tensor.elements, settings.scale, path: path)
            case .word: try plane.words(tensor.elements, settings.scale, path: path)
            }
        var stream = try OutputStream(path, compression: nil)
        var encoded = portico_codec_bytes()
        var error = portico_codec_error()
        let status = pixels.withUnsafeBufferPointer { pixels in
            guard let base = pixels.baseAddress else { return Int32(PORTICO_CODEC_BAD_ARGUMENT) }
            return portico_png_encode(
                base, UInt32(plane.width), UInt32(plane.height), Int32(plane.channels), Int32(settings.sample.rawValue),
                &encoded, &error)
        }
        defer { portico_codec_free(&encoded) }
        guard status == PORTICO_CODEC_OK else { throw ImageFileError(status, error, path) }
        try stream.write(UnsafeRawBufferPointer(start: encoded.elements, count: encoded.count))
        try stream.close()
    }
}
