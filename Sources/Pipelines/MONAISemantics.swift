/// What changed between releases of MONAI in how a configuration is understood, for the release that a bundle was made
/// with.
///
/// Portico computes as MONAI 1.6.1 does. Where a default changed before that, the same configuration gives other voxels
/// with another release, so `monai_version` of the bundle's metadata decides.
public struct MONAISemantics: Sendable, Equatable {
    /// Whether `CropForeground` keeps its box within the image where `allow_smaller` is not given; the default was true
    /// before MONAI 1.5 (transforms/croppad/array.py:839-843 of 1.6.1).
    public var cropForegroundAllowsSmaller: Bool

    /// MONAI 1.6.1.
    public init() {
        cropForegroundAllowsSmaller = false
    }

    /// The release that a bundle names.
    ///
    /// - Parameter monaiVersion: `monai_version` of the metadata, such as `1.4.0` or `1.5.0rc2`; where it is missing or
    ///   names no release, MONAI 1.6.1's semantics apply.
    public init(monaiVersion: String?) {
        self.init()
        guard let monaiVersion, let release = Self.release(monaiVersion) else { return }
        cropForegroundAllowsSmaller = release < (1, 5)
    }

    /// What a person is told about the semantics, a sentence for each difference.
    public var statements: [String] {
        [
            cropForegroundAllowsSmaller
                ? "CropForeground: allow_smaller is true unless given (MONAI before 1.5)"
                : "CropForeground: allow_smaller is false unless given (MONAI 1.5 and later)"
        ]
    }

    /// The first two numbers of a version; an epoch, a third number and what follows it decide nothing here.
    private static func release(_ version: String) -> (Int, Int)? {
        let parts = version.trimmingPrefix("v").split(separator: ".", omittingEmptySubsequences: false)
        guard let major = parts.first.flatMap({ Int($0) }) else { return nil }
        guard parts.count > 1 else { return (major, 0) }
        let digits = parts[1].prefix { $0.isASCII && $0.isNumber }
        return Int(digits).map { (major, $0) }
    }
}
