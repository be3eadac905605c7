internal import Glibc
internal import InferenceABI

/// A library that runs networks, loaded by path when it is first needed and kept until the process ends.
///
/// The gateway itself links no such library: it starts without torch, and the worker picks the back end at run time.
public final class BackEnd: Sendable {
    /// The file name of the torch back end.
    public static let libraryName = "libPorticoTorch.so"

    /// The file that the library came from.
    public let path: String

    /// The back end's name, such as `torch`.
    public let name: String

    /// The version of the library behind it, such as `2.13.0`.
    public let libraryVersion: String

    let table: BackEndTable

    private init(path: String, table: BackEndTable) {
        self.path = path
        self.table = table
        name = String(cString: table.pointer.pointee.name)
        libraryVersion = String(cString: table.pointer.pointee.library_version)
    }

    /// Where the back end is looked for: the executable's own folder, then `../lib/portico` beside that.
    ///
    /// - Parameter executable: the path of the executable; nothing asks the kernel.
    public static func searchPaths(executable: String? = nil) -> [String] {
        guard let executable = executable ?? runningExecutable() else { return [] }
        let parts = executable.split(separator: "/", omittingEmptySubsequences: true).dropLast()
        let folder = parts.isEmpty ? "" : "/" + parts.joined(separator: "/")
        return ["\(folder)/\(libraryName)", "\(folder)/../lib/portico/\(libraryName)"]
    }

    /// Loads a back end.
    ///
    /// - Parameter path: the library; nothing takes the first of `searchPaths()` that is there.
    /// - Throws: `InferenceError` with the path, the loader's own words and the way out.
    public static func load(path: String? = nil) throws -> BackEnd {
        let path = try path ?? find(searchPaths())
        guard access(path, R_OK) == 0 else {
            throw InferenceError(.backEndMissing, "there is no back end at \(path). " + wayOut)
        }
        // The library is never unloaded: torch's threads and registries do not survive that.
        guard let handle = dlopen(path, RTLD_NOW | RTLD_LOCAL) else {
            let reason = dlerror().map { String(cString: $0) } ?? "no reason given"
            throw InferenceError(.backEndMissing, "the back end \(path) can't be loaded: \(reason). " + wayOut)
        }
        guard let symbol = dlsym(handle, "portico_backend") else {
            throw InferenceError(
                .backEndIncompatible, "\(path) is no back end of Portico: it exports no portico_backend. " + wayOut)
        }
        let entry = unsafeBitCast(symbol, to: portico_backend_entry.self)
        let pointer = entry()
        let version = pointer.pointee.abi_version
        guard version == UInt32(PORTICO_INFERENCE_ABI_VERSION) else {
            throw InferenceError(
                .backEndIncompatible,
                "the back end \(path) has interface version \(version); this Portico needs "
                    + "\(PORTICO_INFERENCE_ABI_VERSION). Build both from the same source")
        }
        return BackEnd(path: path, table: BackEndTable(pointer: pointer))
    }

    /// Loads a network from a file.
    ///
    /// It blocks its thread for up to seconds.
    ///
    /// - Parameters:
    ///   - path: a TorchScript file, such as a bundle's `models/model.ts`.
    ///   - options: the device and the number of threads.
    /// - Throws: `InferenceError` with the path and the engine's own words.
    public func loadNetwork(_ path: String, options: LoadOptions = LoadOptions()) throws -> LoadedNetwork {
        guard access(path, R_OK) == 0 else {
            throw InferenceError(.modelUnreadable, "there is no readable network at \(path)")
        }
        guard options.threads >= 0, options.threads <= 1024 else {
            throw InferenceError(.badArgument, "a network can't run on \(options.threads) threads")
        }
        return try LoadedNetwork(backEnd: self, path: path, options: options)
    }

    private static let wayOut =
        "Run deploy/setup, then build with `swift build`: that puts \(libraryName) beside the executable, "
        + "and torch's libraries into .deps/torch"

    private static func find(_ paths: [String]) throws -> String {
        guard let path = paths.first(where: { access($0, R_OK) == 0 }) else {
            throw InferenceError(
                .backEndMissing, "no back end was found at \(paths.joined(separator: " or ")). " + wayOut)
        }
        return path
    }

    private static func runningExecutable() -> String? {
        var buffer = [CChar](repeating: 0, count: Int(PATH_MAX))
        let length = readlink("/proc/self/exe", &buffer, buffer.count)
        guard length > 0 else { return nil }
        return String(decoding: buffer[..<length].map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }
}

/// The functions of a back end; they live as long as the process.
///
/// `@unchecked Sendable` is right because the table is constant memory of a library that is never unloaded.
struct BackEndTable: @unchecked Sendable {
    let pointer: UnsafePointer<portico_backend_table>
}
