import Foundation
import TestSupport
import Testing

extension EndToEnd {
    /// The queue in people's hands: cancelling, trying again, suspending, limits.
    @Suite(.serialized, .timeLimit(EndToEnd.guardTime))
    struct QueueTests {
        @Test("A running job is cancelled by hand, nothing is sent, and trying it again delivers it")
        func cancelAndRetry() async throws {
            try await Scratch.with { scratch in
                let gate = scratch.path("gate")
                #expect(mkfifo(gate.path, 0o600) == 0)
                let scene = try await FaultyScene(["do await \(gate.path)", "unless MARK"], in: scratch)
                try await scene.send()
                let writer = try await onThread { open(gate.path, O_WRONLY) }
                let job = try await scene.portico.job("a job in inference", ofStudy: scene.study) {
                    $0.state == "running" && $0.stage == "inference"
                }
                let words = try await scene.portico.run(["jobs", "cancel", "\(job.id)"]).checked().output
                #expect(words == "job \(job.id) is running; it ends at its next step")
                close(writer)
                let ended = try await scene.portico.settledJobs(study: scene.study)
                #expect(ended.map(\.state) == ["cancelled"])
                #expect(ended.first?.reason?.hasPrefix("cancelled by hand in stage") == true)
                let table = try await scene.portico.run(["jobs"]).checked().output
                #expect(table.contains("cancelled"))
                try await scene.expectUnharmed(delivered: 0)
                let urgent = try await scene.portico.run(["jobs", "urgent", "\(job.id)", "99"])
                #expect(urgent.status == 1)
                #expect(urgent.errors.contains("Job \(job.id) is cancelled: only a waiting job's priority"))
                #expect(urgent.errors.contains("There is no job 99"))
                try await scene.portico.run(["jobs", "retry", "\(job.id)"]).checked()
                #expect(try await scene.portico.settledJobs(study: scene.study).map(\.state) == ["succeeded"])
                try await scene.expectUnharmed(delivered: 1)
            }
        }

        @Test(
            "A deployment whose job costs its workers is suspended visibly, also after a restart, until it is resumed")
        func suspension() async throws {
            try await Scratch.with { scratch in
                let scene = try await FaultyScene(["do abort"], in: scratch, workers: ["suspendAfter: 1"])
                let job = try await scene.outcome()
                #expect(job.listing.state == "failed")
                let said = try await scene.portico.process.errors.line("suspension") {
                    $0.contains("deployment suspended")
                }
                #expect(said.contains("portico deployments resume abdomen"))
                #expect(try await scene.portico.run(["deployments"]).checked().output.contains("suspended"))
                try await scene.portico.kill()
                try await scene.portico.start()
                try await scene.portico.run(["jobs", "retry", "\(job.listing.id)"]).checked()
                let waiting = try #require(try await scene.portico.jobs(study: scene.study).first)
                #expect(waiting.state == "suspended")
                #expect(waiting.reason?.contains("`portico deployments resume abdomen` lets it go on") == true)
                let check = try await scene.portico.run(["check"]).output
                #expect(check.contains("it is suspended, and its jobs wait: a job cost"))
                #expect(
                    try await scene.portico.explain(scene.study).inWords.contains("deployment abdomen is suspended"))
                // The bundle is repaired, and the deployment goes on.
                try Data("channels 5\n".utf8).write(to: scene.model)
                try await scene.portico.run(["deployments", "resume", "abdomen"]).checked()
                #expect(try await scene.portico.settledJobs(study: scene.study).map(\.state) == ["succeeded"])
                try await scene.expectUnharmed(delivered: 1)
            }
        }

        @Test("A worker limits itself before it loads anything: memory, the order in which memory kills, its priority")
        func limits() async throws {
            try await Scratch.with { scratch in
                var settings = PorticoSettings()
                settings.lowPriority = true
                settings.workers = ["memoryLimit: 3GB"]
                let portico = try await Portico.serve(settings, in: scratch)
                let line = try await portico.process.errors.line("the limits") { $0.contains("limits in force") }
                #expect(line.contains("SCHED_IDLE") || line.contains("nice 19"))
                let worker = try #require(try portico.process.children().first)
                func text(_ file: String) throws -> String {
                    try String(contentsOfFile: "/proc/\(worker)/\(file)", encoding: .utf8)
                }
                #expect(try text("oom_score_adj") == "1000\n")
                let limit = try await portico.process.errors.line("the memory") { $0.contains("memory of workers") }
                if limit.contains("RLIMIT_DATA") {
                    #expect(try text("limits").contains(/Max data size +3000000000 +3000000000/))
                }
                // Priority belongs to a thread and goes on to those that it makes: here the one that reads jobs, and the
                // one that runs them. The fields 41 (policy, where 5 is SCHED_IDLE) and 19 (nice) of proc_pid_stat(5),
                // counted after the name.
                try await portico.process.errors.line("a ready worker") { $0.contains("worker ready") }
                let tasks = try FileManager.default.contentsOfDirectory(atPath: "/proc/\(worker)/task")
                let low = try tasks.count { task in
                    let fields = try text("task/\(task)/stat").split(separator: ")").last?.split(separator: " ") ?? []
                    return fields.count > 38 && (fields[38] == "5" || fields[16] == "19")
                }
                #expect(low >= 2, "\(low) of \(tasks.count) threads")
            }
        }
    }
}
