internal import InferenceABI

/// What a network is loaded with.
public struct LoadOptions: Sendable, Equatable {
    /// The arithmetic of a network's layers; its input and output are float32 with all of them.
    public enum Precision: String, Sendable, Codable {
        case float32
        /// Faster where the processor has instructions for it, with 8 bits of mantissa; OpenVINO alone.
        case bfloat16
    }

    /// `cpu`, `cuda` or `cuda:N`.
    public var device: String

    /// The threads that one run may use; 0 leaves the library's own choice.
    public var threads: Int

    /// The arithmetic of the layers.
    public var precision: Precision

    /// The shape of the batches that will come, `[B, C, …]`, which OpenVINO compiles for; empty where any shape may come.
    public var batchShape: [Int]

    /// How many runs may be under way at once, from different threads; torch allows 1.
    public var streams: Int

    /// OpenVINO: the file that keeps the compiled network, read where it is there and still right, else written.
    public var cachePath: String?

    /// MONAI's `amp`: autocast to float16, on CUDA alone.
    public var amp: Bool

    /// The number of windows of a batch that the engine was measured to be fastest with; nil where nobody measured.
    public var fastestBatch: Int?

    /// Makes options.
    public init(
        device: String = "cpu", threads: Int = 0, precision: Precision = .float32, batchShape: [Int] = [],
        streams: Int = 1, cachePath: String? = nil, amp: Bool = false, fastestBatch: Int? = nil
    ) {
        self.device = device
        self.threads = threads
        self.precision = precision
        self.batchShape = batchShape
        self.streams = streams
        self.cachePath = cachePath
        self.amp = amp
        self.fastestBatch = fastestBatch
    }

    /// Refuses what no back end could do.
    func check() throws {
        guard threads >= 0, threads <= 1024 else {
            throw InferenceError(.badArgument, "a network can't run on \(threads) threads")
        }
        guard (1...64).contains(streams) else {
            throw InferenceError(.badArgument, "a network can't run \(streams) times at once")
        }
        guard batchShape.count <= Int(PORTICO_MAX_RANK), batchShape.allSatisfy({ $0 > 0 }) else {
            throw InferenceError(.badArgument, "a network can't be loaded for batches of shape \(batchShape)")
        }
    }

    /// Shows the options as the ABI has them, as long as `body` runs.
    func withABI<Result>(_ body: (UnsafePointer<portico_load_options>) -> Result) -> Result {
        device.withCString { device in
            func call(_ cachePath: UnsafePointer<CChar>?) -> Result {
                var options = portico_load_options(
                    device: device, threads: Int32(threads),
                    precision: Int32(precision == .bfloat16 ? PORTICO_PRECISION_BFLOAT16 : PORTICO_PRECISION_FLOAT32),
                    batch_rank: Int32(batchShape.count), streams: Int32(streams), amp: amp ? 1 : 0,
                    batch_shape: (0, 0, 0, 0, 0, 0, 0, 0), cache_path: cachePath)
                withUnsafeMutableBytes(of: &options.batch_shape) { bytes in
                    let lengths = bytes.bindMemory(to: Int64.self)
                    for (axis, length) in batchShape.enumerated() { lengths[axis] = Int64(length) }
                }
                return body(&options)
            }
            guard let cachePath else { return call(nil) }
            return cachePath.withCString { call($0) }
        }
    }
}

/// What became of `LoadOptions.cachePath`.
public enum CacheUse: Sendable, Equatable {
    /// There was none, or the back end keeps none.
    case unused
    /// The network was read from it.
    case read
    /// The network was compiled and written to it; a file that was there before was not used for the reason, if any.
    case written(replacing: String?)
    /// The network was compiled; it could not be written, for the reason.
    case failed(String)

    init(_ report: portico_load_report) {
        let message = withUnsafeBytes(of: report.message) { String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self) }
        switch Int(report.cache) {
        case PORTICO_CACHE_READ: self = .read
        case PORTICO_CACHE_WRITTEN: self = .written(replacing: message.isEmpty ? nil : message)
        case PORTICO_CACHE_FAILED: self = .failed(message)
        default: self = .unused
        }
    }
}
