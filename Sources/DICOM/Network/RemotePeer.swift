/// A peer that objects are sent to.
public struct RemotePeer: Sendable, Hashable {
    /// The host's name or IPv4 address.
    public var host: String

    /// The port.
    public var port: UInt16

    /// The title that the peer is called by.
    public var calledAETitle: AETitle

    /// Our title.
    public var callingAETitle: AETitle

    /// How long the connection may take.
    public var connectTimeout = Duration.seconds(10)

    /// How long the negotiation may take.
    public var negotiationTimeout = Duration.seconds(30)

    /// How long the peer may be silent before it answers.
    public var responseTimeout = Duration.seconds(60)

    /// The longest PDU to receive from the peer.
    public var maximumPDU = 131_072

    /// Makes a peer.
    public init(host: String, port: UInt16, calledAETitle: AETitle, callingAETitle: AETitle) {
        self.host = host
        self.port = port
        self.calledAETitle = calledAETitle
        self.callingAETitle = callingAETitle
    }
}

/// What became of a file that was to be sent.
public struct FileOutcome: Sendable, Hashable {
    /// The file.
    public var path: String

    /// Its SOP Instance UID; nil where it could not be read.
    public var sopInstanceUID: UID?

    /// What the peer answered; nil where it did not come to that.
    public var status: StoreStatus?

    /// The peer's comment on its status, with `\xNN` for every byte that is no printable ASCII character; may be
    /// empty.
    public var comment = ""

    /// Why the file was not sent, or not answered.
    public var error: DICOMError?

    /// Makes an outcome of a file that was not sent yet.
    public init(path: String) { self.path = path }

    /// Whether the peer has the object.
    public var isDelivered: Bool { status?.isStored ?? false }
}
