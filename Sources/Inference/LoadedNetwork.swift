internal import Dispatch
internal import InferenceABI
public import Voxels

/// A network that a back end has loaded; it is given back when the last reference goes.
///
/// Any thread may run it; as many as `LoadOptions.streams` at once, and the others wait for their turn.
public final class LoadedNetwork: Network, Sendable {
    /// What runs the network, such as `torch 2.13.0 cpu` or `openvino 2026.4.1 cpu bfloat16`.
    public let engine: String

    /// The device, as it was asked for.
    public let device: String

    /// The file that the network came from.
    public let path: String

    /// How many runs may be under way at once.
    public let streams: Int

    /// What became of the file of the compiled network.
    public let cache: CacheUse

    /// The number of windows of a batch that it was measured to be fastest with.
    public let fastestBatch: Int?

    private let handle: NetworkHandle
    private let turns: DispatchSemaphore

    init(backEnd: BackEnd, path: String, options: LoadOptions) throws {
        self.path = path
        device = options.device
        streams = options.streams
        fastestBatch = options.fastestBatch
        var words = [backEnd.name, backEnd.libraryVersion, options.device]
        if options.precision != .float32 { words.append(options.precision.rawValue) }
        if options.amp, options.device != "cpu" { words.append("amp") }
        engine = words.joined(separator: " ")
        var report = portico_load_report()
        handle = try NetworkHandle(table: backEnd.table, path: path, options: options, report: &report)
        cache = CacheUse(report)
        turns = DispatchSemaphore(value: options.streams)
    }

    /// Runs the network on a batch and leaves its output where the back end put it.
    ///
    /// - Throws: `InferenceError` with the file, the batch's shape and the engine's own words.
    public func output(of batch: Tensor) throws -> NetworkOutput {
        turns.wait()
        defer { turns.signal() }
        return try handle.run(batch, path: path)
    }

    /// What a network gives for a batch, without the values.
    public struct Answer: Sendable, Equatable {
        /// The shape of its first output.
        public let shape: [Int]
        /// The type that the network itself gave, by NumPy's name; nil where the back end does not know.
        public let elementType: String?
        /// Whether all values are finite numbers.
        public let isFinite: Bool
    }

    /// Runs the network on a batch to see what it gives.
    public func answer(to batch: Tensor) throws -> Answer {
        let output = try output(of: batch)
        let isFinite = output.withValues { $0.allSatisfy(\.isFinite) }
        return Answer(shape: output.shape, elementType: output.elementType, isFinite: isFinite)
    }
}

/// The back end's pointer to a network.
///
/// `@unchecked Sendable` is right because `LoadedNetwork` lets no more threads run it than it was loaded for, and the
/// last reference frees it.
private struct NetworkHandle: ~Copyable, @unchecked Sendable {
    private let table: BackEndTable
    private let pointer: OpaquePointer

    init(table: BackEndTable, path: String, options: LoadOptions, report: inout portico_load_report) throws {
        var error = portico_inference_error()
        var loaded: OpaquePointer?
        let status = options.withABI { table.pointer.pointee.load(path, $0, &loaded, &report, &error) }
        guard status == 0, let loaded else {
            throw InferenceError(status, error, "the network \(path) can't be loaded")
        }
        self.table = table
        pointer = loaded
    }

    deinit {
        table.pointer.pointee.unload(pointer)
    }

    func run(_ batch: Tensor, path: String) throws -> NetworkOutput {
        guard (1...Int(PORTICO_MAX_RANK)).contains(batch.shape.count), batch.count > 0 else {
            throw InferenceError(.inputRefused, "a batch of shape \(batch.shape) can't go through a network")
        }
        var output = portico_tensor()
        var error = portico_inference_error()
        let status = batch.elements.withUnsafeBufferPointer { elements in
            // The back end leaves the input as it is; the C struct has one type for both directions.
            var input = portico_tensor()
            input.elements = UnsafeMutablePointer(mutating: elements.baseAddress)
            input.rank = Int32(batch.shape.count)
            withUnsafeMutableBytes(of: &input.shape) { bytes in
                let lengths = bytes.bindMemory(to: Int64.self)
                for (axis, length) in batch.shape.enumerated() { lengths[axis] = Int64(length) }
            }
            return table.pointer.pointee.run(pointer, &input, &output, &error)
        }
        guard status == 0 else {
            throw InferenceError(status, error, "the network \(path) failed on a batch of shape \(batch.shape)")
        }
        return NetworkOutput(table: table, tensor: output)
    }
}

extension InferenceError {
    /// What a back end's call returned and said.
    init(_ status: Int32, _ error: portico_inference_error, _ what: String) {
        let code: Code
        switch Int(status) {
        case PORTICO_INFERENCE_BAD_MODEL: code = .modelUnreadable
        case PORTICO_INFERENCE_BAD_INPUT: code = .inputRefused
        case PORTICO_INFERENCE_NO_DEVICE: code = .deviceUnavailable
        case PORTICO_INFERENCE_NO_MEMORY: code = .outOfMemory
        case PORTICO_INFERENCE_BAD_OUTPUT: code = .outputRefused
        case PORTICO_INFERENCE_UNSUPPORTED: code = .unsupported
        default: code = .networkFailed
        }
        let reason = withUnsafeBytes(of: error.message) { String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self) }
        self.init(code, "\(what): \(reason.isEmpty ? "the back end gave no reason" : reason)")
    }
}
