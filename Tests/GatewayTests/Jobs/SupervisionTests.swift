import Foundation
import Store
import Testing

@testable import Gateway

@Suite("Workers that are lost, and jobs that are cancelled", .timeLimit(.minutes(1)))
struct SupervisionTests {
    private static func stage(_ name: String) -> String {
        #"echo '{"stage":{"job":'$job',"name":"\#(name)"}}'"#
    }

    @Test(
        "A worker that dies in any stage costs one attempt; the job is done by the next worker, with what happened kept",
        arguments: [
            "reading images", "loading bundle", "preprocessing", "inference", "postprocessing", "writing results",
        ])
    func everyStage(stage: String) async throws {
        let fixture = try MiddleFixture()
        try fixture.completeStudy()
        let body = """
            \(Self.stage(stage))
            if [ ! -e "$here/killed" ]; then touch "$here/killed"; kill -9 $$; fi
            \(MiddleFixture.oneResult)
            """
        try await fixture.runJobs(try fixture.worker(body)) { _ in await fixture.log.wait(for: "job done") }
        let job = try fixture.onlyJob()
        #expect(job.state == "succeeded" && job.attempts == 2 && job.crashes == 1 && job.deliveries.count == 1)
        let ending = try fixture.database.attempts(ofJob: job.id)[0].ending
        #expect(ending?.contains("was killed by signal 9") == true && ending?.contains("in stage \(stage)") == true)
    }

