/// The bounds that keep a bundle from anywhere from taking memory or time without end.
enum Limits {
    /// The largest configuration or metadata file, in bytes.
    static let fileSize = 16 << 20
    /// The most values in all configuration files of a bundle together, macros expanded.
    static let nodes = 200_000
    /// The deepest nesting of lists and mappings.
    static let depth = 100
    /// The longest chain of references.
    static let references = 200
    /// The deepest nesting of lists, mappings and components once references are resolved.
    static let valueDepth = 200
    /// The deepest recursion while ids are resolved.
    static let recursion = 400
    /// The longest key and the longest id, in UTF-8 bytes.
    static let keyLength = 512
    static let idLength = 4096
    /// The most bytes that relative ids may add to the texts of a configuration when they become absolute.
    static let relativeText = 1 << 20
    /// The longest expression, in UTF-8 bytes.
    static let expressionLength = 32 << 10
    /// The deepest nesting of an expression.
    static let expressionDepth = 64
    /// The most operations of a lambda that is compiled.
    static let lambdaOperations = 500
    /// The most values (members of lists, or 16 bytes of text) that one configuration may produce.
    static let allocation = 1_000_000
    /// The most steps that all expressions of a configuration may take together.
    static let steps = 2_000_000
    /// How many steps a byte of an expression's text takes, for cutting it into tokens and parsing it.
    static let stepsPerByte = 4
    /// The most members of an archive, and the most bytes of its directory.
    static let archiveMembers = 100_000
    static let archiveDirectory = 64 << 20
    /// How much a deflated member may grow beyond `inflatedSize` bytes.
    static let inflatedRatio = 200
    static let inflatedSize = 32 << 20
}

/// What evaluation may still allocate and do.
final class Allowance {
    private var values = Limits.allocation
    private var steps = Limits.steps
    private var exports = Limits.allocation

    /// Takes values from what is left; false where too little is.
    func takeValues(_ count: Int) -> Bool {
        guard count <= values else { return false }
        values -= count
        return true
    }

    /// Takes steps from what is left; false where too little is.
    func takeSteps(_ count: Int = 1) -> Bool {
        guard count <= steps else { return false }
        steps -= count
        return true
    }

    /// Takes one value that leaves the evaluator; false where too many have left already.
    func takeExports() -> Bool {
        guard exports > 0 else { return false }
        exports -= 1
        return true
    }
}
