import DICOM
import Foundation
import TestSupport

/// Everything that a store and a listener told.
struct Heard: Sendable {
    var stored: [StoredObject] = []
    var quarantined: [QuarantinedObject] = []
    var refused: [RefusedObject] = []
    var events: [AssociationEvent] = []
    var unrecovered: [String] = []

    func count(_ kind: AssociationEvent.Kind) -> Int { events.count { $0.kind == kind } }
}

/// Remembers what it is told and can refuse to.
final class Recorder: IntakeObserver {
    struct Refusal: Error {}

    let heard = Monitor(Heard())
    let isBroken: Bool

    init(isBroken: Bool = false) { self.isBroken = isBroken }

    func stored(_ object: StoredObject) throws {
        if isBroken { throw Refusal() }
        heard.update { $0.stored.append(object) }
    }

    func quarantined(_ object: QuarantinedObject) { heard.update { $0.quarantined.append(object) } }
    func refused(_ object: RefusedObject) { heard.update { $0.refused.append(object) } }
    func unrecovered(path: String, reason: String) {
        heard.update { $0.unrecovered.append(path.split(separator: "/").last.map(String.init) ?? path) }
    }
    func event(_ event: AssociationEvent) { heard.update { $0.events.append(event) } }

    /// Waits until an event of a kind was heard so many times.
    func wait(_ kind: AssociationEvent.Kind, times: Int = 1) async throws {
        try await heard.wait(for: "\(kind)") { $0.count(kind) >= times ? () : nil }
    }
}

/// A store in a scratch folder with a listener in front of it.
final class Intake: Sendable {
    let root: URL
    let recorder: Recorder
    let store: DurableStore
    let listener: StorageListener

    var port: Int { Int(listener.port) }

    init(
        _ scratch: Scratch, minimumFreeBytes: UInt64 = 1, isBroken: Bool = false, named name: String = "store",
        _ change: (inout StorageListener.Configuration) -> Void = { _ in }
    ) throws {
        root = scratch.path(name)
        recorder = Recorder(isBroken: isBroken)
        store = try DurableStore(
            .init(root: root.path, minimumFreeBytes: minimumFreeBytes), observer: recorder)
        var configuration = StorageListener.Configuration()
        configuration.host = "127.0.0.1"
        configuration.port = 0
        change(&configuration)
        listener = try StorageListener(configuration, handler: store)
        let listener = listener
        scratch.atEnd { try? await onThread { listener.stop(grace: .zero) } }
    }

    /// The files below a folder of the store.
    func files(_ folder: String) -> [String] {
        let place = root.appendingPathComponent(folder)
        let names = FileManager.default.enumerator(atPath: place.path)?.compactMap { $0 as? String } ?? []
        return names.filter { name in
            var isFolder: ObjCBool = false
            let path = place.appendingPathComponent(name).path
            return FileManager.default.fileExists(atPath: path, isDirectory: &isFolder) && !isFolder.boolValue
        }.sorted()
    }

    /// Opens an association for small objects and C-ECHO; context 1 is for the objects, 3 for C-ECHO.
    func open(_ contexts: [RawAssociation.Context] = Intake.contexts) throws -> RawAssociation {
        let association = try RawAssociation(port: port)
        let answer = try association.request(called: "PORTICO", calling: "RAW", contexts: contexts)
        guard case .accepted = answer else { throw SupportError("the association was not accepted: \(answer)") }
        return association
    }

    static let contexts: [RawAssociation.Context] = [
        .init(abstractSyntax: SmallObject.sopClass, transferSyntax: SmallObject.context), .verification,
    ]
}

extension RawAssociation {
    /// Stores a small object.
    func storeSmall(_ instance: String, _ dataSet: Data? = nil, context: UInt8 = 1) throws -> UInt16? {
        try store(
            sopClass: SmallObject.sopClass, sopInstance: instance,
            dataSet: dataSet ?? ElementBytes().object(sopInstance: instance), context: context)
    }
}