    @Test("A job that costs two workers is failed with both ends; as many such jobs as allowed suspend the deployment")
    func suspended() async throws {
        let fixture = try MiddleFixture()
        var configuration = fixture.configuration
        configuration.workers.suspendAfter = 2
        for number in 1...3 { try fixture.completeStudy("1.\(number)", configuration: configuration) }
        let body = """
            echo x >> "$here/tries-$job"; \(Self.stage("inference"))
            [ "$(wc -l < "$here/tries-$job")" = 1 ] && kill -SEGV $$
            kill -ABRT $$
            """
        try await fixture.runJobs(try fixture.worker(body), configuration: configuration) { service in
            await fixture.log.wait(for: "deployment suspended")
            let jobs = try JobListing.all(in: fixture.database).reversed() as [JobListing]
            #expect(jobs.map(\.state) == ["failed", "failed", "suspended"])
            let reason = try #require(jobs[0].reason)
            #expect(
                reason.hasPrefix("given up, because the job has cost 2 workers; the last time: The worker (process"))
            #expect(reason.contains("signal 6 (SIGABRT) in stage inference."))
            #expect(reason.contains("; before: The worker (process") && reason.contains("signal 11 (SIGSEGV"))
            let waiting = try #require(jobs[2].reason)
            #expect(waiting.contains("deployment liver is suspended: 2 jobs in a row cost their workers"))
            #expect(waiting.contains("`portico deployments resume liver` lets it go on"))
            let explanation = try Explanation(of: "1.3", in: fixture.database, files: fixture.directory)
            #expect(explanation.inWords.contains { $0.contains("deployment liver is suspended") })
            #expect(try DeploymentsReport(configuration, fixture.database).items.map(\.state) == ["suspended"])
            // Once resumed, the third one has its tries.
            let desk = ControlDesk(
                database: fixture.database, deployments: ["liver"], logger: fixture.log.logger,
                onChange: { service.wake() })
            #expect(desk.perform(.resume(deployment: "liver"), at: Date()).message == "deployment liver goes on")
            await fixture.log.wait(for: "job failed", count: 3)
        }
        #expect(fixture.log.count("portico deployments resume liver") == 1)
        #expect(try fixture.database.suspensions().isEmpty)
    }

    @Test("A job that takes longer than its limit loses its worker, with the limit and the setting named")
    func timeLimit() async throws {
        let fixture = try MiddleFixture()
        try fixture.completeStudy()
        var configuration = fixture.configuration
        configuration.workers.timeLimit = 0.5
        let body = "\(Self.stage("inference")); exec sleep 60"
        try await fixture.runJobs(try fixture.worker(body), configuration: configuration) { _ in
            await fixture.log.wait(for: "job failed")
        }
        let job = try fixture.onlyJob()
        #expect(job.crashes == 2)
        #expect(
            job.reason?.contains(
                "was ended, because the job took longer than the 0.5 s of workers.timeLimit, in stage inference")
                == true)
    }

    @Test("A running job that is cancelled is told so and ends; its worker goes on with the next")
    func cancelled() async throws {
        let fixture = try MiddleFixture()
        let first = try #require(try fixture.completeStudy().first)
        let body = """
            if [ -z "$job" ]; then echo "$line" > "$here/order"; echo '{"cancelled":{"job":1}}'; continue; fi
            if [ "$job" = 1 ]; then \(Self.stage("inference")); continue; fi
            \(MiddleFixture.oneResult)
            """
        var timing = fixture.timing
        timing.cancelGrace = 50
        try await fixture.runJobs(try fixture.worker(body), timing: timing) { service in
            await fixture.log.wait(for: "job begun")
            #expect(try fixture.database.cancelJob(1, at: Date()) == .requested)
            service.wake()
            await fixture.log.wait(for: "job cancelled")
            try fixture.completeStudy("1.9")
            service.wake()
            await fixture.log.wait(for: "job done")
        }
        let order = try String(contentsOf: fixture.directory.root.appendingPathComponent("order"), encoding: .utf8)
        #expect(order == "{\"cancel\":1}\n")
        let job = try #require(try JobListing.all(in: fixture.database, filter: JobFilter(study: first.study)).first)
        #expect(job.state == "cancelled" && job.stateInWords == "cancelled" && job.isSettled && job.hasFailed)
        #expect(job.reason?.hasPrefix("cancelled by hand") == true)
        #expect(fixture.log.count("worker ready") == 1)
    }

    @Test("A worker that does not heed the wish to cancel is killed; that is not held against the job")
    func deafToCancel() async throws {
        let fixture = try MiddleFixture()
        try fixture.completeStudy()
        var timing = fixture.timing
        timing.cancelGrace = 0.2
        let body = "\(Self.stage("inference")); exec sleep 60"
        try await fixture.runJobs(try fixture.worker(body), timing: timing) { service in
            await fixture.log.wait(for: "job begun")
            _ = try fixture.database.cancelJob(1, at: Date())
            service.wake()
            await fixture.log.wait(for: "job cancelled")
        }
        let job = try fixture.onlyJob()
        #expect(job.state == "cancelled" && job.crashes == 0)
        let worker = try #require(try fixture.database.attempts(ofJob: job.id).first?.workerPID)
        #expect(kill(worker, 0) == -1 && errno == ESRCH)
    }

    @Test("A worker that is kept for urgent jobs leaves others waiting, and takes an urgent one at once")
    func reserved() async throws {
        let fixture = try MiddleFixture()
        var configuration = fixture.configuration
        configuration.workers.count = 2
        configuration.workers.reservedForUrgent = 1
        for number in 1...3 { try fixture.completeStudy("1.\(number)") }
        let body = """
            until [ -e "$here/go-$job" ]; do sleep 0.02; done
            \(MiddleFixture.oneResult)
            """
        func go(_ job: Int) throws {
            try Data().write(to: fixture.directory.root.appendingPathComponent("go-\(job)"))
        }
        try await fixture.runJobs(try fixture.worker(body), configuration: configuration) { service in
            await fixture.log.wait(for: "worker ready", count: 2)
            await fixture.log.wait(for: "job begun")
            try fixture.database.setPriority(.urgent, ofJob: 3)
            service.wake()
            await fixture.log.wait(for: "job begun", count: 2)
            #expect(try JobListing.all(in: fixture.database).map(\.state) == ["running", "queued", "running"])
            try go(3)
            await fixture.log.wait(for: "job done")
            try go(1)
            try go(2)
            await fixture.log.wait(for: "job done", count: 3)
        }
    }

    @Test("Jobs on one CUDA device run one after the other, whatever name the device has; others run beside")
    func devices() async throws {
        let fixture = try MiddleFixture()
        var configuration = fixture.configuration
        configuration.workers.count = 3
        var other = configuration.deployments[0]
        configuration.deployments[0].device = "cuda"
        (other.name, other.device) = ("spleen", "cuda:0")
        configuration.deployments.append(other)
        (other.name, other.device) = ("lung", "cuda:1")
        configuration.deployments.append(other)
        try fixture.completeStudy(configuration: configuration)
        let body = """
            until [ -e "$here/go" ]; do sleep 0.02; done
            \(MiddleFixture.oneResult)
            """
        try await fixture.runJobs(try fixture.worker(body), configuration: configuration) { service in
            await fixture.log.wait(for: "worker ready", count: 3)
            await fixture.log.wait(for: "job begun", count: 2)
            let running = try JobListing.all(in: fixture.database, filter: JobFilter(states: [.running]))
            #expect(Set(running.map(\.deployment)).contains("lung") && running.count == 2)
            try Data().write(to: fixture.directory.root.appendingPathComponent("go"))
            await fixture.log.wait(for: "job done", count: 3)
        }
        #expect(
            JobPlan(configuration: configuration, directory: fixture.directory).policy(urgentOnly: false).devices == [
                .init(deployments: ["liver", "spleen"], most: 1), .init(deployments: ["lung"], most: 1),
            ])
    }

    @Test("The memory that a lost worker had comes with the limit and its setting when it was near it")
    func memory() async throws {
        let fixture = try MiddleFixture()
        try fixture.completeStudy()
        var configuration = fixture.configuration
        configuration.workers.memoryLimit = 1_000_000
        try await fixture.runJobs(try fixture.worker("kill -9 $$"), configuration: configuration) { _ in
            await fixture.log.wait(for: "job failed")
        }
        let reason = try #require(try fixture.onlyJob().reason)
        #expect(reason.contains("; its memory had grown to "))
        #expect(reason.contains(", and workers.memoryLimit allows 1 MB."))
    }
}
