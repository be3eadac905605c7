internal import GRDB

/// An error of the index or of the data directory: what happened, where, and the way out.
///
/// The message names files, UIDs and jobs; the values of a failed statement are never part of it.
public struct StoreError: Error, Hashable, Sendable, CustomStringConvertible {
    /// The kind of an error: an open set, so that new kinds break no caller.
    public struct Code: RawRepresentable, Hashable, Sendable {
        /// The name of the kind.
        public let rawValue: String

        /// Makes a kind by its name.
        public init(rawValue: String) { self.rawValue = rawValue }

        /// The data directory could not be made, locked or written.
        public static let directory = Self(rawValue: "data directory")
        /// Another `portico serve` holds the data directory.
        public static let inUse = Self(rawValue: "in use")
        /// The file is no index of Portico's.
        public static let foreignFile = Self(rawValue: "foreign file")
        /// The index was written by a newer Portico.
        public static let newerSchema = Self(rawValue: "newer index")
        /// The index was written by an older Portico, and is only read.
        public static let olderSchema = Self(rawValue: "older index")
        /// What was asked of a job cannot be done as it stands.
        public static let notPossible = Self(rawValue: "not possible")
        /// SQLite refused or failed.
        public static let database = Self(rawValue: "index")
        /// What was asked for is not in the index.
        public static let notFound = Self(rawValue: "not found")
        /// The job is no longer leased to the one who reports on it.
        public static let leaseLost = Self(rawValue: "lease lost")
    }

    /// The kind of this error.
    public var code: Code

    /// A sentence or two for a person.
    public var message: String

    /// The extended result code of SQLite, where the error comes from there.
    public var sqliteCode: Int32?

    /// Makes an error.
    public init(_ code: Code, _ message: String, sqliteCode: Int32? = nil) {
        self.code = code
        self.message = message
        self.sqliteCode = sqliteCode
    }

    /// The message with its kind in front.
    public var description: String { "\(code.rawValue): \(message)" }

    /// The error for what SQLite reports, without the statement's values.
    init(_ error: DatabaseError, path: String) {
        let words = error.message ?? "no further words"
        var text = "The index \(path) failed: \(words) (SQLite code \(error.extendedResultCode.rawValue))."
        switch error.resultCode {
        case .SQLITE_FULL: text += " The disk is full: free some space; nothing that was received is lost."
        case .SQLITE_READONLY, .SQLITE_CANTOPEN, .SQLITE_PERM:
            text += " Run the command as the user that `portico serve` runs as, on a disk that can be written."
        case .SQLITE_CORRUPT, .SQLITE_NOTADB:
            text += " Move the index away and start `portico serve`: it is built again from the studies folder."
        default: break
        }
        self.init(.database, text, sqliteCode: error.extendedResultCode.rawValue)
    }
}
