internal import GRDB

/// The tables, by migration.
///
/// A migration that a release has carried is never edited: add the next one and raise ``version``.
enum Schema {
    /// `PRAGMA application_id` of our files: "PRTC".
    static let applicationID = 0x5052_5443

    /// `PRAGMA user_version` of the newest migration.
    static let version = 2

    static let migrator: DatabaseMigrator = {
        var migrator = DatabaseMigrator()
        migrator.registerMigration("1: studies, revisions, decisions, jobs, deliveries") { database in
            try database.execute(sql: objects + decisions + jobs + deliveries)
            try database.execute(sql: "PRAGMA application_id = \(applicationID); PRAGMA user_version = 1")
        }
        migrator.registerMigration("2: priorities, cancelling, lost workers, suspension") { database in
            try database.execute(sql: scheduling)
            try database.execute(sql: "PRAGMA user_version = 2")
        }
        return migrator
    }()

    /// Refuses a file that is not ours or that a newer program has written.
    static func check(_ file: DatabaseQueue, path: String) throws {
        try file.read { database in
            let id = try Int.fetchOne(database, sql: "PRAGMA application_id") ?? 0
            let found = try Int.fetchOne(database, sql: "PRAGMA user_version") ?? 0
            let tables = try Int.fetchOne(database, sql: "SELECT count(*) FROM sqlite_master") ?? 0
            let begun = try database.tableExists("grdb_migrations")
            guard id == applicationID || (id == 0 && (tables == 0 || begun)) else {
                throw StoreError(
                    .foreignFile,
                    "\(path) is a database, but not one of Portico's: name another data directory, or move it away.")
            }
            guard found <= version else {
                throw StoreError(
                    .newerSchema,
                    "\(path) was written by a newer Portico (format \(found), this one knows \(version)): "
                        + "use that Portico, or move the index away, and it is built again from the studies folder.")
            }
        }
    }

    /// Refuses a file of an older program where it is only read, so that nobody would bring it up to date.
    static func checkForReading(_ file: DatabaseQueue, path: String) throws {
        try check(file, path: path)
        let found = try file.read { try Int.fetchOne($0, sql: "PRAGMA user_version") ?? 0 }
        guard found == version else {
            throw StoreError(
                .olderSchema,
                "\(path) was written by an older Portico (format \(found), this one reads \(version)): start "
                    + "`portico serve` of this version once, which brings it up to date and keeps everything.")
        }
    }

    private static let objects = """
        CREATE TABLE study(
            id INTEGER PRIMARY KEY,
            uid TEXT NOT NULL UNIQUE,
            firstReceivedAt REAL NOT NULL,
            lastReceivedAt REAL NOT NULL);
        CREATE TABLE series(
            id INTEGER PRIMARY KEY,
            studyId INTEGER NOT NULL REFERENCES study(id) ON DELETE CASCADE,
            uid TEXT NOT NULL,
            modality TEXT,
            number INTEGER,
            frameOfReferenceUID TEXT,
            UNIQUE(studyId, uid));
        CREATE INDEX seriesByUID ON series(uid);
        CREATE TABLE revision(
            id INTEGER PRIMARY KEY,
            studyId INTEGER NOT NULL REFERENCES study(id) ON DELETE CASCADE,
            number INTEGER NOT NULL,
            completedAt REAL NOT NULL,
            reason TEXT NOT NULL,
            instances INTEGER NOT NULL,
            digest TEXT NOT NULL,
            UNIQUE(studyId, number));
        -- revisionId: the first revision that holds the instance; NULL while its study is still being assembled.
        CREATE TABLE instance(
            id INTEGER PRIMARY KEY,
            seriesId INTEGER NOT NULL REFERENCES series(id) ON DELETE CASCADE,
            uid TEXT NOT NULL,
            sopClassUID TEXT NOT NULL,
            transferSyntaxUID TEXT NOT NULL,
            rows INTEGER, columns INTEGER, frames INTEGER, number INTEGER,
            position TEXT, orientation TEXT,
            byteCount INTEGER NOT NULL,
            receivedAt REAL NOT NULL,
            callingAE TEXT,
            revisionId INTEGER REFERENCES revision(id) ON DELETE SET NULL,
            UNIQUE(uid, seriesId));
        CREATE TABLE quarantine(
            id INTEGER PRIMARY KEY,
            study TEXT NOT NULL,
            series TEXT NOT NULL,
            instance TEXT NOT NULL,
            receivedAt REAL NOT NULL,
            file TEXT NOT NULL UNIQUE);
        CREATE INDEX quarantineByStudy ON quarantine(study);
        CREATE INDEX instanceBySeries ON instance(seriesId);
        CREATE INDEX instanceOpen ON instance(seriesId) WHERE revisionId IS NULL;
        CREATE INDEX instanceByRevision ON instance(revisionId) WHERE revisionId IS NOT NULL;

        """

