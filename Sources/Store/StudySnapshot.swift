internal import GRDB

/// A study as the index knows it at one moment: what rules are evaluated on.
public struct StudySnapshot: Sendable, Hashable {
    /// Study Instance UID.
    public var uid: String
    /// The number of the newest revision; 0 while there is none.
    public var revision: Int
    /// How many objects belong to no revision yet.
    public var unassigned: Int
    /// In the order of their first object.
    public var series: [SeriesSnapshot]

    /// Makes a snapshot.
    public init(uid: String, revision: Int = 0, unassigned: Int = 0, series: [SeriesSnapshot]) {
        self.uid = uid
        self.revision = revision
        self.unassigned = unassigned
        self.series = series
    }

    /// How many objects the study has.
    public var instanceCount: Int { series.reduce(0) { $0 + $1.instances.count } }
}

/// A series of a study.
public struct SeriesSnapshot: Sendable, Hashable {
    /// Series Instance UID.
    public var uid: String
    /// Modality (0008,0060).
    public var modality: String?
    /// Series Number (0020,0011).
    public var number: Int?
    /// Portico itself made one of its objects, which has come back.
    public var isOwnResult: Bool
    /// In the order of their arrival.
    public var instances: [InstanceSnapshot]

    /// Makes a series.
    public init(
        uid: String, modality: String?, number: Int? = nil, isOwnResult: Bool = false, instances: [InstanceSnapshot]
    ) {
        self.uid = uid
        self.modality = modality
        self.number = number
        self.isOwnResult = isOwnResult
        self.instances = instances
    }
}

/// An object of a series.
public struct InstanceSnapshot: Sendable, Hashable {
    /// SOP Instance UID.
    public var uid: String
    /// SOP Class UID.
    public var sopClass: String
    /// Rows (0028,0010).
    public var rows: Int?
    /// Columns (0028,0011).
    public var columns: Int?
    /// Number of Frames (0028,0008); `nil` for a single-frame object.
    public var frames: Int?
    /// Image Position (Patient) (0020,0032): x, y, z in mm, LPS.
    public var position: [Double]?
    /// Image Orientation (Patient) (0020,0037): the cosines of a row, then of a column, LPS.
    public var orientation: [Double]?

    /// Makes an object.
    public init(
        uid: String, sopClass: String, rows: Int? = nil, columns: Int? = nil, frames: Int? = nil,
        position: [Double]? = nil, orientation: [Double]? = nil
    ) {
        self.uid = uid
        self.sopClass = sopClass
        self.rows = rows
        self.columns = columns
        self.frames = frames
        self.position = position
        self.orientation = orientation
    }
}

extension IndexDatabase {
    /// The state of a study.
    /// - Returns: `nil` when the index holds nothing of it.
    public func snapshot(ofStudy uid: String) throws -> StudySnapshot? {
        try read { database in
            guard let id = try Int64.fetchOne(database, sql: "SELECT id FROM study WHERE uid = ?", arguments: [uid])
            else { return nil }
            let revision = try Int.fetchOne(
                database, sql: "SELECT max(number) FROM revision WHERE studyId = ?", arguments: [id])
            var snapshot = StudySnapshot(uid: uid, revision: revision ?? 0, series: [])
            let rows = try Row.fetchAll(
                database,
                sql: """
                    SELECT id, uid, modality, number,
                    EXISTS(SELECT 1 FROM result WHERE result.seriesInstanceUID = series.uid)
                    OR EXISTS(SELECT 1 FROM instance JOIN result ON result.sopInstanceUID = instance.uid
                              WHERE instance.seriesId = series.id)
                    FROM series WHERE studyId = ? ORDER BY id
                    """, arguments: [id])
            for row in rows {
                let (instances, unassigned) = try Self.instances(ofSeries: row[0], database)
                snapshot.unassigned += unassigned
                snapshot.series.append(
                    SeriesSnapshot(
                        uid: row[1], modality: row[2], number: row[3], isOwnResult: row[4], instances: instances))
            }
            return snapshot
        }
    }

    private static func instances(ofSeries id: Int64, _ database: Database) throws -> ([InstanceSnapshot], Int) {
        let statement = try database.cachedStatement(
            sql: """
                SELECT uid, sopClassUID, rows, columns, frames, position, orientation, revisionId IS NULL
                FROM instance WHERE seriesId = ? ORDER BY id
                """)
        let rows = try Row.fetchCursor(statement, arguments: [id])
        var found: [InstanceSnapshot] = []
        var unassigned = 0
        while let row = try rows.next() {
            let position: String? = row[5]
            let orientation: String? = row[6]
            found.append(
                InstanceSnapshot(
                    uid: row[0], sopClass: row[1], rows: row[2], columns: row[3], frames: row[4],
                    position: position.map(Numbers.values), orientation: orientation.map(Numbers.values)))
            if row[7] { unassigned += 1 }
        }
        return (found, unassigned)
    }
}
