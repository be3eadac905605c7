/// An association as its request describes it.
///
/// In what a listener hands out, every byte of a peer that is no printable ASCII character is written as `\xNN`.
public struct AssociationInfo: Sendable, Hashable {
    /// Counts the connections of one listener from 1.
    public var id: UInt64

    /// Who calls, as the peer spells it.
    public var callingAETitle: String

    /// Who is called, as the peer spells it.
    public var calledAETitle: String

    /// The peer's numeric address.
    public var peerAddress: String

    /// The peer's port.
    public var peerPort: UInt16

    /// The Implementation Class UID that the peer gave; may be empty.
    public var implementationClassUID: String

    /// The Implementation Version Name that the peer gave; may be empty.
    public var implementationVersionName: String

    /// Makes a description.
    public init(
        id: UInt64, callingAETitle: String, calledAETitle: String, peerAddress: String, peerPort: UInt16 = 0,
        implementationClassUID: String = "", implementationVersionName: String = ""
    ) {
        self.id = id
        self.callingAETitle = callingAETitle
        self.calledAETitle = calledAETitle
        self.peerAddress = peerAddress
        self.peerPort = peerPort
        self.implementationClassUID = implementationClassUID
        self.implementationVersionName = implementationVersionName
    }
}

/// The answer to a request for an association.
public enum Admission: Sendable, Hashable {
    /// The association is accepted.
    case accept
    /// It is answered with A-ASSOCIATE-RJ.
    case refuse(AssociationRefusal)
}

/// The contents of an A-ASSOCIATE-RJ (PS3.8 table 9-21).
public struct AssociationRefusal: Sendable, Hashable, CustomStringConvertible {
    /// 1 permanent, 2 transient.
    public var result: UInt8

    /// 1 service user, 2 service provider (ACSE), 3 service provider (presentation).
    public var source: UInt8

    /// The reason; its meaning depends on the source.
    public var reason: UInt8

    /// Makes a refusal of its three numbers.
    public init(result: UInt8, source: UInt8, reason: UInt8) {
        self.result = result
        self.source = source
        self.reason = reason
    }

    /// The application context name is not DICOM's.
    public static let applicationContextNotSupported = Self(result: 1, source: 1, reason: 2)
    /// The calling AE title, or the host it comes from, is not on the list.
    public static let callingAETitleNotRecognized = Self(result: 1, source: 1, reason: 3)
    /// Nobody here has the called AE title.
    public static let calledAETitleNotRecognized = Self(result: 1, source: 1, reason: 7)
    /// The service user gives no reason.
    public static let noReasonGiven = Self(result: 1, source: 1, reason: 1)
    /// Something is busy; trying again later makes sense.
    public static let temporaryCongestion = Self(result: 2, source: 3, reason: 1)
    /// There are as many associations as allowed.
    public static let localLimitExceeded = Self(result: 2, source: 3, reason: 2)

    /// The refusal in words.
    public var description: String {
        switch (source, reason) {
        case (1, 2): "application context not supported"
        case (1, 3): "calling AE title not recognized"
        case (1, 7): "called AE title not recognized"
        case (2, 2): "protocol version not supported"
        case (3, 1): "temporary congestion"
        case (3, 2): "local limit exceeded"
        default: "no reason given (source \(source), reason \(reason))"
        }
    }
}

/// What happened on a connection; for the log, the ledger and metrics.
public struct AssociationEvent: Sendable, Hashable {
    /// The kind of an event.
    public enum Kind: Sendable, Hashable {
        /// The association was negotiated.
        case opened
        /// The association was refused.
        case refused(AssociationRefusal)
        /// The peer released the association.
        case released
        /// The peer aborted the association or closed the connection.
        case aborted
        /// The peer fell silent and was dropped.
        case timedOut
        /// The peer broke the protocol and was aborted.
        case protocolError
        /// The listener stopped, or gave the place of a silent connection to another one.
        case stopped
        /// An object could not be written; it was answered with A700H.
        case objectFailed
        /// Half of an object arrived; its file is gone.
        case objectDiscarded
        /// No connection could be accepted at that moment (descriptors, memory or threads ran out); `association` is empty
        /// and `detail` says why. The listener pauses, a second at most at a time, and goes on.
        case notAccepting
    }

    /// What happened.
    public var kind: Kind

    /// Where it happened; titles are empty before the request was read.
    public var association: AssociationInfo

    /// Whether the association was open, so that an end is the end of an association and not of a mere connection.
    public var wasOpen: Bool

    /// The objects that were stored until now.
    public var storedObjects: UInt64

    /// The objects that were answered with a failure until now.
    public var failedObjects: UInt64

    /// More in words, without patient data; may be empty.
    public var detail: String

    /// Makes an event.
    public init(
        kind: Kind, association: AssociationInfo, wasOpen: Bool, storedObjects: UInt64 = 0, failedObjects: UInt64 = 0,
        detail: String = ""
    ) {
        self.kind = kind
        self.association = association
        self.wasOpen = wasOpen
        self.storedObjects = storedObjects
        self.failedObjects = failedObjects
        self.detail = detail
    }
}
