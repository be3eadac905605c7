import Foundation

/// The foreign programs that Portico is tested beside.
public enum Peers {
    /// The Python that has MONAI, highdicom, pydicom and nibabel: `PORTICO_PEERS`, else `.deps/peers`.
    ///
    /// - Throws: `SupportError` where it isn't installed.
    public static func python() throws -> String {
        let named = ProcessInfo.processInfo.environment["PORTICO_PEERS"]
        let folder = named ?? Project.root.appendingPathComponent(".deps/peers").path
        let path = folder + "/bin/python3"
        guard FileManager.default.isExecutableFile(atPath: path) else { throw missing(path) }
        return path
    }

    /// The path of a program: itself where absolute, else found on the `PATH` or among the system's daemons.
    ///
    /// - Throws: `SupportError` where it isn't installed.
    public static func path(of program: String) throws -> String {
        if program.hasPrefix("/") {
            guard FileManager.default.isExecutableFile(atPath: program) else { throw missing(program) }
            return program
        }
        let path = ProcessInfo.processInfo.environment["PATH"] ?? "/usr/bin:/bin"
        for folder in path.split(separator: ":").map(String.init) + ["/usr/sbin", "/usr/bin"] {
            let candidate = folder + "/" + program
            if FileManager.default.isExecutableFile(atPath: candidate) { return candidate }
        }
        throw missing(program)
    }

    /// Runs a script of `Tests/EndToEndTests/Scripts` with the peers' Python.
    ///
    /// - Parameters:
    ///   - limit: a guard against hanging.
    public static func run(
        script: String, _ arguments: [String], within limit: Duration = .seconds(600)
    ) async throws -> CommandResult {
        let folder = Project.root.appendingPathComponent("Tests/EndToEndTests/Scripts")
        return try await Command.run(
            python(), [folder.appendingPathComponent(script).path] + arguments,
            environment: ["PYTHONDONTWRITEBYTECODE": "1"], within: limit)
    }

    private static func missing(_ program: String) -> SupportError {
        SupportError("\(program) is not installed; run deploy/setup --tests")
    }
}
