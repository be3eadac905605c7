import Foundation
import Inference
import ModelBundles
import Pipelines
import Voxels

/// What a run wants to run its network on.
struct EngineRequest: Equatable {
    var choice: EngineChoice
    /// `cpu`, `cuda` or `cuda:N`.
    var device: String
    /// For one run of the network; 0 leaves the engine's own choice.
    var threads: Int
    var precision = LoadOptions.Precision.float32
}

/// A network that is loaded, and why by this engine.
struct LoadedEngine {
    var network: any Network
    var choice: EngineChoice
    /// What was found out about the engines; nil where libtorch was named, or nothing else could run.
    var verdict: EngineVerdict?
    /// Why no other engine was looked at; nil where one was.
    var reason: String?

    /// Whether its equality has yet to be shown on a real image.
    var awaitsRealCase: Bool { choice == .openvino && verdict?.awaitsRealCase == true }

    /// How its equality was shown, for the record of a result; nil for libtorch.
    var proof: String? { verdict?.proof(of: choice) }
}

/// Finds the engine of a bundle's network and loads it. Blocks its thread: for milliseconds where the verdict is known,
/// for up to minutes where it has to be found.
struct EngineSelector {
    let request: EngineRequest
    let store: EngineStore
    /// The program that tries engines; it is this one.
    var prover = WorkerExecutable.portico(arguments: ["prove"])
    /// Hears what takes long.
    var announce: (String) -> Void = { _ in }

    /// Bytes that the process which tries engines may take: it holds two of them.
    private static var memoryLimit: UInt64 {
        let physical = UInt64(sysconf(Int32(_SC_PHYS_PAGES))) * UInt64(sysconf(Int32(_SC_PAGESIZE)))
        return max(physical / 4 * 3, 2 << 30)
    }

    /// What is known of the engines for a bundle.
    enum Judgement {
        /// Nothing but libtorch can run it, for the reason.
        case torchAlone(String)
        /// What was found out, and the folder of the converted network.
        case verdict(EngineVerdict, folder: String)
    }

    /// Finds out about the engines, where that is not known yet.
    func judge(_ bundle: ModelBundle, _ plan: BundlePlan) throws -> Judgement {
        if request.device != "cpu" {
            return .torchAlone("OpenVINO runs on the CPU here, and the device is \(request.device)")
        }
        guard let window = plan.window else { return .torchAlone("the shape of its windows depends on the image") }
        let subject = try subject(bundle, window)
        let (folder, lock) = try store.place(of: subject)
        return try withExtendedLifetime(lock) {
            let known = EngineStore.verdict(in: folder, on: subject)
            return .verdict(try known ?? find(subject, in: folder, bundle, plan), folder: folder)
        }
    }

    /// Loads the network of a bundle.
    ///
    /// - Throws: `InferenceError`, or `RunError` where an engine was named that does not give what libtorch gives.
    func load(_ bundle: ModelBundle, _ plan: BundlePlan) throws -> LoadedEngine {
        guard request.choice != .torch else { return try torch(bundle, reason: nil) }
        let (verdict, folder): (EngineVerdict, String)
        let judgement: Judgement
        do { judgement = try judge(bundle, plan) } catch  where request.choice == .auto && !(error is BundleError) {
            // A disk that is full or closed keeps nobody from running on libtorch.
            return try torch(bundle, reason: "engines can't be compared: \(error)")
        }
        switch judgement {
        case .torchAlone(let reason):
            guard request.choice == .auto else {
                throw RunError("engine openvino does not run \(bundle.metadata.name): \(reason)")
            }
            return try torch(bundle, reason: reason)
        case .verdict(let found, let place): (verdict, folder) = (found, place)
        }
        if request.choice == .openvino || verdict.fastest == .openvino {
            do {
                return try openvino(in: folder, verdict, bundle)
            } catch  where request.choice == .auto {
                var engine = try torch(bundle, reason: "OpenVINO's network can't be loaded: \(error)")
                engine.verdict = verdict
                return engine
            }
        }
        var engine = try torch(bundle, reason: nil, batch: verdict[.torch]?.fastest?.batch)
        engine.verdict = verdict
        return engine
    }

    /// Compares the engine with libtorch on windows of a real image, where that has not been done, and gives libtorch
    /// where they turn out not to be equal.
    func confirm(
        _ engine: LoadedEngine, _ bundle: ModelBundle, _ plan: BundlePlan, on image: Tensor
    ) throws -> LoadedEngine {
        guard engine.awaitsRealCase, let known = engine.verdict else { return engine }
        let windows = try plan.inferer.someWindows(of: image, atMost: 2)
        guard windows.count > 0 else { return engine }
        do {
            return try confirm(engine, known, bundle, plan, windows)
        } catch  where request.choice == .auto {
            return try torch(bundle, reason: "engines can't be compared: \(error)")
        }
    }

