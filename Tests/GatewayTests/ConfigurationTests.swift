import Foundation
import Store
import Testing

@testable import Gateway

@Suite("portico.yaml")
struct ConfigurationTests {
    private let folder = URL(fileURLWithPath: "/etc/portico/")

    private func read(_ yaml: String) throws -> Configuration {
        try Configuration(yaml: yaml, file: "portico.yaml", folder: folder)
    }

    private func problems(_ yaml: String) -> [String] {
        do {
            _ = try read(yaml)
            return []
        } catch let error as ConfigurationError {
            return error.problems.map(\.description)
        } catch {
            return ["another error: \(error)"]
        }
    }

    @Test("the shipped example is valid, and holds the defaults it says it holds")
    func example() throws {
        let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent()
        let configuration = try Configuration(contentsOf: root.appendingPathComponent("deploy/portico.yaml"))
        let defaults = DICOMSettings()
        #expect(configuration.dicom.maximumAssociations == defaults.maximumAssociations)
        #expect(configuration.dicom.maximumPDU == defaults.maximumPDU)
        #expect(configuration.dicom.negotiationTimeout == defaults.negotiationTimeout)
        #expect(configuration.dicom.idleTimeout == defaults.idleTimeout)
        #expect(configuration.dicom.minimumFreeBytes == defaults.minimumFreeBytes)
        #expect(configuration.completion == CompletionSettings())
        #expect(configuration.workers == WorkerSettings())
        #expect(configuration.delivery == DeliverySettings())
        #expect(configuration.results == ResultSettings())
        #expect(configuration.deployments.map(\.name) == ["spleen"])
        #expect(configuration.destinations["pacs"]?.port == 4242)
    }

    @Test("relative paths start at the file's folder, absolute ones stay")
    func paths() throws {
        let configuration = try read(
            """
            version: 1
            data: state
            dicom: { acceptAnyPeer: true }
            deployments:
              - { name: a, bundle: bundles/a, modality: CT }
              - { name: b, bundle: /srv/b, modality: MR, minimumSlices: 7, device: "cuda:1" }
            """)
        #expect(configuration.dataDirectory.path == "/etc/portico/state")
        #expect(configuration.deployments[0].bundle.path == "/etc/portico/bundles/a")
        #expect(configuration.deployments[1].bundle.path == "/srv/b")
        #expect(configuration.deployments[1].rules == MatchingRules(modality: "MR", minimumSlices: 7))
        #expect(configuration.deployments[1].device == "cuda:1")
    }

