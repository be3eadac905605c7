internal import Foundation
internal import InferenceABI

/// A library that runs networks, loaded by path when it is first needed and kept until the process ends.
///
/// The gateway itself links no such library: it starts without an engine, and the worker picks the back end at run time.
public final class BackEnd: Sendable {
    /// The engines that there are back ends for.
    public enum Name: String, Sendable, CaseIterable, Codable {
        /// libtorch: TorchScript, on a CPU and on CUDA.
        case torch
        /// OpenVINO: its own IR, which a `Converter` makes of TorchScript, and ONNX, on a CPU. It needs no libtorch.
        case openvino

        var library: EngineLibrary {
            switch self {
            case .torch: .torch
            case .openvino: .openVINO
            }
        }
    }

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

    /// Where a back end is looked for: the executable's own folder, then `../lib/portico` beside that.
    ///
    /// - Parameter executable: the path of the executable; nothing asks the kernel.
    public static func searchPaths(_ name: Name = .torch, executable: String? = nil) -> [String] {
        name.library.searchPaths(executable: executable)
    }

    /// The libraries of all engines by name, size and time of change: while they are the same, so is what was found
    /// out about them.
    public static var libraryStamps: [String] {
        EngineLibrary.allCases.map { library in
            var status = stat()
            guard let path = library.searchPaths().first(where: { stat($0, &status) == 0 }), !path.isEmpty else {
                return "\(library.rawValue) is missing"
            }
            return "\(library.rawValue) \(status.st_size) \(status.st_mtim.tv_sec).\(status.st_mtim.tv_nsec)"
        }
    }

    /// Loads a back end.
    ///
    /// - Parameters:
    ///   - name: the engine.
    ///   - path: the library; nothing takes the first of `searchPaths(_:)` that is there.
    /// - Throws: `InferenceError` with the path, the loader's own words and the way out.
    public static func load(named name: Name = .torch, path: String? = nil) throws -> BackEnd {
        let library = try name.library.open(path: path, symbol: "portico_backend")
        let pointer = library.table.assumingMemoryBound(to: portico_backend_table.self)
        return BackEnd(path: library.path, table: BackEndTable(pointer: pointer))
    }

    /// Loads a network from a file.
    ///
    /// It blocks its thread for up to seconds.
    ///
    /// - Parameters:
    ///   - path: a TorchScript file, such as a bundle's `models/model.ts`, for torch; an IR (`.xml` with its `.bin`) or
    ///     ONNX for OpenVINO.
    ///   - options: the device, the number of threads and more.
    /// - Throws: `InferenceError` with the path and the engine's own words.
    public func loadNetwork(_ path: String, options: LoadOptions = LoadOptions()) throws -> LoadedNetwork {
        guard access(path, R_OK) == 0 else {
            throw InferenceError(.modelUnreadable, "there is no readable network at \(path)")
        }
        try options.check()
        return try LoadedNetwork(backEnd: self, path: path, options: options)
    }

    /// The engine and what it can run on.
    ///
    /// - Throws: `InferenceError` where the library can't tell.
    public func describe() throws -> EngineDescription {
        var size = 4096
        while true {
            let room = size
            let text = [UInt8](unsafeUninitializedCapacity: room) { buffer, count in
                let length = buffer.withMemoryRebound(to: CChar.self) {
                    table.pointer.pointee.describe($0.baseAddress, room)
                }
                size = length + 1
                count = length < room ? length : 0
            }
            if size > room { continue }
            guard let description = try? JSONDecoder().decode(EngineDescription.self, from: Data(text)) else {
                throw InferenceError(.networkFailed, "the back end \(path) can't describe itself")
            }
            return description
        }
    }
}

extension BackEnd {
    /// Measures how fast a device is, by one convolution of 32 channels again and again.
    ///
    /// - Returns: multiplications and additions of a second, in thousand millions (GFLOP/s).
    /// - Throws: `InferenceError` where the device isn't there or the convolution fails.
    public func speed(of device: String, threads: Int = 0, seconds: Double) throws -> Double {
        var speed = 0.0
        var error = portico_inference_error()
        let status = table.pointer.pointee.probe(device, Int32(threads), seconds, &speed, &error)
        guard status == 0 else { throw InferenceError(status, error, "the speed of \(device) can't be measured") }
        return speed
    }
}

/// An engine and what it can run on.
public struct EngineDescription: Sendable, Equatable, Codable {
    /// A device.
    public struct Device: Sendable, Equatable, Codable {
        /// The name in a configuration: `cpu`, `cuda:0`.
        public let name: String
        /// The maker's name.
        public let description: String
    }

    /// The version of the library, such as `2026.4.1`.
    public let version: String
    /// The devices that it can run on, the CPU first.
    public let devices: [Device]
    /// The threads that it takes where nothing is said.
    public let threads: Int
    /// The instruction sets of the processor that inference gains from, such as `avx512f`.
    public let instructionSets: [String]
    /// What `LoadOptions.precision` may be here.
    public let precisions: [String]
}

/// The functions of a back end; they live as long as the process.
///
/// `@unchecked Sendable` is right because the table is constant memory of a library that is never unloaded.
struct BackEndTable: @unchecked Sendable {
    let pointer: UnsafePointer<portico_backend_table>
}
