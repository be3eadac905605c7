import Foundation
import GRDB
import Testing

@testable import Store

@Suite("An index of an older format")
struct MigrationTests {
    /// An index as format 1 left it: a job that waits, one that ran and one that is done and delivered.
    private func oldIndex() throws -> DataDirectory {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("portico-old-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        let directory = DataDirectory(folder)
        let queue = try DatabaseQueue(path: directory.database.path)
        try Schema.migrator.migrate(queue, upTo: "1: studies, revisions, decisions, jobs, deliveries")
        try queue.write { database in
            try database.execute(
                sql: """
                    INSERT INTO study VALUES (1, '1.2', 10, 20);
                    INSERT INTO series VALUES (1, 1, '1.2.1', 'CT', 1, NULL);
                    INSERT INTO revision VALUES (1, 1, 1, 30, 'quiet', 0, 'd'), (2, 1, 2, 40, 'quiet', 0, 'e'),
                    (3, 1, 3, 50, 'quiet', 0, 'f');
                    INSERT INTO job(id, key, revisionId, seriesId, deployment, state, priority, attempts, createdAt,
                    leaseOwner, leaseExpiresAt, stage, outcome) VALUES
                    (1, 'a', 1, 1, 'liver', 'queued', 0, 1, 31, NULL, NULL, NULL, NULL),
                    (2, 'b', 2, 1, 'liver', 'running', 0, 0, 41, 'w', 99, 'inference', NULL),
                    (3, 'c', 3, 1, 'liver', 'succeeded', 0, 1, 51, NULL, NULL, NULL, '{}');
                    INSERT INTO attempt(jobId, number, owner, workerPID, startedAt) VALUES (2, 1, 'w', 7, 42);
                    INSERT INTO result VALUES (1, 3, 'results/c/9.dcm', '1', '9', '8');
                    INSERT INTO delivery(resultId, jobId, destination, state, nextAttemptAt)
                    VALUES (1, 3, 'pacs', 'delivered', 52);
                    """)
            #expect(try Int.fetchOne(database, sql: "PRAGMA user_version") == 1)
        }
        try queue.close()
        return directory
    }

    @Test("It is brought up to date with everything that it holds")
    func migrated() throws {
        let directory = try oldIndex()
        defer { try? FileManager.default.removeItem(at: directory.root) }
        let database = try IndexDatabase(serving: directory)
        #expect(try database.read { try Int.fetchOne($0, sql: "PRAGMA user_version") } == Schema.version)
        #expect(try database.problems() == [])
        let rows = try database.jobs()
        #expect(rows.map(\.state) == [.succeeded, .running, .queued])
        #expect(rows.map(\.priority) == [.routine, .routine, .routine])
        #expect(rows.map(\.crashes) == [0, 0, 0] && rows.map(\.attempts) == [1, 0, 1])
        #expect(try database.deliveries(ofJob: 3).map(\.state) == [.delivered])
        // A job that has waited since before the migration counts as having waited since then.
        let waited = try database.read { try Double.fetchAll($0, sql: "SELECT queuedAt FROM job ORDER BY id") }
        #expect(waited == [31, 41, 51])
        #expect(try database.recoverJobs(at: Date(timeIntervalSince1970: 60)) == 1)
        let now = Date(timeIntervalSince1970: 70)
        let leased = try (0..<3).map { _ in
            try database.leaseJob(owner: "w", workerPID: 1, at: now, until: now + 60)?.id
        }
        #expect(leased == [1, 2, nil])
        #expect(try database.cancelJob(1, at: now) == .requested)
        try database.close()
    }

    @Test("It is not read before serve has brought it up to date, which is said in words")
    func onlyRead() throws {
        let directory = try oldIndex()
        defer { try? FileManager.default.removeItem(at: directory.root) }
        let error = #expect(throws: StoreError.self) { _ = try IndexDatabase(reading: directory) }
        #expect(error?.code == .olderSchema)
        #expect(error?.message.contains("start `portico serve` of this version once") == true)
    }
}
