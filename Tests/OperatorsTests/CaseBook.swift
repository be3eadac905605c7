import Foundation
import ImageFiles
import Pipelines
import TestSupport
import Voxels

/// MONAI's answers that `make_cases.py` wrote down; the format is described there.
struct CaseBook: Sendable {
    /// An array: a part of a pool, or a formula.
    struct Slice: Decodable, Sendable {
        var pool: String?
        var at: Int?
        var shape: [Int]
        var scale: Double?
        var formula: String?
    }

    /// An image that a case starts from.
    struct Given: Decodable, Sendable {
        var input: String?
        var dtype: String?
        var affine: Int?
        var channel: Channel?
        var group: [String: Given]?
    }

    /// MONAI's `original_channel_dim` of an image whose channel is not first yet.
    enum Channel: Decodable, Equatable {
        case none
        case axis(Int)

        init(from decoder: any Decoder) throws {
            let container = try decoder.singleValueContainer()
            self = if let axis = try? container.decode(Int.self) { .axis(axis) } else { .none }
        }
    }

    /// An image that MONAI gave.
    struct Expected: Decodable, Sendable {
        var array: Slice?
        var dtype: String?
        var affine: Int?
        var stride: Int?
        var group: [String: Expected]?
    }

    /// The inversion of a case.
    struct Inverse: Decodable, Sendable {
        var pred: String
        var expected: Expected?
        var error: Bool?
    }

    /// How exactly the values of a case must agree.
    enum Bar: String, Decodable {
        case equal
        case near = "1e-6"
    }

    /// One case.
    struct Case: Decodable, Sendable {
        var id: String
        var `operator`: String
        var form: String
        var images: [String: Given]
        var bar: Bar
        var expected: [String: Expected]?
        var inverse: Inverse?
        var error: String?
        /// The configuration under `preprocessing` and, for an inverse, `postprocessing`: the text of the file, so that
        /// what is an integer there and what is none stays so.
        var configuration = ""

        private enum CodingKeys: String, CodingKey {
            case id, `operator`, form, images, bar, expected, inverse, error
        }
    }

    private struct Contents: Decodable, Sendable {
        var inputs: [String: Slice]
        var affines: [[[Double]]]
        var cases: [Case]
    }

    let cases: [Case]
    private let contents: Contents
    private let pools: [String: [Double]]

    /// Reads the cases that lie beside the tests.
    init() throws {
        let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent().appendingPathComponent("Golden")
        let data = try Data(contentsOf: folder.appendingPathComponent("cases.json"))
        contents = try JSONDecoder().decode(Contents.self, from: data)
        pools = try NPZ.read(folder.appendingPathComponent("cases.npz").path).mapValues(\.doubles)
        var cases = contents.cases
        // Each case is a line of the file.
        let lines = data.split(separator: UInt8(ascii: "\n")).filter { $0.starts(with: Array(#"{"id": "#.utf8)) }
        guard lines.count == cases.count else { throw SupportError("cases.json does not have a line for each case") }
        for (index, line) in lines.enumerated() {
            let parts = Self.objects(named: "config", in: Array(line))
            guard let first = parts.first, parts.count == (cases[index].inverse == nil ? 1 : 2) else {
                throw SupportError("\(cases[index].id): its configuration is not found")
            }
            let post = parts.count == 2 ? #", "postprocessing": \#(parts[1])"# : ""
            cases[index].configuration = #"{"preprocessing": \#(first)\#(post)}"#
        }
        self.cases = cases
    }

    /// The texts of the objects under a key, in order.
    private static func objects(named key: String, in line: [UInt8]) -> [String] {
        let mark = Array("\"\(key)\": {".utf8)
        var texts: [String] = []
        var place = 0
        while place + mark.count <= line.count {
            guard line[place..<place + mark.count].elementsEqual(mark) else {
                place += 1
                continue
            }
            let start = place + mark.count - 1
            let end = self.end(ofObjectAt: start, in: line)
            texts.append(String(decoding: line[start..<end], as: UTF8.self))
            place = end
        }
        return texts
    }

    private static func end(ofObjectAt start: Int, in line: [UInt8]) -> Int {
        var (depth, isInString, place) = (0, false, start)
        while place < line.count {
            switch line[place] {
            case UInt8(ascii: "\\") where isInString: place += 1
            case UInt8(ascii: "\""): isInString.toggle()
            case UInt8(ascii: "{") where !isInString: depth += 1
            case UInt8(ascii: "}") where !isInString: depth -= 1
            default: break
            }
            place += 1
            if depth == 0 { break }
        }
        return place
    }

    /// The values of an array; with a stride only every so many of them.
    func values(_ slice: Slice, stride: Int = 1) throws -> [Double] {
        let count = (slice.shape.reduce(1, *) + stride - 1) / stride
        if let formula = slice.formula {
            guard formula == "i * 7919 % 4001 - 2000" else { throw SupportError("an unknown formula: \(formula)") }
            return (0..<count).map { Double($0 * 7919 % 4001 - 2000) }
        }
        guard let pool = slice.pool.flatMap({ pools[$0] }), let start = slice.at, start + count <= pool.count else {
            throw SupportError("an array lies outside of its pool")
        }
        let scale = slice.scale ?? 1
        return pool[start..<start + count].map { $0 * scale }
    }

    /// The matrix of a number.
    func matrix(_ index: Int) -> [[Double]] { contents.affines[index] }

    /// An image as a source would give it.
    func image(_ given: Given) throws -> ModelImage {
        guard let slice = given.input.flatMap({ contents.inputs[$0] }), let index = given.affine,
            let type = given.dtype.flatMap({ ElementType(rawValue: $0) })
        else { throw SupportError("an image of a case lacks something") }
        let affine = Affine(matrix(index).flatMap { $0 })
        let tensor = Tensor(shape: slice.shape, elements: try values(slice).map { Float($0) })
        var grid = tensor.spatialShape
        if let channel = given.channel { grid = channel == .none ? tensor.shape : tensor.shape.dropLast() }
        var image = ModelImage(
            tensor: tensor, affine: affine,
            source: SourceGrid(shape: grid, affine: affine, hasChannelAxis: (given.channel ?? .none) != .none))
        image.elementType = type
        return image
    }
}
