import ModelBundles
import Pipelines

/// Decides whether an operator may stand for a script of a bundle.
///
/// It may where the script is, byte for byte, one that the operator was written after, and the bundle is the one that
/// brings it; and where a site says of a script that it does the same, with its digest, under the id
/// `portico_allowed_scripts` of an overlay:
///
/// ```yaml
/// portico_allowed_scripts:
///   scripts.my_transforms.MergeClassesd: 3f79bb7b435b05321651daefd374cdc681dc06faa65e374e38337b88ca046dea
/// ```
///
/// The script itself is never run. An overlay is part of the bundle's digest, and so of what results say of their maker.
struct BundleScripts {
    /// The id that a site's allowances stand under.
    static let allowanceID = "portico_allowed_scripts"

    private let bundle: ModelBundle

    init(_ bundle: ModelBundle) {
        self.bundle = bundle
    }

    /// Why an operator must not stand for a script; `nil` where it may.
    func refusal(_ standIn: ScriptStandIn) -> String? {
        let digest: String
        do { digest = try bundle.digest(ofFile: standIn.file) } catch {
            return error.code == .notFound
                ? "the bundle lacks \(standIn.file), so it is not known whether it does the same; put the script beside "
                    + "configs/"
                : "\(standIn.file) can't be read: \(error.message)"
        }
        let isBundle = bundle.metadata.name == standIn.bundle
        if isBundle, standIn.digests.contains(digest) { return nil }
        switch allowance(for: standIn.target) {
        case digest: return nil
        case let allowed?:
            return "\(Self.allowanceID) of an overlay allows it for a script with the SHA-256 \(allowed), and "
                + "\(standIn.file) has \(digest)"
        case nil:
            let known = standIn.digests.sorted().joined(separator: " or ")
            let name =
                isBundle
                ? ""
                : ", and the operator was written for the bundle '\(standIn.bundle)', not '\(bundle.metadata.name)'"
            let own =
                namesAllowance
                ? "; the bundle's own configuration has the id \(Self.allowanceID), beside which an overlay's does not "
                    + "count, so take it out of the bundle" : ""
            return "\(standIn.file) has the SHA-256 \(digest), the known script \(known)\(name). Whoever has made sure "
                + "that it does the same can say so in an overlay: {\"\(Self.allowanceID)\": {\"\(standIn.target)\": "
                + "\"\(digest)\"}}" + own
        }
    }

    /// The digest that a site allows for a target, in lower case.
    ///
    /// What the bundle's own files say there does not count: nobody at the site has said it.
    private func allowance(for target: String) -> String? {
        guard bundle.contains(Self.allowanceID), !namesAllowance, let value = try? bundle.resolve(Self.allowanceID)
        else { return nil }
        return value[target]?.stringValue?.lowercased()
    }

    /// Whether the bundle's own files have the id, or can't be read without what is laid over them.
    private var namesAllowance: Bool {
        guard let plain = try? ModelBundle(opening: bundle.location, configurations: bundle.configurations) else {
            return true
        }
        return plain.contains(Self.allowanceID)
    }
}
