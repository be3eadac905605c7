/// Collects what there is to know of a metadata file while it is read.
final class MetadataNotes {
    private(set) var all: [MetadataNote] = []

    func add(_ kind: MetadataNote.Kind, _ path: String, _ message: String) {
        all.append(MetadataNote(kind: kind, path: path, message: message))
    }

    // MARK: Ports

    /// Looks at a port once it is read.
    func check(_ port: NetworkPort, at path: String) {
        if let channels = port.numChannels, !port.declaredChannels.isEmpty {
            check(channels, named: port.declaredChannels.count, at: path)
        }
        if case .bounds(let least, let greatest) = port.valueRange, !(least <= greatest) {
            add(
                .valueRange, ReferencePattern.child("value_range", of: path),
                "the range starts at \(least) and ends at \(greatest); the least value comes first")
        }
        for (index, extent) in port.spatialShape.enumerated() {
            guard case .unreadable(let text) = extent else { continue }
            add(
                .spatialShape, ReferencePattern.child("spatial_shape::\(index)", of: path),
                "\(BundleError.quoted(text)) is no length: write a number, '*' for any, or a rule in p and n such as "
                    + "'16*n'")
        }
        if let dtype = port.dtype, !Self.dtypes.contains(dtype.split(separator: ".").last.map(String.init) ?? "") {
            add(
                .dtype, ReferencePattern.child("dtype", of: path),
                "PyTorch has no type \(BundleError.quoted(dtype)); write one such as float32")
        }
    }

    private func check(_ channels: Int, named: Int, at path: String) {
        let place = ReferencePattern.child("channel_def", of: path)
        if channels == 1, named > 1 {
            add(
                .labelsInOneChannel, place,
                "it names \(named) values for one channel, so they are the labels of a map and no channels")
        } else if channels != named {
            add(
                .channelCount, place,
                "it names \(named) channel\(named == 1 ? "" : "s"), but num_channels is \(channels)")
        }
    }

    /// PyTorch's names of element types, those of quantised ones apart.
    private static let dtypes: Set<String> = [
        "float16", "half", "bfloat16", "float32", "float", "float64", "double", "uint8", "uint16", "uint32", "uint64",
        "int8", "int16", "short", "int32", "int", "int64", "long", "bool", "complex32", "chalf", "complex64", "cfloat",
        "complex128", "cdouble",
    ]

    // MARK: Versions

    /// Compares the version with the changelog, where there is one.
    func check(_ version: String, changelog: [ChangelogEntry]) {
        guard !changelog.isEmpty else { return }
        let parsed = PackageVersion(version)
        let isListed = changelog.contains {
            ExactString($0.version) == ExactString(version) || parsed != nil && PackageVersion($0.version) == parsed
        }
        if !isListed {
            add(.changelogLacksVersion, "changelog", "it does not list the version \(BundleError.quoted(version))")
        }
        guard let parsed, let latest = changelog.compactMap({ PackageVersion($0.version) }).max(), latest > parsed
        else { return }
        add(
            .changelogIsAhead, "changelog",
            "it lists \(BundleError.quoted(latest.text)), which is later than the version "
                + "\(BundleError.quoted(version)) of the bundle")
    }

    /// Notes the names in a file that MONAI has given up, before it renames them.
    func checkNames(in node: ConfigNode) {
        guard node.mapping?["optional_packages_version"] != nil else { return }
        let message =
            node.mapping?["required_packages_version"] == nil
            ? "the field is called required_packages_version now, and MONAI renames it"
            : "the field is called required_packages_version now, and MONAI puts it in the place of the one there is"
        add(.deprecatedField, "optional_packages_version", message)
    }
}
