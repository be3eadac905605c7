import Foundation
import Store
import Testing

@testable import Gateway

@Suite("Results on their way", .timeLimit(.minutes(1)))
struct DeliveryServiceTests {
    /// A job that ended with these results, their files in place.
    @discardableResult
    private func finish(
        _ fixture: MiddleFixture, results: [String] = ["2.25.1"], destinations: [String] = ["pacs"],
        study: String = "1.2.3"
    ) throws -> Int64 {
        try fixture.completeStudy(study)
        let job = try #require(
            try fixture.database.leaseJob(
                owner: "w", workerPID: 1, at: Date(), until: Date(timeIntervalSinceNow: 60)))
        let folder = try fixture.directory.resultFolder(key: job.key)
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        for uid in results { try Data("x".utf8).write(to: folder.appendingPathComponent("\(uid).dcm")) }
        try fixture.database.end(
            job: job.id, owner: "w",
            as: .succeeded(
                outcome: "{}",
                results: results.map {
                    ResultDraft(
                        path: "results/\(job.key)/\($0).dcm", sopClass: "1.2.840.10008.5.1.4.1.1.66.4", sopInstance: $0,
                        series: "2.25.9")
                }, destinations: destinations), at: Date())
        return job.id
    }

    private func service(
        _ fixture: MiddleFixture, _ configuration: Configuration? = nil, sender: (any ResultSender)? = nil,
        jitter: @escaping @Sendable () -> Double = { 0 }
    ) -> DeliveryService {
        DeliveryService(
            configuration: configuration ?? fixture.configuration, directory: fixture.directory,
            database: fixture.database, sender: sender ?? fixture.sender, logger: fixture.log.logger, jitter: jitter)
    }

    @Test("All objects of a job go in one call to each destination, once; new ones wake a waiting service")
    func success() async throws {
        let fixture = try MiddleFixture()
        let first = try finish(fixture, results: ["2.25.1", "2.25.2"], destinations: ["pacs", "archive"])
        let service = service(fixture)
        try await fixture.run([service]) {
            await fixture.log.wait(for: "delivered", count: 4)
            try finish(fixture, results: ["2.25.3"], study: "1.7")
            service.wake()
            await fixture.log.wait(for: "delivered", count: 5)
            service.wake()
        }
        #expect(fixture.sender.sent.count == 3)
        #expect(
            fixture.sender.sent.filter { $0.destination == "pacs" }.map(\.instances) == [
                ["2.25.1", "2.25.2"], ["2.25.3"],
            ])
        let rows = try fixture.database.deliveries(ofJob: first)
        #expect(rows.allSatisfy { $0.state == .delivered && $0.attempts == 1 && $0.status == 0 && $0.lastError == nil })
    }

    struct Answer: Sendable, CustomTestStringConvertible {
        var status: UInt16
        var isDelivered: Bool
        var words: String?
        var testDescription: String { StoreAnswer.words(status) }
    }

    @Test(
        "What a peer answers decides, and is said in words",
        arguments: [
            Answer(status: 0x0000, isDelivered: true, words: nil),
            Answer(
                status: 0xB000, isDelivered: true,
                words: "delivered with a warning: B000H (coercion of data elements): hm"),
            Answer(status: 0xB007, isDelivered: true, words: "B007H"),
            Answer(status: 0xB123, isDelivered: true, words: "B123H (warning)"),
            Answer(
                status: 0x0122, isDelivered: false,
                words: "pacs answered 0122H (the peer does not support this SOP class): hm"),
            Answer(status: 0x0124, isDelivered: false, words: "0124H (not authorised)"),
            Answer(status: 0x0111, isDelivered: false, words: "0111H (duplicate SOP instance)"),
            Answer(status: 0xA9FF, isDelivered: false, words: "A9FFH (the peer says that the data set does not match"),
            Answer(status: 0xC123, isDelivered: false, words: "C123H (the peer cannot understand the object)"),
            Answer(status: 0xFE00, isDelivered: false, words: "FE00H (cancelled)"),
            Answer(status: 0x0999, isDelivered: false, words: "0999H (failure)"),
        ])
    func answers(_ answer: Answer) async throws {
        let fixture = try MiddleFixture()
        let job = try finish(fixture)
        fixture.sender.answer { objects, _, _ in
            objects.map { _ in .answered(status: answer.status, comment: answer.status == 0 ? "" : "hm") }
        }
        try await fixture.run([service(fixture)]) {
            await fixture.log.wait(for: answer.isDelivered ? "delivered" : "delivery given up")
        }
        let row = try #require(try fixture.database.deliveries(ofJob: job).first)
        #expect(row.state == (answer.isDelivered ? .delivered : .failed))
        #expect(row.attempts == (answer.isDelivered ? 1 : 3))
        #expect(row.status == Int(answer.status))
        if let words = answer.words {
            #expect(row.lastError?.contains(words) == true, "\(row.lastError ?? "")")
        } else {
            #expect(row.lastError == nil)
        }
    }

    @Test("Partial success keeps what arrived: only the rest is sent again")
    func partial() async throws {
        let fixture = try MiddleFixture()
        let job = try finish(fixture, results: ["2.25.1", "2.25.2", "2.25.3"])
        fixture.sender.answer { objects, _, call in
            call == 1
                ? [.answered(status: 0, comment: ""), .unsent(reason: "the peer aborted")]
                : objects.map { _ in .answered(status: 0, comment: "") }
        }
        try await fixture.run([service(fixture)]) { await fixture.log.wait(for: "delivered", count: 3) }
        #expect(fixture.sender.sent.map(\.instances) == [["2.25.1", "2.25.2", "2.25.3"], ["2.25.2", "2.25.3"]])
        #expect(try fixture.database.deliveries(ofJob: job).map(\.attempts) == [1, 2, 2])
    }

    @Test("A peer that cannot be reached is tried as long as it takes, and the object arrives")
    func unreachable() async throws {
        let fixture = try MiddleFixture()
        let job = try finish(fixture)
        fixture.sender.answer { objects, _, call in
            guard call > 12 else { throw JobPlanError("connection\nrefused") }
            return objects.map { _ in
                call == 13 ? .answered(status: 0xA701, comment: "") : .answered(status: 0, comment: "")
            }
        }
        var configuration = fixture.configuration
        configuration.delivery.maximumBackoff = 0.02
        try await fixture.run([service(fixture, configuration)]) { await fixture.log.wait(for: "delivered") }
        let row = try #require(try fixture.database.deliveries(ofJob: job).first)
        #expect(row.state == .delivered && row.attempts == 14)
        #expect(fixture.log.count(#"connection\nrefused"#) == 12)
    }

    @Test("A peer that cannot be reached is given up after the time for it, counted from the first attempt")
    func unreachableForLong() async throws {
        let fixture = try MiddleFixture()
        let job = try finish(fixture)
        fixture.sender.answer { _, _, _ in throw JobPlanError("connection refused") }
        var configuration = fixture.configuration
        configuration.delivery.giveUpAfter = 0.3
        try await fixture.run([service(fixture, configuration)]) { await fixture.log.wait(for: "delivery given up") }
        let row = try #require(try fixture.database.deliveries(ofJob: job).first)
        // How many fit into the time depends on the machine; one is never the last.
        #expect(row.state == .failed && row.attempts > 1)
        #expect(row.lastError?.hasPrefix("given up after \(row.attempts) attempts in ") == true)
        #expect(row.lastError?.contains(" s; the last one: connect") == true)
    }

    @Test("Refusals are counted apart from the tries that met nobody")
    func refusals() async throws {
        let fixture = try MiddleFixture()
        let job = try finish(fixture)
        fixture.sender.answer { objects, _, call in
            objects.map { _ in
                call <= 5 ? .unsent(reason: "nobody") : .unsent(reason: "no context", isPermanent: true)
            }
        }
        try await fixture.run([service(fixture)]) { await fixture.log.wait(for: "delivery given up") }
        let row = try #require(try fixture.database.deliveries(ofJob: job).first)
        #expect(row.attempts == 8 && row.lastError == "given up after 8 attempts; the last one: no context")
    }

    @Test("Waits double, are bounded, and move by a fifth at most", arguments: [-1.0, -0.5, 0, 1, 7])
    func backoff(jitter: Double) throws {
        let fixture = try MiddleFixture()
        var settings = DeliverySettings()
        settings.initialBackoff = 10
        settings.maximumBackoff = 30
        let destination = try #require(fixture.configuration.destinations["pacs"])
        let line = DeliveryLine(
            destination: destination, settings: settings, directory: fixture.directory, database: fixture.database,
            sender: fixture.sender, jitter: { jitter }, logger: fixture.log.logger)
        let factor = 1 + 0.2 * min(jitter, 1)
        #expect([1, 2, 3, 4, 1000].map { line.wait(after: $0) } == [10, 20, 30, 30, 30].map { $0 * factor })
    }

    @Test("What was being sent when serve was killed is sent again, the identical object")
    func restart() async throws {
        let fixture = try MiddleFixture()
        try finish(fixture)
        _ = try #require(try fixture.database.leaseDeliveries(to: "pacs", at: Date()))
        try await fixture.run([service(fixture)]) { await fixture.log.wait(for: "delivered") }
        #expect(fixture.sender.sent.map(\.instances) == [["2.25.1"]])
    }

    @Test("A dead destination holds up no other")
    func independent() async throws {
        let fixture = try MiddleFixture()
        try finish(fixture, destinations: ["archive", "pacs"])
        let released = DispatchSemaphore(value: 0)
        fixture.sender.answer { objects, destination, _ in
            if destination.name == "archive" { released.wait() }
            return objects.map { _ in .answered(status: 0, comment: "") }
        }
        try await fixture.run([service(fixture)]) {
            await fixture.log.wait(for: "delivered destination=pacs")
            #expect(fixture.log.count("delivered destination=archive") == 0)
            released.signal()
            await fixture.log.wait(for: "delivered destination=archive")
        }
    }

    @Test("A result whose file is gone fails at once; a destination that is gone is named")
    func gone() async throws {
        let fixture = try MiddleFixture()
        let job = try finish(fixture, results: ["2.25.1", "2.25.2"], destinations: ["pacs", "attic"])
        let row = try #require(try fixture.database.jobs().first)
        let folder = try fixture.directory.resultFolder(key: row.key)
        try FileManager.default.removeItem(at: folder.appendingPathComponent("2.25.1.dcm"))
        try await fixture.run([service(fixture)]) { await fixture.log.wait(for: "delivered destination") }
        let rows = try fixture.database.deliveries(ofJob: job)
        #expect(
            rows.map { "\($0.destination) \($0.state)" } == [
                "pacs failed", "attic pending", "pacs delivered", "attic pending",
            ])
        #expect(rows[0].lastError?.hasSuffix("2.25.1.dcm is gone") == true)
        #expect(fixture.log.lines.contains { $0.contains("not in the configuration") && $0.contains("attic") })
    }
}
