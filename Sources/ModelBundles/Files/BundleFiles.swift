internal import Crypto

/// Reads the files of one bundle within bounds and keeps the digest of each.
final class BundleFiles {
    /// How the files lie.
    let layout: BundleLayout

    /// The bundle's folder, or its archive, with symbolic links resolved.
    var root: String { layout.root }

    /// The SHA-256 of every file read so far by its path below the root, in hexadecimal digits.
    private(set) var digests: [ExactString: String] = [:]

    /// The configurations that macros named, so that one named again is not read again.
    private var configurations: [ExactString: ConfigNode] = [:]

    init(_ layout: BundleLayout) { self.layout = layout }

    /// Reads a file whose place the layout gives, such as `configs/metadata.json`.
    ///
    /// It may be a symbolic link, as in the cache of the Hugging Face hub: whoever opened the folder chose it.
    func layoutFile(_ path: String) throws(BundleError) -> [UInt8] {
        let bytes = try layout.read(path)
        let digest = Self.hex(SHA256.hash(data: bytes))
        if let known = digests.updateValue(digest, forKey: ExactString(path)), known != digest {
            throw BundleError(.malformed, "the file changed while the bundle was open; open it again", file: path)
        }
        return bytes
    }

    /// Reads a file that the bundle itself names: relative to the root, or absolute below it.
    func declaredFile(_ path: String) throws(BundleError) -> [UInt8] {
        // A file of the layout was read already, wherever a link of it leads.
        if let name = try? insideByText(path), digests[ExactString(name)] != nil { return try layoutFile(name) }
        return try layoutFile(try inside(path))
    }

    /// The path below the root that a path of the bundle means, once links and `..` are resolved.
    func inside(_ path: String) throws(BundleError) -> String {
        guard !path.utf8.contains(0) else { throw BundleError(.escape, "a path with a zero byte") }
        let isAbsolute = path.utf8.first == UInt8(ascii: "/")
        let joined = isAbsolute ? path : root + "/" + path
        // Inside an archive there are no links to resolve, and the file system knows no path below it.
        let full =
            if case .folder = layout.container { RealPath.of(joined) } else { RealPath.resolvingText(of: joined) }
        let folder = root.utf8.last == UInt8(ascii: "/") ? root : root + "/"
        guard full.utf8.starts(with: folder.utf8) else {
            throw BundleError(
                .escape,
                "\(BundleError.quoted(path)) lies outside the bundle; a bundle may read its own files alone")
        }
        return String(decoding: full.utf8.dropFirst(folder.utf8.count), as: UTF8.self)
    }

    /// The path below the root that a path means by its text alone, links left as they are.
    ///
    /// For names that whoever opened the bundle gave or may follow: in a cache of the Hugging Face hub every file is a
    /// link that leads out of the folder.
    func insideByText(_ path: String) throws(BundleError) -> String {
        let isAbsolute = path.utf8.first == UInt8(ascii: "/")
        let full = RealPath.resolvingText(of: isAbsolute ? path : root + "/" + path)
        let folder = root.utf8.last == UInt8(ascii: "/") ? root : root + "/"
        guard !path.utf8.contains(0), full.utf8.starts(with: folder.utf8), full.utf8.count > folder.utf8.count else {
            throw BundleError(
                .escape,
                "\(BundleError.quoted(path)) lies outside the bundle; a bundle may read its own files alone")
        }
        return String(decoding: full.utf8.dropFirst(folder.utf8.count), as: UTF8.self)
    }

    /// Reads a configuration that a macro names; it is the same object each time, so it may be copied but not changed.
    func configuration(_ path: String, budget: NodeBudget) throws(BundleError) -> ConfigNode {
        // In a TorchScript archive a configuration has another place than in the folder that it was made of.
        let declared = try inside(path)
        let isThere = layout.contains(declared) || !layout.isTorchScript
        let name = isThere ? declared : layout.candidates(for: declared)[0]
        if let known = configurations[ExactString(name)] { return known }
        let node = try Self.parse(try layoutFile(name), named: name, budget: budget)
        node.renameDeprecatedFields()
        configurations[ExactString(name)] = node
        return node
    }

    /// Reads a configuration at a place of the layout.
    func layoutConfiguration(_ path: String, budget: NodeBudget) throws(BundleError) -> ConfigNode {
        try Self.parse(try layoutFile(path), named: path, budget: budget)
    }

    /// Parses JSON or YAML, whichever the name says.
    static func parse(_ bytes: [UInt8], named name: String, budget: NodeBudget) throws(BundleError) -> ConfigNode {
        let lower = name.lowercased()
        let known = budget.repeatedKeys.count
        defer { budget.locateRepeatedKeys(from: known, in: name) }
        do {
            if lower.hasSuffix(".json") { return try JSONReader.read(bytes, budget: budget) }
            if lower.hasSuffix(".yaml") || lower.hasSuffix(".yml") {
                return try YAMLReader.read(bytes, budget: budget)
            }
        } catch {
            throw error.at(file: name)
        }
        throw BundleError(.malformed, "a configuration is named .json, .yaml or .yml", file: name)
    }

    /// Reads a regular file of at most `Limits.fileSize` bytes.
    static func read(_ path: String, named name: String) throws(BundleError) -> [UInt8] {
        let file = try RegularFile(path, named: name)
        let bytes = try file.read(upTo: min(file.size, Limits.fileSize) + 1, named: name)
        guard bytes.count <= Limits.fileSize else {
            throw BundleError(.limit, "the file is larger than \(Limits.fileSize >> 20) MB", file: name)
        }
        return bytes
    }

    static func hex(_ digest: some Sequence<UInt8>) -> String {
        digest.map { byte in (byte < 16 ? "0" : "") + String(byte, radix: 16) }.joined()
    }
}
