import Foundation
import Store
import Testing

@testable import Gateway

@Suite("From a received study to a delivered result", .timeLimit(.minutes(1)))
struct GatewayServicesTests {
    private func services(_ fixture: MiddleFixture, _ worker: WorkerExecutable) throws -> GatewayServices {
        try GatewayServices(
            configuration: fixture.configuration, directory: fixture.directory, database: fixture.database,
            sender: fixture.sender, worker: worker, timing: fixture.timing, logger: fixture.log.logger,
            scan: { try MiddleFixture.scan($0) })
    }

    @Test("A study goes all the way, its worker killed once in the middle, and is delivered once")
    func whole() async throws {
        let fixture = try MiddleFixture()
        let worker = try fixture.worker(
            "if [ ! -e \"$here/killed\" ]; then touch \"$here/killed\"; kill -9 $$; fi\n" + MiddleFixture.oneResult)
        let services = try services(fixture, worker)
        try await fixture.run(services.all) {
            for object in try fixture.receive(slices: 5) { services.indexer.submit(object) }
            await fixture.log.wait(for: "delivered destination=pacs")
        }
        #expect(fixture.sender.sent.map(\.instances) == [["2.25.11"]])
        let job = try fixture.onlyJob()
        #expect(job.state == "succeeded" && job.attempts == 2)
        #expect(job.deliveries.map(\.state) == ["delivered"])
    }

    @Test("Its own result coming back from the PACS makes a revision and no job")
    func loop() async throws {
        let fixture = try MiddleFixture()
        let services = try services(fixture, try fixture.worker(MiddleFixture.oneResult))
        try await fixture.run(services.all) {
            for object in try fixture.receive(slices: 5) { services.indexer.submit(object) }
            await fixture.log.wait(for: "delivered destination=pacs")
            // The worst case: it says that it is CT, and in many slices.
            for object in try fixture.receive(series: "2.25.9", slices: 9) { services.indexer.submit(object) }
            await fixture.log.wait(for: "study complete", count: 2)
        }
        #expect(fixture.sender.sent.count == 1)
        #expect(try JobListing.all(in: fixture.database).count == 1)
        let explanation = try Explanation(of: "1.2.3", in: fixture.database, files: fixture.directory)
        #expect(explanation.inWords.contains("    series 2.25.9: is a result that Portico itself made"))
        #expect(explanation.revisions.count == 2)
    }

    @Test("A study that matches nothing says so for each deployment and each series, and makes no job")
    func nothingMatched() async throws {
        let fixture = try MiddleFixture()
        let services = try services(fixture, try fixture.worker(MiddleFixture.oneResult))
        try await fixture.run(services.all) {
            for object in try fixture.receive(slices: 1) { services.indexer.submit(object) }
            for object in try fixture.receive(series: "1.2.3.8", slices: 1, modality: "RTSTRUCT") {
                services.indexer.submit(object)
            }
            await fixture.log.wait(for: "study complete")
        }
        #expect(fixture.log.count("no series for a deployment") == 1)
        let explanation = try Explanation(of: "1.2.3.8", in: fixture.database, files: fixture.directory)
        #expect(explanation.subject == "series")
        let lines = explanation.inWords
        #expect(lines.first == "1.2.3.8 is a series of study 1.2.3.")
        #expect(lines.contains("  deployment liver: not matched: none of 2 series fits"))
        #expect(lines.contains("    series 1.2.3.1: 1 slice, at least 2 needed"))
        #expect(lines.contains("    series 1.2.3.8: modality is RTSTRUCT, the deployment asks for CT"))
        #expect(lines.last == "No job came of it.")
    }

    @Test("A second run over the same data changes nothing: no revision, no job, nothing sent")
    func secondRun() async throws {
        let fixture = try MiddleFixture()
        let worker = try fixture.worker(MiddleFixture.oneResult)
        for run in 1...2 {
            let services = try services(fixture, worker)
            try await fixture.run(services.all) {
                for object in try fixture.receive(slices: 5) { services.indexer.submit(object) }
                await fixture.log.wait(for: "the index agrees with the studies folder", count: run)
                await fixture.log.wait(for: "delivered destination=pacs")
                services.indexer.drain()
            }
        }
        #expect(fixture.sender.sent.count == 1)
        #expect(try fixture.database.revisions(ofStudy: "1.2.3").count == 1)
        #expect(try JobListing.all(in: fixture.database).count == 1)
        #expect(try fixture.database.problems() == [])
    }
}
