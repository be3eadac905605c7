internal import Glibc
internal import InferenceABI

/// The shared libraries that link an engine. The program itself links none of them: it starts without any engine, and
/// each is loaded by path where it is needed, and kept until the process ends.
enum EngineLibrary: String, CaseIterable {
    case torch = "libPorticoTorch.so"
    case openVINO = "libPorticoOpenVINO.so"
    case conversion = "libPorticoConversion.so"

    /// Where the library is looked for: the executable's own folder, then `../lib/portico` beside that.
    ///
    /// - Parameter executable: the path of the executable; nothing asks the kernel.
    func searchPaths(executable: String? = nil) -> [String] {
        guard let executable = executable ?? Self.runningExecutable() else { return [] }
        let parts = executable.split(separator: "/", omittingEmptySubsequences: true).dropLast()
        let folder = parts.isEmpty ? "" : "/" + parts.joined(separator: "/")
        return ["\(folder)/\(rawValue)", "\(folder)/../lib/portico/\(rawValue)"]
    }

    /// Loads the library and asks it for its table of functions.
    ///
    /// - Parameters:
    ///   - path: the library; nothing takes the first of `searchPaths()` that is there.
    ///   - symbol: the exported function that gives the table.
    /// - Returns: the path that was loaded, and the table, whose version is the ABI's.
    /// - Throws: `InferenceError` with the path, the loader's own words and the way out.
    func open(path: String?, symbol: String) throws -> (path: String, table: UnsafeRawPointer) {
        let path = try path ?? find()
        guard access(path, R_OK) == 0 else {
            throw InferenceError(.backEndMissing, "there is no back end at \(path). " + wayOut)
        }
        // The library is never unloaded: the engines' threads and registries do not survive that.
        guard let handle = dlopen(path, RTLD_NOW | RTLD_LOCAL) else {
            let reason = dlerror().map { String(cString: $0) } ?? "no reason given"
            throw InferenceError(.backEndMissing, "the back end \(path) can't be loaded: \(reason). " + wayOut)
        }
        guard let function = dlsym(handle, symbol) else {
            throw InferenceError(
                .backEndIncompatible, "\(path) is no back end of Portico: it exports no \(symbol). " + wayOut)
        }
        let table = unsafeBitCast(function, to: (@convention(c) () -> UnsafeRawPointer).self)()
        // Every table begins with the version.
        let version = table.load(as: UInt32.self)
        guard version == UInt32(PORTICO_INFERENCE_ABI_VERSION) else {
            throw InferenceError(
                .backEndIncompatible,
                "the back end \(path) has interface version \(version); this Portico needs "
                    + "\(PORTICO_INFERENCE_ABI_VERSION). Build both from the same source")
        }
        return (path, table)
    }

    private var wayOut: String {
        "Run deploy/setup, then build with `swift build`: that puts \(rawValue) beside the executable, "
            + "and the engines' libraries into .deps"
    }

    private func find() throws -> String {
        let paths = searchPaths()
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
