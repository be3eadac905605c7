public import Foundation

/// What a test's `portico.yaml` says where it differs from the usual.
public struct PorticoSettings: Sendable {
    /// A bundle in use.
    public struct Deployment: Sendable {
        /// The deployment's name.
        public var name: String
        /// The bundle's folder.
        public var bundle: URL
        /// The least number of slices.
        public var minimumSlices: Int
        /// Whether results go to the PACS.
        public var delivers: Bool
        /// What runs its network: libtorch, so that no test but those of the engines waits for a comparison.
        public var engine: String

        /// Makes a deployment for CT.
        public init(
            _ name: String, bundle: URL, minimumSlices: Int = 10, delivers: Bool = true, engine: String = "torch"
        ) {
            self.name = name
            self.bundle = bundle
            self.minimumSlices = minimumSlices
            self.delivers = delivers
            self.engine = engine
        }
    }

    /// The bundles in use.
    public var deployments: [Deployment]
    /// AE title and port of the PACS that results go to.
    public var pacs: (aeTitle: String, port: Int)?
    /// Lines below `dicom:`, such as `maximumAssociations: 2`.
    public var dicom: [String] = []
    /// The callers that are let in; `nil` lets in everybody.
    public var peers: [String]?
    /// Lines below `workers:`.
    public var workers: [String] = []
    /// Lets workers compute only when nothing else does; a machine that builds meanwhile would starve them.
    public var lowPriority = false
    /// Lines below `delivery:`.
    public var delivery: [String] = ["initialBackoff: 200ms"]
    /// Seconds of quiet that complete a study.
    public var studyQuiet = 1.0
    /// Bytes that must stay free.
    public var minimumFreeSpace = "50MB"

    /// Makes settings.
    public init(_ deployments: [Deployment] = [], pacs: (aeTitle: String, port: Int)? = nil) {
        self.deployments = deployments
        self.pacs = pacs
    }

    /// The settings as YAML; the data lies in `data` beside the file.
    public var yaml: String {
        var lines = ["version: 1", "data: data", "dicom:", "  aeTitle: PORTICO", "  host: 127.0.0.1", "  port: 0"]
        if let peers {
            lines += ["  peers:"] + peers.map { "    - { aeTitle: \($0), hosts: [127.0.0.1] }" }
        } else {
            lines.append("  acceptAnyPeer: true")
        }
        lines += ["  minimumFreeSpace: \(minimumFreeSpace)"] + dicom.map { "  \($0)" }
        lines += ["completion:", "  studyQuiet: \(studyQuiet)s", "  seriesQuiet: \(studyQuiet / 2)s"]
        lines += ["workers:", "  lowPriority: \(lowPriority)"] + workers.map { "  \($0)" }
        if !delivery.isEmpty { lines += ["delivery:"] + delivery.map { "  \($0)" } }
        if let pacs {
            lines += ["destinations:", "  pacs: { aeTitle: \(pacs.aeTitle), host: 127.0.0.1, port: \(pacs.port) }"]
        }
        if !deployments.isEmpty { lines.append("deployments:") }
        for deployment in deployments {
            lines += [
                "  - name: \(deployment.name)", "    bundle: \(deployment.bundle.path)", "    modality: CT",
                "    minimumSlices: \(deployment.minimumSlices)", "    engine: \(deployment.engine)",
            ]
            if deployment.delivers, pacs != nil { lines.append("    destinations: [pacs]") }
        }
        return lines.joined(separator: "\n") + "\n"
    }
}
