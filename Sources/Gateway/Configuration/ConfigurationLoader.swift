public import Foundation
import Store
import Yams

extension Configuration {
    /// The version of the file format that this program reads.
    public static let fileVersion = 1

    /// Reads a configuration file.
    ///
    /// Relative paths in it are taken from the file's own folder.
    ///
    /// - Throws: `ConfigurationError` with every problem of the file.
    public init(contentsOf url: URL) throws {
        let text: String
        do {
            text = try String(contentsOf: url, encoding: .utf8)
        } catch {
            throw ConfigurationError(problems: [
                ConfigurationProblem(
                    file: url.path, path: "", message: "the file can't be read; name one with --config FILE")
            ])
        }
        try self.init(yaml: text, file: url.path, folder: url.deletingLastPathComponent())
    }

    /// Reads a configuration from YAML.
    ///
    /// - Parameters:
    ///   - file: what error messages call the text.
    ///   - folder: where relative paths start.
    /// - Throws: `ConfigurationError` with every problem of the text.
    public init(yaml: String, file: String, folder: URL) throws {
        let reader = ConfigurationReader(file: file)
        let root: Node?
        do {
            root = try Yams.compose(yaml: yaml)
        } catch let error as YamlError {
            throw ConfigurationError(problems: [
                ConfigurationProblem(file: file, path: "", message: "this is no YAML: \(error)")
            ])
        }
        let keys: Set = [
            "version", "data", "dicom", "completion", "workers", "delivery", "results", "destinations", "deployments",
        ]
        guard let top = reader.section(root, path: "", keys: keys) else {
            if reader.problems.isEmpty {
                reader.report("the file is empty; it needs at least version, data and deployments", path: "")
            }
            throw ConfigurationError(problems: reader.problems)
        }
        if top.values["version"] == nil {
            top.report("missing: the version of the file format, \(Self.fileVersion)", key: "version")
        } else if top.integer("version", in: 1...1_000_000).map({ $0 != Self.fileVersion }) == true {
            top.report("this program reads version \(Self.fileVersion)", key: "version")
        }
        self.init(dataDirectory: folder)
        if let data = top.required("data", "the folder that holds studies, results and the database") {
            dataDirectory = Self.resolve(data, in: folder)
        }
        dicom = Self.dicom(top)
        completion = Self.completion(top)
        workers = Self.workers(top)
        delivery = Self.delivery(top)
        results = Self.results(top)
        destinations = Self.destinations(top)
        deployments = Self.deployments(top, folder: folder, destinations: Set(destinations.keys))
        guard reader.problems.isEmpty else { throw ConfigurationError(problems: reader.problems) }
    }

    /// A path of the file as an absolute one.
    private static func resolve(_ path: String, in folder: URL) -> URL {
        let expanded = path.hasPrefix("~/") ? NSString(string: path).expandingTildeInPath : path
        return URL(fileURLWithPath: expanded, relativeTo: folder).standardizedFileURL
    }

    private static func dicom(_ top: Section) -> DICOMSettings {
        var settings = DICOMSettings()
        let keys: Set = [
            "aeTitle", "host", "port", "peers", "acceptAnyPeer", "maximumAssociations", "maximumPDU",
            "negotiationTimeout", "idleTimeout", "minimumFreeSpace",
        ]
        guard let section = top.section("dicom", keys: keys) else {
            top.report("missing: aeTitle, port and peers of the listener", key: "dicom")
            return settings
        }
        settings.aeTitle = section.aeTitle("aeTitle") ?? settings.aeTitle
        settings.host = section.string("host") ?? settings.host
        settings.port = section.integer("port", in: 0...65535) ?? settings.port
        settings.acceptAnyPeer = section.flag("acceptAnyPeer") ?? false
        settings.maximumAssociations =
            section.integer("maximumAssociations", in: 1...10_000) ?? settings.maximumAssociations
        settings.maximumPDU = section.integer("maximumPDU", in: 4096...131_072) ?? settings.maximumPDU
        if settings.maximumPDU % 2 != 0 { section.report("expected an even number (PS3.8 D.1)", key: "maximumPDU") }
        settings.negotiationTimeout =
            section.duration("negotiationTimeout", atLeast: 1) ?? settings.negotiationTimeout
        settings.idleTimeout = section.duration("idleTimeout", atLeast: 1) ?? settings.idleTimeout
        settings.minimumFreeBytes = section.bytes("minimumFreeSpace") ?? settings.minimumFreeBytes
        for (path, node) in section.list("peers") {
            guard let peer = section.reader.section(node, path: path, keys: ["aeTitle", "hosts"]) else { continue }
            let hosts = Self.hosts(peer)
            if let title = peer.aeTitle("aeTitle", required: true) {
                settings.peers.append(Peer(aeTitle: title, hosts: hosts))
            }
        }
        if settings.peers.isEmpty, !settings.acceptAnyPeer, section.list("peers").isEmpty {
            section.report(
                "nobody may connect: name the PACS here (aeTitle and hosts), or set acceptAnyPeer: true", key: "peers")
        }
        return settings
    }

