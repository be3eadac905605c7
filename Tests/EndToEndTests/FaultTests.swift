import Foundation
import TestSupport
import Testing

extension EndToEnd {
    /// Back ends, models and disks that fail, each with the job's end in the right words and the gateway unharmed.
    @Suite(.serialized, .timeLimit(EndToEnd.guardTime))
    struct FaultTests {
        static let stages = ["preprocessing", "inference", "postprocessing", "writing results"]

        @Test(
            "A worker that is killed in a stage costs one attempt, and the result is delivered once", arguments: stages)
        func killedIn(stage: String) async throws {
            try await Scratch.with { scratch in
                let scene = try await FaultyScene(["stage \(stage)", "do kill", "unless MARK"], in: scratch)
                let job = try await scene.outcome()
                #expect(job.listing.state == "succeeded" && job.listing.crashes == 1 && job.attempts.count == 2)
                #expect(job.attempts.first?.ending?.contains("was killed by signal 9") == true)
                #expect(job.attempts.first?.ending?.contains("in stage \(stage)") == true)
                #expect(job.listing.deliveries.map(\.state) == ["delivered"])
                try await scene.expectUnharmed(delivered: 1)
            }
        }

        @Test("So does one that is killed while the network is loaded")
        func killedInLoading() async throws {
            try await Scratch.with { scratch in
                let scene = try await FaultyScene(["in load", "do kill", "unless MARK"], in: scratch)
                let job = try await scene.outcome()
                #expect(job.listing.state == "succeeded" && job.listing.crashes == 1)
                #expect(job.attempts.first?.ending?.contains("in stage loading bundle") == true)
                try await scene.expectUnharmed(delivered: 1)
            }
        }

        /// A fault that comes at each attempt, and the words that say what it was.
        struct Fault: Sendable, CustomTestStringConvertible {
            var orders: [String]
            var workers: [String] = []
            var words: [String]
            var testDescription: String { orders.joined(separator: ", ") }
        }

