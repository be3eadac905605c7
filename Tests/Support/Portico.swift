public import Foundation
import Synchronization

/// The built program: `serve` as a process with a configuration of its own, and the commands beside it.
public final class Portico: Sendable {
    /// The AE title that it is called by.
    public static let aeTitle = "PORTICO"
    /// The configuration file.
    public let configuration: URL
    /// The data directory.
    public let data: URL
    private let executable: String
    private let serving = Mutex<(process: ChildProcess, port: Int)?>(nil)

    /// Writes a configuration; nothing runs yet.
    ///
    /// - Parameter executable: another program than the one that was built.
    public init(
        _ settings: PorticoSettings, in scratch: Scratch, _ name: String = "portico", executable: URL? = nil
    ) throws {
        let folder = try scratch.makeFolder(name)
        configuration = folder.appendingPathComponent("portico.yaml")
        data = folder.appendingPathComponent("data")
        self.executable = try executable?.path ?? Project.portico()
        try Data(settings.yaml.utf8).write(to: configuration)
        scratch.atEnd { await self.stop() }
    }

    /// Writes a configuration and starts `serve`; the scratch folder's end ends it.
    public static func serve(
        _ settings: PorticoSettings, in scratch: Scratch, _ name: String = "portico", executable: URL? = nil
    ) async throws -> Portico {
        let portico = try Portico(settings, in: scratch, name, executable: executable)
        try await portico.start()
        return portico
    }

    /// Starts `serve` and waits for the line that names the port.
    public func start() async throws {
        let process = try ChildProcess(executable, ["serve", "--config", configuration.path])
        let line: String
        do {
            line = try await process.output.line("the line that names the port") { $0.contains("on 127.0.0.1:") }
        } catch {
            await process.stop()
            throw SupportError("\(error)\n\(process.errors.tail())")
        }
        guard let port = line.split(separator: ":").last.flatMap({ Int($0) }) else {
            throw SupportError("serve's first line names no port: \(line)")
        }
        serving.withLock { $0 = (process, port) }
    }

    /// Writes other settings for the next start.
    public func configure(_ settings: PorticoSettings) throws {
        try Data(settings.yaml.utf8).write(to: configuration)
    }

    /// Ends `serve` in order; nothing where it doesn't run.
    @discardableResult
    public func stop() async -> Ending? {
        guard let process = serving.withLock({ $0?.process }) else { return nil }
        await process.stop(grace: .seconds(60))
        return try? await process.ending(within: .seconds(1))
    }

    /// Ends `serve` without a word (SIGKILL) and waits until it is gone.
    public func kill() async throws {
        let process = try process
        process.send(SIGKILL)
        try await process.ending()
    }

    /// The process of `serve`, also one that has ended.
    public var process: ChildProcess {
        get throws {
            guard let process = serving.withLock({ $0?.process }) else { throw SupportError("serve was not started") }
            return process
        }
    }

    /// The port that `serve` listens on.
    public var port: Int {
        get throws {
            guard let port = serving.withLock({ $0?.port }) else { throw SupportError("serve was not started") }
            return port
        }
    }

    /// Runs a command with this configuration.
    public func run(_ arguments: [String], within limit: Duration = .seconds(300)) async throws -> CommandResult {
        try await Command.run(executable, arguments + ["--config", configuration.path], within: limit)
    }

    /// Runs a command that takes no configuration.
    public static func run(_ arguments: [String], within limit: Duration = .seconds(300)) async throws -> CommandResult
    {
        try await Command.run(
            Project.portico(), arguments, environment: ["XDG_CACHE_HOME": cache.path], within: limit)
    }

    /// Where commands without a data directory keep what they found out: one folder for all tests of a process, so that
    /// engines are compared once for each bundle. It goes with the process.
    private static let cache: URL = {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("portico-cache-\(getpid())")
        atexit {
            let folder = FileManager.default.temporaryDirectory.appendingPathComponent("portico-cache-\(getpid())")
            try? FileManager.default.removeItem(at: folder)
        }
        return folder
    }()
}

extension Portico {
    /// The jobs of a study, the newest first.
    public func jobs(study: String) async throws -> [JobView] {
        try await run(["jobs", "--study", study, "--format", "json"]).checked().json([JobView].self)
    }

    /// Waits until all jobs of a study have ended and their results are delivered or given up.
    ///
    /// - Throws: `SupportError` with what `serve` logged when that takes longer than the guard.
    public func settledJobs(study: String, within limit: Duration = .seconds(300)) async throws -> [JobView] {
        let arguments = ["jobs", "wait", "--study", study, "--timeout", "\(Int(limit.seconds))", "--format", "json"]
        let result = try await run(arguments, within: limit + .seconds(30))
        // A job that failed gives status 1, with the jobs all the same; time that ran out prints none.
        guard !result.output.isEmpty else {
            throw SupportError("\(result.errors)\nserve's last words:\n\(try process.errors.tail(60))")
        }
        return try result.json([JobView].self)
    }

    /// What `explain` says of a study, a series or an object.
    public func explain(_ uid: String) async throws -> ExplanationView {
        var view = try await run(["explain", uid, "--format", "json"]).checked().json(ExplanationView.self)
        // Asked last: what the values say already, the words say, too.
        view.inWords = try await run(["explain", uid]).checked().output
        return view
    }

    /// Waits until `explain` says what is looked for; another process writes the index, so it is asked again and again.
    public func explanation(
        _ what: String, of uid: String, within limit: Duration = .seconds(120),
        _ fits: (ExplanationView) -> Bool
    ) async throws -> ExplanationView {
        let deadline = ContinuousClock.now + limit
        while true {
            let view = try? await explain(uid)
            if let view, fits(view) { return view }
            guard ContinuousClock.now < deadline, try process.isRunning else {
                throw SupportError(
                    "waited in vain for \(what); explain says:\n\(view?.inWords ?? "nothing")\n"
                        + "serve's last words:\n\(try process.errors.tail(40))")
            }
        }
    }

    /// Waits until a job of a study is where it is looked for.
    public func job(
        _ what: String, ofStudy study: String, within limit: Duration = .seconds(120), _ fits: (JobView) -> Bool
    ) async throws -> JobView {
        let deadline = ContinuousClock.now + limit
        while true {
            let jobs = (try? await jobs(study: study)) ?? []
            if let job = jobs.first(where: fits) { return job }
            guard ContinuousClock.now < deadline, try process.isRunning else {
                throw SupportError(
                    "waited in vain for \(what); jobs: \(jobs)\nserve's last words:\n\(try process.errors.tail(40))")
            }
        }
    }

    /// The stored file of an instance.
    public func storedFile(study: String, series: String, instance: String) -> URL {
        data.appendingPathComponent("studies/\(study)/\(series)/\(instance).dcm")
    }
}
