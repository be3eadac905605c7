internal import CZlib
internal import Foundation

/// numpy's format for several arrays: a zip archive of `.npy` files.
public enum NPZ {
    /// The most bytes that one array may have once it is decompressed.
    private static let greatestMember = 4 << 30

    /// Reads all arrays by name, as `np.savez` and `np.savez_compressed` write them.
    ///
    /// - Throws: `ImageFileError` when the archive is damaged or holds something else.
    public static func read(_ path: String) throws -> [String: NPYArray] {
        guard let data = FileManager.default.contents(atPath: path) else {
            throw ImageFileError(.unreadable, "\(path): can't be read")
        }
        let archive = ZipBytes(bytes: [UInt8](data), path: path)
        var arrays: [String: NPYArray] = [:]
        for member in try archive.members() {
            guard member.name.hasSuffix(".npy") else {
                throw ImageFileError(.notThisFormat, "\(path): \(member.name) is no array")
            }
            let bytes = try archive.content(of: member, limit: greatestMember)
            arrays[String(member.name.dropLast(4))] = try NPY.parse(bytes, name: "\(path):\(member.name)")
        }
        return arrays
    }
}

/// The central directory of a zip archive, without encryption or several disks (PKWARE APPNOTE 4.3).
private struct ZipBytes {
    struct Member {
        var name: String
        var method: Int
        var checksum: UInt32
        var packed: Int
        var length: Int
        var header: Int
    }

    let bytes: [UInt8]
    let path: String

    func members() throws -> [Member] {
        let last = bytes.count - 22
        guard last >= 0,
            let end = (max(0, last - 65_535)...last).reversed().first(where: { value($0, 4) == 0x0605_4b50 })
        else { throw ImageFileError(.notThisFormat, "\(path): not a zip archive") }
        var place = value(end + 16, 4)
        var members: [Member] = []
        for _ in 0..<value(end + 10, 2) {
            guard place + 46 <= bytes.count, value(place, 4) == 0x0201_4b50 else { throw damaged("its directory") }
            let (name, extra, comment) = (value(place + 28, 2), value(place + 30, 2), value(place + 32, 2))
            guard place + 46 + name + extra + comment <= bytes.count else { throw damaged("its directory") }
            members.append(
                Member(
                    name: String(decoding: bytes[place + 46..<place + 46 + name], as: UTF8.self),
                    method: value(place + 10, 2), checksum: UInt32(value(place + 16, 4)),
                    packed: value(place + 20, 4), length: value(place + 24, 4), header: value(place + 42, 4)))
            place += 46 + name + extra + comment
        }
        return members
    }

    func content(of member: Member, limit: Int) throws -> [UInt8] {
        guard member.length < min(limit, 0xffff_ffff), member.header + 30 <= bytes.count,
            value(member.header, 4) == 0x0403_4b50
        else { throw damaged(member.name) }
        let start = member.header + 30 + value(member.header + 26, 2) + value(member.header + 28, 2)
        guard start + member.packed <= bytes.count else { throw damaged(member.name) }
        let packed = bytes[start..<start + member.packed]
        let content: [UInt8]
        switch member.method {
        case 0: content = Array(packed)
        case 8:
            // Deflate shrinks at most 1032 to 1, so a length that lies is found before it is allocated.
            guard member.length <= packed.count * 1032 else { throw damaged(member.name) }
            content = try inflate(packed, member)
        default: throw ImageFileError(.unsupported, "\(path):\(member.name): compression method \(member.method)")
        }
        let checksum = content.withUnsafeBufferPointer { crc32_z(0, $0.baseAddress, $0.count) }
        guard content.count == member.length, UInt32(truncatingIfNeeded: checksum) == member.checksum else {
            throw damaged(member.name)
        }
        return content
    }

    private func inflate(_ packed: ArraySlice<UInt8>, _ member: Member) throws -> [UInt8] {
        var input = Array(packed)
        var output = [UInt8](repeating: 0, count: member.length)
        var stream = z_stream()
        guard inflateInit2_(&stream, -15, ZLIB_VERSION, Int32(MemoryLayout<z_stream>.size)) == Z_OK else {
            throw ImageFileError(.tooLarge, "\(path): no memory to decompress")
        }
        defer { inflateEnd(&stream) }
        let status = input.withUnsafeMutableBufferPointer { input in
            output.withUnsafeMutableBufferPointer { output in
                stream.next_in = input.baseAddress
                stream.avail_in = UInt32(input.count)
                stream.next_out = output.baseAddress
                stream.avail_out = UInt32(output.count)
                return CZlib.inflate(&stream, Z_FINISH)
            }
        }
        guard status == Z_STREAM_END, Int(stream.total_out) == member.length else { throw damaged(member.name) }
        return output
    }

    private func damaged(_ what: String) -> ImageFileError {
        ImageFileError(.malformed, "\(path): the archive is damaged at \(what)")
    }

    /// A little-endian number.
    private func value(_ place: Int, _ length: Int) -> Int {
        (0..<length).reduce(0) { $0 | Int(bytes[place + $1]) << (8 * $1) }
    }
}
