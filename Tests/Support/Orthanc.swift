public import Foundation

/// Orthanc as the PACS: a process of its own with its own configuration, storage and ports.
public final class Orthanc: Sendable {
    /// The AE title.
    public static let aeTitle = "ORTHANC"
    /// The port of its DICOM server.
    public let dicomPort: Int
    private let httpPort: Int
    private let process: ChildProcess

    /// Starts an Orthanc; the scratch folder's end ends it.
    ///
    /// - Throws: `SupportError` where it isn't installed or does not start.
    public static func start(in scratch: Scratch) async throws -> Orthanc {
        var failure = SupportError("no port was free")
        // The ports are free when they are chosen; another process may still take one before Orthanc does.
        for attempt in 1...5 {
            let folder = try scratch.makeFolder("orthanc-\(attempt)")
            let ports = (try RawSocket.freePort(), try RawSocket.freePort())
            let file = folder.appendingPathComponent("orthanc.json")
            try configuration(folder: folder, dicomPort: ports.0, httpPort: ports.1).write(to: file)
            let process = try ChildProcess("Orthanc", [file.path])
            scratch.atEnd { await process.stop() }
            do {
                try await process.errors.line("the words 'Orthanc has started'") { $0.contains("Orthanc has started") }
                return Orthanc(process: process, dicomPort: ports.0, httpPort: ports.1)
            } catch let error as SupportError {
                failure = error
                await process.stop()
            }
        }
        throw failure
    }

    private init(process: ChildProcess, dicomPort: Int, httpPort: Int) {
        self.process = process
        self.dicomPort = dicomPort
        self.httpPort = httpPort
    }

    private static func configuration(folder: URL, dicomPort: Int, httpPort: Int) throws -> Data {
        let settings: [String: Any] = [
            "Name": "Portico's test PACS", "StorageDirectory": folder.path, "IndexDirectory": folder.path,
            "DicomAet": aeTitle, "DicomPort": dicomPort, "HttpPort": httpPort, "RemoteAccessAllowed": false,
            "AuthenticationEnabled": false, "DicomModalities": [String: Any](), "Plugins": [String](),
            "DicomScuTimeout": 60, "HttpVerbose": false,
        ]
        return try JSONSerialization.data(withJSONObject: settings, options: [.sortedKeys])
    }

    /// Makes a modality known under a name.
    public func addModality(_ name: String, aeTitle: String, port: Int) async throws {
        let body = try JSONSerialization.data(withJSONObject: [aeTitle, "127.0.0.1", port] as [Any])
        try await expect("PUT", "/modalities/\(name)", body)
    }

    /// Takes DICOM files in.
    public func upload(_ files: [URL]) async throws {
        for file in files { try await expect("POST", "/instances", Data(contentsOf: file)) }
    }

    /// Sends everything of a study to a modality and waits until all of it is acknowledged.
    ///
    /// - Throws: `SupportError` with Orthanc's words where an object was not.
    public func send(study: String, to modality: String) async throws {
        let resources = try JSONSerialization.data(withJSONObject: [try await identifier(ofStudy: study)])
        let answer = try await expect("POST", "/modalities/\(modality)/store", resources)
        let fields = try JSONSerialization.jsonObject(with: answer) as? [String: Any]
        guard fields?["FailedInstancesCount"] as? Int == 0 else {
            throw SupportError("Orthanc could not send everything: \(String(decoding: answer, as: UTF8.self))")
        }
    }

    /// The instances of a study that have a modality, as Part 10 files.
    public func files(ofStudy study: String, modality: String) async throws -> [Data] {
        var files: [Data] = []
        let series = try await expect("GET", "/studies/\(identifier(ofStudy: study))/series")
        for entry in try JSONSerialization.jsonObject(with: series) as? [[String: Any]] ?? [] {
            let tags = entry["MainDicomTags"] as? [String: Any]
            guard tags?["Modality"] as? String == modality else { continue }
            for instance in entry["Instances"] as? [String] ?? [] {
                files.append(try await expect("GET", "/instances/\(instance)/file"))
            }
        }
        return files
    }

    /// How many instances were ever received, from Orthanc's log of changes; a second C-STORE of one does not count.
    public func instanceCount() async throws -> Int {
        let answer = try await expect("GET", "/statistics")
        let fields = try JSONSerialization.jsonObject(with: answer) as? [String: Any]
        return fields?["CountInstances"] as? Int ?? 0
    }

    /// Orthanc's own identifier of a study.
    private func identifier(ofStudy study: String) async throws -> String {
        let query: [String: Any] = ["Level": "Study", "Query": ["StudyInstanceUID": study]]
        let answer = try await expect("POST", "/tools/find", try JSONSerialization.data(withJSONObject: query))
        guard let found = try JSONSerialization.jsonObject(with: answer) as? [String], found.count == 1 else {
            throw SupportError("Orthanc knows no study, or several, of this UID")
        }
        return found[0]
    }

    @discardableResult
    private func expect(_ method: String, _ path: String, _ body: Data = Data()) async throws -> Data {
        let response = try await HTTP.request(method, port: httpPort, path: path, body: body)
        guard response.status == 200 else {
            throw SupportError(
                "Orthanc answered \(response.status) to \(method) \(path): "
                    + "\(String(decoding: response.body.prefix(500), as: UTF8.self))\n\(process.errors.tail(10))")
        }
        return response.body
    }
}
