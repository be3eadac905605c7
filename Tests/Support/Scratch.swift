public import Foundation
import Synchronization

/// A temporary folder of one test, and what has to be undone at its end, the last thing first.
///
/// `PORTICO_KEEP_SCRATCH=1` keeps the folder and prints where it is.
public final class Scratch: Sendable {
    /// The folder; it is there and empty at the start.
    public let folder: URL
    private let cleanups = Mutex<[@Sendable () async -> Void]>([])

    private init(name: String) throws {
        let plain = name.prefix { $0 != "(" }.filter { $0.isLetter || $0.isNumber || $0 == "-" }
        folder = FileManager.default.temporaryDirectory
            .appendingPathComponent("portico-\(plain.prefix(60))-\(UUID().uuidString.prefix(8))")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    }

    /// Runs a test's body with a scratch folder and cleans up whatever happens.
    public static func with<Result>(
        _ name: String = #function, isolation: isolated (any Actor)? = #isolation,
        _ body: (Scratch) async throws -> Result
    ) async throws -> Result {
        let scratch = try Scratch(name: name)
        do {
            let result = try await body(scratch)
            await scratch.clean(name)
            return result
        } catch {
            await scratch.clean(name)
            throw error
        }
    }

    /// Adds something to be done at the end, before everything that was added earlier.
    public func atEnd(_ cleanup: @escaping @Sendable () async -> Void) {
        cleanups.withLock { $0.append(cleanup) }
    }

    /// A path in the folder; nothing is made.
    public func path(_ name: String) -> URL { folder.appendingPathComponent(name) }

    /// Makes a folder in the folder.
    public func makeFolder(_ name: String) throws -> URL {
        let url = path(name)
        try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
        return url
    }

    private func clean(_ name: String) async {
        while let cleanup = cleanups.withLock({ $0.popLast() }) { await cleanup() }
        if ProcessInfo.processInfo.environment["PORTICO_KEEP_SCRATCH"] == "1" {
            FileHandle.standardError.write(Data("scratch folder of \(name): \(folder.path)\n".utf8))
        } else {
            try? FileManager.default.removeItem(at: folder)
        }
    }
}