    @Test("the limits and the scheduling of workers are read; the priority of a deployment, too")
    func workers() throws {
        let head = "version: 1\ndata: d\ndicom: { acceptAnyPeer: true }\n"
        let configuration = try read(
            head + """
                workers:
                  count: 3
                  reservedForUrgent: 2
                  jobsPerDevice: 2
                  timeLimit: 20m
                  memoryLimit: 8 GB
                  modelMemory: 3GB
                  lowPriority: false
                  suspendAfter: 5
                deployments:
                  - { name: a, bundle: a, modality: CT, priority: urgent }
                  - { name: b, bundle: b, modality: CT }
                """)
        var expected = WorkerSettings()
        (expected.count, expected.reservedForUrgent, expected.jobsPerDevice) = (3, 2, 2)
        (expected.timeLimit, expected.memoryLimit, expected.modelMemory) = (1200, 8_000_000_000, 3_000_000_000)
        (expected.lowPriority, expected.suspendAfter) = (false, 5)
        #expect(configuration.workers == expected)
        #expect(configuration.deployments.map(\.priority) == [.urgent, .routine])
        let wrong =
            head + """
                workers: { count: 2, reservedForUrgent: 2, memoryLimit: 1kB, suspendAfter: -1 }
                deployments: [{ name: a, bundle: a, modality: CT, priority: stat }]
                """
        #expect(
            problems(wrong) == [
                "portico.yaml:4: workers.reservedForUrgent: of 2 workers, 2 would be kept for urgent jobs and none left for "
                    + "others; expected less than workers.count",
                "portico.yaml:4: workers.memoryLimit: expected at least 256MB",
                "portico.yaml:4: workers.suspendAfter: expected a whole number from 0 to 1000",
                "portico.yaml:5: deployments[0].priority: expected urgent, routine or background",
            ])
        #expect(
            problems(head + "workers: { memoryLimit: 1GB, modelMemory: 2GB }") == [
                "portico.yaml:4: workers.modelMemory: a worker may not keep more than the 1000000000 bytes that "
                    + "workers.memoryLimit gives it"
            ])
    }

    @Test("a deployment lays overlays and settings over its bundle")
    func overlays() throws {
        let configuration = try read(
            """
            version: 1
            data: /d
            dicom: { acceptAnyPeer: true }
            deployments:
              - name: a
                bundle: b.zip
                modality: CT
                config: inference_site.json
                overlay: [site/ours.yaml, /etc/more.json]
                set:
                  inferer#overlap: 0.25
                  evaluator::amp: no
                  handlers: null
                  name: "3"
                  word: spleen
                  'preprocessing#transforms#3#pixdim': [1, 2.5, {a: "x"}]
              - { name: b, bundle: c, modality: CT, overlay: one.json }
            """)
        #expect(
            configuration.deployments[0].bundle
                == BundleReference(
                    path: "/etc/portico/b.zip", configurations: ["inference_site.json"],
                    overlays: ["/etc/portico/site/ours.yaml", "/etc/more.json"],
                    settings: [
                        .init(id: "inferer#overlap", text: "0.25"), .init(id: "evaluator::amp", text: "false"),
                        .init(id: "handlers", text: "null"), .init(id: "name", text: #""3""#),
                        .init(id: "word", text: #""spleen""#),
                        .init(id: "preprocessing#transforms#3#pixdim", text: #"[1, 2.5, {"a": "x"}]"#),
                    ]))
        #expect(configuration.deployments[1].bundle.overlays == ["/etc/portico/one.json"])
    }

    @Test("durations and sizes have units")
    func units() throws {
        let configuration = try read(
            """
            version: 1
            data: /d
            dicom: { acceptAnyPeer: true, minimumFreeSpace: 1.5GB, idleTimeout: 2m }
            completion: { studyQuiet: 1500ms, seriesQuiet: 1, cap: 1h }
            """)
        #expect(configuration.dicom.minimumFreeBytes == 1_500_000_000)
        #expect(configuration.dicom.idleTimeout == 120)
        #expect(configuration.completion.studyQuiet == 1.5)
        #expect(configuration.completion.seriesQuiet == 1)
        #expect(configuration.completion.cap == 3600)
    }

    @Test("all problems of a file are reported at once, each with its line and key")
    func allProblems() {
        let found = problems(
            """
            version: 2
            dicom:
              aeTitle: A_TITLE_THAT_IS_TOO_LONG
              port: 70000
              speed: 9
            destinations:
              pacs: { aeTitle: PACS, host: 10.0.0.1 }
            deployments:
              - { name: a, bundle: b, modality: CT, destinations: [elsewhere], device: gpu }
              - { name: a, bundle: b, modality: CT }
              - { bundle: b }
            """)
        let expected = [
            "portico.yaml:1: version: this program reads version 1",
            "data: missing: the folder that holds studies, results and the database",
            "portico.yaml:3: dicom.aeTitle: expected an AE title",
            "portico.yaml:4: dicom.port: expected a whole number from 0 to 65535",
            "portico.yaml:5: dicom.speed: unknown key",
            "dicom.peers: nobody may connect",
            "destinations.pacs.port: missing",
            "deployments[0].destinations: there is no destination 'elsewhere'",
            "deployments[0].device: expected cpu, cuda or cuda:N",
            "deployments[1].name: a deployment of this name stands above",
            "deployments[2].name: missing",
            "deployments[2].modality: missing",
        ]
        for text in expected {
            #expect(found.contains { $0.contains(text) }, "\(text) is not among\n\(found.joined(separator: "\n"))")
        }
        #expect(found.count == expected.count, "\(found.joined(separator: "\n"))")
    }

    @Test(
        "what is no configuration is refused with words",
        arguments: ["", "- a list", "version: [", "just a text", "version: 1\nversion: 1\ndata: d"])
    func malformed(yaml: String) {
        #expect(!problems(yaml).isEmpty)
        #expect(problems(yaml).allSatisfy { $0.hasPrefix("portico.yaml") })
    }

    @Test(
        "a list of hosts that names nobody never opens the door",
        arguments: ["[[10.0.0.5]]", "[]", "", "10.0.0.5", "[10.0.0.0/33]", "[10.0.0]", "['']", "[{a: b}]", "[-bad-]"])
    func hosts(text: String) {
        let found = problems(
            """
            version: 1
            data: /d
            dicom:
              peers:
                - aeTitle: PACS
                  hosts: \(text)
            """)
        #expect(found.contains { $0.contains("hosts") }, "\(found)")
    }

    @Test("addresses, networks and names are hosts")
    func goodHosts() throws {
        let configuration = try read(
            """
            version: 1
            data: /d
            dicom:
              peers: [{ aeTitle: PACS, hosts: [10.0.0.5, 10.1.0.0/16, "fe80::1", "fd00::/8", pacs-1.hospital.org] }]
            """)
        #expect(configuration.dicom.peers[0].hosts.count == 5)
    }

    @Test(
        "values that the services could not take are refused here",
        arguments: [
            ("dicom", "{ acceptAnyPeer: true, idleTimeout: 1e30 }"),
            ("dicom", "{ acceptAnyPeer: true, idleTimeout: nan }"),
            ("dicom", "{ acceptAnyPeer: true, maximumPDU: 200001 }"),
            ("dicom", "{ acceptAnyPeer: true, maximumPDU: 16385 }"),
            ("results", "{ serialNumber: ' ' }"), ("results", "{ serialNumber: 'a\\b' }"),
            ("completion", "{ seriesQuiet: 90s, cap: 40s }"), ("workers", "{ leaseDuration: 1e300h }"),
            ("deployments", "[{ name: a, bundle: b, modality: CT, destinations: [[pacs]] }]"),
            ("deployments", "[{ name: a, bundle: b, modality: 'C T' }]"),
            ("deployments", "[{ name: a, bundle: b, modality: CT, set: [x] }]"),
            ("deployments", "[{ name: a, bundle: b, modality: CT, set: { x: .inf } }]"),
            ("deployments", "[{ name: a, bundle: b, modality: CT, overlay: { x: y } }]"),
        ])
    func bounds(key: String, value: String) {
        let listener = key == "dicom" ? "" : "dicom: { acceptAnyPeer: true }\n"
        #expect(problems("version: 1\ndata: /d\n\(listener)\(key): \(value)").count == 1)
    }

    @Test("a cap shorter than the quiet period is refused")
    func cap() {
        let found = problems(
            """
            version: 1
            data: /d
            dicom: { acceptAnyPeer: true }
            completion: { studyQuiet: 60s, cap: 30s }
            """)
        #expect(found.count == 1)
        #expect(found.first?.contains("completion.cap") == true)
    }

    @Test(
        "a peer can be spelled on the command line",
        arguments: [
            ("PACS@10.0.0.5:104", "PACS", "10.0.0.5", 104), ("A@[::1]:4242", "A", "::1", 4242),
            ("ODD@NAME@host:1", "ODD@NAME", "host", 1),
        ])
    func peer(text: String, title: String, host: String, port: Int) throws {
        let peer = try #require(try PeerOptions.parse(text))
        #expect(peer.title == title)
        #expect(peer.host == host)
        #expect(peer.port == port)
    }

    @Test(
        "a peer that is misspelled is refused", arguments: ["A@host", "A@host:0", "A@:104", "@host:104", "A@h:70000"])
    func misspelledPeer(text: String) {
        #expect(throws: CommandFailure.self) { try PeerOptions.parse(text) }
    }
}
