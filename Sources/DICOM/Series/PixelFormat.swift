/// How the samples of an image are stored (PS3.3 C.7.6.3).
public struct PixelFormat: Hashable, Sendable {
    /// The number of rows.
    public let rows: Int
    /// The number of columns.
    public let columns: Int
    /// 1 for grey, 3 for colour.
    public let samplesPerPixel: Int
    /// Such as `MONOCHROME2`.
    public let photometricInterpretation: String
    /// The bits that a sample takes up.
    public let bitsAllocated: Int
    /// The bits that a sample uses.
    public let bitsStored: Int
    /// The highest bit that a sample uses.
    public let highBit: Int
    /// Whether samples are two's complement.
    public let isSigned: Bool

    /// The bytes of one decoded frame.
    public var frameBytes: Int { rows * columns * samplesPerPixel * ((bitsAllocated + 7) / 8) }

    /// Reads the format from an image's data set.
    ///
    /// - Throws: `DICOMError` where an attribute is missing or makes no sense.
    public init(_ dataSet: DataSet) throws {
        func required(_ tag: Tag, _ range: ClosedRange<Int>) throws -> Int {
            guard let value = try dataSet.int(tag) else { throw DICOMError(.malformed, "\(tag) has no value") }
            guard range.contains(value) else { throw DICOMError(.malformed, "\(tag) is \(value)") }
            return value
        }
        rows = try required(.rows, 1...65535)
        columns = try required(.columns, 1...65535)
        samplesPerPixel = try dataSet.int(.samplesPerPixel) ?? 1
        guard (1...4).contains(samplesPerPixel) else {
            throw DICOMError(.malformed, "\(Tag.samplesPerPixel) is \(samplesPerPixel)")
        }
        photometricInterpretation = try dataSet.string(.photometricInterpretation) ?? ""
        bitsAllocated = try required(.bitsAllocated, 1...64)
        bitsStored = try required(.bitsStored, 1...bitsAllocated)
        highBit = try dataSet.int(.highBit) ?? bitsStored - 1
        isSigned = try required(.pixelRepresentation, 0...1) == 1
        guard highBit >= bitsStored - 1, highBit < bitsAllocated else {
            throw DICOMError(
                .malformed, "High Bit (0028,0102) is \(highBit) with \(bitsStored) of \(bitsAllocated) bits stored")
        }
    }

    /// Whether the photometric interpretation is one of grey-scale images.
    var isGrey: Bool { photometricInterpretation == "MONOCHROME1" || photometricInterpretation == "MONOCHROME2" }

    /// The bytes that a frame takes up in native pixel data: two pixels of YBR_FULL_422 share their colour.
    func storedFrameBytes(isNative: Bool) -> Int {
        isNative && photometricInterpretation == "YBR_FULL_422" ? frameBytes / 3 * 2 : frameBytes
    }

    /// Whether the samples have a size that `withSamples` can turn into numbers.
    var hasReadableSamples: Bool { bitsAllocated == 8 || bitsAllocated == 16 }

    /// Whether `withSamples` can turn the samples into numbers, one for each pixel.
    var isReadable: Bool { samplesPerPixel == 1 && hasReadableSamples }

    /// Gives a loop the function that turns a decoded sample into its number: unused bits masked, sign extended.
    ///
    /// The loop is specialised for each way of storing, so that nothing is decided per voxel.
    @inline(__always)
    func withSamples(_ raw: UnsafeRawBufferPointer, _ loop: ((Int) -> Int32) -> Void) {
        let up = Int32(31 - highBit)
        let down = Int32(32 - bitsStored)
        switch (bitsAllocated, isSigned) {
        case (8, false): loop { Int32(bitPattern: (UInt32(raw[$0]) &<< UInt32(up)) &>> UInt32(down)) }
        case (8, true): loop { (Int32(raw[$0]) &<< up) &>> down }
        case (_, false):
            loop {
                let sample = raw.loadUnaligned(fromByteOffset: $0 &* 2, as: UInt16.self)
                return Int32(bitPattern: (UInt32(sample) &<< UInt32(up)) &>> UInt32(down))
            }
        case (_, true):
            loop {
                (Int32(raw.loadUnaligned(fromByteOffset: $0 &* 2, as: UInt16.self)) &<< up) &>> down
            }
        }
    }
}
