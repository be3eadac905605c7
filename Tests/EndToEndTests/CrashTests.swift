import Foundation
import TestSupport
import Testing

extension EndToEnd {
    /// Processes that die at the worst moment.
    @Suite(.serialized, .timeLimit(EndToEnd.guardTime))
    struct CrashTests {
        /// A Portico that works on the phantom study for some seconds, and a PACS that counts every C-STORE.
        struct Scene {
            var portico: Portico
            var pacs: StoreSCP
            var study: String

            init(in scratch: Scratch, workers: [String] = []) async throws {
                pacs = try await StoreSCP.start(in: scratch)
                var settings = PorticoSettings(
                    [.init("spleen", bundle: try MadeBundle.spleenInSteps(in: scratch))],
                    pacs: (StoreSCP.aeTitle, pacs.port))
                // One thread, so that the network computes for some seconds on a fast machine, too.
                settings.workers = ["threads: 1"] + workers
                portico = try await Portico.serve(settings, in: scratch)
                study = try await Dump.study(of: Project.phantomSeries)
            }

            /// Sends the study and waits until the network computes; gives the worker's process.
            func reachInference() async throws -> pid_t {
                try await Sender.dcmsend([Project.phantomSeries], to: portico).checked()
                _ = try await portico.job("a job in inference", ofStudy: study) {
                    $0.state == "running" && $0.stage == "inference"
                }
                let attempt = try #require(try await portico.explain(study).jobs.first?.attempts.last)
                #expect(attempt.ending == nil)
                #expect(try portico.process.children().contains(attempt.workerPID))
                return attempt.workerPID
            }

            /// What both sides say of a delivery.
            private func trouble(_ jobs: [JobView]) -> String {
                "\(jobs.flatMap(\.deliveries))\nstorescp, running: \(pacs.process.isRunning):\n\(pacs.process.errors.tail())"
            }

            /// Waits for the end and looks at what came to the PACS: one object, sent once.
            func expectOneDelivery() async throws {
                let jobs = try await portico.settledJobs(study: study)
                #expect(jobs.map(\.state) == ["succeeded"])
                #expect(jobs.flatMap(\.deliveries).map(\.state) == ["delivered"], "\(trouble(jobs))")
                #expect(jobs.flatMap(\.deliveries).map(\.attempts) == [1])
                #expect(try pacs.files().count == 1)
                #expect(pacs.process.errors.lines.count { $0.contains("Received Store Request") } == 1)
                let delivered = try await Dump.value("SOPInstanceUID", of: #require(pacs.files().first))
                #expect(jobs.flatMap(\.deliveries).map(\.sopInstanceUID) == [delivered])
            }
        }

        @Test(
            "A worker that is killed in the middle of inference costs one attempt; the result is delivered once",
            .needsSharedData)
        func killedWorker() async throws {
            try await Scratch.with { scratch in
                let scene = try await Scene(in: scratch)
                let worker = try await scene.reachInference()
                #expect(kill(worker, SIGKILL) == 0)
                try await scene.expectOneDelivery()
                let attempts = try #require(try await scene.portico.explain(scene.study).jobs.first?.attempts)
                #expect(attempts.count == 2)
                #expect(attempts.first?.ending?.contains("in stage inference") == true)
                #expect(attempts.last?.workerPID != worker)
            }
        }

        @Test("A job whose worker dies as often as the limit allows is failed with its reason", .needsSharedData)
        func attemptsUsedUp() async throws {
            try await Scratch.with { scratch in
                let scene = try await Scene(in: scratch, workers: ["maximumAttempts: 1"])
                #expect(kill(try await scene.reachInference(), SIGKILL) == 0)
                let jobs = try await scene.portico.settledJobs(study: scene.study)
                #expect(jobs.map(\.state) == ["failed"])
                #expect(jobs.first?.reason?.contains("in stage inference") == true)
                #expect(jobs.first?.reason?.contains("signal 9") == true)
                #expect(try scene.pacs.files().isEmpty)
                // The images are where they were, and Portico goes on.
                #expect(try await Portico.run(["echo", "PORTICO@127.0.0.1:\(scene.portico.port)"]).status == 0)
            }
        }

        @Test(
            "serve that is ended in the middle of inference, rudely or not, does the job after its next start, once",
            .needsSharedData, arguments: [SIGKILL, SIGTERM])
        func endedServe(signal: Int32) async throws {
            try await Scratch.with { scratch in
                let scene = try await Scene(in: scratch)
                let worker = try await scene.reachInference()
                let serve = try scene.portico.process
                serve.send(signal)
                let ending = try await serve.ending()
                #expect(ending == (signal == SIGKILL ? .signalled(SIGKILL) : .exited(0)))
                try await Self.expectGone(worker)
                try await scene.portico.start()
                try await scene.expectOneDelivery()
            }
        }

