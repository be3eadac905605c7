internal import FoundationEssentials

/// The command that makes `models/model.ts` of a bundle's checkpoint, where MONAI is installed.
///
/// MONAI 1.6.1 bundle/scripts.py:1456 (`ckpt_export`). It runs in the bundle's folder.
public struct ExportCommand: Sendable, Hashable {
    /// The command line.
    public let text: String

    /// Where it is run, in words.
    public let place: String

    /// What to know before it is run and how to see that it worked.
    public let notes: [String]

    init(_ bundle: ModelBundle) {
        let id = bundle.place(of: .networkDefinition) ?? "network_def"
        let target = bundle.configuration.target(at: id) ?? ""
        let isTraced = Self.isTraced(target)
        let files = bundle.configurations + bundle.overlays.files.map(\.path)
        var words = ["python", "-m", "monai.bundle", "ckpt_export", id]
        words += ["--filepath", ModelBundle.weightsPath, "--ckpt_file", Self.checkpoint(of: bundle)]
        words += ["--meta_file", BundleMetadata.path, "--config_file", files.joined(separator: ",")]
        words += ["--bundle_root", "."]
        if isTraced {
            words += ["--use_trace", "True"]
            if let shape = Self.inputShape(of: bundle) { words += ["--input_shape", shape] }
        }
        for setting in bundle.overlays.settings { words += ["--" + setting.id, setting.text] }
        text = words.map(Self.quoted).joined(separator: " ")
        place =
            bundle.isArchive
            ? "where MONAI is installed, in the folder that the archive unpacks to"
            : "where MONAI is installed, in the bundle's folder"
        notes = Self.notes(of: bundle, target: target, isTraced: isTraced)
    }

    /// Networks that torch's compiler does not take, so that they are traced: a bundle's own Python, and those of MONAI
    /// that the model zoo's own check leaves out (model-zoo ci/bundle_custom_data.py:32-44).
    private static func isTraced(_ target: String) -> Bool {
        let uncompilable: Set<Substring> = ["SwinUNETR", "UNesT", "TorchVisionFCModel"]
        return target.hasPrefix("scripts.")
            || target.split(separator: ".").last.map { uncompilable.contains($0) } == true
    }

    private static func notes(of bundle: ModelBundle, target: String, isTraced: Bool) -> [String] {
        let metadata = bundle.metadata
        let packages = (metadata.requiredPackages + metadata.optionalPackages).map(\.name)
        let named = packages.isEmpty ? "" : ", and what the bundle names: \(packages.joined(separator: ", "))"
        var notes = ["it needs pip install 'monai[fire,pyyaml]'\(named)"]
        if isTraced {
            notes.append(
                target.hasPrefix("scripts.")
                    ? "the network \(target) is Python code of the bundle itself, so it is traced rather than compiled"
                    : "torch does not compile \(target), so it is traced")
        }
        notes.append(
            "it worked if its log says that all variables were updated; where it says 0 of them, the checkpoint holds "
                + "the weights under a key, such as --key_in_ckpt model")
        if let version = metadata.monaiVersion {
            notes.append(
                "the bundle was made with MONAI \(version); where a newer one fails, that one makes the network")
        }
        return notes
    }

    /// The checkpoint that the bundle's `CheckpointLoader` loads, relative to the bundle.
    private static func checkpoint(of bundle: ModelBundle) -> String {
        for id in bundle.configuration.components(named: "CheckpointLoader") {
            guard let path = try? bundle.resolve(id + "::load_path").stringValue else { continue }
            let prefix = bundle.root + "/"
            return path.hasPrefix(prefix) ? String(path.dropFirst(prefix.count)) : path
        }
        return bundle.largeFiles.files.first { $0.path.hasSuffix(".pt") }?.path ?? "models/model.pt"
    }

    /// `[1, channels, lengths…]` of the network's input; nil where the metadata does not say.
    private static func inputShape(of bundle: ModelBundle) -> String? {
        guard let input = bundle.metadata.inputs.first, let channels = input.numChannels else { return nil }
        let window = (try? bundle.inferer)?.component?["roi_size"]?.elements?.compactMap(\.intValue)
        let lengths = input.spatialShape.compactMap { extent in
            if case .fixed(let length) = extent { length } else { nil }
        }
        guard let shape = lengths.count == input.spatialShape.count ? lengths : window, !shape.isEmpty else {
            return nil
        }
        return "[" + ([1, channels] + shape).map(String.init).joined(separator: ",") + "]"
    }

    /// A word as a shell reads it back.
    private static func quoted(_ word: String) -> String {
        let plain = word.unicodeScalars.allSatisfy { scalar in
            scalar.isASCII && (scalar.properties.isAlphabetic || scalar.properties.numericType != nil)
                || "-_./,:=+@%".unicodeScalars.contains(scalar)
        }
        return plain && !word.isEmpty ? word : "'" + word.replacing("'", with: "'\\''") + "'"
    }
}
