import Foundation
import Logging
import Store
import Testing

@testable import Gateway

@Suite("What commands ask of serve", .timeLimit(.minutes(1)))
struct ControlTests {
    private func desk(_ fixture: MiddleFixture) -> ControlDesk {
        ControlDesk(
            database: fixture.database, deployments: ["liver"], logger: fixture.log.logger,
            onChange: { fixture.log.logger.info("changed") })
    }

    @Test("Each request is done and said, refusals are said and change nothing")
    func requests() throws {
        let fixture = try MiddleFixture()
        try fixture.completeStudy()
        let desk = desk(fixture)
        func say(_ request: ControlRequest) -> String {
            let answer = desk.perform(request, at: Date())
            return (answer.isDone ? "" : "refused: ") + answer.message
        }
        #expect(say(.prioritise(job: 1, priority: .background)) == "job 1 is background now")
        #expect(say(.retry(job: 1)) == "refused: Job 1 waits: only a failed or cancelled job can be tried again.")
        #expect(say(.cancel(job: 1)) == "job 1 is cancelled")
        #expect(say(.retry(job: 1)) == "job 1 waits for another try")
        #expect(say(.cancel(job: 7)) == "refused: There is no job 7; `portico jobs` lists them.")
        #expect(say(.suspend(deployment: "lever", reason: "x")).hasPrefix("refused: There is no deployment lever"))
        #expect(say(.suspend(deployment: "liver", reason: "a\u{1B}b")).hasPrefix("deployment liver is suspended"))
        #expect(say(.suspend(deployment: "liver", reason: "x")) == "deployment liver was suspended already")
        #expect(try fixture.database.suspensions().map(\.reason) == [#"a\u{1B}b"#])
        #expect(say(.resume(deployment: "liver")) == "deployment liver goes on")
        #expect(say(.resume(deployment: "liver")) == "deployment liver was not suspended")
        #expect(say(.resume(deployment: "lever")).hasPrefix("refused: There is no deployment lever"))
        #expect(fixture.log.count("changed") == 7)
        #expect(fixture.log.count("done by hand what=job 1 is cancelled") == 1)
    }

    @Test("A running serve takes them on its socket, only from its own user, and gives nonsense its answer")
    func socket() async throws {
        let fixture = try MiddleFixture()
        try fixture.completeStudy()
        let desk = desk(fixture)
        let socket = fixture.directory.controlSocket
        // What a killed serve leaves is no hindrance.
        try Data().write(to: socket)
        do {
            let service = try ControlService(directory: fixture.directory, logger: fixture.log.logger) {
                desk.perform($0, at: Date())
            }
            var facts = stat()
            #expect(stat(socket.path, &facts) == 0 && facts.st_mode & 0o777 == 0o600)
            let configuration = fixture.configuration
            try await fixture.run([service]) {
                // The client blocks, and the service needs the cooperative pool to answer.
                try await BlockingThread.run(name: "client") {
                    let client = ControlClient(configuration: configuration)
                    #expect(try client.ask(.cancel(job: 1)) == "job 1 is cancelled")
                    let refusal = #expect(throws: CommandFailure.self) { try client.ask(.cancel(job: 1)) }
                    #expect(refusal?.description.hasPrefix("Job 1 is cancelled: only a waiting") == true)
                    let connection = try #require(try ControlSocket.connect(to: socket))
                    defer { close(connection) }
                    try ControlSocket.write(["no": "request"], to: connection)
                    let answer = try #require(ControlSocket.readLine(from: connection))
                    #expect(try !JSONDecoder().decode(ControlAnswer.self, from: answer).isDone)
                    // One that says nothing and goes is no hindrance either.
                    close(try #require(try ControlSocket.connect(to: socket)))
                    #expect(try client.ask(.retry(job: 1)) == "job 1 waits for another try")
                }
            }
        }
        #expect(!FileManager.default.fileExists(atPath: socket.path))
    }

    @Test("Where no serve runs, the command does it itself; beside another holder of the directory it does not")
    func withoutServe() throws {
        let fixture = try MiddleFixture()
        try fixture.completeStudy()
        let client = ControlClient(configuration: fixture.configuration)
        #expect(try client.ask(.prioritise(job: 1, priority: .urgent)) == "job 1 is urgent now")
        #expect(try fixture.onlyJob().priority == "urgent")
        let claim = try fixture.directory.claim()
        let error = #expect(throws: StoreError.self) { try client.ask(.cancel(job: 1)) }
        #expect(error?.code == .inUse)
        withExtendedLifetime(claim) {}
        var other = fixture.configuration
        other.dataDirectory = fixture.directory.root.appendingPathComponent("other")
        #expect(throws: CommandFailure.self) { try ControlClient(configuration: other).ask(.cancel(job: 1)) }
        #expect(!FileManager.default.fileExists(atPath: other.dataDirectory.path), "nothing is made")
    }

    @Test("A data directory with a long path has its socket, too")
    func longPath() throws {
        let folder = FileManager.default.temporaryDirectory
            .appendingPathComponent("portico-\(UUID().uuidString)/" + String(repeating: "long-", count: 30))
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder.deletingLastPathComponent()) }
        let url = DataDirectory(folder).controlSocket
        #expect(try ControlSocket.connect(to: url) == nil)
        let listener = try ControlSocket.listen(at: url)
        let connection = try #require(try ControlSocket.connect(to: url))
        close(connection)
        close(listener)
        #expect(try ControlSocket.connect(to: url) == nil, "nobody listens any more")
    }
}
