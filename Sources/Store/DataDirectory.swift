public import Foundation

/// The one directory that holds everything Portico keeps, and what lies where in it.
///
/// Files are the truth: `studies/<Study>/<Series>/<SOP Instance>.dcm` and `results/<job key>/`; the database is an
/// index over them.
public struct DataDirectory: Sendable, Hashable {
    /// The directory itself.
    public let root: URL

    /// Names a directory; nothing is made yet.
    public init(_ root: URL) {
        self.root = root.standardizedFileURL
    }

    /// The folder of received objects.
    public var studies: URL { root.appendingPathComponent("studies", isDirectory: true) }

    /// The folder of result objects, one folder per job.
    public var results: URL { root.appendingPathComponent("results", isDirectory: true) }

    /// The folder of objects that came again with other bytes.
    public var quarantine: URL { root.appendingPathComponent("quarantine", isDirectory: true) }

    /// The index.
    public var database: URL { root.appendingPathComponent("portico.sqlite", isDirectory: false) }

    /// The file that a running `portico serve` holds locked.
    public var lockFile: URL { root.appendingPathComponent("portico.lock", isDirectory: false) }

    /// The socket on which a running `portico serve` takes what commands ask for.
    public var controlSocket: URL { root.appendingPathComponent("portico.socket", isDirectory: false) }

    /// Where a received object lies.
    public func file(study: String, series: String, instance: String) -> URL {
        studies.appendingPathComponent(study, isDirectory: true)
            .appendingPathComponent(series, isDirectory: true)
            .appendingPathComponent(instance + ".dcm", isDirectory: false)
    }

    /// Where the results of a job lie; the key is checked to be a plain name.
    public func resultFolder(key: String) throws -> URL {
        guard !key.isEmpty, key.utf8.allSatisfy({ Self.isPlain($0) }) else {
            throw StoreError(
                .directory, "A job's key is no plain name: it cannot become a folder below \(results.path).")
        }
        return results.appendingPathComponent(key, isDirectory: true)
    }

    private static func isPlain(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "a")...UInt8(ascii: "z"),
            UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "-"), UInt8(ascii: "_"):
            true
        default: false
        }
    }

    /// Makes the directory where it is missing and claims it for this process.
    ///
    /// What it makes is for the owner to write and for the group to read; a folder that is there keeps its mode.
    ///
    /// The claim is an advisory lock that the kernel drops when the process ends in any way, so a killed `serve` never
    /// leaves one behind.
    /// - Returns: The claim; it lasts as long as the object lives.
    /// - Throws: ``StoreError`` with `.inUse` when another process holds the directory.
    public func claim() throws -> Claim {
        for folder in [root, studies, results] {
            do {
                try FileManager.default.createDirectory(
                    at: folder, withIntermediateDirectories: true,
                    attributes: [.posixPermissions: 0o750])
            } catch {
                throw StoreError(
                    .directory,
                    "The folder \(folder.path) could not be made (\(reason(errno))): check the path and its owner.")
            }
        }
        return try Claim(lockFile)
    }
}

extension DataDirectory {
    /// A process's exclusive hold on a data directory.
    public final class Claim: Sendable {
        private let descriptor: Int32

        fileprivate init(_ file: URL) throws {
            let descriptor = open(file.path, O_RDWR | O_CREAT | O_CLOEXEC, 0o640)
            guard descriptor >= 0 else {
                throw StoreError(.directory, "The lock \(file.path) could not be opened: \(reason(errno)).")
            }
            guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else {
                let code = errno
                close(descriptor)
                guard code == EWOULDBLOCK else {
                    throw StoreError(.directory, "The lock \(file.path) could not be taken: \(reason(code)).")
                }
                let holder = (try? String(contentsOf: file, encoding: .utf8))?.prefix { $0.isNumber } ?? ""
                throw StoreError(
                    .inUse,
                    "\(file.deletingLastPathComponent().path) is in use by another portico serve"
                        + (holder.isEmpty ? "" : " (process \(holder))")
                        + ": stop it, or give this one a data directory of its own.")
            }
            // The number is for people only; the lock itself is what counts.
            let text = "\(getpid())\n"
            ftruncate(descriptor, 0)
            _ = text.withCString { write(descriptor, $0, strlen($0)) }
            self.descriptor = descriptor
        }

        deinit { close(descriptor) }
    }
}

/// Makes an empty file that the world cannot read, unless it is there; SQLite gives its log the same mode.
func makePrivateFile(_ path: String) throws {
    let descriptor = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o640)
    if descriptor >= 0 {
        close(descriptor)
    } else if errno != EEXIST {
        throw StoreError(.database, "The index \(path) could not be made: \(reason(errno)).")
    }
}

/// The words for a number of `errno`.
func reason(_ code: Int32) -> String { String(cString: strerror(code)) }