    private func confirm(
        _ engine: LoadedEngine, _ known: EngineVerdict, _ bundle: ModelBundle, _ plan: BundlePlan, _ windows: Tensor
    ) throws -> LoadedEngine {
        let (folder, lock) = try store.place(of: known.subject)
        return try withExtendedLifetime(lock) {
            // Another process may have done it meanwhile.
            var verdict = EngineStore.verdict(in: folder, on: known.subject) ?? known
            if verdict.awaitsRealCase {
                let found = try bundle.withWeights { path in
                    try proof(path, known.subject, plan, folder).compare(windows)
                }
                verdict.add(found)
                try EngineStore.keep(verdict, in: folder)
            }
            var confirmed = engine
            confirmed.verdict = verdict
            guard let refusal = verdict[.openvino]?.refusal else { return confirmed }
            guard request.choice == .auto else {
                throw RunError("engine openvino does not run \(bundle.metadata.name): \(refusal)")
            }
            var torch = try torch(bundle, reason: nil, batch: verdict[.torch]?.fastest?.batch)
            torch.verdict = verdict
            return torch
        }
    }

    // MARK: Finding out

    private func find(
        _ subject: EngineVerdict.Subject, in folder: String, _ bundle: ModelBundle, _ plan: BundlePlan
    ) throws -> EngineVerdict {
        announce("comparing engines, as at the first run of each bundle")
        // Whatever ends this before it is done, no verdict stands beside another one's network.
        unlink(folder + "/verdict.json")
        let candidates = try bundle.withWeights { try proof($0, subject, plan, folder).candidates() }
        // Where not even libtorch runs, loading it says why, and the next run tries again.
        let verdict = EngineVerdict(
            subject: subject, candidates: candidates, threads: request.threads,
            network: EngineStore.networkDigest(in: folder))
        if verdict[.torch]?.refusal == nil { try EngineStore.keep(verdict, in: folder) }
        return verdict
    }

    private func proof(
        _ weights: String, _ subject: EngineVerdict.Subject, _ plan: BundlePlan, _ folder: String
    ) -> EngineProof {
        EngineProof(
            request: TrialRequest(
                weights: weights, window: subject.window, way: nil, batches: plan.batches,
                decision: plan.postprocessing.decision(on: plan.output.name, arrayKey: plan.output.name),
                device: request.device, threads: request.threads, precision: request.precision, realWindows: nil,
                folder: folder, memoryLimit: Self.memoryLimit), report: announce, executable: prover)
    }

    private func subject(_ bundle: ModelBundle, _ window: [Int]) throws -> EngineVerdict.Subject {
        EngineVerdict.Subject(
            bundleDigest: try bundle.digest.hex, window: window, device: request.device,
            precision: request.precision, libraries: BackEnd.libraryStamps, processor: Self.processor,
            portico: PorticoVersion.current)
    }

    /// The processor's model and instruction sets, as the kernel tells them.
    private static let processor: String = {
        let text = (try? String(contentsOfFile: "/proc/cpuinfo", encoding: .utf8)) ?? ""
        let lines = text.split(separator: "\n", maxSplits: 40).dropLast()
        let wanted = lines.filter { $0.hasPrefix("model name") || $0.hasPrefix("flags") }
        return wanted.map { $0.split(separator: ":").last.map(String.init) ?? "" }.joined(separator: ";")
    }()

    // MARK: Loading

    private func torch(_ bundle: ModelBundle, reason: String?, batch: Int? = nil) throws -> LoadedEngine {
        let network = try bundle.withWeights { path in
            try BackEnd.load(named: .torch).loadNetwork(
                path,
                options: LoadOptions(device: request.device, threads: request.threads, fastestBatch: batch))
        }
        return LoadedEngine(network: network, choice: .torch, reason: reason)
    }

    /// Loads the converted network that the verdict is about.
    private func openvino(
        in folder: String, _ verdict: EngineVerdict, _ bundle: ModelBundle
    ) throws -> LoadedEngine {
        guard let candidate = verdict[.openvino], candidate.comparison != nil, candidate.refusal == nil else {
            let reason = verdict[.openvino]?.refusal ?? verdict[.torch]?.refusal ?? "it was not compared with libtorch"
            throw RunError(
                "engine openvino does not run \(bundle.metadata.name): \(reason). engine auto takes libtorch then")
        }
        guard verdict.network == EngineStore.networkDigest(in: folder) else {
            throw RunError(
                "\(folder): the converted network is not the one that was compared; delete the folder, and the next run "
                    + "converts it anew")
        }
        let network = try BackEnd.load(named: .openvino).loadNetwork(
            EngineStore.networkPath(in: folder),
            options: EngineStore.options(
                in: folder, window: verdict.subject.window, device: request.device, threads: request.threads,
                precision: request.precision))
        return LoadedEngine(network: network, choice: .openvino, verdict: verdict)
    }
}

extension EngineVerdict {
    /// Adds what a comparison on a real image found.
    mutating func add(_ found: Candidate?) {
        guard let index = candidates.firstIndex(where: { $0.engine == .openvino }) else { return }
        guard let found, let comparison = found.comparison else {
            candidates[index].refusal = found?.refusal ?? "the comparison on a real image came to no end"
            candidates[index].wasCutShort = true
            made = Date()
            return
        }
        candidates[index].refusal = found.refusal
        guard let known = candidates[index].comparison else { return }
        let isWorse = comparison.relativeDifference > known.relativeDifference
        candidates[index].comparison = Comparison(
            largestDifference: isWorse ? comparison.largestDifference : known.largestDifference,
            outputRange: isWorse ? comparison.outputRange : known.outputRange,
            agreement: [known.agreement, comparison.agreement].compactMap { $0 }.min(),
            randomWindows: known.randomWindows, realWindows: known.realWindows + comparison.realWindows)
    }
}
