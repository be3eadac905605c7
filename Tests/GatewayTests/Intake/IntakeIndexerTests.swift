import Foundation
import Store
import Synchronization
import Testing

@testable import Gateway

@Suite("The indexer behind the associations", .timeLimit(.minutes(1)))
struct IntakeIndexerTests {
    @Test("After drain, all that was submitted by many threads is in the index, each object reported once")
    func drain() async throws {
        let fixture = try MiddleFixture()
        let reported = Mutex<[IndexedObject]>([])
        let indexer = IntakeIndexer(database: fixture.database, logger: fixture.log.logger) { batch in
            reported.withLock { $0 += batch }
        }
        try await fixture.run([indexer]) {
            try await withThrowingTaskGroup(of: Void.self) { group in
                for stream in 1...4 {
                    group.addTask {
                        try await BlockingThread.run(name: "peer") {
                            for object in Self.objects(300, stream: stream) { indexer.submit(object) }
                            indexer.drain()
                        }
                    }
                }
                try await group.waitForAll()
            }
            #expect(try fixture.database.instanceCount() == 1200)
        }
        #expect(reported.withLock { $0.count } == 1200)
        #expect(reported.withLock { $0.allSatisfy { $0.isNew } })
    }

    private static func objects(_ count: Int, stream: Int) -> [ReceivedInstance] {
        (0..<count).map {
            ReceivedInstance(
                study: "1.\(stream)", series: "1.\(stream).1", instance: "1.\(stream).1.\($0)", sopClass: "1",
                transferSyntax: "1", receivedAt: Date())
        }
    }

    @Test("What is queued when the end is asked for is still taken, and after it nobody is held up")
    func shutdown() async throws {
        let fixture = try MiddleFixture()
        let indexer = IntakeIndexer(database: fixture.database, logger: fixture.log.logger) { _ in }
        for object in Self.objects(700, stream: 1) { indexer.submit(object) }
        try await fixture.run([indexer]) {}
        #expect(try fixture.database.instanceCount() == 700)
        indexer.submit(Self.objects(1, stream: 9)[0])
        indexer.drain()
        #expect(try fixture.database.instanceCount() == 700)
    }

    @Test("A full queue of an index that stands still lets intake go on and asks for a comparison with the files")
    func missed() async throws {
        let fixture = try MiddleFixture()
        let inbox = AssemblyInbox()
        let indexer = IntakeIndexer(
            database: fixture.database, logger: fixture.log.logger, capacity: 5, patience: 0.01,
            onIndexed: { inbox.put($0) }, onMissed: { inbox.requestReconciliation() })
        for object in Self.objects(8, stream: 1) { indexer.submit(object) }
        #expect(fixture.log.count("left to the reconciler") == 3)
        try await fixture.run([indexer]) {
            try await BlockingThread.run(name: "drain") { indexer.drain() }
        }
        let (objects, mustReconcile) = inbox.take()
        #expect(objects.count == 5)
        #expect(mustReconcile)
    }
}
