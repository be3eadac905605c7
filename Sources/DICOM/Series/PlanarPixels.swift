internal import CDCMTK
internal import FoundationEssentials
public import Voxels

extension SeriesReader {
    /// Reads the pixels of a 2D image, width first as MONAI's `PILReader` has them (image_reader.py).
    ///
    /// Grey values are stored value × slope + intercept, or what the modality LUT has for them (PS3.3 C.11.1), in float32.
    /// MONOCHROME1, which shows low values white, is turned round within the range of the bits stored, so that bright is
    /// high as in a PNG of the image; no window and no VOI LUT is applied.
    ///
    /// Colours are red, green and blue as stored, 0 to 255 for 8 bits. YBR_FULL and YBR_FULL_422 become RGB by the
    /// integer arithmetic of libjpeg (ISO 10918-5 §7), which also decodes what is JPEG-compressed; a palette's entries
    /// of 16 bits become their upper 8 (PS3.3 C.7.6.3.1.5).
    ///
    /// - Returns: `[columns, rows]`, or `[columns, rows, 3]` where pixels are colours.
    /// - Throws: `DICOMError` where the file cannot be read or decoded or has changed since its header was read.
    public func pixels(of image: PlanarImage) throws -> Tensor {
        let dataSet = try DataSet(contentsOf: image.file)
        try dataSet.check(is: image.sopInstanceUID, image.format, image.file)
        let frame = try StoredFrame(image, dataSet)
        let format = image.format
        if format.isGrey {
            return frame.bytes.withUnsafeBytes { raw in
                planar(format, samples: 1) { voxels, columns, rows in
                    format.grey(raw, image, columns, rows, into: voxels)
                }
            }
        }
        let colours = try frame.rgb(format, dataSet)
        return colours.bytes.withUnsafeBytes { raw in
            planar(format, samples: 3) { voxels, columns, rows in
                format.colours(raw, colours, columns, rows, into: voxels)
            }
        }
    }

    /// Makes a tensor that is filled by strips of columns, on several threads.
    private func planar(
        _ format: PixelFormat, samples: Int, _ fill: (UnsafeMutablePointer<Float>, Range<Int>, Range<Int>) -> Void
    ) -> Tensor {
        let (columns, rows) = (format.columns, format.rows)
        let count = columns * rows * samples
        let elements = Tensor.Elements(unsafeUninitializedCapacity: count) { buffer, initialized in
            guard let base = buffer.baseAddress else { return }
            let strip = 64
            withoutActuallyEscaping(fill) { fill in
                // `nonisolated(unsafe)` is right because each strip writes the pixels of its own columns and no other.
                nonisolated(unsafe) let (voxels, work) = (base, fill)
                try? forEachInParallel((columns + strip - 1) / strip) { index in
                    let across = index * strip..<min((index + 1) * strip, columns)
                    // Few rows at a time: their pixels and those of the columns then stay in the cache.
                    for top in stride(from: 0, to: rows, by: 8) { work(voxels, across, top..<min(top + 8, rows)) }
                }
            }
            initialized = count
        }
        return Tensor(shape: samples == 1 ? [columns, rows] : [columns, rows, samples], elements: elements)
    }
}

extension PixelFormat {
    /// Turns grey samples of some columns and rows into numbers.
    fileprivate func grey(
        _ raw: UnsafeRawBufferPointer, _ image: PlanarImage, _ across: Range<Int>, _ down: Range<Int>,
        into voxels: UnsafeMutablePointer<Float>
    ) {
        let (columns, rows) = (self.columns, self.rows)
        let isInverted = photometricInterpretation == "MONOCHROME1"
        withSamples(raw) { sample in
            if let table = image.modalityLUT {
                let top: Int32 = (1 << Int32(table.bits)) - 1
                for i in across {
                    for j in down {
                        let value = Int32(table[sample(j &* columns &+ i)])
                        voxels[i &* rows &+ j] = Float(isInverted ? top - value : value)
                    }
                }
                return
            }
            // The lowest and the highest stored value change places: 0 and 2ⁿ - 1, or -2ⁿ⁻¹ and 2ⁿ⁻¹ - 1.
            let (sign, top): (Int32, Int32) =
                isInverted ? (-1, isSigned ? -1 : Int32(truncatingIfNeeded: (1 << bitsStored) - 1)) : (1, 0)
            let (scale, offset) = (Float(image.rescaleSlope), Float(image.rescaleIntercept))
            for i in across {
                for j in down {
                    voxels[i &* rows &+ j] = Float(top &+ sign &* sample(j &* columns &+ i)) * scale + offset
                }
            }
        }
    }

    /// Turns colours of some columns and rows into numbers.
    fileprivate func colours(
        _ raw: UnsafeRawBufferPointer, _ frame: ColourFrame, _ across: Range<Int>, _ down: Range<Int>,
        into voxels: UnsafeMutablePointer<Float>
    ) {
        let (columns, rows) = (self.columns, self.rows)
        let (pixelStep, sampleStep) = frame.isByPlane ? (1, columns &* rows) : (3, 1)
        func loop(_ sample: (Int) -> Int32) {
            for i in across {
                for j in down {
                    let from = (j &* columns &+ i) &* pixelStep
                    let to = (i &* rows &+ j) &* 3
                    voxels[to] = Float(sample(from))
                    voxels[to &+ 1] = Float(sample(from &+ sampleStep))
                    voxels[to &+ 2] = Float(sample(from &+ 2 &* sampleStep))
                }
            }
        }
        if frame.isPlainBytes {
            loop { Int32(raw[$0]) }
        } else {
            withSamples(raw, loop)
        }
    }
}
