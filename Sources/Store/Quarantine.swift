public import Foundation
internal import GRDB

/// An object that came with the SOP Instance UID of an earlier one and other bytes: the first stays, this one lies
/// apart and takes part in nothing.
public struct QuarantinedInstance: Sendable, Hashable {
    /// Study Instance UID that it names.
    public var study: String
    /// Series Instance UID that it names.
    public var series: String
    /// SOP Instance UID.
    public var instance: String
    /// When it was received.
    public var receivedAt: Date
    /// The file's name in the folder `quarantine`.
    public var file: String

    /// Makes a note of an object.
    public init(study: String, series: String, instance: String, receivedAt: Date, file: String) {
        self.study = study
        self.series = series
        self.instance = instance
        self.receivedAt = receivedAt
        self.file = file
    }
}

extension IndexDatabase {
    /// Notes a quarantined object; one that is noted already stays as it is.
    public func note(_ object: QuarantinedInstance) throws {
        try write { database in
            try database.execute(
                sql: """
                    INSERT INTO quarantine(study, series, instance, receivedAt, file) VALUES (?, ?, ?, ?, ?)
                    ON CONFLICT(file) DO NOTHING
                    """,
                arguments: [
                    object.study, object.series, object.instance, object.receivedAt.timeIntervalSince1970, object.file,
                ])
        }
    }

    /// The names of all files that are noted as quarantined.
    public func quarantinedFiles() throws -> Set<String> {
        try read { try String.fetchSet($0, sql: "SELECT file FROM quarantine") }
    }

    /// The quarantined objects of a study, in the order of their arrival.
    public func quarantined(ofStudy study: String) throws -> [QuarantinedInstance] {
        try read { database in
            try Row.fetchAll(
                database,
                sql: """
                    SELECT study, series, instance, receivedAt, file FROM quarantine WHERE study = ?
                    ORDER BY receivedAt, id
                    """, arguments: [study]
            ).map {
                QuarantinedInstance(study: $0[0], series: $0[1], instance: $0[2], receivedAt: $0.date(3), file: $0[4])
            }
        }
    }
}
