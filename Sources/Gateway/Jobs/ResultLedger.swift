internal import Crypto
internal import Foundation
internal import Store

/// What is written beside a job's results, so that the index can be built anew without a job running again or a
/// result going out twice: files are the truth.
///
/// `outcome.json` is written after the results are durable and before the index says that the job is done. For each
/// destination, `delivered-<destination>.json` is written after the peer has answered and before the index says so: a
/// power failure in between sends the identical object once more.
struct ResultLedger: Sendable {
    /// What `outcome.json` holds.
    struct Entry: Codable, Equatable {
        /// The version of this form.
        var format = 1
        var key: String
        var deployment: String
        var study: String
        var series: String
        /// The result files, by their names in the folder.
        var files: [File]
        var outcome: JobOutcome
    }

    /// A result file, and what proves that it is whole.
    struct File: Codable, Equatable {
        var name: String
        var sha256: String
    }

    private struct Deliveries: Codable {
        var format = 1
        var deliveries: [EndedDelivery]
    }

    private static let outcomeName = "outcome.json"
    private let folder: URL

    /// The ledger of a job.
    init(_ directory: DataDirectory, key: String) throws {
        folder = try directory.resultFolder(key: key)
    }

    /// Writes down how a job ended; its files are durable already.
    func write(_ job: LeasedJob, _ outcome: JobOutcome, files: [URL]) throws {
        let entry = Entry(
            key: job.key, deployment: job.deployment, study: job.study, series: job.series,
            files: try files.map { File(name: $0.lastPathComponent, sha256: try Self.digest($0)) }, outcome: outcome)
        try write(entry, as: Self.outcomeName)
    }

    /// How the job ended, if that was written down and every file is whole.
    /// - Returns: `nil` when the job is to be run.
    /// - Throws: Where the files may be there and cannot be read now.
    func outcome(for job: LeasedJob) throws -> JobOutcome? {
        guard let data = try contents(Self.outcomeName),
            let entry = try? JSONDecoder().decode(Entry.self, from: data), entry.format == 1, entry.key == job.key,
            entry.study == job.study, entry.series == job.series, entry.deployment == job.deployment,
            entry.files.count == entry.outcome.objects.count
        else { return nil }
        var outcome = entry.outcome
        for (index, file) in entry.files.enumerated() {
            // The folder may have been moved since; the name is one of ours or the entry is not.
            guard !file.name.contains("/"), !file.name.hasPrefix("."),
                URL(fileURLWithPath: outcome.objects[index].path).lastPathComponent == file.name
            else { return nil }
            let path = folder.appendingPathComponent(file.name)
            guard FileManager.default.fileExists(atPath: path.path), try Self.digest(path) == file.sha256 else {
                return nil
            }
            outcome.objects[index].path = path.path
        }
        return outcome
    }

    /// Writes down how deliveries to a destination ended, beside those that ended before.
    func write(_ ended: [EndedDelivery], to destination: String) throws {
        let name = Self.name(of: destination)
        let new = Set(ended.map(\.sopInstance))
        let old = try deliveries(in: name).filter { !new.contains($0.sopInstance) }
        try write(Deliveries(deliveries: old + ended), as: name)
    }

    /// The deliveries that were written down.
    func deliveries() throws -> [EndedDelivery] {
        guard FileManager.default.fileExists(atPath: folder.path) else { return [] }
        let names = try FileManager.default.contentsOfDirectory(atPath: folder.path)
        return try names.filter { $0.hasPrefix("delivered-") && $0.hasSuffix(".json") }.sorted()
            .flatMap { try deliveries(in: $0) }
    }

    private func deliveries(in name: String) throws -> [EndedDelivery] {
        guard let data = try contents(name), let found = try? JSONDecoder().decode(Deliveries.self, from: data),
            found.format == 1
        else { return [] }
        return found.deliveries.filter { $0.state == .delivered || $0.state == .failed }
    }

    private func contents(_ name: String) throws -> Data? {
        let file = folder.appendingPathComponent(name)
        guard FileManager.default.fileExists(atPath: file.path) else { return nil }
        return try Data(contentsOf: file)
    }

    /// Replaces a file as one, durable when this returns.
    private func write(_ value: some Encodable, as name: String) throws {
        try FileManager.default.createDirectory(
            at: folder, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o750])
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        let part = folder.appendingPathComponent(".\(name).part")
        try encoder.encode(value).write(to: part)
        try DurableFile.sync(part)
        let file = folder.appendingPathComponent(name)
        guard rename(part.path, file.path) == 0 else {
            throw JobPlanError("\(file.path) cannot be written: \(String(cString: strerror(errno))).")
        }
        try DurableFile.sync(folder)
    }

    /// A file name that only this destination has, readable for people.
    private static func name(of destination: String) -> String {
        var text = ""
        for byte in destination.utf8.prefix(60) {
            switch byte {
            case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, 0x2D, 0x5F: text.unicodeScalars.append(Unicode.Scalar(byte))
            default: text += "."
            }
        }
        let plain = text == destination
        return "delivered-\(text)\(plain ? "" : "." + hexadecimal(SHA256.hash(data: Data(destination.utf8)))).json"
    }

    private static func digest(_ file: URL) throws -> String {
        hexadecimal(SHA256.hash(data: try Data(contentsOf: file, options: .mappedIfSafe)))
    }

    private static func hexadecimal(_ bytes: some Sequence<UInt8>) -> String {
        bytes.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
    }
}

/// Files and folders that a power failure must not take away.
enum DurableFile {
    /// Waits until a file or folder is on the disk.
    /// - Throws: ``JobPlanError`` where it is missing, empty or cannot be synced.
    static func sync(_ url: URL) throws {
        let descriptor = open(url.path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else {
            throw JobPlanError("The worker's result \(url.path) cannot be read: \(String(cString: strerror(errno))).")
        }
        defer { close(descriptor) }
        var facts = stat()
        guard fstat(descriptor, &facts) == 0, facts.st_size > 0 else {
            throw JobPlanError("The worker's result \(url.path) is empty.")
        }
        guard fsync(descriptor) == 0 else {
            throw JobPlanError("The result \(url.path) cannot be made durable: \(String(cString: strerror(errno))).")
        }
    }
}
