import Foundation
import Inference
import Voxels

/// What was found out about the engines that could run a network: which are equal, how fast each is, and so which runs.
///
/// It is kept beside the compiled network and recorded with every result.
struct EngineVerdict: Codable, Sendable, Equatable {
    /// The version of this form; another one is found out anew.
    static let currentVersion = 1

    /// What the verdict holds for; anything else is found out anew.
    struct Subject: Codable, Sendable, Equatable {
        /// `BundleDigest.hex`.
        var bundleDigest: String
        /// One window with its channels, `[C, …]`.
        var window: [Int]
        var device: String
        var precision: LoadOptions.Precision
        /// The engines' libraries by path, size and time of change.
        var libraries: [String]
        /// What the processor can do; a compiled network holds its instructions.
        var processor: String
        var portico: String
    }

    /// How long a window takes in batches of one size.
    struct Timing: Codable, Sendable, Equatable {
        var batch: Int
        var secondsPerWindow: Double
    }

    /// What was found out about one engine.
    struct Candidate: Codable, Sendable, Equatable {
        var engine: EngineChoice
        /// Such as `torch 2.13.0 cpu`; nil where it did not come that far.
        var name: String?
        /// How the network was converted; nil for libtorch, which needs none.
        var way: Converter.Way?
        var timings: [Timing] = []
        /// The comparison with libtorch; nil for libtorch itself, and where it did not come that far.
        var comparison: Comparison?
        /// Why it doesn't run the network; nil where it could.
        var refusal: String?
        /// Whether a crash or a limit refused it, which may have been the machine's doing; nil where not.
        var wasCutShort: Bool?

        var fastest: Timing? { timings.min { $0.secondsPerWindow < $1.secondsPerWindow } }
    }

    /// A comparison with libtorch in numbers.
    struct Comparison: Codable, Sendable, Equatable {
        var largestDifference: Double
        var outputRange: Double
        /// The part of the decisions that are the same; nil where the output is a quantity.
        var agreement: Double?
        /// Windows of random values, and of a real image after preprocessing.
        var randomWindows: Int
        var realWindows: Int

        /// `largestDifference` as a part of `outputRange`.
        var relativeDifference: Double { outputRange > 0 ? largestDifference / outputRange : largestDifference }
    }

    var version = EngineVerdict.currentVersion
    var subject: Subject
    var candidates: [Candidate]
    /// Threads that the times were measured with.
    var threads: Int
    /// SHA-256 of the converted network that was compared; nil where there is none.
    var network: String?
    var made = Date()

    /// Seconds after which an engine that was cut short is tried again.
    static let secondChance = 86_400.0

    /// Whether it has to be found out anew, because what cut an engine short may have passed.
    func isStale(at now: Date = Date()) -> Bool {
        candidates.contains { $0.wasCutShort == true } && now.timeIntervalSince(made) > Self.secondChance
    }

    subscript(_ engine: EngineChoice) -> Candidate? { candidates.first { $0.engine == engine } }

    /// The fastest engine that nothing speaks against: libtorch where no other is proven.
    var fastest: EngineChoice {
        let able = candidates.filter { $0.refusal == nil }
        let timed = able.compactMap { candidate in candidate.fastest.map { (candidate.engine, $0.secondsPerWindow) } }
        return timed.min { $0.1 < $1.1 }?.0 ?? able.first?.engine ?? .torch
    }

    /// Whether windows of a real image have yet to be compared.
    var awaitsRealCase: Bool {
        guard let comparison = self[.openvino]?.comparison, self[.openvino]?.refusal == nil else { return false }
        return comparison.realWindows == 0
    }

    /// What a result says of its engine: what it was compared with, and how far apart the two were.
    func proof(of engine: EngineChoice) -> String? {
        guard engine != .torch, let candidate = self[engine], let comparison = candidate.comparison else { return nil }
        let reference = self[.torch]?.name ?? "torch"
        var words =
            "compared with \(reference) on \(comparison.randomWindows) random and \(comparison.realWindows) real windows: "
            + "largest difference \(Self.short(comparison.relativeDifference)) of the output's range"
        if let agreement = comparison.agreement { words += ", the same decision for \(Self.percent(agreement))" }
        if let way = candidate.way { words += "; converted by \(way.rawValue)" }
        return words
    }

    /// What a person is told of each engine.
    var lines: [String] {
        candidates.map { candidate in
            var words = candidate.name ?? candidate.engine.rawValue
            if let way = candidate.way { words += ", converted by \(way.rawValue)" }
            if let fastest = candidate.fastest {
                words += ": \(Self.short(fastest.secondsPerWindow)) s a window in batches of \(fastest.batch)"
            }
            if let comparison = candidate.comparison {
                words +=
                    ", largest difference \(Self.short(comparison.largestDifference)) "
                    + "(range \(Self.short(comparison.outputRange)))"
                if let agreement = comparison.agreement { words += ", same decision \(Self.percent(agreement))" }
                words += ", \(comparison.randomWindows) random and \(comparison.realWindows) real windows"
            }
            if let refusal = candidate.refusal { words += "; not used: \(refusal)" }
            return words
        }
    }

    private static func short(_ value: Double) -> String { String(format: "%.3g", value) }

    private static func percent(_ part: Double) -> String {
        part == 1 ? "100 %" : String(format: "%.3f %%", part * 100)
    }
}
