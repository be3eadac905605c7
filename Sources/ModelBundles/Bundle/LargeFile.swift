/// A file that is too large for the bundle's repository: where it belongs, where it comes from, what it has to be.
///
/// An entry of `large_files.yml` (MONAI 1.6.1 bundle/scripts.py:2011-2060).
public struct LargeFile: Sendable, Hashable {
    /// The file that names it.
    public let listing: String

    /// Where it belongs, relative to the bundle; never outside of it.
    public let path: String

    /// Where it comes from; empty where the entry does not say.
    public let url: String

    /// `md5`, `sha1`, `sha256` or `sha512`; nil where the entry gives no digest.
    public let digestType: String?

    /// The digest in lower-case hexadecimal digits; nil where the entry gives none.
    public let digest: String?

    /// The names that a list may have.
    static let listings = ["large_files.yml", "large_files.yaml", "large_files.json"]

    /// The digest with its kind; nil where the entry gives none.
    public var digestText: String? { digest.map { "\(digestType ?? "sha256") \($0)" } }

    /// The entries of a bundle's list, and what is wrong with the others.
    static func all(of layout: BundleLayout) -> (files: [LargeFile], problems: [BundleError]) {
        guard let listing = listings.first(where: layout.contains) else { return ([], []) }
        var files: [LargeFile] = []
        var problems: [BundleError] = []
        do throws(BundleError) {
            let root = try BundleFiles.parse(try layout.read(listing), named: listing, budget: NodeBudget())
            guard case .list(let entries)? = root.mapping?["large_files"]?.content else {
                throw BundleError(.malformed, "it should hold a list of files", id: "large_files")
            }
            for (index, entry) in entries.enumerated() {
                do throws(BundleError) { files.append(try LargeFile(entry, listing, layout)) } catch {
                    problems.append(error.at(id: "large_files::\(index)", file: listing))
                }
            }
        } catch { problems.append(error.at(file: listing)) }
        return (files, problems)
    }

    private init(_ entry: ConfigNode, _ listing: String, _ layout: BundleLayout) throws(BundleError) {
        guard let fields = entry.mapping, let path = fields["path"]?.text, !path.isEmpty else {
            throw BundleError(.malformed, "an entry has a path and a url")
        }
        self.listing = listing
        self.path = try BundleFiles(layout).insideByText(path)
        url = fields["url"]?.text ?? ""
        // The zoo leaves digests out as an empty text or null; MONAI takes SHA-256 where the kind alone is missing.
        let value = fields["hash_val"]?.text.map { $0.lowercased() }.flatMap { $0.isEmpty ? nil : $0 }
        let kind = fields["hash_type"]?.text.map { $0.lowercased() }.flatMap { $0.isEmpty ? nil : $0 }
        guard let value else {
            digestType = nil
            digest = nil
            return
        }
        let lengths = ["md5": 32, "sha1": 40, "sha256": 64, "sha512": 128]
        guard let length = lengths[kind ?? "sha256"] else {
            throw BundleError(
                .malformed, "hash_type is md5, sha1, sha256 or sha512, not \(BundleError.quoted(kind ?? ""))")
        }
        guard value.utf8.count == length, value.allSatisfy({ $0.isASCII && $0.isHexDigit }) else {
            throw BundleError(.malformed, "hash_val has not the \(length) hexadecimal digits of \(kind ?? "sha256")")
        }
        digestType = kind ?? "sha256"
        digest = value
    }
}
