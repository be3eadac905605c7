/// An operator in the place of Python code that a bundle brings itself.
///
/// It does what one version of that code does, so it is bound to the bundle's name and to the file's content: another
/// script under the same name is another transform.
public struct ScriptStandIn: Sendable {
    /// The `_target_`, such as `scripts.my_transforms.MergeClassesd`.
    public let target: String

    /// `name` in the metadata of the bundle that brings the script.
    public let bundle: String

    /// The script's path in the bundle, such as `scripts/my_transforms.py`.
    public let file: String

    /// The SHA-256 of the versions of the script that the operator was written after, in lower-case hexadecimal.
    public let digests: Set<String>

    /// The operator.
    public let `operator`: any Operator.Type

    /// Makes an entry.
    public init(target: String, bundle: String, file: String, digests: Set<String>, operator: any Operator.Type) {
        self.target = target
        self.bundle = bundle
        self.file = file
        self.digests = digests
        self.operator = `operator`
    }
}
