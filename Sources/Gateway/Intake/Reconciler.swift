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
        /// Objects in the quarantine folder that the index did not know.
        var quarantined = 0
        /// Studies that could not be compared: nothing may be decided on them until they can.
        var failed: Set<String> = []
    }

    let directory: DataDirectory
    let database: IndexDatabase
    let logger: Logger
    /// Reads a file's header; its `receivedAt` is the file's time.
    let scan: @Sendable (URL) throws -> ReceivedInstance
    /// Takes a found object.
    let take: @Sendable (ReceivedInstance) -> Void
    /// The names in a folder.
    var list: @Sendable (URL) throws -> [String] = { try FileManager.default.contentsOfDirectory(atPath: $0.path) }

    /// Walks the studies folder; a study that cannot be walked is counted and holds up no other.
    /// - Parameters:
    ///   - only: The studies to look at; `nil` looks at all.
    ///   - isStopped: Ends the walk early.
    /// - Throws: Where the studies folder itself cannot be read.
    func run(only: Set<String>? = nil, isStopped: () -> Bool = { false }) throws -> Report {
        var report = Report()
        let onDisk = Set(try folders(in: directory.studies))
        let known = Set(try database.studies())
        for study in (only ?? onDisk.union(known)).sorted() {
            if isStopped() { return report }
            do {
                if onDisk.contains(study) {
                    try reconcile(study, &report)
                } else {
                    try missing(study, try database.instances(ofStudy: study), &report)
                }
            } catch {
                report.failed.insert(study)
                logger.error(
                    "a study could not be compared with the index; nothing is decided on it until it can",
                    metadata: ["study": "\(study)", "error": "\("\(error)".printable())"])
            }
        }
        if only == nil, !isStopped() { quarantine(&report) }
        return report
    }

    /// Takes up what lies in quarantine, so that it is still explained after the index was built anew.
    private func quarantine(_ report: inout Report) {
        do {
            guard FileManager.default.fileExists(atPath: directory.quarantine.path) else { return }
            let known = try database.quarantinedFiles()
            for name in try list(directory.quarantine).sorted()
            where name.hasSuffix(".dcm") && !name.hasPrefix(".") && !known.contains(name) {
                guard let object = try? scan(directory.quarantine.appendingPathComponent(name)) else {
                    report.unreadable += 1
                    continue
                }
                try database.note(
                    QuarantinedInstance(
                        study: object.study, series: object.series, instance: object.instance,
                        receivedAt: object.receivedAt, file: name))
                report.quarantined += 1
            }
        } catch {
            logger.error("the quarantine folder could not be compared with the index", metadata: ["error": "\(error)"])
        }
    }

    private func reconcile(_ study: String, _ report: inout Report) throws {
        let known = try database.instances(ofStudy: study)
        var gone = known
        for series in try folders(in: directory.studies.appendingPathComponent(study, isDirectory: true)) {
            let folder = directory.studies.appendingPathComponent(study, isDirectory: true)
                .appendingPathComponent(series, isDirectory: true)
            let names = try list(folder)
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
        let names = try list(folder)
        return names.filter { name in
            var isFolder: ObjCBool = false
            let path = folder.appendingPathComponent(name).path
            return !name.hasPrefix(".") && FileManager.default.fileExists(atPath: path, isDirectory: &isFolder)
                && isFolder.boolValue
        }.sorted()
    }
}
