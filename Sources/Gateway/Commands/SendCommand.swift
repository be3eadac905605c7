import ArgumentParser
import DICOM
import Foundation

/// `portico send PEER FILE…`
struct SendCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "send", abstract: "Send DICOM files, or all files of folders, to a peer (C-STORE).")

    @OptionGroup var peer: PeerOptions
    @Argument(help: "Files and folders.")
    var paths: [String]
    @OptionGroup var output: OutputOptions

    func run() async throws {
        let remote = try peer.resolve()
        let files = try FileWalk.files(below: paths)
        guard !files.isEmpty else { throw CommandFailure("there is no file in \(paths.joined(separator: ", "))") }
        let outcomes = try await StorageSender.send(files, to: remote)
        let report = SendReport(peer: peer.peer, files: outcomes.map(SentFile.init))
        try Output.print(report, as: output.format)
        let failed = report.files.count { !$0.delivered }
        if failed > 0 { throw CommandFailure("\(failed) of \(report.files.count) files were not stored") }
    }
}

/// What `portico send` prints.
struct SendReport: Printable {
    var peer: String
    var files: [SentFile]

    var table: String {
        let stored = files.count { $0.delivered }
        let failures = files.filter { !$0.delivered }.map { "\($0.path): \($0.reason ?? "not stored")" }
        return (failures + ["\(stored) of \(files.count) files stored at \(peer)"]).joined(separator: "\n")
    }
}

/// What came of one file.
struct SentFile: Encodable {
    var path: String
    var sopInstanceUID: String?
    var status: String?
    var delivered: Bool
    var reason: String?

    init(_ outcome: FileOutcome) {
        path = outcome.path
        sopInstanceUID = outcome.sopInstanceUID?.value
        status = outcome.status.map { String(format: "%04XH", Int($0.rawValue)) }
        delivered = outcome.isDelivered
        if !outcome.isDelivered {
            reason = outcome.error?.description ?? "the peer answered \(status ?? "nothing") \(outcome.comment)"
        }
    }
}

/// Lists the files that paths name.
enum FileWalk {
    /// The regular files among and below the paths, sorted.
    ///
    /// - Throws: `CommandFailure` for a path that is not there.
    static func files(below paths: [String]) throws -> [String] {
        var found: [String] = []
        for path in paths {
            var isFolder: ObjCBool = false
            guard FileManager.default.fileExists(atPath: path, isDirectory: &isFolder) else {
                throw CommandFailure("\(path): there is no such file or folder")
            }
            guard isFolder.boolValue else {
                found.append(path)
                continue
            }
            let root = URL(fileURLWithPath: path)
            let keys: [URLResourceKey] = [.isRegularFileKey]
            let walk = FileManager.default.enumerator(
                at: root, includingPropertiesForKeys: keys, options: [.skipsHiddenFiles])
            var below: [String] = []
            while let url = walk?.nextObject() as? URL {
                if try url.resourceValues(forKeys: Set(keys)).isRegularFile == true { below.append(url.path) }
            }
            found += below.sorted()
        }
        return found
    }
}
