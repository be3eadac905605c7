public import Foundation

/// What a command that has ended left.
public struct CommandResult: Sendable {
    /// The command line, for messages.
    public let command: String
    /// How it ended.
    public let ending: Ending
    /// What it wrote on standard output.
    public let output: String
    /// What it wrote on standard error.
    public let errors: String

    /// The exit status; 128 and the signal's number where one ended it, as shells count.
    public var status: Int32 {
        switch ending {
        case .exited(let status): status
        case .signalled(let signal): 128 + signal
        }
    }

    /// The result itself where the status is 0.
    ///
    /// - Throws: `SupportError` with everything that was written, otherwise.
    @discardableResult
    public func checked() throws -> CommandResult {
        guard ending == .exited(0) else {
            throw SupportError("\(command)\nended with \(ending)\n\(output.suffix(4000))\n\(errors.suffix(6000))")
        }
        return self
    }

    /// Decodes standard output as JSON.
    public func json<Value: Decodable>(_ type: Value.Type) throws -> Value {
        let decoder = JSONDecoder()
        decoder.dateDecodingStrategy = .iso8601
        do {
            return try decoder.decode(type, from: Data(output.utf8))
        } catch {
            throw SupportError(
                "\(command)\nprinted no such JSON: \(error)\n\(output.suffix(4000))\n\(errors.suffix(2000))")
        }
    }
}

/// Runs commands to their end.
public enum Command {
    /// Runs a program and gives what it wrote.
    ///
    /// - Parameters:
    ///   - executable: an absolute path, or a name that is looked for on the `PATH`.
    ///   - limit: a guard against hanging; the program is killed then.
    public static func run(
        _ executable: String, _ arguments: [String] = [], environment: [String: String?] = [:], folder: URL? = nil,
        within limit: Duration = .seconds(300)
    ) async throws -> CommandResult {
        let process = try ChildProcess(executable, arguments, environment: environment, folder: folder)
        let ending = try await process.ending(within: limit)
        try await process.output.end(within: .seconds(30))
        try await process.errors.end(within: .seconds(30))
        return CommandResult(
            command: ([executable] + arguments).joined(separator: " "), ending: ending, output: process.output.text,
            errors: process.errors.text)
    }
}
