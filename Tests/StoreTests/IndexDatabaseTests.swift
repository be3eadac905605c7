import Foundation
import GRDB
import Testing

@testable import Store

@Suite("The index file")
struct IndexDatabaseTests {
    @Test("An empty folder gets an index of the newest format that SQLite finds sound")
    func migration() throws {
        let fixture = try IndexFixture()
        #expect(try fixture.database.problems() == [])
        let (id, version) = try fixture.database.read { database in
            (
                try Int.fetchOne(database, sql: "PRAGMA application_id"),
                try Int.fetchOne(database, sql: "PRAGMA user_version")
            )
        }
        #expect(id == Schema.applicationID)
        #expect(version == Schema.version)
    }

    @Test("A file of zero bytes is taken as an empty index")
    func zeroBytes() throws {
        let fixture = try IndexFixture()
        let other = DataDirectory(fixture.directory.root.appendingPathComponent("other"))
        try FileManager.default.createDirectory(at: other.root, withIntermediateDirectories: true)
        try Data().write(to: other.database)
        let database = try IndexDatabase(serving: other)
        #expect(try database.instanceCount() == 0)
        try database.close()
    }

    @Test("An index of a newer Portico is refused in words and stays as it was", arguments: [false, true])
    func newer(reading: Bool) throws {
        let fixture = try IndexFixture()
        try fixture.database.index(IndexFixture.slices(2))
        try fixture.database.write { try $0.execute(sql: "PRAGMA user_version = 99") }
        try fixture.database.close()
        let error = #expect(throws: StoreError.self) {
            _ = try reading ? IndexDatabase(reading: fixture.directory) : IndexDatabase(serving: fixture.directory)
        }
        #expect(error?.code == .newerSchema)
        #expect(error?.message.contains("format 99") == true)
        let queue = try DatabaseQueue(path: fixture.directory.database.path)
        #expect(try queue.read { try Int.fetchOne($0, sql: "SELECT count(*) FROM instance") } == 2)
        try queue.close()
    }

    @Test("A database of another program and a file that is none are refused and not touched")
    func foreign() throws {
        let fixture = try IndexFixture()
        let other = DataDirectory(fixture.directory.root.appendingPathComponent("other"))
        try FileManager.default.createDirectory(at: other.root, withIntermediateDirectories: true)
        let queue = try DatabaseQueue(path: other.database.path)
        try queue.write { try $0.execute(sql: "CREATE TABLE theirs(a)") }
        try queue.close()
        let error = #expect(throws: StoreError.self) { _ = try IndexDatabase(serving: other) }
        #expect(error?.code == .foreignFile)
        let again = try DatabaseQueue(path: other.database.path)
        #expect(try again.read { try String.fetchAll($0, sql: "SELECT name FROM sqlite_master") } == ["theirs"])
        try again.close()

        let text = DataDirectory(fixture.directory.root.appendingPathComponent("text"))
        try FileManager.default.createDirectory(at: text.root, withIntermediateDirectories: true)
        try Data(repeating: 65, count: 5000).write(to: text.database)
        #expect(throws: StoreError.self) { _ = try IndexDatabase(serving: text) }
        #expect(try Data(contentsOf: text.database) == Data(repeating: 65, count: 5000))
    }

    @Test("Commands read beside a running serve and without one, and cannot write")
    func readers() throws {
        let fixture = try IndexFixture()
        try fixture.database.index(IndexFixture.slices(2))
        let beside = try IndexDatabase(reading: fixture.directory)
        #expect(try beside.instanceCount() == 2)
        try fixture.database.index(IndexFixture.slices(1, from: 3))
        #expect(try beside.instanceCount() == 3)
        #expect(throws: StoreError.self) { try beside.index(IndexFixture.slices(1, from: 4)) }
        try beside.close()
        try fixture.database.close()
        let alone = try IndexDatabase(reading: fixture.directory)
        #expect(try alone.instanceCount() == 3)
        try alone.close()
    }

    @Test("Without an index, a command says where it looked")
    func missing() throws {
        let fixture = try IndexFixture()
        let nowhere = DataDirectory(fixture.directory.root.appendingPathComponent("nowhere"))
        let error = #expect(throws: StoreError.self) { _ = try IndexDatabase(reading: nowhere) }
        #expect(error?.code == .notFound)
        #expect(error?.message.contains(nowhere.database.path) == true)
    }

    @Test("What was committed is there after a crash: a copy of the files as they lie opens whole")
    func crash() throws {
        let fixture = try IndexFixture()
        try fixture.database.index(IndexFixture.slices(40))
        // Copied with the log and without closing: what a killed process leaves.
        let copy = DataDirectory(fixture.directory.root.appendingPathComponent("copy"))
        try FileManager.default.createDirectory(at: copy.root, withIntermediateDirectories: true)
        for suffix in ["", "-wal"] {
            try FileManager.default.copyItem(
                atPath: fixture.database.path + suffix, toPath: copy.database.path + suffix)
        }
        let reader = try IndexDatabase(reading: copy)
        #expect(try reader.instanceCount() == 40)
        try reader.close()
        let database = try IndexDatabase(serving: copy)
        #expect(try database.instanceCount() == 40)
        #expect(try database.problems() == [])
        try database.close()
    }

    @Test("Only one serve holds a data directory; the claim goes with its holder")
    func claim() throws {
        let fixture = try IndexFixture()
        var first: DataDirectory.Claim? = try fixture.directory.claim()
        let error = #expect(throws: StoreError.self) { _ = try fixture.directory.claim() }
        #expect(error?.code == .inUse)
        #expect(error?.message.contains("process \(getpid())") == true)
        withExtendedLifetime(first) {}
        first = nil
        _ = try fixture.directory.claim()
    }

    @Test("A job's key that is no plain name never becomes a folder", arguments: ["", "..", "a/b", "a b", "ä"])
    func folders(key: String) throws {
        let directory = DataDirectory(URL(fileURLWithPath: "/nowhere"))
        #expect(throws: StoreError.self) { _ = try directory.resultFolder(key: key) }
        #expect(try directory.resultFolder(key: "0aF-_9").path == "/nowhere/results/0aF-_9")
    }

    @Test("What the data directory is made of cannot be read by the world")
    func modes() throws {
        let root = FileManager.default.temporaryDirectory.appendingPathComponent("portico-modes-\(UUID().uuidString)")
        defer { try? FileManager.default.removeItem(at: root) }
        let directory = DataDirectory(root)
        let claim = try directory.claim()
        let database = try IndexDatabase(serving: directory)
        defer { try? database.close() }
        func mode(_ path: String) throws -> Int? {
            (try FileManager.default.attributesOfItem(atPath: path)[.posixPermissions] as? NSNumber)?.intValue
        }
        for folder in [root, directory.studies, directory.results] { #expect(try mode(folder.path) == 0o750) }
        for suffix in ["", "-wal", "-shm"] { #expect(try mode(directory.database.path + suffix) == 0o640) }
        #expect(try mode(directory.lockFile.path) == 0o640)
        withExtendedLifetime(claim) {}
    }
}
