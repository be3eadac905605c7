/// What a bundle says of the length of an axis, a member of `spatial_shape`.
public enum SpatialExtent: Sendable, Hashable {
    /// This many voxels; the file has the integer, or its digits as a string.
    case fixed(Int)
    /// Any length, `*` in the file.
    case any
    /// A rule such as `16*n` or `2**p*n`.
    case rule(SpatialRule)
    /// Something that is none of these, as the file has it.
    case unreadable(String)

    /// Reads the text of a member, as MONAI does it (MONAI 1.6.1 bundle/scripts.py:144-170).
    ///
    /// - Returns: `.unreadable` for what is neither `*`, nor a length, nor a rule in `p` and `n`.
    public init(_ text: String) {
        if text == "*" {
            self = .any
        } else if let rule = try? SpatialRule(text) {
            self = rule.literal.map(SpatialExtent.fixed) ?? .rule(rule)
        } else {
            self = .unreadable(text)
        }
    }

    /// The length for a choice of the variables; `any` is the length of an axis that may have any.
    ///
    /// - Throws: `BundleError` where there is no such length: a division by zero, a negative one, one beyond 32 bits.
    public func length(p: Int, n: Int, any: Int = 1) throws(BundleError) -> Int {
        switch self {
        case .fixed(let length): length
        case .any: any
        case .rule(let rule): try rule.length(p: p, n: n)
        case .unreadable(let text):
            throw BundleError(.metadata, "\(BundleError.quoted(text)) is no length, *, or rule in p and n")
        }
    }

    /// Whether an axis of a length, 1 or more, is what the bundle asks for: some p and n from 0 on give it.
    ///
    /// Nothing satisfies what cannot be read. Where a rule is no straight line in a variable, such as `n//2*2`, the
    /// variable is tried up to `SpatialRule.searchLimit`.
    public func admits(_ length: Int) -> Bool {
        guard length > 0 else { return false }
        switch self {
        case .fixed(let fixed): return length == fixed
        case .any: return true
        case .rule(let rule): return rule.admits(length)
        case .unreadable: return false
        }
    }
}

extension SpatialExtent: CustomStringConvertible {
    /// The member of `spatial_shape` as the file has it.
    public var description: String {
        switch self {
        case .fixed(let length): String(length)
        case .any: "*"
        case .rule(let rule): rule.text
        case .unreadable(let text): text
        }
    }
}
