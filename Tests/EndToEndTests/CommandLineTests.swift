import Foundation
import TestSupport
import Testing

extension EndToEnd {
    /// The command line as scripts see it: exit status, standard output, standard error.
    @Suite(.serialized, .timeLimit(EndToEnd.guardTime))
    struct CommandLineTests {
        @Test(
            "Each command has a help that ends with 0",
            arguments: [
                [], ["serve"], ["worker"], ["run"], ["check"], ["jobs"], ["jobs", "list"], ["jobs", "show"],
                ["jobs", "wait"], ["doctor"], ["explain"], ["echo"], ["send"], ["bundle"], ["bundle", "inspect"],
                ["bundle", "resolve"], ["bundle", "verify"], ["preview"], ["version"],
            ])
        func help(command: [String]) async throws {
            let result = try await Portico.run(command + ["--help"])
            #expect(result.status == 0)
            #expect(result.output.contains("USAGE: " + (["portico"] + command).joined(separator: " ")))
            #expect(result.errors.isEmpty)
        }

        @Test(
            "A wrong command line ends with 64, the words on standard error",
            arguments: [
                ["nonsense"], ["explain"], ["run", "--bundle", "x"], ["jobs", "--limit", "many"],
                ["version", "--format", "xml"], ["send", "pacs"], ["run", "--bundle", "x", "--input", "y", "-o"],
                ["preview", "x", "--source", "y", "-o", "z", "--slices", "0"], ["bundle", "inspect"],
                ["bundle", "resolve", "x", "--set", "novalue"], ["bundle", "inspect", "x", "--set", "=3"],
                ["bundle", "verify", "x", "--shape", "a,b"], ["bundle", "verify", "x", "--device", "gpu"],
            ])
        func wrongUsage(arguments: [String]) async throws {
            let result = try await Portico.run(arguments)
            #expect(result.status == 64)
            #expect(result.output.isEmpty)
            #expect(result.errors.contains("Error:"))
            #expect(result.errors.contains("Usage: portico"))
        }