        @Test(
            "A job whose worker dies at each attempt is failed after the second, with what ended it",
            arguments: [
                Fault(orders: ["do abort"], words: ["signal 6 (SIGABRT)", "in stage inference"]),
                Fault(orders: ["do segv"], words: ["signal 11 (SIGSEGV", "in stage inference"]),
                Fault(orders: ["do exit"], words: ["ended by itself with code 3", "in stage inference"]),
                Fault(orders: ["in load", "do abort"], words: ["signal 6 (SIGABRT)", "in stage loading bundle"]),
                Fault(
                    orders: ["do allocate"], workers: ["memoryLimit: 1GB", "modelMemory: 100MB"],
                    words: ["its memory had grown to", "workers.memoryLimit allows 1 GB", "in stage inference"]),
                Fault(
                    orders: ["do hang"], workers: ["timeLimit: 15s"],
                    words: [
                        "was ended, because the job took longer than the 15.0 s of workers.timeLimit, in stage inference"
                    ]),
            ])
        func fatal(fault: Fault) async throws {
            try await Scratch.with { scratch in
                let scene = try await FaultyScene(fault.orders, in: scratch, workers: fault.workers)
                let job = try await scene.outcome()
                #expect(job.listing.state == "failed" && job.listing.crashes == 2 && job.attempts.count == 2)
                let reason = job.listing.reason ?? ""
                #expect(reason.hasPrefix("given up, because the job has cost 2 workers"))
                for words in fault.words { #expect(reason.contains(words), "\(reason)") }
                try await scene.expectUnharmed(delivered: 0)
            }
        }

        @Test("A back end that says that memory ran out costs no worker; the limit and its setting are named")
        func memorySaid() async throws {
            try await Scratch.with { scratch in
                let scene = try await FaultyScene(
                    ["do refuse"], in: scratch, workers: ["memoryLimit: 2GB", "maximumAttempts: 2"])
                let job = try await scene.outcome()
                #expect(job.listing.state == "failed" && job.listing.crashes == 0 && job.attempts.count == 2)
                #expect(job.listing.reason?.contains("the faulty back end has no memory") == true)
                #expect(job.listing.reason?.contains("(workers.memoryLimit allows 2 GB)") == true)
                #expect(Set(job.attempts.map(\.workerPID)).count == 1)
                try await scene.expectUnharmed(delivered: 0)
            }
        }

        @Test("A network of other channels than the bundle's metadata say fails the job at once, in words")
        func channels() async throws {
            try await Scratch.with { scratch in
                let scene = try await FaultyScene(["channels 4"], in: scratch)
                let job = try await scene.outcome()
                #expect(job.listing.state == "failed" && job.attempts.count == 1)
                #expect(job.listing.reason?.contains("models/model.ts gives 4 channels") == true)
                try await scene.expectUnharmed(delivered: 0)
            }
        }

        @Test("Weights that are cut off, and a back end that is away, fail the job in words; the worker lives")
        func truncatedWeights() async throws {
            try await Scratch.with { scratch in
                let bundle = try FaultyScene.bundle(in: scratch)
                let whole = try Data(contentsOf: Project.demoBundle.appendingPathComponent("models/model.ts"))
                try whole.prefix(whole.count / 2).write(to: bundle.appendingPathComponent("models/model.ts"))
                let study = try await Dump.study(of: Project.phantomSeries)
                let settings = PorticoSettings([.init("abdomen", bundle: bundle)])
                let portico = try await Portico.serve(settings, in: scratch)
                try await Sender.dcmsend([Project.phantomSeries], to: portico).checked()
                _ = try await portico.job("a job", ofStudy: study) { _ in true }
                let job = try #require(try await portico.settledJobs(study: study).first)
                #expect(job.state == "failed" && job.crashes == 0 && job.attempts == 1)
                #expect(job.reason?.contains("models/model.ts") == true, "\(job.reason ?? "")")
                await portico.stop()

                let program = try FaultyScene.program(in: scratch)
                try FileManager.default.removeItem(at: program.appendingPathComponent("libPorticoTorch.so"))
                let second = try await Portico.serve(
                    settings, in: scratch, "second", executable: program.appendingPathComponent("portico"))
                try await Sender.dcmsend([Project.phantomSeries], to: second).checked()
                _ = try await second.job("a job", ofStudy: study) { _ in true }
                let lost = try #require(try await second.settledJobs(study: study).first)
                #expect(lost.state == "failed" && lost.crashes == 0)
                #expect(lost.reason?.contains("no back end was found at") == true, "\(lost.reason ?? "")")
                #expect(try await Portico.run(["echo", "PORTICO@127.0.0.1:\(second.port)"]).status == 0)
            }
        }

        @Test(
            "A disk that fills up while a job runs holds the job up, not the gateway; with room again it is delivered",
            .enabled(if: geteuid() == 0, "mounting a small disk needs root"))
        func fullDisk() async throws {
            try await Scratch.with { scratch in
                let gate = scratch.path("gate")
                #expect(mkfifo(gate.path, 0o600) == 0)
                let scene = try await FaultyScene(
                    ["do await \(gate.path)", "unless MARK"], in: scratch, workers: ["maximumAttempts: 100"],
                    dataFolder: { data in
                        try FileManager.default.createDirectory(at: data, withIntermediateDirectories: true)
                        try await Command.run("mount", ["-t", "tmpfs", "-o", "size=48m", "none", data.path]).checked()
                        scratch.atEnd { _ = try? await Command.run("umount", ["--lazy", data.path]) }
                    })
                try await scene.send()
                // Opens when the network runs; until it is closed, the network goes on running.
                let writer = try await onThread { open(gate.path, O_WRONLY) }
                let filler = scene.portico.data.appendingPathComponent("filler")
                _ = try await Command.run("dd", ["if=/dev/zero", "of=\(filler.path)", "bs=64k"])
                close(writer)
                try await scene.portico.process.errors.lines("a full disk", count: 1) { line in
                    line.contains("job goes back to the queue") || line.contains("cannot be recorded")
                }
                // An image that comes now is refused, and those that were acknowledged are still there.
                let localizer = Project.phantomStudy.appendingPathComponent("localizer").path
                let refused = try await Command.run(
                    "dcmsend",
                    ["--verbose", "-aec", Portico.aeTitle, "127.0.0.1", "\(scene.portico.port)"]
                        + ["--scan-directories", "--no-halt", localizer])
                #expect((refused.output + refused.errors).lowercased().contains("resources"), "\(refused)")
                try await scene.expectUnharmed(delivered: 0)
                try FileManager.default.removeItem(at: filler)
                let jobs = try await scene.portico.settledJobs(study: scene.study)
                #expect(jobs.map(\.state) == ["succeeded"])
                try await scene.expectUnharmed(delivered: 1)
            }
        }
    }
}
