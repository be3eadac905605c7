internal import Foundation
internal import GRDB

/// The index over received objects, and the durable state of jobs and deliveries: one SQLite file.
///
/// `portico serve` alone writes it; commands read it beside a running `serve` and without one. All functions block
/// and belong on a thread that may block. No patient's name, number or date is in it: a study is known by its UID.
///
/// Commits are written to the write-ahead log without a sync of their own (`synchronous = NORMAL`): a killed process
/// loses nothing, and a power failure at most the newest commits, never the consistency. What those said is found
/// again: objects from the studies folder, results by running the same job to the same UIDs, deliveries by sending
/// the identical object once more.
public final class IndexDatabase: Sendable {
    /// Where the file lies.
    public let path: String

    private let reader: any DatabaseReader
    private let writer: DatabasePool?

    /// Opens the index of a data directory for `serve`, makes it where it is missing, and brings an older one up to date.
    /// - Throws: ``StoreError`` when the file is foreign, newer than this program or unusable.
    public init(serving directory: DataDirectory) throws {
        path = directory.database.path
        let path = path
        let pool = try Self.mapping(path) {
            // The first connection checks before anything is written, so a foreign file stays as it was.
            if let size = try? FileManager.default.attributesOfItem(atPath: path)[.size] as? NSNumber, size != 0 {
                try Schema.check(
                    DatabaseQueue(path: path, configuration: Self.configuration(readOnly: true)), path: path)
            }
            try makePrivateFile(path)
            let pool = try DatabasePool(path: path, configuration: Self.configuration(readOnly: false))
            try Schema.migrator.migrate(pool)
            return pool
        }
        reader = pool
        writer = pool
    }

    /// Opens the index of a data directory to read it, whether `serve` runs or not.
    /// - Throws: ``StoreError`` with `.notFound` when there is none yet, and as `init(serving:)`.
    public init(reading directory: DataDirectory) throws {
        path = directory.database.path
        let path = path
        guard FileManager.default.fileExists(atPath: path) else {
            throw StoreError(
                .notFound, "There is no index at \(path): has `portico serve` ever run with this data directory?")
        }
        let queue = try Self.mapping(path) {
            let queue = try DatabaseQueue(path: path, configuration: Self.configuration(readOnly: true))
            try Schema.checkForReading(queue, path: path)
            return queue
        }
        reader = queue
        writer = nil
    }

    private static func configuration(readOnly: Bool) -> GRDB.Configuration {
        var configuration = GRDB.Configuration()
        configuration.readonly = readOnly
        configuration.label = "portico.index"
        configuration.busyMode = .timeout(10)
        configuration.maximumReaderCount = 2
        return configuration
    }

    /// Reads one consistent state.
    func read<Value>(_ body: (Database) throws -> Value) throws -> Value {
        try Self.mapping(path) { try reader.read(body) }
    }

    /// Changes the index in one transaction.
    func write<Value>(_ body: (Database) throws -> Value) throws -> Value {
        guard let writer else {
            throw StoreError(.database, "The index \(path) was opened for reading only.")
        }
        return try Self.mapping(path) { try writer.write(body) }
    }

    /// Checks the whole file, for tests and `portico check`.
    /// - Returns: What SQLite finds wrong; empty when all is well.
    public func problems() throws -> [String] {
        try read { database in
            let integrity = try String.fetchAll(database, sql: "PRAGMA integrity_check").filter { $0 != "ok" }
            let foreign = try Row.fetchAll(database, sql: "PRAGMA foreign_key_check")
            return integrity + foreign.map { "A row of \($0[0] as String? ?? "?") refers to nothing." }
        }
    }

    /// Closes the connections; later calls throw.
    public func close() throws {
        try Self.mapping(path) { try reader.close() }
    }

    private static func mapping<Value>(_ path: String, _ body: () throws -> Value) throws -> Value {
        do {
            return try body()
        } catch let error as DatabaseError {
            throw StoreError(error, path: path)
        }
    }
}
