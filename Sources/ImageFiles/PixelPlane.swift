internal import Voxels

/// The rows and columns of a tensor that a PNG shows: MONAI's `convert_to_channel_last` with two spatial axes, and
/// `PILWriter.create_backend_obj`'s swap of the first two (`monai/data/image_writer.py:291` and `:855`).
struct PixelPlane {
    let width: Int
    let height: Int
    let channels: Int
    private let stepX: Int
    private let stepY: Int
    private let stepChannel: Int

    /// Finds the plane.
    ///
    /// - Throws: `ImageFileError` for what MONAI or Pillow refuses.
    init(_ shape: [Int], _ settings: PNG.Settings, path: String) throws(ImageFileError) {
        func refused(_ why: String) -> ImageFileError {
            ImageFileError(.badArgument, "\(path): an image of shape \(shape) can't be written as PNG: \(why)")
        }
        var axes: [(length: Int, step: Int)] = []
        var step = 1
        for length in shape.reversed() {
            axes.insert((length, step), at: 0)
            step *= length
        }
        guard step > 0 else { throw refused("it holds no pixel") }
        if let axis = settings.channelAxis {
            guard axes.indices.contains(axis) else { throw refused("it has no axis \(axis) for channels") }
            axes.append(axes.remove(at: axis))
        } else {
            axes.append((1, 0))
        }
        while axes.count < 3 { axes.insert((1, 0), at: axes.count - 1) }
        while axes.count > 3 { axes.remove(at: axes.count - 2) }
        while settings.squeezesEnd, axes.last?.length == 1 { axes.removeLast() }
        guard axes.count > 1 else { throw refused("nothing is left of its second axis when axes of length 1 go") }
        (width, height) = (axes[0].length, axes[1].length)
        (stepX, stepY) = (axes[0].step, axes[1].step)
        channels = axes.count > 2 ? axes[2].length : 1
        stepChannel = axes.count > 2 ? axes[2].step : 0
        guard axes.count == 2 || (2...4).contains(channels) else {
            throw refused("\(channels) channels are no kind of pixel; 1 to 4 are, and 1 where squeeze_end_dims is true")
        }
        guard settings.sample == .byte || axes.count == 2 else {
            throw refused("with 16 bits it can have one channel, not \(channels)")
        }
        let pixels = width.multipliedReportingOverflow(by: height)
        guard !pixels.overflow, pixels.partialValue <= PixelFile.mostPixels else {
            throw refused("more than \(PixelFile.mostPixels) pixels")
        }
    }

    /// The rows from the top in 8 bits.
    func bytes(_ values: Tensor.Elements, _ scale: PNG.Scale?, path: String) throws(ImageFileError) -> [UInt8] {
        switch scale {
        case nil: try rows(values, path) { UInt8(exactly: $0.rounded(.towardZero)) }
        case .byte: try rows(values, path) { UInt8(exactly: (255 * clip($0)).rounded(.towardZero)) }
        case .word:
            try rows(values, path) {
                UInt16(exactly: (65535 * clip($0)).rounded(.towardZero)).map { UInt8(truncatingIfNeeded: $0) }
            }
        }
    }

    /// The rows from the top in 16 bits, in the machine's order of bytes.
    func words(_ values: Tensor.Elements, _ scale: PNG.Scale?, path: String) throws(ImageFileError) -> [UInt8] {
        let factor = Float(scale?.rawValue ?? 1)
        let words =
            scale == nil
            ? try rows(values, path) { UInt16(exactly: $0.rounded(.towardZero)) }
            : try rows(values, path) { UInt16(exactly: (factor * clip($0)).rounded(.towardZero)) }
        return words.withUnsafeBytes { Array($0) }
    }

    @inline(__always)
    private func rows<Sample: FixedWidthInteger>(
        _ values: Tensor.Elements, _ path: String, _ convert: (Float) -> Sample?
    ) throws(ImageFileError) -> [Sample] {
        var misfit: Float?
        let rows = [Sample](unsafeUninitializedCapacity: width * height * channels) { rows, count in
            values.withUnsafeBufferPointer { values in
                for y in 0..<height {
                    for x in 0..<width {
                        for channel in 0..<channels {
                            let value = values[x * stepX + y * stepY + channel * stepChannel]
                            guard let sample = convert(value) else {
                                misfit = value
                                return
                            }
                            rows[count] = sample
                            count += 1
                        }
                    }
                }
            }
        }
        if let misfit {
            throw ImageFileError(
                .badArgument,
                "\(path): a value of \(misfit) does not fit into \(Sample.bitWidth) bits without sign; give a scale, or "
                    + "another output_dtype")
        }
        return rows
    }
}

/// NumPy's clip to 0 to 1: NaN stays.
@inline(__always)
private func clip(_ value: Float) -> Float { value < 0 ? 0 : value > 1 ? 1 : value }
