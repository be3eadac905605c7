/// An error of the Results module: what happened, where, and the way out. The message holds no patient data.
public struct ResultsError: Error, Hashable, Sendable, CustomStringConvertible {
    /// The kind of an error: an open set, so that new kinds break no caller.
    public struct Code: RawRepresentable, Hashable, Sendable {
        /// The name of the kind.
        public let rawValue: String

        /// Makes a kind by its name.
        public init(rawValue: String) { self.rawValue = rawValue }

        /// Something the caller gave makes no sense.
        public static let invalidArgument = Self(rawValue: "invalid argument")
        /// A label map does not lie on the grid of its source.
        public static let wrongGrid = Self(rawValue: "wrong grid")
        /// A label map holds something that is no label, or one that no segment has.
        public static let wrongLabel = Self(rawValue: "wrong label")
        /// The source cannot carry a result.
        public static let unfitSource = Self(rawValue: "unfit source")
        /// A written object does not hold what it should; it was removed.
        public static let selfCheckFailed = Self(rawValue: "self-check failed")
        /// An object is not what it was read as.
        public static let malformed = Self(rawValue: "malformed")
        /// Valid, but nothing Portico can do.
        public static let unsupported = Self(rawValue: "unsupported")
    }

    /// The kind of this error.
    public var code: Code

    /// A sentence or two for a person.
    public var message: String

    /// Makes an error.
    public init(_ code: Code, _ message: String) {
        self.code = code
        self.message = message
    }

    /// The message with its kind in front.
    public var description: String { "\(code.rawValue): \(message)" }
}
