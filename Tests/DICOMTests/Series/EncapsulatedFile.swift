import Foundation
import TestSupport

/// A file with encapsulated pixel data whose fragments, header and transfer syntax can be changed one by one.
struct EncapsulatedFile {
    static let jpeg2000 = "1.2.840.10008.1.2.4.90"
    static let jpegBaseline = "1.2.840.10008.1.2.4.50"
    static let jpegLossless = "1.2.840.10008.1.2.4.70"
    static let jpegLS = "1.2.840.10008.1.2.4.80"
    static let rle = "1.2.840.10008.1.2.5"

    var transferSyntax: String
    var rows: Int
    var columns: Int
    var samples = 1
    var photometric = "MONOCHROME2"
    var allocated = 16
    var stored = 16
    var isSigned = false
    var frames = 1
    var fragments: [Data]
    var offsets: [UInt32] = []

    /// Takes the fragments of a file in an explicit little endian transfer syntax: what comes after the last Pixel Data.
    static func fragments(of file: URL) throws -> [Data] {
        let bytes = try Data(contentsOf: file)
        let markers = ["OB", "OW"].map {
            Data([0xE0, 0x7F, 0x10, 0x00]) + Data($0.utf8) + Data([0, 0, 0xFF, 0xFF, 0xFF, 0xFF])
        }
        guard var place = markers.compactMap({ bytes.range(of: $0, options: .backwards)?.upperBound }).max() else {
            throw SupportError("\(file.lastPathComponent) has no encapsulated pixel data")
        }
        var found: [Data] = []
        while bytes[place..<place + 4] == Data([0xFE, 0xFF, 0x00, 0xE0]) {
            let length = (0..<4).reduce(0) { $0 | Int(bytes[place + 4 + $1]) << (8 * $1) }
            found.append(Data(bytes[place + 8..<place + 8 + length]))
            place += 8 + length
        }
        return Array(found.dropFirst())
    }

    /// Writes the file.
    func write(to file: URL) throws -> URL {
        let bytes = ElementBytes()
        func short(_ tag: UInt32, _ value: Int) -> Data { bytes.element(tag, "US", bytes.number(UInt16(value))) }
        var data = bytes.text(0x0008_0016, "UI", SmallObject.sopClass) + bytes.text(0x0008_0018, "UI", "2.25.14")
        data += bytes.text(0x0008_0060, "CS", "OT") + bytes.text(0x0020_000D, "UI", "2.25.11")
        data += bytes.text(0x0020_000E, "UI", "2.25.12") + short(0x0028_0002, samples)
        data += bytes.text(0x0028_0004, "CS", photometric)
        if samples > 1 { data += short(0x0028_0006, 0) }
        if frames > 1 { data += bytes.text(0x0028_0008, "IS", "\(frames)") }
        data += short(0x0028_0010, rows) + short(0x0028_0011, columns) + short(0x0028_0100, allocated)
        data += short(0x0028_0101, stored) + short(0x0028_0102, stored - 1) + short(0x0028_0103, isSigned ? 1 : 0)
        data += bytes.element(0x7FE0_0010, "OB", Data(), length: 0xFFFF_FFFF)
        data += bytes.element(0xFFFE_E000, "", offsets.reduce(Data()) { $0 + bytes.number($1) })
        for fragment in fragments {
            data += bytes.element(0xFFFE_E000, "", fragment.count.isMultiple(of: 2) ? fragment : fragment + Data([0]))
        }
        data += bytes.element(0xFFFE_E0DD, "", Data(), length: 0)
        try ElementBytes.file(data, transferSyntax: transferSyntax).write(to: file)
        return file
    }
}
