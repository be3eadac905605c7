public import Foundation
internal import GRDB

extension IndexDatabase {
    /// Takes a batch of received objects into the index, all or none, in one transaction.
    ///
    /// An object that is already there stays as it was first received (the file stays, too).
    /// - Returns: For each object, whether it was new.
    @discardableResult
    public func index(_ batch: [ReceivedInstance]) throws -> [Bool] {
        try write { database in
            var writer = try InstanceWriter(database)
            return try batch.map { try writer.write($0) }
        }
    }

    /// The SOP Instance UIDs that the index holds of a study, by Series Instance UID.
    public func instances(ofStudy study: String) throws -> [String: Set<String>] {
        try read { database in
            let rows = try Row.fetchCursor(
                database,
                sql: """
                    SELECT series.uid, instance.uid FROM instance JOIN series ON series.id = instance.seriesId
                    JOIN study ON study.id = series.studyId WHERE study.uid = ?
                    """, arguments: [study])
            var found: [String: Set<String>] = [:]
            while let row = try rows.next() {
                found[row[0], default: []].insert(row[1])
            }
            return found
        }
    }

    /// The UIDs of all studies, in the order of their first object.
    public func studies() throws -> [String] {
        try read { try String.fetchAll($0, sql: "SELECT uid FROM study ORDER BY id") }
    }

    /// How many objects the index holds.
    public func instanceCount() throws -> Int {
        try read { try Int.fetchOne($0, sql: "SELECT count(*) FROM instance") ?? 0 }
    }

    /// The series that hold objects of no revision yet: what assembly takes up after a start.
    public func openSeries() throws -> [OpenSeries] {
        try read { database in
            try Row.fetchAll(
                database,
                sql: """
                    SELECT study.uid, series.uid, count(*), min(instance.receivedAt), max(instance.receivedAt)
                    FROM instance INDEXED BY instanceOpen JOIN series ON series.id = instance.seriesId
                    JOIN study ON study.id = series.studyId
                    WHERE instance.revisionId IS NULL GROUP BY instance.seriesId ORDER BY study.id, series.id
                    """
            ).map { row in
                OpenSeries(
                    study: row[0], series: row[1], objects: row[2],
                    first: Date(timeIntervalSince1970: row[3]), last: Date(timeIntervalSince1970: row[4]))
            }
        }
    }

    /// Forgets objects of no revision whose files are gone.
    ///
    /// Objects of a revision stay in the index: they say what a decision was made on.
    /// - Returns: How many were forgotten.
    public func forget(study: String, instances: [String: Set<String>]) throws -> Int {
        try write { database in
            var count = 0
            for (series, uids) in instances {
                for uid in uids {
                    try database.execute(
                        sql: """
                            DELETE FROM instance WHERE uid = ? AND revisionId IS NULL AND seriesId =
                            (SELECT series.id FROM series JOIN study ON study.id = series.studyId
                             WHERE study.uid = ? AND series.uid = ?)
                            """, arguments: [uid, study, series])
                    count += database.changesCount
                }
            }
            return count
        }
    }
}

/// A series with objects that belong to no revision yet.
public struct OpenSeries: Sendable, Hashable {
    /// Study Instance UID.
    public var study: String
    /// Series Instance UID.
    public var series: String
    /// How many such objects.
    public var objects: Int
    /// When the first of them was received.
    public var first: Date
    /// When the last of them was received.
    public var last: Date
}

/// Writes instances within one transaction, looking each study and series up once.
private struct InstanceWriter {
    private struct SeriesKey: Hashable {
        var study: String
        var series: String
    }

    private let study: Statement
    private let series: Statement
    private let instance: Statement
    private let database: Database
    private var seriesIDs: [SeriesKey: Int64] = [:]

    init(_ database: Database) throws {
        self.database = database
        study = try database.cachedStatement(
            sql: """
                INSERT INTO study(uid, firstReceivedAt, lastReceivedAt) VALUES (?1, ?2, ?2)
                ON CONFLICT(uid) DO UPDATE SET firstReceivedAt = min(firstReceivedAt, ?2),
                lastReceivedAt = max(lastReceivedAt, ?2) RETURNING id
                """)
        series = try database.cachedStatement(
            sql: """
                INSERT INTO series(studyId, uid, modality, number, frameOfReferenceUID) VALUES (?1, ?2, ?3, ?4, ?5)
                ON CONFLICT(studyId, uid) DO UPDATE SET modality = coalesce(modality, ?3),
                number = coalesce(number, ?4), frameOfReferenceUID = coalesce(frameOfReferenceUID, ?5) RETURNING id
                """)
        instance = try database.cachedStatement(
            sql: """
                INSERT INTO instance(seriesId, uid, sopClassUID, transferSyntaxUID, rows, columns, frames, number,
                position, orientation, byteCount, receivedAt, callingAE)
                VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT(uid, seriesId) DO NOTHING
                """)
    }

    mutating func write(_ object: ReceivedInstance) throws -> Bool {
        let received = object.receivedAt.timeIntervalSince1970
        // The study's times move with every object; RETURNING gives its number in the same step.
        guard let studyID = try Int64.fetchOne(study, arguments: [object.study, received]) else { return false }
        let key = SeriesKey(study: object.study, series: object.series)
        if seriesIDs[key] == nil {
            seriesIDs[key] = try Int64.fetchOne(
                series,
                arguments: [studyID, object.series, object.modality, object.seriesNumber, object.frameOfReference])
        }
        try instance.execute(arguments: [
            seriesIDs[key], object.instance, object.sopClass, object.transferSyntax, object.rows, object.columns,
            object.frames, object.number, object.position.map(Numbers.text), object.orientation.map(Numbers.text),
            object.byteCount, received, object.callingAE,
        ])
        return database.changesCount > 0
    }
}

/// Numbers as DICOM writes several of them in one value, exactly.
enum Numbers {
    static func text(_ values: [Double]) -> String { values.map { "\($0)" }.joined(separator: "\\") }

    static func values(_ text: String) -> [Double] { text.split(separator: "\\").compactMap { Double($0) } }
}
