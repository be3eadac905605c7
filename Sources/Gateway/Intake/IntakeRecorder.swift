internal import DICOM
internal import Foundation
internal import Logging
internal import Store

/// Hands each stored object to the indexer: called on the association's thread, after the file is durable and before
/// the peer is answered.
final class IntakeRecorder: IntakeObserver {
    private let indexer: IntakeIndexer
    private let database: IndexDatabase
    private let logger: Logger

    init(indexer: IntakeIndexer, database: IndexDatabase, logger: Logger) {
        self.indexer = indexer
        self.database = database
        self.logger = logger
    }

    /// Takes an object; blocks only while the indexer's queue is full.
    func stored(_ object: StoredObject) {
        indexer.submit(
            ReceivedInstance(
                object.facts, byteCount: Int64(object.byteCount), receivedAt: FileTime.modified(object.path) ?? Date(),
                callingAE: object.association?.callingAETitle))
    }

    /// Raises the alarm about an object that came with other bytes than before, and notes it: the first stays.
    func quarantined(_ object: QuarantinedObject) {
        let note = QuarantinedInstance(
            study: object.facts.studyInstanceUID.value, series: object.facts.seriesInstanceUID.value,
            instance: object.facts.sopInstanceUID.value, receivedAt: FileTime.modified(object.path) ?? Date(),
            file: URL(fileURLWithPath: object.path).lastPathComponent)
        do {
            try database.note(note)
        } catch {
            // The next start finds the file.
            logger.error("a quarantined object cannot be noted in the index", metadata: ["error": "\(error)"])
        }
        logger.warning(
            "an object came again with other bytes and is quarantined",
            metadata: [
                "study": "\(object.facts.studyInstanceUID)", "instance": "\(object.facts.sopInstanceUID)",
                "calling": "\((object.association?.callingAETitle ?? "-").printable())", "file": "\(object.path)",
            ])
    }

    /// Notes an object that was not taken.
    func refused(_ object: RefusedObject) {
        logger.warning(
            "object refused",
            metadata: [
                "instance": "\("\(object.request.sopInstanceUID)".printable())", "status": "\(object.response.status)",
                "calling": "\(object.request.association.callingAETitle.printable())",
                "reason": "\(object.reason.printable())",
            ])
    }

    /// Notes what became of an association.
    func event(_ event: AssociationEvent) {
        logger.log(
            level: event.kind == .notAccepting ? .error : .info,
            event.kind == .notAccepting ? "no association can be accepted" : "association",
            metadata: [
                "kind": "\(event.kind)", "calling": "\(event.association.callingAETitle.printable())",
                "peer": "\(event.association.peerAddress)", "stored": "\(event.storedObjects)",
                "failed": "\(event.failedObjects)", "detail": "\("\(event.detail)".printable())",
            ])
    }
}

extension IntakeRecorder {
    /// A file that a crash left behind could not be taken up; it is kept, since it may have been acknowledged.
    func unrecovered(path: String, reason: String) {
        logger.error(
            "a received file could not be taken up and is kept; look at the disk, then start again",
            metadata: ["file": "\(path)", "reason": "\(reason.printable())"])
    }
}

extension ReceivedInstance {
    /// Takes the facts of a scanned header.
    init(_ facts: HeaderFacts, byteCount: Int64, receivedAt: Date, callingAE: String?) {
        self.init(
            study: facts.studyInstanceUID.value, series: facts.seriesInstanceUID.value,
            instance: facts.sopInstanceUID.value, sopClass: facts.sopClassUID.value,
            transferSyntax: facts.transferSyntaxUID.value, modality: facts.modality,
            seriesNumber: facts.seriesNumber, number: facts.instanceNumber,
            frameOfReference: facts.frameOfReferenceUID?.value, rows: facts.rows, columns: facts.columns,
            frames: facts.numberOfFrames, position: facts.imagePosition, orientation: facts.imageOrientation,
            byteCount: byteCount, receivedAt: receivedAt, callingAE: callingAE)
    }

    /// Reads the header of a file in the studies folder; its time stands for the time of receipt.
    init(scanning file: URL) throws {
        let facts = try HeaderScanner.scan(path: file.path)
        let attributes = try FileManager.default.attributesOfItem(atPath: file.path)
        self.init(
            facts, byteCount: (attributes[.size] as? NSNumber)?.int64Value ?? 0,
            receivedAt: FileTime.modified(file.path) ?? Date(), callingAE: nil)
    }
}

/// When a file was written, which stands for the time of its receipt: what the index says, a rebuild of it says again.
enum FileTime {
    /// The modification time; `nil` where there is no such file.
    static func modified(_ path: String) -> Date? {
        var facts = stat()
        guard stat(path, &facts) == 0 else { return nil }
        return Date(timeIntervalSince1970: Double(facts.st_mtim.tv_sec) + Double(facts.st_mtim.tv_nsec) * 1e-9)
    }
}
