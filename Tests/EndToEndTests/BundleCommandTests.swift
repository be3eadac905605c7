import Foundation
import TestSupport
import Testing

extension EndToEnd {
    /// `portico bundle` as scripts see it, on the model zoo and on MONAI's own answers.
    @Suite(.serialized, .timeLimit(EndToEnd.guardTime))
    struct BundleCommandTests {
        private struct Inspection: Decodable {
            var name: String
            var verdict: String
            var deviceUID: String?
            var preprocessing: [Step]
            struct Step: Decodable {
                var id: String
                var name: String
            }
        }

        private func json(_ text: String) throws -> NSObject {
            try #require(JSONSerialization.jsonObject(with: Data(text.utf8), options: .fragmentsAllowed) as? NSObject)
        }

        @Test("inspect says what a bundle takes and gives; a folder that is no bundle gives status 1")
        func inspect() async throws {
            let demo = try await Portico.run(["bundle", "inspect", Project.demoBundle.path, "--format", "json"])
                .checked().json(Inspection.self)
            #expect(demo.verdict == "runs")
            #expect(demo.deviceUID?.hasPrefix("2.25.") == true)
            #expect(demo.preprocessing.count == 6)
            let table = try await Portico.run(["bundle", "inspect", Project.demoBundle.path, "--times"]).checked()
            #expect(table.output.contains(try #require(demo.deviceUID)))
            #expect(table.output.lowercased().contains("not for clinical use"))
            #expect(table.errors.hasPrefix("read and checked in "))
            let none = try await Portico.run(["bundle", "inspect", "/var/empty/none"])
            #expect(none.status == 1)
            #expect(none.errors.contains("/var/empty/none"))
        }

        @Test("resolve prints MONAI's trees of the whole zoo", .needsSharedData)
        func resolveZoo() async throws {
            var tally = (equal: 0, comparable: 0)
            let folder = try SharedData.url("golden/resolved")
            for file in try FileManager.default.contentsOfDirectory(atPath: folder.path).sorted() {
                let data = try Data(contentsOf: folder.appendingPathComponent(file))
                let golden = try #require(JSONSerialization.jsonObject(with: data) as? [String: Any])
                let name = try #require(golden["bundle"] as? String)
                let config = try #require(golden["config"] as? String)
                let expected = try #require(golden["resolved"] as? [String: Any])
                let bundle = try SharedData.url("zoo/" + name).path
                let output = try await Portico.run(["bundle", "resolve", bundle]).checked().output
                let found = try #require(try json(output) as? [String: Any])
                #expect(found["bundle"] as? String == name && found["config"] as? String == config)
                let resolved = try #require(found["resolved"] as? [String: Any])
                for id in ["device", "preprocessing", "inferer", "postprocessing"] {
                    guard let tree = expected[id] as? NSObject, !"\(tree)".contains("$error") else { continue }
                    tally.comparable += 1
                    let isEqual = (resolved[id] as? NSObject) == tree
                    #expect(isEqual, "\(name) \(id)")
                    if isEqual { tally.equal += 1 }
                }
            }
            print("bundle resolve: \(tally.equal) of \(tally.comparable) trees equal")
            #expect(tally.comparable == 84 && tally.equal == 84)
        }

        @Test("resolve takes a bare configuration, ids, overlays and settings, and fails with the reason and status 1")
        func resolve() async throws {
            try await Scratch.with { scratch in
                let file = scratch.path("case.json")
                try Data(
                    ##"{"a": [1, "@b"], "b": {"_target_": "Spacing", "pixdim": "$(1, 2)"}, "c": "$open('x')"}"##.utf8
                )
                .write(to: file)
                func run(_ words: String...) async throws -> CommandResult {
                    try await Portico.run(["bundle", "resolve", file.path] + words)
                }
                let value = try json(try await run("a").checked().output)
                let spacing = try json(
                    #"{"$component": "monai.transforms.spatial.array.Spacing", "args": {"pixdim": {"$tuple": [1, 2]}}}"#
                )
                #expect(value == ([1, spacing] as NSArray))
                #expect(try json(try await run("a#0", "--set", "a#0=[7]").checked().output) == ([7] as NSArray))
                let several = try await run("a::0", "b#pixdim").checked().output
                let resolved = try #require((try json(several) as? [String: Any])?["resolved"] as? [String: Any])
                #expect(resolved.keys.sorted() == ["a::0", "b#pixdim"])
                for (id, word) in [("c", "^"), ("nothing", "nothing"), ("", "^")] {
                    let failed = try await run(id)
                    #expect(failed.status == 1 && failed.output.isEmpty && failed.errors.contains(word), "\(id)")
                }
                let overlay = scratch.path("overlay.yaml")
                try Data("+a: [yes]\nc: 1e-5\n".utf8).write(to: overlay)
                let whole = try json(try await run("", "--overlay", overlay.path).checked().output) as? [String: Any]
                #expect((whole?["a"] as? [Any])?.count == 3 && whole?["c"] as? String == "1e-5")
                let device = try await Portico.run([
                    "bundle", "resolve", Project.demoBundle.path, "device", "--device", "cuda",
                ])
                #expect(device.output.contains("torch.device:cuda:0"))
            }
        }