    /// The hosts of a peer. A list that is there but names nobody is refused: it would let everybody in.
    private static func hosts(_ peer: Section) -> [String] {
        guard let hosts = peer.strings("hosts", "an address, a network such as 10.0.0.0/24, or a host name") else {
            if peer.values["hosts"] != nil {
                peer.report("expected a list; leave the key out to allow any", key: "hosts")
            }
            return []
        }
        if hosts.isEmpty, peer.list("hosts").isEmpty {
            peer.report("the list is empty; leave the key out to allow any address", key: "hosts")
        }
        for host in hosts where !HostPattern.isValid(host) {
            peer.report("'\(host)' is no address, no network such as 10.0.0.0/24 and no host name", key: "hosts")
        }
        return hosts
    }

    private static func completion(_ top: Section) -> CompletionSettings {
        var settings = CompletionSettings()
        guard let section = top.section("completion", keys: ["studyQuiet", "seriesQuiet", "cap"]) else {
            return settings
        }
        settings.studyQuiet = section.duration("studyQuiet") ?? settings.studyQuiet
        settings.seriesQuiet = section.duration("seriesQuiet") ?? min(settings.seriesQuiet, settings.studyQuiet)
        settings.cap = section.duration("cap", atLeast: 1) ?? settings.cap
        if settings.cap < max(settings.studyQuiet, settings.seriesQuiet) {
            section.report(
                "the cap is shorter than a quiet period, so no study would ever be seen as quiet", key: "cap")
        }
        return settings
    }

    private static func delivery(_ top: Section) -> DeliverySettings {
        var settings = DeliverySettings()
        let keys: Set = ["maximumAttempts", "giveUpAfter", "initialBackoff", "maximumBackoff", "timeout"]
        guard let section = top.section("delivery", keys: keys) else { return settings }
        settings.maximumAttempts = section.integer("maximumAttempts", in: 1...10_000) ?? settings.maximumAttempts
        settings.giveUpAfter = section.duration("giveUpAfter") ?? settings.giveUpAfter
        settings.initialBackoff = section.duration("initialBackoff") ?? settings.initialBackoff
        settings.maximumBackoff = section.duration("maximumBackoff") ?? settings.maximumBackoff
        settings.timeout = section.duration("timeout", atLeast: 1) ?? settings.timeout
        return settings
    }

    private static func results(_ top: Section) -> ResultSettings {
        var settings = ResultSettings()
        let keys: Set = ["purposeCode", "serialNumber", "seriesNumber"]
        guard let section = top.section("results", keys: keys) else { return settings }
        settings.serialNumber = section.longString("serialNumber") ?? settings.serialNumber
        settings.seriesNumber = section.integer("seriesNumber", in: 1...999_999) ?? settings.seriesNumber
        if let code = section.section("purposeCode", keys: ["value", "scheme", "meaning"]) {
            settings.purposeCode.value = code.longString("value", most: 16) ?? settings.purposeCode.value
            settings.purposeCode.scheme = code.longString("scheme", most: 16) ?? settings.purposeCode.scheme
            settings.purposeCode.meaning = code.longString("meaning") ?? settings.purposeCode.meaning
        }
        return settings
    }

    private static func destinations(_ top: Section) -> [String: Destination] {
        var destinations: [String: Destination] = [:]
        guard let mapping = top.values["destinations"], !mapping.isNull else { return destinations }
        guard let names = mapping.mapping else {
            top.report("expected a mapping: a name, then aeTitle, host and port", key: "destinations")
            return destinations
        }
        for (key, node) in names {
            let name = key.string ?? "?"
            let keys: Set = ["aeTitle", "host", "port", "callingAETitle"]
            guard let section = top.reader.section(node, path: "destinations.\(name)", keys: keys) else { continue }
            let title = section.aeTitle("aeTitle", required: true)
            let host = section.required("host", "the address of the PACS")
            if section.values["port"] == nil { section.report("missing: the TCP port of the PACS", key: "port") }
            guard let title, let host, let port = section.integer("port", in: 1...65535) else { continue }
            destinations[name] = Destination(
                name: name, aeTitle: title, host: host, port: port, callingAETitle: section.aeTitle("callingAETitle"))
        }
        return destinations
    }

