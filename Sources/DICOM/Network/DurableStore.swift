internal import Glibc
internal import Synchronization

/// The storage handler of the gateway: objects become durable files, and only then are they acknowledged.
///
/// Below the root lie `studies/<Study UID>/<Series UID>/<SOP Instance UID>.dcm`, `incoming/` with what is on its way,
/// and `quarantine/`. An object goes through these steps, so that a loss of power at any of them costs no object that
/// was acknowledged:
///
/// 1. its bytes go to `incoming/<name>.part`; its head is scanned and compared with the request;
/// 2. the file is renamed to `incoming/<name>-<size>.whole`, which costs nothing yet;
/// 3. `fsync` makes its bytes and, in the same transaction of the journal, that name durable (`fdatasync` may leave
///    the name out where the bytes were on the disk already);
/// 4. it is renamed to its final name and acknowledged. A folder that is new for it, of its study or series, was made
///    durable before, together with its entry in the folder above: once for each series.
///
/// When the journal of the file system loses the rename of step 4, the next start finds the object under the name of
/// step 2 and finishes the work; an `fsync` of the folder for each object would cost as much as its bytes. This rests
/// on ext4, ext3, XFS or Btrfs (`statfs`). On every other file system, such as NFS, overlayfs or ZFS, the folders of
/// the object are made durable too before it is acknowledged, each time. An ext2, or an ext4 that was made without a
/// journal, cannot be told from the others and is no place for a store.
public final class DurableStore: StorageHandler {
    /// Where and how objects are kept.
    public struct Configuration: Sendable {
        /// The folder that holds everything; it is made where it is missing.
        public var root: String

        /// The free bytes below which no object is taken any more (A700H).
        public var minimumFreeBytes: UInt64

        /// Makes a configuration.
        public init(root: String, minimumFreeBytes: UInt64 = 1 << 30) {
            self.root = root
            self.minimumFreeBytes = minimumFreeBytes
        }
    }

    let configuration: Configuration
    let observer: any IntakeObserver
    /// Whether the file system is known to make a file's name durable with the file.
    let keepsRenames: Bool
    private let counter = Atomic<UInt64>(0)
    private let lock: Int32

    /// Opens the store, makes its folders, and finishes or removes what a crash left in `incoming/`.
    ///
    /// - Throws: `DICOMError` where a folder cannot be made, lies on another file system than the rest, or another
    ///   process uses the store.
    public init(_ configuration: Configuration, observer: any IntakeObserver) throws(DICOMError) {
        var configuration = configuration
        try StoreFiles.makeFolder(configuration.root)
        configuration.root = try StoreFiles.absolute(configuration.root)
        self.configuration = configuration
        self.observer = observer
        keepsRenames = StoreFiles.keepsRenames(configuration.root)
        lock = try StoreFiles.lock(configuration.root + "/.lock")
        do throws(DICOMError) {
            for folder in ["studies", "incoming", "quarantine"] {
                try StoreFiles.makeFolder("\(configuration.root)/\(folder)")
            }
            try StoreFiles.demandOneFileSystem(configuration.root, ["studies", "incoming", "quarantine"])
            try recover()
        } catch {
            close(lock)
            throw error
        }
    }

    deinit { close(lock) }

    /// The final path of an object.
    public func path(of facts: HeaderFacts) -> String { "\(folder(of: facts))/\(facts.sopInstanceUID).dcm" }

    /// The folder of an object's series.
    func folder(of facts: HeaderFacts) -> String {
        "\(configuration.root)/studies/\(facts.studyInstanceUID)/\(facts.seriesInstanceUID)"
    }

    /// The free bytes on the disk of the store, for a program without special rights; 0 where that cannot be found.
    public var freeBytes: UInt64 {
        var status = statvfs()
        guard statvfs(configuration.root, &status) == 0 else { return 0 }
        return UInt64(status.f_bavail) * UInt64(status.f_frsize)
    }

    /// Asks the observer.
    public func admit(_ association: AssociationInfo) -> Admission { observer.admit(association) }

    /// Tells the observer.
    public func event(_ event: AssociationEvent) { observer.event(event) }

    /// Gives an object a temporary file, or refuses it where the disk is as good as full.
    public func willStore(_ request: StoreRequest) -> StoreDecision {
        let free = freeBytes
        guard free > configuration.minimumFreeBytes else {
            let response = StoreResponse(.outOfResources, comment: "the disk is full")
            let reason = "\(free) bytes are free and \(configuration.minimumFreeBytes) must stay free"
            observer.refused(RefusedObject(request: request, response: response, reason: reason))
            return .refuse(response)
        }
        let number = counter.wrappingAdd(1, ordering: .relaxed).newValue
        let name = "\(getpid())-\(request.association.id)-\(number)"
        return .receive(
            temporary: "\(configuration.root)/incoming/\(name).part",
            mostBytes: free - configuration.minimumFreeBytes)
    }

    /// Makes an object durable under its final name and has the observer take note of it.
    public func didReceive(_ object: ReceivedObject) -> StoreResponse {
        do throws(Rejection) {
            try keep(object)
            return StoreResponse(.success)
        } catch {
            unlink(object.path)
            let response = StoreResponse(error.status, comment: error.comment)
            observer.refused(RefusedObject(request: object.request, response: response, reason: error.reason))
            return response
        }
    }
}

/// Why an object is not taken.
struct Rejection: Error {
    var status: StoreStatus
    /// What the peer reads, at most 64 characters.
    var comment: String
    /// What the log reads.
    var reason: String

    init(_ status: StoreStatus, _ comment: String, _ reason: String? = nil) {
        self.status = status
        self.comment = comment
        self.reason = reason ?? comment
    }
}
