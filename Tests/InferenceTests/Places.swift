import Foundation
import TestSupport
import Voxels

/// Where tests find data and peers that are not part of the project.
enum Places {
    /// The shared data's folder.
    static let shared = SharedData.root?.path

    /// A Python with torch and MONAI.
    static let python = try? Peers.python()

    /// A C compiler.
    static let compiler = try? Peers.path(of: "clang")

    /// Runs a Python program from a file in the folder, as TorchScript needs its source.
    @discardableResult
    static func run(python program: String, in folder: TemporaryFolder, _ arguments: [String] = []) throws -> String {
        let script = try folder.file("script.py", Array(program.utf8))
        return try run(python ?? "/usr/bin/false", ["-W", "ignore", script, folder.path] + arguments)
    }

    /// Runs a program and gives what it printed.
    @discardableResult
    static func run(_ program: String, _ arguments: [String]) throws -> String {
        let process = Process()
        process.executableURL = URL(filePath: program)
        process.arguments = arguments
        let output = Pipe()
        process.standardOutput = output
        process.standardError = FileHandle.nullDevice
        try process.run()
        let data = try output.fileHandleForReading.readToEnd() ?? Data()
        process.waitUntilExit()
        guard process.terminationStatus == 0 else { throw PeerFailure(status: process.terminationStatus) }
        return String(decoding: data, as: UTF8.self)
    }

    struct PeerFailure: Error { var status: Int32 }
}

/// A folder that goes when the last reference does.
final class TemporaryFolder {
    let path: String

    init() throws {
        let url = FileManager.default.temporaryDirectory.appending(path: "portico-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
        path = url.path
    }

    deinit { try? FileManager.default.removeItem(atPath: path) }

    /// Writes a file and gives its path.
    func file(_ name: String, _ bytes: [UInt8]) throws -> String {
        let path = path + "/" + name
        try Data(bytes).write(to: URL(filePath: path))
        return path
    }
}

extension Places {
    /// Numbers from -1 to 1, the same ones each time.
    static func noise(_ shape: [Int]) -> Tensor {
        var state: UInt64 = 0x9E37_79B9_7F4A_7C15
        let values = (0..<shape.reduce(1, *)).map { _ -> Float in
            // Knuth's MMIX generator; its upper bits are the good ones.
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return Float(state >> 40) / Float(1 << 23) - 1
        }
        return Tensor(shape: shape, elements: values)
    }
}

/// How far two outputs `[B, C, …]` agree.
struct Agreement: CustomStringConvertible {
    /// The largest absolute difference.
    let difference: Float
    /// Largest less least expected value.
    let range: Float
    /// The part of the places whose largest channel is the same.
    let sameClass: Double

    init(_ found: Tensor, _ expected: Tensor) {
        difference = zip(found.elements, expected.elements).map { abs($0 - $1) }.max() ?? .infinity
        range = (expected.elements.max() ?? 0) - (expected.elements.min() ?? 0)
        let channels = expected.shape[1]
        let places = expected.shape[2...].reduce(1, *)
        func label(_ tensor: Tensor, _ item: Int, _ place: Int) -> Int? {
            let first = item * channels * places + place
            return (0..<channels).max { tensor.elements[first + $0 * places] < tensor.elements[first + $1 * places] }
        }
        var same = 0
        for item in 0..<expected.shape[0] {
            same += (0..<places).count { label(found, item, $0) == label(expected, item, $0) }
        }
        sameClass = Double(same) / Double(expected.shape[0] * places)
    }

    var description: String { "largest difference \(difference) of \(range), \(sameClass * 100) % same class" }
}
