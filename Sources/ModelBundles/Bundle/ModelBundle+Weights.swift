extension ModelBundle {
    /// Whether the TorchScript archive `models/model.ts` is there; a bundle that is one TorchScript file is its own.
    public var hasWeights: Bool { files.contains(Self.weightsPath) }

    /// What hashing the weights took; nil before `digest` was asked for, and where there are no weights.
    public var hashing: HashMeasurement? { files.measurement }

    /// Makes sure that the weights are there.
    ///
    /// - Throws: `BundleError` of code `weightsMissing` that says where they come from, or how to make them.
    public func requireWeights() throws(BundleError) {
        guard !hasWeights else { return }
        throw BundleError(.weightsMissing, weightsOrigin.advice, file: Self.weightsPath)
    }

    /// Lends the TorchScript archive as a file for the duration of the call, which is when an engine loads it.
    ///
    /// - Throws: what `body` throws, or `BundleError`: the weights are missing, or could not be unpacked.
    public func withWeights<Result>(_ body: (_ path: String) throws -> Result) throws -> Result {
        try requireWeights()
        return try files.withFile(Self.weightsPath, body)
    }

    /// Where weights that are not there come from.
    public var weightsOrigin: WeightsOrigin {
        let listed = largeFiles.files.first { $0.path == Self.weightsPath && !$0.url.isEmpty }
        return listed.map(WeightsOrigin.download) ?? .export(ExportCommand(self))
    }

    /// The files that the bundle's `large_files.yml` (or `.yaml`, `.json`) names, in its order, and an error for each
    /// entry that is malformed or names a path outside of the bundle.
    public var largeFiles: (files: [LargeFile], problems: [BundleError]) { LargeFile.all(of: files.layout) }
}

/// Where weights that are not there come from.
public enum WeightsOrigin: Sendable {
    /// The bundle names a file to fetch.
    case download(LargeFile)
    /// MONAI can make them of the checkpoint and the network's definition.
    case export(ExportCommand)

    /// What to do, in a sentence.
    public var advice: String {
        switch self {
        case .download(let file):
            let check = file.digestText.map { " (\($0))" } ?? ""
            return
                "the weights are not there. \(file.listing) names their origin: \(file.url)\(check); fetch them with "
                + "`python -m monai.bundle download_large_files` in the bundle's folder, or by hand"
        case .export(let command):
            return "the weights are not there as TorchScript. Export them, \(command.place): `\(command.text)`"
        }
    }
}
