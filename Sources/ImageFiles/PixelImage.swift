public import Voxels

/// The kinds of pixels that PNG and JPEG files hold, by Pillow's names of its modes.
///
/// The rawValue is what MONAI's `PILReader` puts into the metadata as `mode`.
public enum PixelMode: String, Sendable, Equatable, CaseIterable {
    /// One bit: 0 or 1.
    case bilevel = "1"
    /// Grey of 8 bits; fewer bits are spread over 0 to 255.
    case grey = "L"
    /// Grey of 16 bits.
    case grey16 = "I;16"
    /// Grey and alpha.
    case greyAlpha = "LA"
    /// Indices of a palette.
    case palette = "P"
    /// Red, green and blue.
    case rgb = "RGB"
    /// Red, green, blue and alpha.
    case rgba = "RGBA"
    /// Cyan, magenta, yellow and black.
    case cmyk = "CMYK"

    /// The samples of one pixel; a mode of one has no channel axis.
    public var channels: Int {
        switch self {
        case .bilevel, .grey, .grey16, .palette: 1
        case .greyAlpha: 2
        case .rgb: 3
        case .rgba, .cmyk: 4
        }
    }
}

/// An image of two axes and what is known of it.
public struct PixelImage: Sendable, Equatable {
    /// `[W, H]` for modes of one channel, else `[W, H, C]`: the width is the first axis, `y` counts from the top.
    ///
    /// The values are those of the mode: 0 and 1, 0 to 255, or 0 to 65535.
    public var tensor: Tensor

    /// The kind of pixels in `tensor`: the file's, or the converter's.
    public var mode: PixelMode

    /// Makes an image.
    public init(tensor: Tensor, mode: PixelMode) {
        self.tensor = tensor
        self.mode = mode
    }

    /// Width and height in pixels.
    public var spatialShape: [Int] { Array(tensor.shape.prefix(2)) }

    /// Whether `tensor` ends with an axis of channels.
    public var hasChannelAxis: Bool { tensor.shape.count > 2 }
}

/// Converts an image before it becomes an array, as `PILReader(converter=…)` does.
public enum PixelConverter: Sendable, Equatable {
    /// `lambda image: image.convert("RGB")`.
    case rgb
}
