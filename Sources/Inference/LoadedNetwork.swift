internal import Glibc
internal import InferenceABI
internal import Synchronization
public import Voxels

/// What a network is loaded with.
public struct LoadOptions: Sendable, Equatable {
    /// `cpu`, `cuda` or `cuda:N`.
    public var device: String

    /// The threads that one operation may use; 0 leaves the library's own choice.
    public var threads: Int

    /// Makes options.
    public init(device: String = "cpu", threads: Int = 0) {
        self.device = device
        self.threads = threads
    }
}

/// A network that a back end has loaded; it is given back when the last reference goes.
///
/// Any thread may run it; they take turns.
public final class LoadedNetwork: Network, Sendable {
    /// What runs the network, such as `torch 2.13.0 cpu`.
    public let engine: String

    /// The device, as it was asked for.
    public let device: String

    /// The file that the network came from.
    public let path: String

    private let backEnd: BackEnd
    private let handle: NetworkHandle
    private let turn = Mutex(())

    init(backEnd: BackEnd, path: String, options: LoadOptions) throws {
        self.backEnd = backEnd
        self.path = path
        device = options.device
        engine = "\(backEnd.name) \(backEnd.libraryVersion) \(options.device)"
        handle = try NetworkHandle(table: backEnd.table, path: path, options: options)
    }

    /// Runs the network on a batch.
    ///
    /// - Returns: a copy of the first output.
    /// - Throws: `InferenceError` with the file, the batch's shape and the engine's own words.
    public func forward(_ batch: Tensor) throws -> Tensor {
        var output = Tensor(shape: [0])
        try forward(batch) { values, shape in
            output = Tensor(shape: shape, elements: Array(values))
        }
        return output
    }

    /// Runs the network on a batch and shows its first output in place.
    public func forward(_ batch: Tensor, reading body: (UnsafeBufferPointer<Float>, [Int]) throws -> Void) throws {
        try turn.withLock { _ in try handle.run(batch, path: path) { values, shape, _ in try body(values, shape) } }
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
        try turn.withLock { _ in
            var answer = Answer(shape: [], elementType: nil, isFinite: false)
            try handle.run(batch, path: path) { values, shape, elementType in
                answer = Answer(shape: shape, elementType: elementType, isFinite: values.allSatisfy(\.isFinite))
            }
            return answer
        }
    }
}

/// The back end's pointer to a network.
///
/// `@unchecked Sendable` is right because `LoadedNetwork` lets one thread at a time run it, and the last one frees it.
private struct NetworkHandle: ~Copyable, @unchecked Sendable {
    private let table: BackEndTable
    private let pointer: OpaquePointer

    init(table: BackEndTable, path: String, options: LoadOptions) throws {
        var error = portico_inference_error()
        var loaded: OpaquePointer?
        let status = options.device.withCString { device in
            var options = portico_load_options(device: device, threads: Int32(options.threads))
            return table.pointer.pointee.load(path, &options, &loaded, &error)
        }
        guard status == 0, let loaded else {
            throw InferenceError(status, error, "the network \(path) can't be loaded")
        }
        self.table = table
        pointer = loaded
    }

    deinit {
        table.pointer.pointee.unload(pointer)
    }

    func run(
        _ batch: Tensor, path: String,
        _ body: (UnsafeBufferPointer<Float>, [Int], _ elementType: String?) throws -> Void
    ) throws {
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
        defer { table.pointer.pointee.release_output(&output) }
        let rank = Int(output.rank)
        let shape = withUnsafeBytes(of: &output.shape) { bytes in
            bytes.bindMemory(to: Int64.self).prefix(max(rank, 0)).map(Int.init)
        }
        try body(
            UnsafeBufferPointer(start: output.elements, count: shape.reduce(1, *)), shape,
            output.element_type.map { String(cString: $0) })
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
        default: code = .networkFailed
        }
        let reason = withUnsafeBytes(of: error.message) { String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self) }
        self.init(code, "\(what): \(reason.isEmpty ? "the back end gave no reason" : reason)")
    }
}
