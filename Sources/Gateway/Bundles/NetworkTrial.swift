import Inference
import ModelBundles
import Voxels

/// Runs a bundle's network once on random input and compares what comes out with what the metadata promise.
///
/// MONAI 1.6.1 bundle/scripts.py:1176-1275 (`verify_net_in_out`).
struct NetworkTrial {
    /// `cpu`, `cuda` or `cuda:N`.
    var device: String
    /// The spatial shape to try; `nil` takes the bundle's own.
    var shape: [Int]?
    /// The program that compares engines.
    var prover = WorkerExecutable.portico(arguments: ["prove"])

    typealias Finding = (level: ConfigurationCheck.Level, place: String?, message: String)

    /// What came of it.
    func findings(of bundle: ModelBundle) -> [Finding] {
        let input = bundle.metadata.inputs[0]
        let output = bundle.metadata.outputs[0]
        let inputPlace = "network_data_format::inputs::\(input.name)"
        let outputPlace = "network_data_format::outputs::\(output.name)"
        guard let channels = input.numChannels, Self.channels.contains(channels) else {
            let found = input.numChannels.map { "are \($0)" } ?? "is not given"
            return [
                (
                    .error, inputPlace + "::num_channels",
                    "it was not run: the number of channels \(found); 1 to \(Self.channels.upperBound) are tried"
                )
            ]
        }
        guard let shape = shape ?? Self.shape(of: input, window: Self.window(of: bundle)),
            let batch = Self.random(shape: [1, channels] + shape)
        else {
            return [
                (
                    .error, inputPlace + "::spatial_shape",
                    "it was not run: no shape of lengths up to \(Self.lengths.upperBound) and at most "
                        + "\(Self.elements >> 20) million values can be made of it; give one with --shape"
                )
            ]
        }
        do {
            let (answer, engine) = try bundle.withWeights { path in
                let network = try BackEnd.load().loadNetwork(path, options: LoadOptions(device: device, threads: 0))
                return (try network.answer(to: batch), network.engine)
            }
            let words = { (lengths: [Int]) in lengths.map(String.init).joined(separator: " × ") }
            var findings: [Finding] = []
            if let expected = output.numChannels, answer.shape.count < 2 || answer.shape[1] != expected {
                findings.append(
                    (
                        .error, outputPlace + "::num_channels",
                        "the network gives shape \(words(answer.shape)), the metadata say \(expected) channels"
                    ))
            }
            if let finding = dtype(answer.elementType, of: output, at: outputPlace) { findings.append(finding) }
            if !answer.isFinite {
                findings.append((.warning, nil, "random input gives values that are not finite (NaN or infinity)"))
            }
            findings.append(
                (
                    .ok, nil,
                    "\(words(batch.shape)) gives \(words(answer.shape)) \(answer.elementType ?? "float32") on \(engine)"
                ))
            return findings
        } catch {
            return [(.error, ModelBundle.weightsPath, String(describing: error))]
        }
    }

    private func dtype(_ found: String?, of output: NetworkPort, at place: String) -> Finding? {
        guard let found, let declared = output.dtype else { return nil }
        let aliases = ["long": "int64", "int": "int32", "short": "int16", "half": "float16", "float": "float32"]
        let name = declared.split(separator: ".").last.map(String.init) ?? declared
        let expected = aliases[name] ?? (name == "double" ? "float64" : name)
        guard found != expected else { return nil }
        // MONAI itself runs such a network in half precision on CUDA alone.
        let isHalf = expected == "float16" && found == "float32"
        return (
            isHalf ? .warning : .error, place + "::dtype",
            isHalf
                ? "the network gives float32, the metadata say float16, which MONAI's amp makes of it on CUDA"
                : "the network gives \(found), the metadata say \(declared)"
        )
    }

    /// The window that the bundle's inferer hands to the network.
    private static func window(of bundle: ModelBundle) -> [Int]? {
        (try? bundle.inferer)?.component?["roi_size"]?.elements?.compactMap(\.intValue)
    }

    /// What is tried at most: a bundle may declare anything.
    static let lengths = 1...4096
    private static let channels = 1...4096
    private static let elements = 1 << 28

    /// A spatial shape that the metadata admit: the inferer's window where it does, else the least from 32 on that some
    /// p and n give; nil where there is none within `lengths`.
    static func shape(of port: NetworkPort, window: [Int]?) -> [Int]? {
        let lengths =
            port.spatialShape.isEmpty
            ? window
            : port.spatialShape.enumerated().map { axis, extent in
                if let window, window.count == port.spatialShape.count, Self.lengths.contains(window[axis]),
                    extent.admits(window[axis])
                {
                    return window[axis]
                }
                return length(of: extent) ?? 0
            }
        guard let lengths, (1...3).contains(lengths.count), lengths.allSatisfy(Self.lengths.contains) else {
            return nil
        }
        return lengths
    }

    /// The least length from 32 on that small p and n give, else the greatest below; nil where they give none.
    private static func length(of extent: SpatialExtent) -> Int? {
        if case .fixed(let length) = extent { return length }
        var found: Set<Int> = []
        for p in 0...12 {
            for n in 0...128 {
                if let length = try? extent.length(p: p, n: n, any: 32), Self.lengths.contains(length) {
                    found.insert(length)
                }
            }
        }
        return found.filter { $0 >= 32 }.min() ?? found.max()
    }

    /// Numbers from 0 to 1, the same ones each time; nil where there would be too many.
    private static func random(shape: [Int]) -> Tensor? {
        var count = 1
        for length in shape {
            let (product, overflow) = count.multipliedReportingOverflow(by: length)
            guard !overflow, product <= elements else { return nil }
            count = product
        }
        var generator = SplitMix64(state: 0x9E37_79B9_7F4A_7C15)
        let values = (0..<count).map { _ in generator.nextUnit() }
        return Tensor(shape: shape, elements: values)
    }
}
