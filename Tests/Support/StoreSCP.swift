public import Foundation

/// DCMTK's `storescp` as the PACS: it keeps every C-STORE it gets in a file of its own, the same object twice too.
public final class StoreSCP: Sendable {
    /// The AE title it was started with; it accepts any.
    public static let aeTitle = "STORESCP"
    /// The port it listens on.
    public let port: Int
    /// The folder of what it got.
    public let folder: URL
    /// The process.
    public let process: ChildProcess

    /// Starts one; the scratch folder's end ends it.
    ///
    /// - Parameter fixed: the port it has to take; without it a free one.
    /// - Throws: `SupportError` where it isn't installed or does not start.
    public static func start(
        in scratch: Scratch, _ name: String = "pacs", port fixed: Int? = nil
    ) async throws -> StoreSCP {
        let folder = try scratch.makeFolder(name)
        for _ in 1...5 {
            let port = try fixed ?? RawSocket.freePort()
            let process = try ChildProcess(
                "storescp",
                [
                    "--verbose", "--bit-preserving", "--unique-filenames", "--output-directory", folder.path,
                    "--aetitle", aeTitle, String(port),
                ], environment: ["TCP_NODELAY": "1"])
            scratch.atEnd { await process.stop() }
            if try await listens(process, on: port) {
                return StoreSCP(port: port, folder: folder, process: process)
            }
            await process.stop()
        }
        throw SupportError("storescp does not start")
    }

    private init(port: Int, folder: URL, process: ChildProcess) {
        self.port = port
        self.folder = folder
        self.process = process
    }

    /// Looks until the process listens or has ended: `storescp` tells nobody when it listens.
    private static func listens(_ process: ChildProcess, on port: Int) async throws -> Bool {
        let deadline = ContinuousClock.now + .seconds(30)
        while process.isRunning, ContinuousClock.now < deadline {
            if process.listens(on: port) { return true }
            try await Task.sleep(for: .milliseconds(5))
        }
        return false
    }

    /// What it got, a file for each C-STORE.
    public func files() throws -> [URL] { try Project.files(below: folder) }
}