    private static func deployments(_ top: Section, folder: URL, destinations: Set<String>) -> [Deployment] {
        var deployments: [Deployment] = []
        for (path, node) in top.list("deployments") {
            let keys: Set = [
                "name", "bundle", "config", "overlay", "set", "modality", "minimumSlices", "destinations", "device",
                "engine", "priority",
            ]
            guard let section = top.reader.section(node, path: path, keys: keys) else { continue }
            let name = section.required("name", "a name for jobs, logs and explanations")
            let bundle = section.required("bundle", "the bundle's folder or file").map { path in
                BundleReference(
                    path: resolve(path, in: folder).path, configurations: section.texts("config"),
                    overlays: section.texts("overlay").map { resolve($0, in: folder).path },
                    settings: section.settings("set"))
            }
            let modality = section.modality("modality")
            let slices = section.integer("minimumSlices", in: 1...100_000) ?? 1
            let targets = section.strings("destinations", "the name of a destination") ?? []
            for target in targets where !destinations.contains(target) {
                section.report("there is no destination '\(target)'", key: "destinations")
            }
            guard let name, let bundle, let modality else { continue }
            if deployments.contains(where: { $0.name == name }) {
                section.report("a deployment of this name stands above", key: "name")
            }
            deployments.append(
                Deployment(
                    name: name, bundle: bundle,
                    rules: MatchingRules(modality: modality, minimumSlices: slices), destinations: targets,
                    device: section.device("device") ?? "cpu", engine: section.engine("engine") ?? .auto,
                    priority: section.priority("priority") ?? .routine))
        }
        return deployments
    }
}

extension Section {
    /// A text that fits a DICOM LO (or SH, with `most` 16): no backslash, no control character.
    fileprivate func longString(_ key: String, most: Int = 64) -> String? {
        guard let text = string(key) else { return nil }
        let trimmed = text.trimmingCharacters(in: .whitespaces)
        let fits = (1...most).contains(trimmed.utf8.count) && trimmed.utf8.allSatisfy { $0 >= 0x20 && $0 != 0x5C }
        guard fits else {
            report("expected 1 to \(most) characters without a backslash", key: key)
            return nil
        }
        return trimmed
    }

    /// A modality as a CS has it (PS3.5 §6.2); small letters become capitals.
    fileprivate func modality(_ key: String) -> String? {
        guard let text = required(key, "the modality of the series it takes, such as CT")?.uppercased() else {
            return nil
        }
        let fits =
            text.utf8.count <= 16 && text.utf8.allSatisfy { (0x41...0x5A).contains($0) || (0x30...0x39).contains($0) }
        guard fits else {
            report("expected a modality (0008,0060) such as CT, MR or PT", key: key)
            return nil
        }
        return text
    }

    /// One text, or a list of them.
    fileprivate func texts(_ key: String) -> [String] {
        guard let node = values[key], !node.isNull else { return [] }
        if node.sequence == nil { return string(key).map { [$0] } ?? [] }
        return strings(key, "a file") ?? []
    }

    /// Ids with their values, as `portico bundle … --set` takes them.
    fileprivate func settings(_ key: String) -> [BundleReference.Setting] {
        guard let node = values[key], !node.isNull else { return [] }
        guard let mapping = node.mapping else {
            report("expected a mapping of ids of the bundle's configuration to values", key: key)
            return []
        }
        return mapping.compactMap { id, value in
            guard let id = id.string, !id.isEmpty, let text = value.jsonText else {
                report("expected an id of the bundle's configuration and a value that JSON can hold", key: key)
                return nil
            }
            return BundleReference.Setting(id: id, text: text)
        }
    }

    /// `urgent`, `routine` or `background`.
    fileprivate func priority(_ key: String) -> JobPriority? {
        guard let text = string(key) else { return nil }
        guard let priority = JobPriority(rawValue: text) else {
            report("expected urgent, routine or background", key: key)
            return nil
        }
        return priority
    }

    /// `cpu`, `cuda` or `cuda:N`.
    fileprivate func device(_ key: String) -> String? {
        guard let text = string(key) else { return nil }
        let parts = text.split(separator: ":", omittingEmptySubsequences: false)
        let fits =
            text == "cpu" || text == "cuda" || (parts.count == 2 && parts[0] == "cuda" && UInt16(parts[1]) != nil)
        guard fits else {
            report("expected cpu, cuda or cuda:N", key: key)
            return nil
        }
        return text
    }

    /// `auto`, `torch` or `openvino`.
    fileprivate func engine(_ key: String) -> EngineChoice? {
        guard let text = string(key) else { return nil }
        guard let engine = EngineChoice(rawValue: text) else {
            report("expected \(EngineChoice.words)", key: key)
            return nil
        }
        return engine
    }
}
