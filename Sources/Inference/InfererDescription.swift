internal import Voxels

/// A value of an inferer's argument: what a bundle's configuration can say.
public enum InfererArgument: Sendable, Equatable {
    case null
    case bool(Bool)
    case int(Int)
    case double(Double)
    /// A string, or the name of a device.
    case text(String)
    case list([InfererArgument])
    /// Anything else, in a word that an error can show.
    case other(String)
}

/// An inferer as a bundle's configuration describes it, checked but not yet made.
public enum InfererDescription: Sendable, Equatable {
    case simple
    case slidingWindow(SlidingWindowInferer.Settings)
    case slices(SliceInferer)

    /// The names of the inferers that are known.
    public static let names = ["SimpleInferer", "SlidingWindowInferer", "SlidingWindowInfererAdapt", "SliceInferer"]

    /// Whether a `_target_`, bare or below `monai.`, is one of them: a bundle's own code may use the same name.
    public static func isKnown(_ target: String) -> Bool {
        let parts = target.split(separator: ".", omittingEmptySubsequences: false)
        return parts.last.map { names.contains(String($0)) } == true && (parts.count == 1 || parts[0] == "monai")
    }

    /// Reads the description of an inferer.
    ///
    /// - Parameters:
    ///   - target: the `_target_`, bare or below `monai.`. `SimpleInferer`, `SlidingWindowInferer`,
    ///     `SlidingWindowInfererAdapt` (the same numbers; MONAI's falls back on less GPU memory) and `SliceInferer` are
    ///     known.
    ///   - arguments: the arguments by MONAI's names.
    /// - Throws: `InferenceError` that names the inferer or the argument.
    public init(target: String, arguments: [(name: String, value: InfererArgument)]) throws {
        switch Self.isKnown(target) ? target.split(separator: ".").last : nil {
        case "SimpleInferer":
            guard arguments.isEmpty else {
                throw InferenceError(.badArgument, "SimpleInferer takes no argument, not \(arguments[0].name)")
            }
            self = .simple
        case "SlidingWindowInferer", "SlidingWindowInfererAdapt":
            self = .slidingWindow(try SlidingWindowInferer.Settings(arguments: arguments))
        case "SliceInferer":
            let axis = try arguments.last { $0.name == "spatial_dim" }.map { try $0.value.integer($0.name) } ?? 0
            let others = arguments.filter { $0.name != "spatial_dim" }
            self = .slices(try SliceInferer(axis: axis, SlidingWindowInferer.Settings(arguments: others)))
        default:
            throw InferenceError(
                .unsupported, "\(target) is no inferer that Portico knows: \(Self.names.joined(separator: ", "))")
        }
    }

    /// Makes the inferer.
    public func makeInferer() -> any Inferer {
        switch self {
        case .simple: SimpleInferer()
        case .slidingWindow(let settings): SlidingWindowInferer(settings)
        case .slices(let inferer): inferer
        }
    }
}

extension SlidingWindowInferer.Settings {
    /// Reads MONAI's arguments of `SlidingWindowInferer`.
    ///
    /// Those that change no number are accepted and have no effect: `sw_device`, `device`, `progress`,
    /// `cache_roi_weight_map`, `cpu_thresh`.
    ///
    /// - Throws: `InferenceError` that names the argument.
    public init(arguments: [(name: String, value: InfererArgument)]) throws {
        var settings = Self(window: .uniform(0))
        var mode = "constant"
        var border = 0.0
        var hasWindow = false
        for (name, value) in arguments {
            switch name {
            case "roi_size":
                settings.window = try value.window()
                hasWindow = true
            case "sw_batch_size": settings.batchSize = try value.integer(name)
            case "overlap": settings.overlap = try value.numbers(name)
            case "mode": settings.blending = try value.blending()
            case "sigma_scale": settings.sigmaScale = try value.numbers(name)
            case "padding_mode": mode = try value.string(name)
            case "cval": border = try value.number(name)
            case "buffer_steps":
                let steps = value == .null ? 0 : try value.integer(name)
                settings.bufferSteps = steps > 0 ? steps : nil
            case "buffer_dim": settings.bufferAxis = try value.integer(name)
            case "with_coord":
                guard value == .bool(false) || value == .null else {
                    throw InferenceError(
                        .unsupported, "with_coord hands the windows' places to the network; that is not supported")
                }
            case "sw_device", "device", "progress", "cache_roi_weight_map", "cpu_thresh": break
            default:
                throw InferenceError(.unsupported, "a sliding window has no argument \(name) that Portico knows")
            }
        }
        guard hasWindow else { throw InferenceError(.badArgument, "a sliding window needs roi_size") }
        settings.padding = try Self.padding(mode, border: border)
        try settings.check()
        self = settings
    }

    private static func padding(_ mode: String, border: Double) throws -> WindowPadding {
        guard border == 0 || mode == "constant" else {
            throw InferenceError(
                .badArgument,
                "cval goes with the padding_mode constant only: torch refuses \(border) with \(mode); leave it out")
        }
        return switch mode {
        case "constant": .constant(Float(border))
        case "reflect": .reflect
        case "replicate": .replicate
        case "circular": .circular
        default:
            throw InferenceError(
                .badArgument, "padding_mode must be constant, reflect, replicate or circular, not \(mode)")
        }
    }
}

extension InfererArgument {
    fileprivate func wrong(_ name: String, _ wanted: String) -> InferenceError {
        InferenceError(.badArgument, "\(name) must be \(wanted), not \(self)")
    }

    fileprivate func integer(_ name: String) throws -> Int {
        switch self {
        case .int(let value): return value
        case .double(let value):
            guard let whole = Int(exactly: value) else { throw wrong(name, "a whole number") }
            return whole
        default: throw wrong(name, "a whole number")
        }
    }

    fileprivate func number(_ name: String) throws -> Double {
        switch self {
        case .int(let value): return Double(value)
        case .double(let value): return value
        default: throw wrong(name, "a number")
        }
    }

    fileprivate func numbers(_ name: String) throws -> [Double] {
        guard case .list(let values) = self else { return [try number(name)] }
        guard !values.isEmpty else { throw wrong(name, "a number or a list of them") }
        return try values.map { try $0.number(name) }
    }

    fileprivate func string(_ name: String) throws -> String {
        guard case .text(let value) = self else { throw wrong(name, "a word") }
        return value
    }

    fileprivate func blending() throws -> SlidingWindowInferer.Blending {
        let word = try string("mode")
        guard let blending = SlidingWindowInferer.Blending(rawValue: word) else {
            throw wrong("mode", "constant or gaussian")
        }
        return blending
    }

    fileprivate func window() throws -> SlidingWindowInferer.Window {
        switch self {
        case .list(let values):
            // `null` takes the image's length, as a length of zero or less does.
            .perAxis(try values.map { $0 == .null ? -1 : try $0.integer("roi_size") })
        case .null: .uniform(-1)
        default: .uniform(try integer("roi_size"))
        }
    }
}
