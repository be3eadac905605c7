/// A C-STORE-RQ (PS3.7 §9.3.1.1).
public struct StoreRequest: Sendable, Hashable {
    /// The association on which it came.
    public var association: AssociationInfo

    /// The Affected SOP Class UID, which is that of the presentation context.
    public var sopClassUID: UID

    /// The Affected SOP Instance UID.
    public var sopInstanceUID: UID

    /// The transfer syntax of the presentation context.
    public var transferSyntaxUID: UID

    /// The message id.
    public var messageID: UInt16

    /// Makes a request.
    public init(
        association: AssociationInfo, sopClassUID: UID, sopInstanceUID: UID, transferSyntaxUID: UID, messageID: UInt16
    ) {
        self.association = association
        self.sopClassUID = sopClassUID
        self.sopInstanceUID = sopInstanceUID
        self.transferSyntaxUID = transferSyntaxUID
        self.messageID = messageID
    }
}

/// A status of C-STORE (PS3.4 §B.2.3, PS3.7 annex C).
public struct StoreStatus: RawRepresentable, Sendable, Hashable, CustomStringConvertible {
    /// The number on the wire.
    public let rawValue: UInt16

    /// Makes a status of its number.
    public init(rawValue: UInt16) { self.rawValue = rawValue }

    /// 0000H.
    public static let success = Self(rawValue: 0x0000)
    /// 0117H: the SOP Instance UID is not valid.
    public static let invalidSOPInstance = Self(rawValue: 0x0117)
    /// 0122H: the SOP class is not supported.
    public static let sopClassNotSupported = Self(rawValue: 0x0122)
    /// 0124H: not authorized.
    public static let notAuthorized = Self(rawValue: 0x0124)
    /// A700H: out of resources.
    public static let outOfResources = Self(rawValue: 0xA700)
    /// A900H: the data set does not match the SOP class, or the instance, of the request.
    public static let mismatch = Self(rawValue: 0xA900)
    /// C000H: the data set cannot be understood.
    public static let cannotUnderstand = Self(rawValue: 0xC000)

    /// Whether the peer has the object: success, or a warning (B000H to BFFFH).
    public var isStored: Bool { self == .success || rawValue & 0xF000 == 0xB000 }

    /// The number as documents write it, such as `A700H`.
    public var description: String {
        let digits = String(rawValue, radix: 16, uppercase: true)
        return String(repeating: "0", count: 4 - digits.count) + digits + "H"
    }
}

/// Where to put an object, or why not at all.
public enum StoreDecision: Sendable, Hashable {
    /// Receive into a file that does not exist yet and may grow to so many bytes.
    case receive(temporary: String, mostBytes: UInt64)
    /// Read the data set, throw it away and answer with this status.
    case refuse(StoreResponse)
}

/// The answer to a C-STORE.
public struct StoreResponse: Sendable, Hashable {
    /// The status.
    public var status: StoreStatus

    /// The error comment (0000,0902), at most 64 ASCII characters, without patient data.
    public var comment: String

    /// Makes an answer.
    public init(_ status: StoreStatus, comment: String = "") {
        self.status = status
        self.comment = comment
    }
}

/// An object that was received whole into its temporary file, which is not durable yet.
public struct ReceivedObject: Sendable {
    /// The request.
    public var request: StoreRequest

    /// The temporary file; from now on the handler's.
    public var path: String

    /// The file opened for reading and writing; closed after the handler's function returned.
    public var descriptor: Int32

    /// Where the data set begins, behind the preamble and the meta header.
    public var dataOffset: UInt64

    /// The size of the file in bytes.
    public var byteCount: UInt64
}