        @Test("verify runs the network once, on the demo bundle as a folder and as a zip")
        func verify() async throws {
            struct Report: Decodable {
                var passes: Bool
                var findings: [Finding]
                struct Finding: Decodable {
                    var check: String
                    var level: String
                    var message: String
                }
            }
            try await Scratch.with { scratch in
                let zip = scratch.path("abdomen_phantom.zip")
                try await Command.run(
                    Peers.python(),
                    [
                        "-c",
                        "import shutil,sys; shutil.make_archive(sys.argv[1], 'zip', sys.argv[2], 'abdomen_phantom')",
                        zip.deletingPathExtension().path, Project.demoBundle.deletingLastPathComponent().path,
                    ]
                ).checked()
                for bundle in [Project.demoBundle, zip] {
                    let report = try await Portico.run(["bundle", "verify", bundle.path, "--format", "json"]).checked()
                        .json(Report.self)
                    #expect(report.passes)
                    let network = report.findings.filter { $0.check == "network" }
                    #expect(
                        network.count == 1 && network[0].level == "ok"
                            && network[0].message.contains("float32 on torch"))
                }
                let wrong = try await Portico.run([
                    "bundle", "verify", zip.path, "--set", "inferer#overlap=2", "--skip-network",
                ])
                #expect(wrong.status == 1 && wrong.output.contains("overlap"))
                // The same bundle, the same Device UID, however it is packed.
                var uids: Set<String?> = []
                for bundle in [Project.demoBundle, zip] {
                    let inspection = try await Portico.run(["bundle", "inspect", bundle.path, "--format", "json"])
                    uids.insert(try inspection.checked().json(Inspection.self).deviceUID)
                }
                #expect(uids.count == 1 && !uids.contains(nil))
            }
        }

        @Test("run takes an overlay and a setting, and a zip gives what its folder gives", .needsSharedData)
        func run() async throws {
            try await Scratch.with { scratch in
                let overlay = scratch.path("site.yaml")
                try Data("postprocessing::transforms::3::output_postfix: site\n".utf8).write(to: overlay)
                let bundle = try Samples.spleenRun
                let zip = scratch.path("spleen_run.zip")
                try await Command.run(
                    Peers.python(),
                    [
                        "-c", "import shutil,sys; shutil.make_archive(sys.argv[1], 'zip', sys.argv[2], 'spleen_run')",
                        zip.deletingPathExtension().path, bundle.deletingLastPathComponent().path,
                    ]
                ).checked()
                let input = bundle.appendingPathComponent("in/imagesTs/case0.nii.gz")
                func labels(_ bundle: URL, _ more: [String]) async throws -> (file: URL, deviceUID: String) {
                    let output = scratch.path(UUID().uuidString)
                    let view = try await Portico.run(
                        [
                            "run", "--bundle", bundle.path, "--input", input.path, "-o", output.path, "--format",
                            "json",
                        ] + more
                    ).checked().json(RunView.self)
                    return (URL(fileURLWithPath: try #require(view.files.first)), view.provenance.deviceUID)
                }
                let plain = try await labels(bundle, [])
                let packed = try await labels(zip, [])
                let site = try await labels(
                    bundle, ["--overlay", overlay.path, "--set", "evaluator#amp=false"])
                #expect(try Data(contentsOf: plain.file) == Data(contentsOf: packed.file))
                #expect(plain.deviceUID == packed.deviceUID && plain.deviceUID != site.deviceUID)
                #expect(
                    site.file.lastPathComponent.contains("_site") && !plain.file.lastPathComponent.contains("_site"))
            }
        }
    }
}
