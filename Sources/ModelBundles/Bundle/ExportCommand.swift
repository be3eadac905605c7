/// The command that makes `models/model.ts` of a bundle's checkpoint, where MONAI is installed.
///
/// MONAI 1.6.1 bundle/scripts.py:1456 (`ckpt_export`). It runs in the bundle's folder.
public struct ExportCommand: Sendable, Hashable {
    /// The command line.
    public let text: String

    /// What to know before it is run, such as the version of MONAI that the bundle was made for.
    public let notes: [String]

    init(_ bundle: ModelBundle) {
        var words = [
            "python", "-m", "monai.bundle", "ckpt_export", bundle.place(of: .networkDefinition) ?? "network_def",
        ]
        words += ["--filepath", ModelBundle.weightsPath, "--ckpt_file", Self.checkpoint(of: bundle)]
        words += ["--meta_file", BundleMetadata.path, "--config_file", bundle.configurations.joined(separator: ",")]
        words += ["--bundle_root", "."]
        var notes = ["MONAI needs its extras for it: pip install 'monai[fire,pyyaml]'"]
        let target = bundle.configuration.target(at: bundle.place(of: .networkDefinition) ?? "network_def")
        if let target, target.hasPrefix("scripts.") {
            // torch.jit.script compiles MONAI's own networks; a bundle's own is traced, which asks nothing of its code.
            words += ["--use_trace", "True"]
            if let shape = Self.inputShape(of: bundle) { words += ["--input_shape", shape] }
            notes.append(
                "the network \(target) is Python code of the bundle itself, so it is traced rather than compiled")
        }
        if let version = bundle.metadata.monaiVersion {
            notes.append(
                "the bundle was made with MONAI \(version); where a newer one fails, that one makes the network")
        }
        text = words.map(Self.quoted).joined(separator: " ")
        self.notes = notes
    }

    /// The checkpoint that the bundle's `CheckpointLoader` loads, relative to the bundle.
    private static func checkpoint(of bundle: ModelBundle) -> String {
        for id in bundle.configuration.components(named: "CheckpointLoader") {
            guard let path = try? bundle.resolve(id + "::load_path").stringValue else { continue }
            let prefix = bundle.root + "/"
            return path.hasPrefix(prefix) ? String(path.dropFirst(prefix.count)) : path
        }
        let listed = (try? bundle.largeFiles) ?? []
        return listed.first { $0.path.hasSuffix(".pt") }?.path ?? "models/model.pt"
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
                || "-_./,:=+@%#".unicodeScalars.contains(scalar)
        }
        return plain && !word.isEmpty ? word : "'" + word.replacing("'", with: "'\\''") + "'"
    }
}
