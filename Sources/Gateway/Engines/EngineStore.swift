import Crypto
import Foundation
import Inference
import ModelBundles

/// Where compiled networks and the verdicts on them are kept. All of it can be made again: it may be deleted at any time.
struct EngineStore: Sendable {
    let folder: URL

    /// The user's: `portico/engines` in the folder for caches; in the folder for temporary files where there is none.
    static var user: EngineStore {
        let environment = ProcessInfo.processInfo.environment
        let home = environment["HOME"].flatMap { $0.hasPrefix("/") ? $0 + "/.cache" : nil }
        let base = environment["XDG_CACHE_HOME"].flatMap { $0.hasPrefix("/") ? $0 : nil } ?? home
        // Without a home: a name that others can foresee needs the checks of `place(of:)`.
        let parent = base ?? FileManager.default.temporaryDirectory.path + "/portico-\(getuid())"
        return EngineStore(folder: URL(fileURLWithPath: parent + "/portico/engines"))
    }

    /// A gateway's, below its data directory.
    static func inside(_ dataDirectory: URL) -> EngineStore {
        EngineStore(folder: dataDirectory.appendingPathComponent("cache/engines"))
    }

    /// The folder of a network; nothing else writes to it while the returned lock lives.
    func place(of subject: EngineVerdict.Subject) throws -> (folder: String, lock: FolderLock) {
        let shape = subject.window.map(String.init).joined(separator: "x")
        let device = subject.device.replacingOccurrences(of: ":", with: "")
        let name = "\(subject.bundleDigest.prefix(32))-\(shape)-\(device)-\(subject.precision.rawValue)"
        let place = folder.appendingPathComponent(name)
        try FileManager.default.createDirectory(
            at: place, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
        var facts = stat()
        guard stat(place.path, &facts) == 0, facts.st_uid == geteuid(), facts.st_mode & 0o022 == 0 else {
            throw RunError(
                "\(place.path): the folder of compiled networks has to be this user's own, and writable to nobody else")
        }
        let lock = try FolderLock(place.path)
        // A comparison that was killed leaves its windows: pixels of a patient.
        for name in try FileManager.default.contentsOfDirectory(atPath: place.path) where name.contains("windows-") {
            unlink(place.path + "/" + name)
        }
        return (place.path, lock)
    }

    /// The verdict in a folder, where it holds for the subject.
    static func verdict(in folder: String, on subject: EngineVerdict.Subject) -> EngineVerdict? {
        let decoder = JSONDecoder()
        decoder.dateDecodingStrategy = .secondsSince1970
        guard let data = FileManager.default.contents(atPath: folder + "/verdict.json"),
            let verdict = try? decoder.decode(EngineVerdict.self, from: data),
            verdict.version == EngineVerdict.currentVersion, verdict.subject == subject, !verdict.isStale()
        else { return nil }
        return verdict
    }

    /// Keeps a verdict.
    static func keep(_ verdict: EngineVerdict, in folder: String) throws {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys]
        encoder.dateEncodingStrategy = .secondsSince1970
        try encoder.encode(verdict).write(to: URL(fileURLWithPath: folder + "/verdict.json"), options: .atomic)
    }

    /// The converted network in a folder.
    static func networkPath(in folder: String) -> String { folder + "/network.xml" }

    /// SHA-256 of the converted network in a folder, in hexadecimal; nil where there is none.
    static func networkDigest(in folder: String) -> String? {
        var hash = SHA256()
        for name in ["network.xml", "network.bin"] {
            guard let file = try? FileHandle(forReadingFrom: URL(fileURLWithPath: folder + "/" + name)) else {
                return nil
            }
            defer { try? file.close() }
            while let part = try? file.read(upToCount: 4 << 20), !part.isEmpty { hash.update(data: part) }
        }
        return hash.finalize().map { String(format: "%02x", $0) }.joined()
    }

    /// What OpenVINO loads the network in a folder with.
    static func options(
        in folder: String, window: [Int], device: String, threads: Int, precision: LoadOptions.Precision
    ) -> LoadOptions {
        LoadOptions(
            device: device, threads: threads, precision: precision, batchShape: [1] + window,
            cachePath: folder + "/compiled-\(threads).blob", fastestBatch: 1)
    }
}

/// Holds a folder against other processes until it goes.
final class FolderLock {
    private let descriptor: Int32

    /// Waits for the folder.
    init(_ folder: String) throws {
        descriptor = open(folder + "/.lock", O_CREAT | O_RDWR | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else {
            throw RunError("\(folder): \(String(cString: strerror(errno)))", isFinal: false)
        }
        while flock(descriptor, LOCK_EX) != 0, errno == EINTR {}
    }

    deinit { close(descriptor) }
}
