import Foundation
import TestSupport
import Testing

extension EndToEnd {
    /// Orthanc as the PACS: a study goes out, a segmentation comes back.
    @Suite(.serialized, .timeLimit(EndToEnd.guardTime))
    struct PACSTests {
        /// A study that went from Orthanc to Portico and was worked on to the end.
        struct Round {
            var orthanc: Orthanc
            var portico: Portico
            var study: String
            var jobs: [JobView]

            /// Sends what lies in a folder through Orthanc and waits until all jobs have ended.
            init(of folder: URL, to deployments: [PorticoSettings.Deployment], in scratch: Scratch) async throws {
                orthanc = try await Orthanc.start(in: scratch)
                var settings = PorticoSettings(deployments, pacs: (Orthanc.aeTitle, orthanc.dicomPort))
                settings.peers = [Orthanc.aeTitle]
                settings.workers = ["threads: \(LabelMaps.threads)"]
                portico = try await Portico.serve(settings, in: scratch)
                try await orthanc.addModality("portico", aeTitle: Portico.aeTitle, port: portico.port)
                try await orthanc.upload(try Project.files(below: folder).filter { $0.pathExtension == "dcm" })
                study = try await Dump.study(of: folder)
                try await orthanc.send(study: study, to: "portico")
                jobs = try await portico.settledJobs(study: study)
            }

            /// The one SEG that Orthanc has in the study, as a file.
            func segmentation(in scratch: Scratch) async throws -> URL {
                let found = try await orthanc.files(ofStudy: study, modality: "SEG")
                #expect(found.count == 1)
                let file = scratch.path("result.dcm")
                try #require(found.first).write(to: file)
                return file
            }
        }

        @Test(
            "A real CT sent by Orthanc comes back as a SEG that is MONAI's label map in every voxel",
            .needsSharedData, arguments: ["abdomen_phantom", "spleen_run"])
        func realCT(bundleName: String) async throws {
            try await Scratch.with { scratch in
                let bundle = bundleName == "spleen_run" ? try Samples.spleenRun : Project.demoBundle
                let round = try await Round(of: Samples.leg, to: [.init("model", bundle: bundle)], in: scratch)
                let job = try #require(round.jobs.first)
                #expect(round.jobs.count == 1)
                #expect(job.state == "succeeded")
                #expect(job.deliveries.map(\.state) == ["delivered"])

                let segmentation = try await round.segmentation(in: scratch)
                let check = try await SegmentationCheck(
                    of: segmentation, series: Samples.leg, bundle: bundle,
                    labels: [
                        LabelMaps.portico(bundle, on: Samples.leg, in: scratch),
                        LabelMaps.monai(bundle, on: Samples.leg, in: scratch),
                    ])
                print("\(bundleName): \(check)")
                #expect(check.differing == [0, 0])
                #expect(check.voxels == 51 * 137 * 141)
                #expect(check.foreground > 0)
                #expect(check.framesWithForeground >= (bundleName == "spleen_run" ? 40 : 1))
                #expect(check.changedFromSource.isEmpty)
                #expect(job.deliveries.map(\.sopInstanceUID) == [check.sopInstanceUID])
                #expect(check.models.count == 1)
                #expect(check.models.first?.last?.hasPrefix("2.25.") == true)

                let conformance = try await ConformanceCheck(of: segmentation, series: Samples.leg)
                #expect(conformance.own.isEmpty)
                // The Study ID of this series is too long, and a result that had another one would be of another study.
                #expect(conformance.inherited.count == 1)

                let explanation = try await round.portico.explain(check.sopInstanceUID)
                #expect(explanation.inWords.contains("is a result of study \(round.study)"))
                #expect(explanation.inWords.contains("to pacs: delivered"))
            }
        }

        @Test("A run that finds nothing ends as done, sends nothing, and jobs and explain say so", .needsSharedData)
        func nothingFound() async throws {
            try await Scratch.with { scratch in
                let bundle = try await MadeBundle.withoutWeights("nothing", in: scratch)
                let round = try await Round(of: Samples.leg, to: [.init("model", bundle: bundle)], in: scratch)
                #expect(round.jobs.map(\.state) == ["nothingFound"])
                #expect(round.jobs.map(\.objects) == [0])
                #expect(round.jobs.flatMap(\.deliveries).isEmpty)
                #expect(try await round.orthanc.files(ofStudy: round.study, modality: "SEG").isEmpty)
                #expect(try await round.orthanc.instanceCount() == 51)
                let table = try await round.portico.run(["jobs"]).checked().output
                #expect(table.contains("done, nothing found"))
                let explanation = try await round.portico.explain(round.study)
                #expect(explanation.inWords.contains("done, nothing found"))
                #expect(explanation.inWords.contains("no object was made and nothing was sent"))
            }
        }

