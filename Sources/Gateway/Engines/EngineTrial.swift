import Foundation
import ImageFiles
import Inference
import Voxels

/// What the process that tries engines is asked; one JSON line on its standard input.
struct TrialRequest: Codable, Sendable {
    /// The TorchScript file.
    var weights: String
    /// One window with its channels, `[C, …]`.
    var window: [Int]
    /// How the network is converted; nil takes the one that is in the folder.
    var way: Converter.Way?
    /// The batches to time libtorch with.
    var batches: [Int]
    var decision: VoxelDecision?
    var device: String
    var threads: Int
    var precision: LoadOptions.Precision
    /// Windows of a real image, `[N, C, …]` as `.npy`; nil takes random ones.
    var realWindows: String?
    /// Where the converted and the compiled network are or go.
    var folder: String
    /// Bytes that the process may take.
    var memoryLimit: UInt64
}

/// What that process says; one JSON line each on its standard output.
enum TrialEvent: Codable, Sendable, Equatable {
    /// What it does next: what a crash or a time limit ends.
    case stage(String)
    /// What was found out about an engine.
    case candidate(EngineVerdict.Candidate)
}

/// Tries engines on one network. It runs in a process of its own, because a conversion may crash, never end, or take
/// all memory.
struct EngineTrial {
    let request: TrialRequest
    let report: (TrialEvent) -> Void

    /// Seconds after which an engine has been timed enough.
    private static let timingLimit = 3.0

    /// Runs libtorch and then OpenVINO on the same windows and compares.
    func run() {
        var torch = EngineVerdict.Candidate(engine: .torch)
        let windows: [Tensor]
        let expected: [NetworkOutput]
        do {
            windows = try request.realWindows.map(Self.read) ?? Self.random(request.window)
            report(.stage("loading libtorch"))
            let network = try BackEnd.load(named: .torch).loadNetwork(
                request.weights, options: LoadOptions(device: request.device, threads: request.threads))
            torch.name = network.engine
            report(.stage("running libtorch"))
            expected = try windows.map { try network.output(of: $0) }
            if request.realWindows == nil { torch.timings = try time(network, windows[0], batches: request.batches) }
        } catch {
            torch.refusal = "\(error)"
            report(.candidate(torch))
            return
        }
        report(.candidate(torch))
        report(.candidate(openvino(windows, expected)))
    }

    private func openvino(_ windows: [Tensor], _ expected: [NetworkOutput]) -> EngineVerdict.Candidate {
        var candidate = EngineVerdict.Candidate(engine: .openvino, way: request.way)
        do {
            let path = EngineStore.networkPath(in: request.folder)
            if let way = request.way {
                report(.stage("converting by \(way.rawValue)"))
                try Converter.load().convert(
                    request.weights, way: way, shape: [1] + request.window.map { $0 }, to: path)
            }
            report(.stage("compiling with OpenVINO"))
            let network = try BackEnd.load(named: .openvino).loadNetwork(
                path,
                options: EngineStore.options(
                    in: request.folder, window: request.window, device: request.device, threads: request.threads,
                    precision: request.precision))
            candidate.name = network.engine
            report(.stage("running OpenVINO"))
            var comparison = OutputComparison()
            for (window, reference) in zip(windows, expected) {
                // What is no image has one class for all of it.
                let decision =
                    request.decision ?? (reference.shape.count == 2 ? VoxelDecision([.argmax]) : nil)
                comparison.add(reference, try network.output(of: window), decision: decision)
            }
            let isReal = request.realWindows != nil
            candidate.comparison = EngineVerdict.Comparison(
                largestDifference: Double(comparison.difference),
                outputRange: max(0, Double(comparison.largest) - Double(comparison.least)),
                agreement: comparison.agreement, randomWindows: isReal ? 0 : windows.count,
                realWindows: isReal ? windows.count : 0)
            candidate.refusal = comparison.refusal(bars)
            if candidate.refusal == nil, !isReal { candidate.timings = try time(network, windows[0], batches: [1]) }
        } catch {
            candidate.refusal = "\(error)"
        }
        return candidate
    }

    /// bfloat16 has 8 bits of mantissa; a deployment that asks for it accepts what that costs, as long as the same is
    /// decided.
    private var bars: OutputComparison.Bars {
        var bars = OutputComparison.Bars()
        if request.precision == .bfloat16 {
            bars.difference = 0.05
            bars.agreement = 0.999
        }
        return bars
    }

    /// The least of a few runs, after two in which libtorch finds its own ways.
    private func time(_ network: LoadedNetwork, _ window: Tensor, batches: [Int]) throws -> [EngineVerdict.Timing] {
        try batches.map { batch in
            report(.stage("timing \(network.engine) in batches of \(batch)"))
            let input = Tensor(
                shape: [batch] + window.shape.dropFirst(),
                elements: (0..<batch).flatMap { _ in window.elements })
            var best = Double.infinity
            let begin = ContinuousClock.now
            for round in 0..<5 {
                let start = ContinuousClock.now
                _ = try network.output(of: input)
                let seconds = (ContinuousClock.now - start).seconds
                if round > 1 || seconds > Self.timingLimit { best = min(best, seconds) }
                if best.isFinite, (ContinuousClock.now - begin).seconds > Self.timingLimit { break }
            }
            return EngineVerdict.Timing(batch: batch, secondsPerWindow: best / Double(batch))
        }
    }

    /// Batches of one window from a file.
    private static func read(_ path: String) throws -> [Tensor] {
        let all = try NPY.read(path).tensor
        let each = all.shape.dropFirst().reduce(1, *)
        return (0..<all.channels).map { index in
            Tensor(
                shape: [1] + all.shape.dropFirst(), elements: Array(all.elements[index * each..<(index + 1) * each]))
        }
    }

    /// Three windows: values from 0 to 1 as scaled images have them, around 0 as normalised ones, and smooth ones.
    static func random(_ window: [Int]) -> [Tensor] {
        var generator = SplitMix64(state: 0x5EED)
        let count = window.reduce(1, *)
        let uniform = (0..<count).map { _ in generator.nextUnit() }
        // The sum of four is close to a normal distribution; its deviation is 1 / √3.
        let normal = (0..<count).map { _ in
            (generator.nextUnit() + generator.nextUnit() + generator.nextUnit() + generator.nextUnit() - 2) * 1.732
        }
        let last = window.last ?? 1
        let smooth = (0..<count).map { index -> Float in
            let (row, column) = (index / last, index % last)
            return 0.5 + 0.5 * Float(sin(Double(column) * 0.13) * cos(Double(row % 997) * 0.071))
        }
        return [uniform, normal, smooth].map { Tensor(shape: [1] + window, elements: $0) }
    }
}

/// Sebastiano Vigna's SplitMix64: the same numbers each time.
struct SplitMix64 {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var value = state
        value = (value ^ (value >> 30)) &* 0xBF58_476D_1CE4_E5B9
        value = (value ^ (value >> 27)) &* 0x94D0_49BB_1331_11EB
        return value ^ (value >> 31)
    }

    /// From 0 up to and without 1.
    mutating func nextUnit() -> Float { Float(next() >> 40) / Float(1 << 24) }
}
