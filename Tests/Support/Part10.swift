public import Foundation

/// The parts of a DICOM file that a raw sender needs: explicit VR meta information, then the data set as it is.
public struct Part10: Sendable {
    /// SOP Class UID.
    public let sopClass: String
    /// SOP Instance UID.
    public let sopInstance: String
    /// Transfer Syntax UID.
    public let transferSyntax: String
    /// The data set's bytes, as they go over the wire.
    public let dataSet: Data

    /// Reads a file (PS3.10 §7.1).
    ///
    /// - Throws: `SupportError` where it is no Part 10 file.
    public init(contentsOf url: URL) throws {
        let data = try Data(contentsOf: url)
        guard data.count > 144, data[128..<132] == Data("DICM".utf8) else {
            throw SupportError("\(url.lastPathComponent) is no DICOM file")
        }
        func number(_ place: Int, _ count: Int) -> Int {
            (0..<count).reduce(0) { $0 | Int(data[place + $1]) << (8 * $1) }
        }
        let end = 144 + number(140, 4)
        var values: [Int: String] = [:]
        var place = 144
        while place + 8 <= end, end <= data.count {
            let isLong = ["OB", "UN", "OW"].contains(String(decoding: data[place + 4..<place + 6], as: UTF8.self))
            let start = place + (isLong ? 12 : 8)
            let length = isLong ? number(place + 8, 4) : number(place + 6, 2)
            guard start + length <= end else { break }
            values[number(place + 2, 2)] = String(decoding: data[start..<start + length], as: UTF8.self)
                .trimmingCharacters(in: CharacterSet(charactersIn: "\0 "))
            place = start + length
        }
        guard let sopClass = values[0x0002], let sopInstance = values[0x0003], let syntax = values[0x0010] else {
            throw SupportError("\(url.lastPathComponent) has no whole meta information")
        }
        self.sopClass = sopClass
        self.sopInstance = sopInstance
        transferSyntax = syntax
        dataSet = Data(data[end...])
    }
}
