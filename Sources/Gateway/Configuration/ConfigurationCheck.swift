import DICOM
import Foundation
import Inference
import ModelBundles
import Store

/// Looks for everything that would keep a configuration from working, without changing anything.
enum ConfigurationCheck {
    /// One thing that was looked at.
    struct Finding: Encodable {
        /// What was looked at, such as `bundle of deployment 'abdomen'`.
        var subject: String
        /// `ok`, `warning` or `error`.
        var level: Level
        /// What is so, or what is wrong and what would help.
        var message: String
    }

    /// How bad a finding is.
    enum Level: String, Encodable {
        case ok
        case warning
        case error
    }

    /// The problems of the deployments' bundles, each with its place in the configuration.
    static func bundles(of configuration: Configuration) -> [Finding] {
        configuration.deployments.flatMap { bundle($0, configuration) }.filter { $0.level == .error }
    }

    /// Looks at everything: the data directory, the disk, DCMTK, the back end, the bundles, the destinations.
    ///
    /// - Parameter echo: also asks each destination whether it is there.
    static func all(of configuration: Configuration, echo: Bool) async -> [Finding] {
        var findings = [dataDirectory(configuration), disk(configuration), dictionary(), backEnd()].compactMap { $0 }
        findings.append(
            Finding(
                subject: "memory of workers", level: .ok, message: MemoryEnforcement.expected(configuration.workers)))
        findings += suspensions(configuration)
        if configuration.deployments.isEmpty {
            findings.append(
                Finding(
                    subject: "deployments", level: .warning,
                    message: "there is none: studies are stored and nothing runs on them"))
        }
        findings += configuration.deployments.flatMap { bundle($0, configuration) }
        for deployment in configuration.deployments where deployment.destinations.isEmpty {
            findings.append(
                Finding(
                    subject: "deployment '\(deployment.name)'", level: .warning,
                    message: "it has no destination: its results stay in the data directory"))
        }
        guard echo else { return findings }
        for destination in configuration.destinations.values.sorted(by: { $0.name < $1.name }) {
            findings.append(await reach(destination, from: configuration))
        }
        return findings
    }

    /// Deployments whose jobs wait; nothing where `serve` has never run here.
    private static func suspensions(_ configuration: Configuration) -> [Finding] {
        let directory = DataDirectory(configuration.dataDirectory)
        guard FileManager.default.fileExists(atPath: directory.database.path) else { return [] }
        do {
            return try IndexDatabase(reading: directory).suspensions().map {
                Finding(
                    subject: "deployment '\($0.deployment)'", level: .warning,
                    message:
                        "it is suspended, and its jobs wait: \($0.reason.printable()); `portico deployments resume "
                        + "\($0.deployment)` lets it go on")
            }
        } catch {
            return [Finding(subject: "index", level: .warning, message: String(describing: error))]
        }
    }

    private static func bundle(_ deployment: Deployment, _ configuration: Configuration) -> [Finding] {
        let subject = "bundle of deployment '\(deployment.name)'"
        do {
            let bundle = try deployment.bundle.open(
                device: deployment.device, cache: .inside(configuration.dataDirectory))
            let plan = try BundlePlan(bundle)
            try bundle.requireWeights()
            if let problem = plan.deploymentProblem { throw RunError(problem) }
            let provenance = try bundle.provenance
            var findings = [
                Finding(
                    subject: subject, level: .ok,
                    message: "\(provenance.modelName) \(provenance.softwareVersion), device UID \(provenance.deviceUID)"
                )
            ]
            if let known = ModalityName.dicom(plan.input.modality), known != deployment.rules.modality {
                findings.append(
                    Finding(
                        subject: subject, level: .warning,
                        message: "the bundle was made for \(known), the deployment takes \(deployment.rules.modality)"))
            }
            return findings
        } catch {
            return [Finding(subject: subject, level: .error, message: String(describing: error))]
        }
    }

    private static func dataDirectory(_ configuration: Configuration) -> Finding {
        let path = configuration.dataDirectory.path
        let subject = "data directory"
        var isFolder: ObjCBool = false
        if FileManager.default.fileExists(atPath: path, isDirectory: &isFolder) {
            if isFolder.boolValue, FileManager.default.isWritableFile(atPath: path) {
                return Finding(subject: subject, level: .ok, message: path)
            }
            let what = isFolder.boolValue ? "can't be written to by this user" : "is a file"
            return Finding(subject: subject, level: .error, message: "\(path) \(what)")
        }
        var parent = configuration.dataDirectory.deletingLastPathComponent()
        while !FileManager.default.fileExists(atPath: parent.path), parent.path != "/" {
            parent.deleteLastPathComponent()
        }
        return FileManager.default.isWritableFile(atPath: parent.path)
            ? Finding(subject: subject, level: .ok, message: "\(path) will be made")
            : Finding(
                subject: subject, level: .error,
                message: "\(path) can't be made: this user may not write to \(parent.path)")
    }

    private static func disk(_ configuration: Configuration) -> Finding? {
        var parent = configuration.dataDirectory
        while !FileManager.default.fileExists(atPath: parent.path), parent.path != "/" {
            parent.deleteLastPathComponent()
        }
        guard let attributes = try? FileManager.default.attributesOfFileSystem(forPath: parent.path),
            let free = attributes[.systemFreeSize] as? Int64
        else { return nil }
        let least = configuration.dicom.minimumFreeBytes
        let words = "\(free / 1_000_000) MB free, images are refused below \(least / 1_000_000) MB"
        return Finding(subject: "disk", level: free > least ? .ok : .error, message: words)
    }

    private static func dictionary() -> Finding {
        do {
            try DICOMRuntime.start()
            return Finding(subject: "DCMTK", level: .ok, message: "the data dictionary is loaded")
        } catch {
            return Finding(subject: "DCMTK", level: .error, message: String(describing: error))
        }
    }

    private static func backEnd() -> Finding {
        do {
            let backEnd = try BackEnd.load()
            return Finding(subject: "back end", level: .ok, message: "\(backEnd.name) \(backEnd.libraryVersion)")
        } catch {
            return Finding(subject: "back end", level: .error, message: String(describing: error))
        }
    }

    private static func reach(_ destination: Destination, from configuration: Configuration) async -> Finding {
        let subject = "destination '\(destination.name)'"
        do {
            let peer = try destination.remotePeer(
                callingAETitle: configuration.dicom.aeTitle, timeout: configuration.delivery.timeout)
            let elapsed = try await StorageSender.echo(peer)
            return Finding(
                subject: subject, level: .ok, message: "answered in \(Int(elapsed.seconds * 1000)) ms")
        } catch {
            return Finding(subject: subject, level: .error, message: String(describing: error))
        }
    }
}

extension ConfigurationCheck.Finding: CustomStringConvertible {
    var description: String { "\(level.rawValue): \(subject): \(message)" }
}