    private static let decisions = """
        CREATE TABLE decision(
            id INTEGER PRIMARY KEY,
            revisionId INTEGER NOT NULL REFERENCES revision(id) ON DELETE CASCADE,
            deployment TEXT NOT NULL,
            outcome TEXT NOT NULL,
            reason TEXT NOT NULL,
            jobId INTEGER REFERENCES job(id) ON DELETE SET NULL,
            UNIQUE(revisionId, deployment));
        CREATE INDEX decisionByJob ON decision(jobId) WHERE jobId IS NOT NULL;
        CREATE TABLE candidate(
            decisionId INTEGER NOT NULL REFERENCES decision(id) ON DELETE CASCADE,
            seriesId INTEGER NOT NULL REFERENCES series(id) ON DELETE CASCADE,
            outcome TEXT NOT NULL,
            reason TEXT NOT NULL,
            PRIMARY KEY(decisionId, seriesId)) WITHOUT ROWID;
        CREATE INDEX candidateBySeries ON candidate(seriesId);

        """

    private static let jobs = """
        CREATE TABLE job(
            id INTEGER PRIMARY KEY AUTOINCREMENT,
            key TEXT NOT NULL UNIQUE,
            revisionId INTEGER NOT NULL REFERENCES revision(id) ON DELETE CASCADE,
            seriesId INTEGER NOT NULL REFERENCES series(id) ON DELETE CASCADE,
            deployment TEXT NOT NULL,
            state TEXT NOT NULL,
            priority INTEGER NOT NULL DEFAULT 0,
            attempts INTEGER NOT NULL DEFAULT 0,
            createdAt REAL NOT NULL, startedAt REAL, finishedAt REAL, notBefore REAL,
            leaseOwner TEXT, leaseExpiresAt REAL,
            stage TEXT, done INTEGER, total INTEGER,
            reason TEXT,
            outcome TEXT,
            UNIQUE(revisionId, deployment));
        CREATE INDEX jobQueue ON job(priority DESC, id) WHERE state = 'queued';
        CREATE INDEX jobRunning ON job(leaseExpiresAt) WHERE state = 'running';
        CREATE INDEX jobByState ON job(state, id);
        CREATE INDEX jobBySeries ON job(seriesId);
        CREATE TABLE attempt(
            id INTEGER PRIMARY KEY,
            jobId INTEGER NOT NULL REFERENCES job(id) ON DELETE CASCADE,
            number INTEGER NOT NULL,
            owner TEXT NOT NULL,
            workerPID INTEGER NOT NULL,
            startedAt REAL NOT NULL, endedAt REAL,
            ending TEXT,
            UNIQUE(jobId, number));

        """

    private static let deliveries = """
        CREATE TABLE result(
            id INTEGER PRIMARY KEY,
            jobId INTEGER NOT NULL REFERENCES job(id) ON DELETE CASCADE,
            path TEXT NOT NULL,
            sopClassUID TEXT NOT NULL,
            sopInstanceUID TEXT NOT NULL,
            seriesInstanceUID TEXT NOT NULL,
            UNIQUE(jobId, sopInstanceUID));
        CREATE INDEX resultByInstance ON result(sopInstanceUID);
        CREATE INDEX resultBySeries ON result(seriesInstanceUID);
        CREATE TABLE delivery(
            id INTEGER PRIMARY KEY,
            resultId INTEGER NOT NULL REFERENCES result(id) ON DELETE CASCADE,
            jobId INTEGER NOT NULL REFERENCES job(id) ON DELETE CASCADE,
            destination TEXT NOT NULL,
            state TEXT NOT NULL,
            attempts INTEGER NOT NULL DEFAULT 0,
            refusals INTEGER NOT NULL DEFAULT 0,
            firstAttemptAt REAL,
            nextAttemptAt REAL NOT NULL,
            status INTEGER,
            lastError TEXT,
            deliveredAt REAL,
            UNIQUE(resultId, destination));
        CREATE INDEX deliveryDue ON delivery(destination, nextAttemptAt) WHERE state = 'pending';
        CREATE INDEX deliverySending ON delivery(id) WHERE state = 'sending';
        CREATE INDEX deliveryByJob ON delivery(jobId);

        """

    /// `queuedAt`: when the job began to wait, the last time. `crashes`: attempts that cost their worker.
    /// `deployment` holds a row for those only that have lost workers or were suspended; `losses` counts jobs that
    /// failed by losing their workers since the last one that ended well. `scheduler.leases` counts leases, so that
    /// every so many of them goes to the job that has waited longest.
    private static let scheduling = """
        ALTER TABLE job ADD COLUMN queuedAt REAL NOT NULL DEFAULT 0;
        ALTER TABLE job ADD COLUMN crashes INTEGER NOT NULL DEFAULT 0;
        ALTER TABLE job ADD COLUMN cancelRequestedAt REAL;
        ALTER TABLE job ADD COLUMN estimatedEnd REAL;
        UPDATE job SET queuedAt = createdAt;
        CREATE INDEX jobByAge ON job(queuedAt, id) WHERE state = 'queued';
        CREATE TABLE deployment(
            name TEXT PRIMARY KEY,
            losses INTEGER NOT NULL DEFAULT 0,
            suspendedAt REAL,
            reason TEXT) WITHOUT ROWID;
        CREATE TABLE scheduler(id INTEGER PRIMARY KEY CHECK (id = 1), leases INTEGER NOT NULL);
        INSERT INTO scheduler(id, leases) VALUES (1, 0);

        """
}
