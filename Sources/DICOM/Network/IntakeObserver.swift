/// Who is told by a `DurableStore` about its objects.
///
/// The functions are called on the association's own thread, several at a time; those about what a start found on the
/// thread that opens the store, `event` with `notAccepting` on the listener's.
public protocol IntakeObserver: AnyObject, Sendable {
    /// Takes note of an object that lies durable under its final name.
    ///
    /// It is called before the peer hears 0000H. Where it throws, the peer hears A700H and the file stays, so that the
    /// peer sends the object again and this function is called again, as a resend. After a crash it may be called
    /// for an object that it knows already.
    func stored(_ object: StoredObject) throws

    /// Takes note of an object whose SOP Instance UID is stored already with other bytes.
    func quarantined(_ object: QuarantinedObject)

    /// Takes note of an object that was answered with a failure.
    func refused(_ object: RefusedObject)

    /// Takes note of a file in `incoming/` that a start found and could not file. It may be the only copy of an object
    /// that was acknowledged, so it stays and the next start tries again.
    ///
    /// - Parameters:
    ///   - path: the file.
    ///   - reason: why not, in words, without patient data.
    func unrecovered(path: String, reason: String)

    /// Decides on an association that the configuration accepts.
    func admit(_ association: AssociationInfo) -> Admission

    /// Hears what happened on a connection.
    func event(_ event: AssociationEvent)
}

extension IntakeObserver {
    /// Ignores the object.
    public func quarantined(_ object: QuarantinedObject) {}
    /// Ignores the file.
    public func unrecovered(path: String, reason: String) {}
    /// Ignores the object.
    public func refused(_ object: RefusedObject) {}
    /// Accepts the association.
    public func admit(_ association: AssociationInfo) -> Admission { .accept }
    /// Ignores the event.
    public func event(_ event: AssociationEvent) {}
}

/// An object that is durable.
public struct StoredObject: Sendable, Hashable {
    /// What its head says.
    public var facts: HeaderFacts

    /// The absolute path of its file.
    public var path: String

    /// The size of the file in bytes.
    public var byteCount: Int

    /// The association that brought it; nil where it was found on the disk.
    public var association: AssociationInfo?

    /// Whether it was there already with the same bytes.
    public var isResend: Bool

    /// Makes a description.
    public init(
        facts: HeaderFacts, path: String, byteCount: Int, association: AssociationInfo?, isResend: Bool = false
    ) {
        self.facts = facts
        self.path = path
        self.byteCount = byteCount
        self.association = association
        self.isResend = isResend
    }
}

/// An object that was kept beside another one with the same SOP Instance UID.
public struct QuarantinedObject: Sendable, Hashable {
    /// What its head says.
    public var facts: HeaderFacts

    /// The absolute path of its file in the folder `quarantine`.
    public var path: String

    /// The file that holds the first object.
    public var first: String

    /// The association that brought it; nil where it was found on the disk.
    public var association: AssociationInfo?

    /// Makes a description.
    public init(facts: HeaderFacts, path: String, first: String, association: AssociationInfo?) {
        self.facts = facts
        self.path = path
        self.first = first
        self.association = association
    }
}

/// An object that was not taken.
public struct RefusedObject: Sendable, Hashable {
    /// What the peer asked.
    public var request: StoreRequest

    /// What it was told.
    public var response: StoreResponse

    /// The reason in words, without patient data.
    public var reason: String

    /// Makes a description.
    public init(request: StoreRequest, response: StoreResponse, reason: String) {
        self.request = request
        self.response = response
        self.reason = reason
    }
}
