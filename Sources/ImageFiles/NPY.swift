internal import Foundation
public import Voxels

/// An array of a `.npy` file, or of one member of an `.npz` file.
public struct NPYArray: Sendable {
    /// The lengths of the axes; none for a single value.
    public let shape: [Int]

    /// numpy's name of the type, such as `<f4`.
    public let typeName: String

    /// The values in row-major order, wide enough for each type but 64-bit integers beyond 2^53.
    public let doubles: [Double]

    /// The values in float32.
    public var floats: [Float] { doubles.map { Float($0) } }

    /// The values as a tensor of float32.
    public var tensor: Tensor { Tensor(shape: shape, elements: floats) }

    /// The values as an affine, where there are 4 × 4.
    public var affine: Affine? { shape == [4, 4] ? Affine(doubles) : nil }
}

/// numpy's format for one array.
public enum NPY {
    private static let magic: [UInt8] = [0x93] + Array("NUMPY".utf8)

    /// Writes a tensor: float32, row-major, version 1.0.
    public static func write(_ tensor: Tensor, to path: String) throws {
        var stream = try OutputStream(path, compression: nil)
        try stream.write(header(type: "<f4", shape: tensor.shape))
        try tensor.elements.withUnsafeBytes { try stream.write($0) }
        try stream.close()
    }

    /// Writes an affine: float64, 4 × 4.
    public static func write(_ affine: Affine, to path: String) throws {
        try write(shape: [4, 4], doubles: affine.elements, to: path)
    }

    /// Writes float64 values in row-major order.
    ///
    /// - Throws: `ImageFileError` when they don't fill the shape, or the file can't be written.
    public static func write(shape: [Int], doubles: [Double], to path: String) throws {
        guard shape.reduce(1, *) == doubles.count else {
            throw ImageFileError(.badArgument, "\(path): \(doubles.count) values don't fill a shape of \(shape)")
        }
        var stream = try OutputStream(path, compression: nil)
        try stream.write(header(type: "<f8", shape: shape))
        try doubles.withUnsafeBytes { try stream.write($0) }
        try stream.close()
    }

    /// Reads an array of integers, floats or booleans.
    public static func read(_ path: String) throws -> NPYArray {
        guard let data = FileManager.default.contents(atPath: path) else {
            throw ImageFileError(.unreadable, "\(path): can't be read")
        }
        return try parse([UInt8](data), name: path)
    }

    private static func header(type: String, shape: [Int]) -> [UInt8] {
        let axes = shape.map(String.init).joined(separator: ", ") + (shape.count == 1 ? "," : "")
        var text = "{'descr': '\(type)', 'fortran_order': False, 'shape': (\(axes)), }"
        // The values begin at a multiple of 64.
        let length = (10 + text.utf8.count + 1 + 63) / 64 * 64 - 10
        text += String(repeating: " ", count: length - text.utf8.count - 1) + "\n"
        return magic + [1, 0, UInt8(length & 0xff), UInt8(length >> 8)] + Array(text.utf8)
    }

    static func parse(_ bytes: [UInt8], name: String) throws -> NPYArray {
        guard bytes.count > 12, Array(bytes[0..<6]) == magic else {
            throw ImageFileError(.notThisFormat, "\(name): not a .npy array")
        }
        let wide = bytes[6] > 1
        let length = (0..<(wide ? 4 : 2)).reduce(0) { $0 | Int(bytes[8 + $1]) << (8 * $1) }
        let start = (wide ? 12 : 10) + length
        guard bytes[6] <= 3, start <= bytes.count else {
            throw ImageFileError(.malformed, "\(name): the header is cut short")
        }
        let text = String(decoding: bytes[(wide ? 12 : 10)..<start], as: UTF8.self)
        guard let type = try text.firstMatch(of: Regex<(Substring, Substring)>("'descr': *'([^']*)'"))?.output.1,
            let axes = try text.firstMatch(of: Regex<(Substring, Substring)>("'shape': *\\(([^)]*)\\)"))?.output.1
        else { throw ImageFileError(.malformed, "\(name): the header names no type or shape") }
        let lengths = axes.split(separator: ",").map { Int($0.drop { $0 == " " }.prefix { $0 != " " }) }
        let shape = lengths.compactMap { $0 }.filter { $0 >= 0 }
        guard shape.count == lengths.count else {
            throw ImageFileError(.malformed, "\(name): the shape (\(axes)) is none")
        }
        guard let decode = decoders[String(type)] else {
            throw ImageFileError(.unsupported, "\(name): values of numpy type \(type) are not supported")
        }
        let count = shape.reduce((1, false)) { product, length in
            let (value, overflow) = product.0.multipliedReportingOverflow(by: length)
            return (value, product.1 || overflow)
        }
        guard !count.1, let values = decode(bytes[start...], count.0) else {
            throw ImageFileError(.malformed, "\(name): the values end too early")
        }
        let isFortran = text.contains("'fortran_order': True")
        return NPYArray(shape: shape, typeName: String(type), doubles: isFortran ? rowMajor(values, shape) : values)
    }

    /// Turns values with the first axis fastest into row-major order.
    private static func rowMajor(_ values: [Double], _ shape: [Int]) -> [Double] {
        guard shape.count > 1 else { return values }
        let layout = VoxelLayout(shape: shape)
        var result = values
        var source = 0
        for plane in layout.places {
            for y in 0..<layout.height {
                for x in 0..<layout.width {
                    result[plane + y * layout.stepY + x * layout.stepX] = values[source]
                    source += 1
                }
            }
        }
        return result
    }

    private typealias Decoder = @Sendable (ArraySlice<UInt8>, Int) -> [Double]?

    private static let decoders: [String: Decoder] = [
        "<f4": { decode(Float.self, $0, $1) }, "<f8": { decode(Double.self, $0, $1) },
        "|u1": { decode(UInt8.self, $0, $1) }, "|i1": { decode(Int8.self, $0, $1) },
        "|b1": { decode(UInt8.self, $0, $1) }, "<u2": { decode(UInt16.self, $0, $1) },
        "<i2": { decode(Int16.self, $0, $1) }, "<u4": { decode(UInt32.self, $0, $1) },
        "<i4": { decode(Int32.self, $0, $1) }, "<u8": { decode(UInt64.self, $0, $1) },
        "<i8": { decode(Int64.self, $0, $1) },
    ]

    private static func decode<Number: StoredNumber>(
        _: Number.Type, _ bytes: ArraySlice<UInt8>, _ count: Int
    ) -> [Double]? {
        guard count <= bytes.count / MemoryLayout<Number>.stride else { return nil }
        return bytes.withUnsafeBytes { raw in
            (0..<count).map {
                raw.loadUnaligned(fromByteOffset: $0 * MemoryLayout<Number>.stride, as: Number.self).double
            }
        }
    }
}
