internal import Glibc
internal import InferenceABI

/// The library that makes OpenVINO's networks of TorchScript files. It loads both engines: hundreds of megabytes, for a
/// process that ends when it has converted.
public final class Converter: Sendable {
    /// The ways from a module to a graph. Which of them a network can go is found by going.
    public enum Way: String, Sendable, CaseIterable, Codable {
        /// Its parameters become constants and its calls are inlined.
        case freeze
        /// It is run once on zeros, and what it did is written down.
        case trace
    }

    /// The file that the library came from.
    public let path: String

    /// The versions of the libraries behind it, such as `torch 2.13.0, openvino 2026.4.1`.
    public let libraryVersion: String

    private let table: ConverterTable

    /// Loads the converter.
    ///
    /// - Parameter path: the library; nothing looks beside the executable, then in `../lib/portico`.
    /// - Throws: `InferenceError` with the path, the loader's own words and the way out.
    public static func load(path: String? = nil) throws -> Converter {
        let library = try EngineLibrary.conversion.open(path: path, symbol: "portico_converter")
        let pointer = library.table.assumingMemoryBound(to: portico_converter_table.self)
        return Converter(path: library.path, table: ConverterTable(pointer: pointer))
    }

    private init(path: String, table: ConverterTable) {
        self.path = path
        self.table = table
        libraryVersion = String(cString: table.pointer.pointee.library_version)
    }

    /// Converts a TorchScript file. What comes out is a claim: only a comparison with the original tells whether it
    /// holds.
    ///
    /// It blocks its thread for up to seconds.
    ///
    /// - Parameters:
    ///   - path: a TorchScript file.
    ///   - way: how the graph is made.
    ///   - shape: of the input, `[B, C, …]`; nil leaves a length open, which only `freeze` can.
    ///   - output: the IR to write; it ends with `.xml`, and the weights go into a `.bin` beside it.
    /// - Throws: `InferenceError`; `unsupported` where the other way may still go.
    public func convert(_ path: String, way: Way, shape: [Int?], to output: String) throws {
        guard access(path, R_OK) == 0 else {
            throw InferenceError(.modelUnreadable, "there is no readable network at \(path)")
        }
        guard (1...Int(PORTICO_MAX_RANK)).contains(shape.count), shape.allSatisfy({ $0 ?? 1 > 0 }) else {
            throw InferenceError(.badArgument, "a network can't be converted for batches of shape \(words(shape))")
        }
        var error = portico_inference_error()
        let lengths = shape.map { Int64($0 ?? -1) }
        let code = Int32(way == .freeze ? PORTICO_CONVERSION_FREEZE : PORTICO_CONVERSION_TRACE)
        let status = table.pointer.pointee.convert(path, code, lengths, Int32(lengths.count), output, &error)
        guard status == 0 else {
            throw InferenceError(
                status, error,
                "the network \(path) can't be converted for batches of shape \(words(shape)) (\(way.rawValue))")
        }
    }

    private func words(_ shape: [Int?]) -> String {
        "[" + shape.map { $0.map(String.init) ?? "any" }.joined(separator: ", ") + "]"
    }
}

/// The functions of a converter; they live as long as the process.
///
/// `@unchecked Sendable` is right because the table is constant memory of a library that is never unloaded.
private struct ConverterTable: @unchecked Sendable {
    let pointer: UnsafePointer<portico_converter_table>
}
