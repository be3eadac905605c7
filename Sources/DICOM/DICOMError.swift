/// An error of the DICOM module: what happened, where, and the way out.
///
/// The message names tags, UIDs, files and peers, and never holds patient data.
public struct DICOMError: Error, Hashable, Sendable, CustomStringConvertible {
    /// The kind of an error: an open set, so that new kinds break no caller.
    public struct Code: RawRepresentable, Hashable, Sendable {
        /// The name of the kind.
        public let rawValue: String

        /// Makes a kind by its name.
        public init(rawValue: String) { self.rawValue = rawValue }
    }

    /// The kind of this error.
    public var code: Code

    /// A sentence or two for a person.
    public var message: String

    /// The integer that the C shim gave, where the error comes from there.
    public var foreignCode: Int32?

    /// Makes an error.
    public init(_ code: Code, _ message: String, foreignCode: Int32? = nil) {
        self.code = code
        self.message = message
        self.foreignCode = foreignCode
    }

    /// The message with its kind in front.
    public var description: String { "\(code.rawValue): \(message)" }
}

extension DICOMError.Code {
    /// Something the caller gave makes no sense.
    public static let invalidArgument = Self(rawValue: "invalid argument")
    /// A UID breaks PS3.5 §9.1 in a way that makes it unusable.
    public static let invalidUID = Self(rawValue: "invalid UID")
    /// The bytes break the standard.
    public static let malformed = Self(rawValue: "malformed")
    /// Valid, but nothing Portico can do.
    public static let unsupported = Self(rawValue: "unsupported")
    /// An element, file or object is not there.
    public static let notFound = Self(rawValue: "not found")
    /// Objects that should agree do not.
    public static let inconsistent = Self(rawValue: "inconsistent")
    /// A file or folder could not be read, written or made durable.
    public static let io = Self(rawValue: "input/output")
    /// DCMTK's data dictionary is missing.
    public static let noDictionary = Self(rawValue: "no data dictionary")
    /// The peer could not be reached or the connection broke.
    public static let network = Self(rawValue: "network")
    /// The peer fell silent.
    public static let timedOut = Self(rawValue: "timed out")
    /// The peer refused the association.
    public static let rejected = Self(rawValue: "rejected")
    /// The association was aborted.
    public static let aborted = Self(rawValue: "aborted")
    /// The peer accepted no presentation context that fits.
    public static let noContext = Self(rawValue: "no presentation context")
    /// Memory ran out or the foreign library failed.
    public static let foreign = Self(rawValue: "foreign failure")

    /// The kind that a code of the C shim stands for.
    init(shim code: Int32) {
        self =
            switch code {
            case 3: .invalidArgument
            case 4: .io
            case 5: .malformed
            case 6: .unsupported
            case 7: .notFound
            case 8: .noDictionary
            case 9: .network
            case 10: .timedOut
            case 11: .rejected
            case 12: .aborted
            case 13: .noContext
            default: .foreign
            }
    }
}
