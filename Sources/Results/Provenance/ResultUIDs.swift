internal import Crypto
public import DICOM

/// The UIDs of a job's results: the same seed gives the same UIDs, so that a retry writes the same objects.
///
/// A UID is `2.25.` and the first 128 bits of SHA-256 over seed and role as a decimal number (PS3.5 §B.2).
public struct ResultUIDs: Sendable, Hashable {
    /// What the UIDs derive from: everything that can change the bytes of an object.
    public let seed: String

    /// Makes the UIDs of a seed.
    public init(seed: String) { self.seed = seed }

    /// The UID of a role, such as `series`.
    public func uid(_ role: String) -> UID {
        // A zero byte keeps («a», «bc») and («ab», «c») apart.
        let digest = Array(SHA256.hash(data: Array(seed.utf8) + [0] + Array(role.utf8))).prefix(16)
        return UID(integer: digest.reduce(UInt128(0)) { $0 << 8 | UInt128($1) })
    }

    /// The series of the results.
    public var series: UID { uid("series") }

    /// The SOP instance of the segmentation.
    public var segmentation: UID { uid("segmentation") }

    /// The dimension organisation of the segmentation.
    public var dimensionOrganization: UID { uid("dimension organization") }
}
