import Foundation
import TestSupport

/// Where tests find data and peers that are not part of the project.
enum Places {
    /// The shared data's folder.
    static let shared = SharedData.root?.path

    /// A Python with MONAI and nibabel.
    static let python = try? Peers.python()

    /// Runs a Python program and gives what it printed.
    static func run(python program: String, _ arguments: [String]) throws -> String {
        try run(["-c", program] + arguments)
    }

    /// Runs a script of `Tests/ImageFilesTests/Scripts` and gives what it printed.
    static func run(script: String, _ arguments: [String]) throws -> String {
        try run([Project.root.appending(path: "Tests/ImageFilesTests/Scripts/" + script).path] + arguments)
    }

    private static func run(_ arguments: [String]) throws -> String {
        let process = Process()
        process.executableURL = URL(filePath: python ?? "/usr/bin/false")
        process.arguments = ["-B", "-W", "ignore"] + arguments
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
