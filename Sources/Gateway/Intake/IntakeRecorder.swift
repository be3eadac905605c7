internal import DICOM
internal import Foundation
internal import Logging
internal import Store

/// Hands each stored object to the indexer: called on the association's thread, after the file is durable and before
/// the peer is answered.
final class IntakeRecorder: IntakeObserver {
    private let indexer: IntakeIndexer
    private let logger: Logger

    init(indexer: IntakeIndexer, logger: Logger) {
        self.indexer = indexer
        self.logger = logger
    }

    /// Takes an object; blocks only while the indexer's queue is full.
    func stored(_ object: StoredObject) {
        indexer.submit(
            ReceivedInstance(
                object.facts, byteCount: Int64(object.byteCount), receivedAt: Date(),
                callingAE: object.association?.callingAETitle))
    }

    /// Raises the alarm about an object that came with other bytes than before: the first stays.
    func quarantined(_ object: QuarantinedObject) {
        logger.warning(
            "an object came again with other bytes and is quarantined",
            metadata: [
                "study": "\(object.facts.studyInstanceUID)", "instance": "\(object.facts.sopInstanceUID)",
                "calling": "\(object.association?.callingAETitle ?? "-")", "file": "\(object.path)",
            ])
    }

    /// Notes an object that was not taken.
    func refused(_ object: RefusedObject) {
        logger.warning(
            "object refused",
            metadata: [
                "instance": "\(object.request.sopInstanceUID)", "status": "\(object.response.status)",
                "calling": "\(object.request.association.callingAETitle)", "reason": "\(object.reason)",
            ])
    }

    /// Notes what became of an association.
    func event(_ event: AssociationEvent) {
        logger.info(
            "association",
            metadata: [
                "kind": "\(event.kind)", "calling": "\(event.association.callingAETitle)",
                "peer": "\(event.association.peerAddress)", "stored": "\(event.storedObjects)",
                "failed": "\(event.failedObjects)", "detail": "\(event.detail)",
            ])
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
            receivedAt: attributes[.modificationDate] as? Date ?? Date(), callingAE: nil)
    }
}
