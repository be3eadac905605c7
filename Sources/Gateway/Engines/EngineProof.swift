import Foundation
import ImageFiles
import Inference
import Voxels

/// Finds out which engines may run a network, in processes of their own with a limit for time and memory: whatever a
/// conversion does, it costs only itself. It blocks its thread, for seconds to minutes.
struct EngineProof {
    var request: TrialRequest
    /// Seconds that each process may take.
    var timeLimit = 600.0
    /// Hears what is being done: each word shows that it goes on.
    var report: (String) -> Void = { _ in }
    /// The program that tries.
    var executable: WorkerExecutable

    /// Tries the ways to convert, one after the other, until a converted network is equal.
    ///
    /// - Returns: libtorch first, then the converted network that is equal, or else the last one that was tried.
    func candidates() throws -> [EngineVerdict.Candidate] {
        var torch = EngineVerdict.Candidate(engine: .torch)
        var refusals: [String] = []
        var wasCutShort = false
        for way in Converter.Way.allCases {
            var request = request
            request.way = way
            let found = try run(request)
            if let found = found[.torch], found.name != nil || torch.name == nil { torch = found }
            // Without libtorch there is nothing to compare with, and the other way would not help.
            if torch.refusal != nil { return [torch] }
            let other =
                found[.openvino]
                ?? EngineVerdict.Candidate(
                    engine: .openvino, way: way, refusal: "the process that tried it told nothing", wasCutShort: true)
            guard let refusal = other.refusal else { return [torch, other] }
            refusals.append(refusal)
            wasCutShort = wasCutShort || other.wasCutShort == true
            if way == Converter.Way.allCases.last {
                var last = other
                last.refusal = refusals.joined(separator: "; ")
                last.wasCutShort = wasCutShort ? true : nil
                return [torch, last]
            }
        }
        return [torch]
    }

    /// Compares the converted network on windows of a real image.
    ///
    /// - Parameter windows: `[N, C, …]`.
    /// - Returns: nil where libtorch itself could not run.
    func compare(_ windows: Tensor) throws -> EngineVerdict.Candidate? {
        let path = request.folder + "/windows-\(UUID().uuidString).npy"
        // They are pixels of a patient: the folder is this user's alone, and they are gone when this returns.
        defer { unlink(path) }
        try NPY.write(windows, to: path)
        var request = request
        request.way = nil
        request.realWindows = path
        return try run(request)[.openvino]
    }

    /// What one process found out.
    private func run(_ request: TrialRequest) throws -> [EngineChoice: EngineVerdict.Candidate] {
        let child = try WorkerChild(executable)
        child.send(try JSONEncoder().encode(request))
        var found: [EngineChoice: EngineVerdict.Candidate] = [:]
        var stage = "starting"
        let limit = Monotonic.now + timeLimit
        while true {
            switch child.next(timeout: limit - Monotonic.now, bell: -1) {
            case .line(let line):
                // A library may write to standard output, too.
                switch try? JSONDecoder().decode(TrialEvent.self, from: line) {
                case .stage(let name):
                    stage = name
                    report("comparing engines: \(name)")
                case .candidate(let candidate): found[candidate.engine] = candidate
                case nil: break
                }
            case .ended(let end):
                guard end != .exited(0) else { return found }
                return blame(found, "the process that tried it \(end) while \(stage)", request.way)
            case .timeout:
                child.kill()
                return blame(found, "it was not done within \(Int(timeLimit)) s, while \(stage)", request.way)
            case .woken: break
            }
        }
    }

    /// Lays the end of a process on the engine that had not been heard of.
    private func blame(
        _ found: [EngineChoice: EngineVerdict.Candidate], _ reason: String, _ way: Converter.Way?
    ) -> [EngineChoice: EngineVerdict.Candidate] {
        var found = found
        if found[.torch] == nil {
            found[.torch] = EngineVerdict.Candidate(engine: .torch, refusal: reason, wasCutShort: true)
        } else if found[.openvino] == nil {
            found[.openvino] = EngineVerdict.Candidate(
                engine: .openvino, way: way, refusal: reason, wasCutShort: true)
        }
        return found
    }
}