        @Test("A PACS that is away gets the result when it is back, also when serve was restarted meanwhile")
        func absentPACS() async throws {
            try await Scratch.with { scratch in
                let port = try RawSocket.freePort()
                var settings = PorticoSettings(
                    [.init("abdomen", bundle: Project.demoBundle)], pacs: (StoreSCP.aeTitle, port))
                settings.delivery = ["initialBackoff: 100ms", "maximumBackoff: 500ms", "maximumAttempts: 1000"]
                let portico = try await Portico.serve(settings, in: scratch)
                let study = try await Dump.study(of: Project.phantomSeries)
                try await Sender.dcmsend([Project.phantomSeries], to: portico).checked()
                let waiting = try await portico.job("two tries to deliver", ofStudy: study) {
                    $0.state == "succeeded" && ($0.deliveries.first?.attempts ?? 0) >= 2
                }
                #expect(waiting.deliveries.first?.lastError?.isEmpty == false)
                try await portico.kill()
                try await portico.start()
                let pacs = try await StoreSCP.start(in: scratch, port: port)
                let jobs = try await portico.settledJobs(study: study)
                #expect(jobs.flatMap(\.deliveries).map(\.state) == ["delivered"])
                #expect(jobs.map(\.attempts) == [waiting.attempts])
                #expect(try pacs.files().count == 1)
            }
        }

        /// Waits until a process that is nobody's child any more has ended.
        static func expectGone(_ process: pid_t, within limit: Duration = .seconds(60)) async throws {
            // A descriptor of a process becomes readable when it ends; one that is gone already has none (pidfd_open(2)).
            let script = """
                import os, select, sys
                try: select.select([os.pidfd_open(int(sys.argv[1]))], [], [])
                except ProcessLookupError: pass
                """
            let ending = try await Command.run(Peers.python(), ["-c", script, String(process)], within: limit).ending
            #expect(ending == .exited(0), "the worker \(process) has outlived serve")
        }

        @Test(
            "serve that is killed while it receives keeps every acknowledged image, and the study is delivered once",
            arguments: [3, 20])
        func killedWhileReceiving(wholeObjects: Int) async throws {
            try await Scratch.with { scratch in
                let pacs = try await StoreSCP.start(in: scratch)
                let files = try Project.files(below: Project.phantomSeries)
                let portico = try await Portico.serve(
                    PorticoSettings(
                        // Only the whole series will do: what is there before the second sending fits no deployment.
                        [.init("abdomen", bundle: Project.demoBundle, minimumSlices: files.count)],
                        pacs: (StoreSCP.aeTitle, pacs.port)),
                    in: scratch)
                let acknowledged = try await Self.sendAndKill(portico, files, after: wholeObjects, in: scratch)
                #expect(acknowledged.count == wholeObjects)

                try await portico.start()
                let study = try await Dump.study(of: Project.phantomSeries)
                // Files are the truth: the index has what is on the disk, whether or not it was indexed before.
                _ = try await portico.explanation("every acknowledged image", of: study) {
                    $0.study.series.map(\.instances) == [acknowledged.count]
                }
                try await Self.expectStored(acknowledged, in: portico, andNothingElse: true)

                try await Sender.dcmsend([Project.phantomSeries], to: portico).checked()
                _ = try await portico.job("a job", ofStudy: study) { _ in true }
                let jobs = try await portico.settledJobs(study: study)
                #expect(jobs.map(\.state) == ["succeeded"])
                #expect(try pacs.files().count == 1)
                try await Self.expectStored(files, in: portico, andNothingElse: true)
            }
        }

        /// Sends files through a relay that holds still in the middle of one, kills `serve` and gives the files that
        /// were acknowledged.
        static func sendAndKill(
            _ portico: Portico, _ files: [URL], after whole: Int, in scratch: Scratch
        ) async throws -> [URL] {
            let sizes = try files.map { try Part10(contentsOf: $0).dataSet.count }
            let budget = sizes[..<whole].reduce(0, +) + sizes[whole] / 2 + 6000
            let relay = try Relay(to: portico.port, passing: budget, in: scratch)
            let sender = try ChildProcess(
                "storescu",
                ["--verbose", "-aec", Portico.aeTitle, "127.0.0.1", String(relay.port)] + files.map(\.path),
                environment: ["TCP_NODELAY": "1"])
            try await relay.holding()
            let isAcknowledgement: @Sendable (String) -> Bool = { $0.contains("Received Store Response (Success)") }
            try await sender.errors.lines("acknowledgement", count: whole, where: isAcknowledgement)
            try await portico.kill()
            relay.cut()
            try await sender.ending()
            return Array(files.prefix(sender.errors.lines.count(where: isAcknowledgement)))
        }

        /// Looks for files under their final names with the bytes that were sent, and for nothing half done.
        static func expectStored(_ files: [URL], in portico: Portico, andNothingElse: Bool) async throws {
            let studies = portico.data.appendingPathComponent("studies")
            let stored = try Project.files(below: studies)
            var byInstance: [String: Part10] = [:]
            for file in stored {
                let object = try Part10(contentsOf: file)
                #expect(file.lastPathComponent == object.sopInstance + ".dcm")
                byInstance[object.sopInstance] = object
            }
            for file in files {
                let sent = try Part10(contentsOf: file)
                #expect(byInstance[sent.sopInstance]?.dataSet == sent.dataSet)
                #expect(byInstance[sent.sopInstance]?.transferSyntax == sent.transferSyntax)
            }
            if andNothingElse {
                #expect(stored.count == files.count)
                for place in ["incoming", "quarantine"] {
                    let folder = portico.data.appendingPathComponent(place)
                    guard FileManager.default.fileExists(atPath: folder.path) else { continue }
                    #expect(try Project.files(below: folder).isEmpty)
                }
            }
        }
    }
}