        @Test("version names Portico, DCMTK and the back end, as a table and as JSON")
        func version() async throws {
            let json = try await Portico.run(["version", "--format", "json"]).checked().json([String: String].self)
            #expect(json.keys.sorted() == ["backEnd", "dcmtk", "portico"])
            #expect(json["backEnd"]?.hasPrefix("torch 2.") == true)
            let table = try await Portico.run(["version"]).checked().output
            for value in json.values { #expect(table.contains(value)) }
            #expect(try await Portico.run(["--version"]).checked().output == "portico \(json["portico"] ?? "?")")
        }

        @Test("check reports all that is wrong with a configuration at once, each with its line and key")
        func brokenConfiguration() async throws {
            try await Scratch.with { scratch in
                let file = scratch.path("portico.yaml")
                let yaml = """
                    version: 1
                    data: data
                    colour: blue
                    dicom:
                      aeTitle: A_TITLE_THAT_IS_TOO_LONG
                      port: 70000
                    completion:
                      studyQuiet: soon
                    destinations:
                      pacs: { aeTitle: PACS, host: 127.0.0.1 }
                    deployments:
                      - name: one
                        modality: CT
                        minimumSlices: 0
                        destinations: [elsewhere]

                    """
                try Data(yaml.utf8).write(to: file)
                for command in ["check", "serve"] {
                    let result = try await Portico.run([command, "--config", file.path])
                    #expect(result.status == 1)
                    for place in [
                        "3: colour", "5: dicom.aeTitle", "6: dicom.port", "dicom.peers", "8: completion.studyQuiet",
                        "destinations.pacs.port", "deployments[0].bundle", "14: deployments[0].minimumSlices",
                        "15: deployments[0].destinations",
                    ] {
                        #expect(result.errors.contains(place), "\(command) says nothing of \(place):\n\(result.errors)")
                    }
                }
            }
        }

        @Test("check looks at bundles and, when asked, at destinations, and ends with 1 when one is not right")
        func check() async throws {
            struct Report: Decodable {
                struct Finding: Decodable {
                    var subject: String
                    var level: String
                    var message: String
                }
                var findings: [Finding]
            }
            try await Scratch.with { scratch in
                let pacs = try await StoreSCP.start(in: scratch)
                let good = try Portico(
                    PorticoSettings(
                        [.init("abdomen", bundle: Project.demoBundle)], pacs: (StoreSCP.aeTitle, pacs.port)),
                    in: scratch, "good")
                let fine = try await good.run(["check", "--echo", "--format", "json"]).checked().json(Report.self)
                #expect(fine.findings.allSatisfy { $0.level == "ok" })
                #expect(fine.findings.contains { $0.subject.contains("pacs") && $0.message.contains("answered") })

                let broken = try Portico(
                    PorticoSettings(
                        [.init("none", bundle: scratch.path("no-bundle"))],
                        pacs: ("NOBODY", try RawSocket.freePort())),
                    in: scratch, "broken")
                let result = try await broken.run(["check", "--echo", "--format", "json"])
                #expect(result.status == 1)
                let wrong = try result.json(Report.self).findings.filter { $0.level == "error" }.map(\.subject)
                #expect(wrong.count == 2)
                #expect(wrong.contains { $0.contains("bundle of deployment 'none'") })
                #expect(wrong.contains { $0.contains("destination 'pacs'") })
            }
        }

        @Test("A second serve on the same data is refused in words, and the first one goes on")
        func secondServe() async throws {
            try await Scratch.with { scratch in
                let portico = try await Portico.serve(PorticoSettings(), in: scratch)
                let second = try await portico.run(["serve"], within: .seconds(60))
                #expect(second.status == 1)
                #expect(second.output.isEmpty)
                #expect(second.errors.contains(portico.data.path))
                #expect(try await Portico.run(["echo", "PORTICO@127.0.0.1:\(portico.port)"]).status == 0)
                #expect(await portico.stop() == .exited(0))
            }
        }

        @Test("echo and send reach a foreign peer; a peer that is not known, or not there, is refused in words")
        func echoAndSend() async throws {
            struct Report: Decodable {
                struct File: Decodable {
                    var delivered: Bool
                    var status: String?
                }
                var files: [File]
            }
            try await Scratch.with { scratch in
                let pacs = try await StoreSCP.start(in: scratch)
                let portico = try Portico(
                    PorticoSettings(pacs: (StoreSCP.aeTitle, pacs.port)), in: scratch)
                #expect(try await portico.run(["echo", "pacs"]).checked().output.contains("answered"))
                let report = try await portico.run(
                    ["send", "pacs", Project.phantomSeries.path, "--format", "json"]
                ).checked().json(Report.self)
                let files = try Project.files(below: Project.phantomSeries)
                #expect(report.files.count == files.count)
                #expect(report.files.allSatisfy { $0.delivered && $0.status == "0000H" })
                #expect(try pacs.files().count == files.count)

                let unknown = try await portico.run(["echo", "somebody"])
                #expect(unknown.status == 1)
                #expect(unknown.errors.contains("there is no destination 'somebody'"))
                #expect(unknown.errors.contains("pacs"))
                let malformed = try await portico.run(["send", "X@nowhere", files[0].path])
                #expect(malformed.status == 1)
                #expect(malformed.errors.contains("AETITLE@HOST:PORT"))
                let absent = try await portico.run(["echo", "PACS@127.0.0.1:\(RawSocket.freePort())"])
                #expect(absent.status == 1)
                #expect(!absent.errors.isEmpty)
                let noFile = try await portico.run(["send", "pacs", scratch.path("none.dcm").path])
                #expect(noFile.status == 1)
                #expect(noFile.errors.contains("none.dcm"))
            }
        }

        @Test("jobs and explain work beside serve and without it; what they do not know gives status 1")
        func queries() async throws {
            try await Scratch.with { scratch in
                let portico = try await Portico.serve(PorticoSettings(), in: scratch)
                let study = try await Dump.study(of: Project.phantomSeries)
                #expect(try await portico.run(["jobs", "--format", "json"]).checked().json([JobView].self).isEmpty)
                #expect(try await portico.run(["jobs"]).checked().output.isEmpty)
                #expect(try await portico.run(["explain", study]).status == 1)
                #expect(try await portico.run(["jobs", "show", "7"]).status == 1)
                try await Sender.dcmsend([Project.phantomSeries], to: portico).checked()
                let running = try await portico.explanation("a complete study", of: study) { !$0.revisions.isEmpty }
                #expect(running.study.series.map(\.instances) == [56])
                #expect(running.inWords.contains("there was no deployment to decide on"))
                await portico.stop()
                let stopped = try await portico.run(["explain", study]).checked().output
                #expect(stopped == running.inWords)
                let waiting = try await portico.run(["jobs", "wait", "--study", study, "--timeout", "0.1"])
                #expect(waiting.status == 1)
                #expect(waiting.errors.contains("has no job"))
            }
        }

        @Test("run on DICOM gives a SEG, and preview draws it; an input that is not there gives status 1")
        func runAndPreview() async throws {
            try await Scratch.with { scratch in
                let result = try await Portico.run([
                    "run", "--bundle", Project.demoBundle.path, "--input", Project.phantomStudy.path, "--output",
                    scratch.path("out").path, "--format", "json",
                ]).checked().json(RunView.self)
                let segmentation = URL(fileURLWithPath: try #require(result.files.first))
                let conformance = try await ConformanceCheck(of: segmentation, series: Project.phantomSeries)
                #expect(conformance.own.isEmpty && conformance.inherited.isEmpty)

                let picture = scratch.path("overlay.png")
                try await Portico.run([
                    "preview", segmentation.path, "--source", Project.phantomStudy.path, "-o", picture.path,
                ]).checked()
                let bytes = try Data(contentsOf: picture)
                #expect(bytes.prefix(8) == Data([0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]))
                #expect(bytes.count > 20_000)

                let absent = try await Portico.run([
                    "run", "--bundle", Project.demoBundle.path, "--input", scratch.path("none").path, "-o",
                    scratch.path("out").path,
                ])
                #expect(absent.status == 1)
                #expect(absent.output.isEmpty)
                #expect(absent.errors.contains(scratch.path("none").path))
            }
        }
    }
}