        @Test("An RTSTRUCT beside the CT, and Portico's own SEG, are stored, skipped and explained", .needsSharedData)
        func otherSeries() async throws {
            try await Scratch.with { scratch in
                let folder = try Samples.legWithStructures
                let round = try await Round(
                    of: folder, to: [.init("model", bundle: Project.demoBundle)], in: scratch)
                #expect(round.jobs.map(\.state) == ["succeeded"])
                let structures = folder.appendingPathComponent("mask/RS.dcm")
                let series = try await Dump.value("SeriesInstanceUID", of: structures)
                let instance = try await Dump.value("SOPInstanceUID", of: structures)
                let stored = round.portico.storedFile(study: round.study, series: series, instance: instance)
                #expect(try Part10(contentsOf: stored).sopClass == "1.2.840.10008.5.1.4.1.1.481.3")

                let first = try await round.portico.explain(round.study)
                let decision = try #require(first.revisions.last?.decisions.first)
                #expect(decision.outcome == "matched")
                let verdict = try #require(decision.series.first { $0.uid == series })
                #expect(verdict.outcome == "notMatched")
                #expect(verdict.reason?.contains("RTSTRUCT") == true)
                #expect(first.inWords.contains(verdict.reason ?? "?"))

                // The PACS sends the study once more, and with it what Portico made of it.
                let ours = try await Dump.value("SeriesInstanceUID", of: round.segmentation(in: scratch))
                try await round.orthanc.send(study: round.study, to: "portico")
                let second = try await round.portico.explanation("a revision with the SEG", of: round.study) {
                    $0.revisions.count == 2
                }
                let again = try #require(second.revisions.last?.decisions.first)
                #expect(again.series.first { $0.uid == ours }?.reason?.contains("Portico itself") == true)
                #expect(try await round.portico.jobs(study: round.study).map(\.id) == round.jobs.map(\.id))
            }
        }

        @Test(
            "A series whose slices have different frames of reference is refused, and jobs and explain say why",
            .needsSharedData)
        func framesOfReference() async throws {
            try await Scratch.with { scratch in
                let round = try await Round(
                    of: Samples.lung, to: [.init("model", bundle: Project.demoBundle)], in: scratch)
                let job = try #require(round.jobs.first)
                #expect(job.state == "failed")
                #expect(job.attempts == 1)
                let reason = try #require(job.reason)
                print(reason)
                #expect(reason.contains("20 different frames of reference"))
                #expect(try await round.orthanc.files(ofStudy: round.study, modality: "SEG").isEmpty)
                let explanation = try await round.portico.explain(round.study)
                #expect(explanation.inWords.contains(reason))
                let wait = try await round.portico.run(["jobs", "wait", "--study", round.study, "--timeout", "60"])
                #expect(wait.status == 1)
                #expect(wait.errors.contains(reason))
            }
        }

        @Test("The demo bundle finds the phantom's organs where they are: no axis is flipped, no side exchanged")
        func phantom() async throws {
            try await Scratch.with { scratch in
                let round = try await Round(
                    of: Project.phantomStudy, to: [.init("abdomen", bundle: Project.demoBundle)], in: scratch)
                #expect(round.jobs.map(\.state) == ["succeeded"])
                let segmentation = try await round.segmentation(in: scratch)
                let organs = try await Peers.run(
                    script: "seg_anatomy.py",
                    [
                        segmentation.path, Project.phantomSeries.path, Project.demoBundle.path,
                        Project.phantomTruth.path,
                    ]
                ).checked().json([String: OrganCheck].self)
                print(organs)
                #expect(organs.count == 4)
                #expect(organs.values.map(\.dice).reduce(0, +) / 4 >= 0.9)
                func x(_ organ: String) throws -> Double { try #require(organs[organ]?.centroid)[0] }
                #expect(try x("liver") < x("spleen"))
                #expect(try x("right kidney") < x("left kidney"))

                let conformance = try await ConformanceCheck(of: segmentation, series: Project.phantomSeries)
                #expect(conformance.own.isEmpty)
                #expect(conformance.inherited.isEmpty)

                let localizer = try await Dump.value(
                    "SeriesInstanceUID",
                    of: #require(Project.files(below: Project.phantomStudy.appendingPathComponent("localizer")).first))
                let verdict = try await round.portico.explain(round.study).revisions.last?.decisions.first?.series
                    .first { $0.uid == localizer }
                #expect(verdict?.outcome == "notMatched")
                #expect(verdict?.reason?.contains("3 slices") == true)
            }
        }
    }
}
