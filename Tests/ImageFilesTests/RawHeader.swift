/// A NIfTI file made byte by byte, so that it can be wrong in any way.
struct RawHeader {
    var bytes = [UInt8](repeating: 0, count: 352)
    var isBigEndian = false

    /// A correct header of int16 voxels with an sform of 1 mm.
    init(shape: [Int], bigEndian: Bool = false) {
        isBigEndian = bigEndian
        put(Int32(348), 0)
        for (index, length) in ([shape.count] + shape).enumerated() {
            put(Int16(truncatingIfNeeded: length), 40 + 2 * index)
        }
        put(Int16(4), 70)
        put(Int16(16), 72)
        for index in 0..<8 { put(Float(1), 76 + 4 * index) }
        put(Float(352), 108)
        put(Int16(1), 254)
        for axis in 0..<3 { put(Float(1), 280 + 20 * axis) }
        bytes.replaceSubrange(344..<347, with: Array("n+1".utf8))
    }

    mutating func put(_ value: some FixedWidthInteger, _ place: Int) {
        withUnsafeBytes(of: isBigEndian ? value.bigEndian : value.littleEndian) {
            bytes.replaceSubrange(place..<place + $0.count, with: $0)
        }
    }

    mutating func put(_ value: Float, _ place: Int) { put(value.bitPattern, place) }

    /// The file with so many voxels, each its own index.
    func file(voxels: Int) -> [UInt8] {
        var bytes = bytes
        for index in 0..<voxels {
            let value = Int16(truncatingIfNeeded: index)
            withUnsafeBytes(of: isBigEndian ? value.bigEndian : value.littleEndian) { bytes += $0 }
        }
        return bytes
    }
}
