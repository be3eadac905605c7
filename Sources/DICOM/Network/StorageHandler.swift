/// What a listener asks and tells.
///
/// Every function is called on the association's own thread, several associations at a time, and what it returns is
/// sent at once: a C-STORE is acknowledged when `didReceive` returns and not before. A function may block; it holds
/// up nobody but its peer. Only `event` with `notAccepting` comes on the thread that accepts.
public protocol StorageHandler: AnyObject, Sendable {
    /// Decides on a request for an association that the configuration of the listener accepts.
    func admit(_ association: AssociationInfo) -> Admission

    /// Decides on an object before the first byte of its data set is read.
    func willStore(_ request: StoreRequest) -> StoreDecision

    /// Takes an object that was received whole and says what to answer.
    func didReceive(_ object: ReceivedObject) -> StoreResponse

    /// Hears what happened.
    func event(_ event: AssociationEvent)
}

extension StorageHandler {
    /// Accepts what the configuration accepts.
    public func admit(_ association: AssociationInfo) -> Admission { .accept }

    /// Ignores what happened.
    public func event(_ event: AssociationEvent) {}
}
