internal import Foundation

/// The program that runs jobs, and its arguments.
public struct WorkerExecutable: Sendable, Equatable {
    /// The file to execute.
    public var path: String
    /// What follows the program's name.
    public var arguments: [String]
    /// The whole environment; `nil` hands down our own.
    public var environment: [String: String]?

    /// Names a program.
    public init(path: String, arguments: [String] = [], environment: [String: String]? = nil) {
        self.path = path
        self.arguments = arguments
        self.environment = environment
    }

    /// The running program itself, so that `serve` and its workers are always of one version.
    ///
    /// Where the file was replaced by an update meanwhile, the kernel's link to the old one is used.
    public static func portico(arguments: [String]) -> WorkerExecutable {
        let link = "/proc/self/exe"
        var ours = stat()
        var found = stat()
        if let path = try? FileManager.default.destinationOfSymbolicLink(atPath: link), stat(path, &found) == 0,
            stat(link, &ours) == 0, ours.st_ino == found.st_ino, ours.st_dev == found.st_dev
        {
            return WorkerExecutable(path: path, arguments: arguments)
        }
        return WorkerExecutable(path: link, arguments: arguments)
    }
}
