import Foundation
import Logging
import Store

/// Asks a running `serve` for something, or does it in its place where none runs.
struct ControlClient {
    let configuration: Configuration

    /// - Returns: what was done, in a sentence.
    /// - Throws: `CommandFailure` where it was not.
    func ask(_ request: ControlRequest) throws -> String {
        let directory = DataDirectory(configuration.dataDirectory)
        guard FileManager.default.fileExists(atPath: directory.database.path) else {
            throw CommandFailure(
                "there is no index in \(directory.root.path): has `portico serve` ever run with this configuration?")
        }
        let answer = try askServe(request, directory) ?? performHere(request, directory)
        guard answer.isDone else { throw CommandFailure(answer.message) }
        return answer.message
    }

    private func askServe(_ request: ControlRequest, _ directory: DataDirectory) throws -> ControlAnswer? {
        guard let connection = try ControlSocket.connect(to: directory.controlSocket) else { return nil }
        defer { close(connection) }
        ControlSocket.limitWaiting(on: connection)
        try ControlSocket.write(request, to: connection)
        guard let line = ControlSocket.readLine(from: connection),
            let answer = try? JSONDecoder().decode(ControlAnswer.self, from: line)
        else {
            throw CommandFailure(
                "portico serve gave no answer; `portico jobs` shows whether it has done what was asked")
        }
        return answer
    }

    private func performHere(_ request: ControlRequest, _ directory: DataDirectory) throws -> ControlAnswer {
        let claim = try directory.claim()
        let database = try IndexDatabase(serving: directory)
        let desk = ControlDesk(
            database: database, deployments: configuration.deployments.map(\.name),
            logger: Logger(label: "portico.control") { _ in SwiftLogNoOpLogHandler() }, onChange: {})
        let answer = desk.perform(request, at: Date())
        try database.close()
        withExtendedLifetime(claim) {}
        return answer
    }
}
