/// The fields of a NIfTI header that decide values and geometry, corrected as nibabel corrects them on loading.
struct NIfTIHeader {
    /// The lengths of the axes, one to seven.
    var shape: [Int]
    var type: NIfTIType
    /// `pixdim`: the sign of the third axis, then the distances between voxels.
    var pixdim: [Double]
    var dataOffset: Int
    /// Nothing where the header has no valid scaling.
    var scaling: (slope: Double, intercept: Double)?
    var qformCode: Int
    var sformCode: Int
    /// The quaternion's b, c, d and the offset.
    var quaternion: [Double]
    var offset: [Double]
    /// The three rows of the sform.
    var rows: [Double]
    var isBigEndian: Bool
    var isVersion2: Bool

    /// The bytes of a header of version 2; version 1 has 348.
    static let greatestLength = 540

    /// Reads a header.
    ///
    /// - Parameter bytes: the first bytes of the file, 348 or more for version 1 and 540 or more for version 2.
    /// - Throws: `ImageFileError`; the message begins with `path`.
    init(_ bytes: [UInt8], path: String) throws(ImageFileError) {
        guard bytes.count >= 348 else { throw ImageFileError(.notThisFormat, "\(path): too short for a NIfTI header") }
        if Array(bytes[344..<348]) == Self.magic("n+1") {
            try self.init(NIfTIFields(bytes, version2: false), path: path)
        } else if bytes.count >= Self.greatestLength, Array(bytes[4..<8]) == Self.magic("n+2") {
            let end = Array(bytes[8..<12])
            guard end == [13, 10, 26, 10] || end == [0, 0, 0, 0] else {
                throw ImageFileError(.malformed, "\(path): damaged by a conversion of line ends (eol_check)")
            }
            try self.init(NIfTIFields(bytes, version2: true), path: path)
        } else if Array(bytes[344..<348]) == Self.magic("ni1") || Array(bytes[4..<8]) == Self.magic("ni2") {
            throw ImageFileError(
                .unsupported, "\(path): the header of a pair of files (.hdr and .img); convert it to one .nii file")
        } else {
            throw ImageFileError(.notThisFormat, "\(path): not a NIfTI file of version 1 or 2")
        }
    }

    private init(_ fields: NIfTIFields, path: String) throws(ImageFileError) {
        isVersion2 = fields.isVersion2
        isBigEndian = fields.isBigEndian
        let rank = fields.dim(0)
        guard (1...7).contains(rank) else {
            throw ImageFileError(.malformed, "\(path): dim[0] is \(rank); a NIfTI file has 1 to 7 axes")
        }
        shape = (1...rank).map { fields.dim($0) }
        guard shape.allSatisfy({ $0 > 0 }) else {
            throw ImageFileError(.malformed, "\(path): dim \(shape) has an axis without voxels")
        }
        let code = fields.datatype
        guard let type = NIfTIType(rawValue: code) else {
            throw ImageFileError(
                .unsupported, "\(path): voxels of NIfTI type \(code) (complex, RGB, 128 bit) are not supported")
        }
        self.type = type

        // nibabel repairs these on loading: qfac other than ±1, distances of zero or below, unknown codes.
        var pixdim = (0..<8).map { fields.pixdim($0) }
        if pixdim[0] != 1 && pixdim[0] != -1 { pixdim[0] = 1 }
        for axis in 1...3 { pixdim[axis] = pixdim[axis] == 0 ? 1 : abs(pixdim[axis]) }
        self.pixdim = pixdim
        qformCode = (0...5).contains(fields.qformCode) ? fields.qformCode : 0
        sformCode = (0...5).contains(fields.sformCode) ? fields.sformCode : 0
        quaternion = fields.quaternion
        offset = fields.offset
        rows = fields.rows

        let least = fields.isVersion2 ? 544.0 : 352.0
        guard let start = Int(exactly: fields.dataOffset), Double(start) >= least, start <= 1 << 40 else {
            throw ImageFileError(
                .malformed, "\(path): vox_offset is \(fields.dataOffset); at least \(Int(least)) is needed")
        }
        dataOffset = start

        if fields.slope != 0 && fields.slope.isFinite {
            guard fields.intercept.isFinite else {
                throw ImageFileError(.malformed, "\(path): scl_inter is not finite though scl_slope is valid")
            }
            scaling = (fields.slope, fields.intercept)
        }
    }

    private static func magic(_ text: String) -> [UInt8] { Array(text.utf8) + [0] }

    /// The number of voxels, or nothing where it can't be counted.
    var count: Int? {
        var product = 1
        for length in shape {
            let (value, overflow) = product.multipliedReportingOverflow(by: length)
            if overflow { return nil }
            product = value
        }
        return product
    }
}

/// The raw fields of a header by their places in the two versions.
private struct NIfTIFields {
    let bytes: [UInt8]
    let isVersion2: Bool
    let isBigEndian: Bool

    init(_ bytes: [UInt8], version2: Bool) {
        self.bytes = bytes
        isVersion2 = version2
        // As nibabel has it: the byte order in which dim[0] makes sense.
        let native = version2 ? Self.integer(bytes, 16, 8, big: false) : Self.integer(bytes, 40, 2, big: false)
        isBigEndian = !(1...7).contains(native)
    }

    func dim(_ index: Int) -> Int { isVersion2 ? integer(16 + 8 * index, 8) : integer(40 + 2 * index, 2) }
    func pixdim(_ index: Int) -> Double { isVersion2 ? real(104 + 8 * index) : real(76 + 4 * index) }
    var datatype: Int16 { Int16(truncatingIfNeeded: integer(isVersion2 ? 12 : 70, 2)) }
    var dataOffset: Double { isVersion2 ? Double(integer(168, 8)) : real(108) }
    var slope: Double { isVersion2 ? real(176) : real(112) }
    var intercept: Double { isVersion2 ? real(184) : real(116) }
    var qformCode: Int { isVersion2 ? integer(344, 4) : integer(252, 2) }
    var sformCode: Int { isVersion2 ? integer(348, 4) : integer(254, 2) }
    var quaternion: [Double] { (0..<3).map { isVersion2 ? real(352 + 8 * $0) : real(256 + 4 * $0) } }
    var offset: [Double] { (0..<3).map { isVersion2 ? real(376 + 8 * $0) : real(268 + 4 * $0) } }
    var rows: [Double] { (0..<12).map { isVersion2 ? real(400 + 8 * $0) : real(280 + 4 * $0) } }

    private func integer(_ place: Int, _ length: Int) -> Int {
        Self.integer(bytes, place, length, big: isBigEndian)
    }

    private static func integer(_ bytes: [UInt8], _ place: Int, _ length: Int, big: Bool) -> Int {
        var value: UInt64 = 0
        for index in 0..<length {
            value = value << 8 | UInt64(bytes[place + (big ? index : length - 1 - index)])
        }
        let shift = UInt64(64 - 8 * length)
        return Int(Int64(bitPattern: value << shift) >> Int64(shift))
    }

    /// A float32 of version 1 or a float64 of version 2.
    private func real(_ place: Int) -> Double {
        if isVersion2 { return Double(bitPattern: UInt64(bitPattern: Int64(integer(place, 8)))) }
        return Double(Float(bitPattern: UInt32(truncatingIfNeeded: integer(place, 4))))
    }
}
