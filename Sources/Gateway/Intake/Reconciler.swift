internal import Foundation
internal import Logging
internal import Store

/// Brings the index to what lies in the studies folder: files are the truth.
///
/// After a killed `serve`, objects that were acknowledged but not yet indexed are found here. Running it twice
/// changes nothing the second time.
struct Reconciler: Sendable {
    /// What a walk found.
    struct Report: Sendable, Equatable {
        /// Files that the index did not know.
        var found = 0
        /// Files that could not be understood or lie in the wrong folder.
        var unreadable = 0
        /// Objects of no revision whose files are gone, now forgotten.
        var forgotten = 0
        /// Objects of a revision whose files are gone.
        var vanished = 0
    }

    let directory: DataDirectory
    let database: IndexDatabase
    let logger: Logger
    /// Reads a file's header; its `receivedAt` is the file's time.
    let scan: @Sendable (URL) throws -> ReceivedInstance
    /// Takes a found object.
    let take: @Sendable (ReceivedInstance) -> Void

    /// Walks the studies folder.
    /// - Parameter isStopped: Ends the walk early.
    func run(isStopped: () -> Bool = { false }) throws -> Report {
        var report = Report()
        let onDisk = try folders(in: directory.studies)
        for study in onDisk {
            if isStopped() { return report }
            try reconcile(study, &report)
        }
        for study in Set(try database.studies()).subtracting(onDisk) {
            if isStopped() { return report }
            try missing(study, try database.instances(ofStudy: study), &report)
        }
        return report
    }

    private func reconcile(_ study: String, _ report: inout Report) throws {
        let known = try database.instances(ofStudy: study)
        var gone = known
        for series in try folders(in: directory.studies.appendingPathComponent(study, isDirectory: true)) {
            let folder = directory.studies.appendingPathComponent(study, isDirectory: true)
                .appendingPathComponent(series, isDirectory: true)
            let names = try FileManager.default.contentsOfDirectory(atPath: folder.path)
            for name in names where name.hasSuffix(".dcm") && !name.hasPrefix(".") {
                let instance = String(name.dropLast(4))
                gone[series]?.remove(instance)
                if known[series]?.contains(instance) != true {
                    find(study: study, series: series, instance: instance, &report)
                }
            }
        }
        try missing(study, gone, &report)
    }

    private func find(study: String, series: String, instance: String, _ report: inout Report) {
        let file = directory.file(study: study, series: series, instance: instance)
        do {
            let object = try scan(file)
            guard object.study == study, object.series == series, object.instance == instance else {
                report.unreadable += 1
                logger.error("a file lies under other UIDs than its own", metadata: ["file": "\(file.path)"])
                return
            }
            report.found += 1
            take(object)
        } catch {
            report.unreadable += 1
            logger.error(
                "a file in the studies folder cannot be understood",
                metadata: ["file": "\(file.path)", "error": "\(error)"])
        }
    }

    private func missing(_ study: String, _ gone: [String: Set<String>], _ report: inout Report) throws {
        let count = gone.values.reduce(0) { $0 + $1.count }
        guard count > 0 else { return }
        let forgotten = try database.forget(study: study, instances: gone)
        report.forgotten += forgotten
        report.vanished += count - forgotten
        logger.warning(
            "files of the index are gone from the studies folder",
            metadata: ["study": "\(study)", "files": "\(count)", "forgotten": "\(forgotten)"])
    }

    private func folders(in folder: URL) throws -> [String] {
        let names = try FileManager.default.contentsOfDirectory(atPath: folder.path)
        return names.filter { name in
            var isFolder: ObjCBool = false
            let path = folder.appendingPathComponent(name).path
            return !name.hasPrefix(".") && FileManager.default.fileExists(atPath: path, isDirectory: &isFolder)
                && isFolder.boolValue
        }.sorted()
    }
}
