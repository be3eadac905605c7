import Foundation
import Store
import Testing

@testable import Gateway

@Suite("The queue and its workers", .timeLimit(.minutes(1)))
struct JobServiceTests {
    @Test("A job runs, its results are recorded and due at each destination of the deployment, once")
    func success() async throws {
        let fixture = try MiddleFixture()
        var configuration = fixture.configuration
        configuration.deployments[0].destinations = ["pacs", "archive", "pacs"]
        try fixture.completeStudy()
        let body = """
            printf '%s' "$line" > "$here/spec"
            echo '{"stage":{"job":'$job',"name":"infer"}}'; echo '{"progress":{"job":'$job',"done":1,"of":4}}'
            \(MiddleFixture.oneResult)
            """
        try await fixture.runJobs(try fixture.worker(body), configuration: configuration) { _ in
            await fixture.log.wait(for: "job done")
        }
        let job = try fixture.onlyJob()
        #expect(job.state == "succeeded" && job.stateInWords == "done" && job.attempts == 1 && job.objects == 1)
        #expect(job.deliveries.map { "\($0.destination) \($0.state)" } == ["pacs pending", "archive pending"])
        #expect(job.stage == nil && job.finished != nil)
        let specification = try JSONDecoder().decode(
            JobSpecification.self, from: try Data(contentsOf: fixture.directory.root.appendingPathComponent("spec")))
        #expect(specification.files.count == 3)
        #expect(specification.files.allSatisfy { FileManager.default.fileExists(atPath: $0) })
        #expect(
            specification.key == job.key && specification.bundle == BundleReference(path: "/bundles/liver")
                && specification.device == "cpu")
        #expect(job.priority == "routine" && job.crashes == 0)
        #expect(specification.threads == max(1, ProcessInfo.processInfo.activeProcessorCount))
        #expect(specification.results == ResultParameters(configuration.results, place: 0))
        let newest = try #require(specification.files.compactMap { FileTime.modified($0) }.max())
        #expect(abs(specification.created.timeIntervalSince(newest)) < 5)
        #expect(specification.output == fixture.directory.root.path + "/results/" + job.key)
    }

    @Test("A job that finds nothing is done, sends nothing and says so")
    func nothingFound() async throws {
        let fixture = try MiddleFixture()
        try fixture.completeStudy()
        try await fixture.runJobs(try fixture.worker(MiddleFixture.done(""))) { _ in
            await fixture.log.wait(for: "nothing found")
        }
        let job = try fixture.onlyJob()
        #expect(job.state == "nothingFound" && job.stateInWords == "done, nothing found" && job.deliveries.isEmpty)
        let explanation = try Explanation(of: "1.2.3", in: fixture.database, files: fixture.directory)
        #expect(explanation.inWords.contains { $0.contains("done, nothing found") })
        #expect(explanation.inWords.contains("  no object was made and nothing was sent"))
    }

    @Test("A worker that is killed in the middle costs one attempt; the job is done by the next, once")
    func killed() async throws {
        let fixture = try MiddleFixture()
        try fixture.completeStudy()
        let body = """
            echo '{"stage":{"job":'$job',"name":"infer"}}'; echo '{"progress":{"job":'$job',"done":3,"of":12}}'
            if [ ! -e "$here/killed" ]; then touch "$here/killed"; echo half > "$out/half.dcm"; kill -9 $$; fi
            ls "$out" > "$here/left"
            \(MiddleFixture.oneResult)
            """
        try await fixture.runJobs(try fixture.worker(body)) { _ in await fixture.log.wait(for: "job done") }
        let job = try fixture.onlyJob()
        #expect(job.state == "succeeded" && job.attempts == 2 && job.deliveries.count == 1)
        let attempts = try fixture.database.attempts(ofJob: job.id)
        #expect(attempts.count == 2)
        #expect(attempts[0].ending?.contains("was killed by signal 9 (SIGKILL") == true)
        #expect(attempts[0].ending?.contains("in stage infer, 3 of 12 windows done") == true)
        #expect(attempts[0].workerPID != attempts[1].workerPID)
        let left = try String(contentsOf: fixture.directory.root.appendingPathComponent("left"), encoding: .utf8)
        #expect(left.isEmpty, "the second try begins with an empty folder")
    }

    struct Failure: Sendable, CustomTestStringConvertible {
        var name: String
        var body: String
        var attempts: Int
        var reason: String
        var testDescription: String { name }
    }

    @Test(
        "A job that cannot be done is given up with its reason",
        arguments: [
            Failure(
                name: "dies each time", body: "exit 9", attempts: 2,
                reason: "given up, because the job has cost 2 workers; the last time: The worker"),
            Failure(
                name: "may be tried again",
                body: #"echo '{"failed":{"job":'$job',"reason":"no memory","retriable":true}}'"#,
                attempts: 3, reason: "given up after 3 attempts; the last one: no memory"),
            Failure(
                name: "is hopeless",
                body: #"echo '{"failed":{"job":'$job',"reason":"no regular volume","retriable":false}}'"#,
                attempts: 1, reason: "no regular volume"),
            Failure(
                name: "names a result that is not there",
                body: MiddleFixture.done(
                    #"{"path":"'$out'/1.dcm","sopClassUID":"1","sopInstanceUID":"2","seriesInstanceUID":"3"}"#),
                attempts: 3, reason: "given up after 3 attempts; the last one: The worker's result"),
            Failure(
                name: "names a result elsewhere",
                body: MiddleFixture.done(
                    #"{"path":"/etc/passwd","sopClassUID":"1","sopInstanceUID":"2","seriesInstanceUID":"3"}"#),
                attempts: 3,
                reason: "given up after 3 attempts; the last one: The worker named a result outside of its folder"),
            Failure(
                name: "names a result by no UID",
                body: MiddleFixture.done(
                    #"{"path":"'$out'/1.dcm","sopClassUID":"1","sopInstanceUID":"../2","seriesInstanceUID":"3"}"#),
                attempts: 3,
                reason:
                    "given up after 3 attempts; the last one: The worker named a result by something that is no UID."),
        ])
    func givenUp(_ failure: Failure) async throws {
        let fixture = try MiddleFixture()
        try fixture.completeStudy()
        try await fixture.runJobs(try fixture.worker(failure.body)) { _ in
            await fixture.log.wait(for: "job failed")
        }
        let job = try fixture.onlyJob()
        #expect(job.state == "failed" && job.attempts == failure.attempts && job.deliveries.isEmpty)
        #expect(job.reason?.hasPrefix(failure.reason) == true, "\(job.reason ?? "")")
    }

    @Test("Rubbish, foreign jobs and events of the wrong shape on a worker's output are survived")
    func rubbish() async throws {
        let fixture = try MiddleFixture()
        try fixture.completeStudy()
        let body = #"""
            head -c 5000 /dev/urandom | tr '\n' 'x'; echo; echo '{}'; echo '[1]'; echo; echo 'Traceback: oh'
            echo '{"done":{"job":999,"outcome":{}}}'; echo '{"failed":{"job":999,"reason":"x","retriable":false}}'
            echo '{"ready":{}}'
            """# + "\n" + MiddleFixture.oneResult
        try await fixture.runJobs(try fixture.worker(body, prologue: "echo hello; echo '{\"ready\":{}}'")) { _ in
            await fixture.log.wait(for: "job done")
        }
        #expect(try fixture.onlyJob().attempts == 1)
        #expect(fixture.log.count("is no event") >= 5)
        #expect(fixture.log.count("does not have") == 1)
    }

    @Test("A worker that never gets ready is ended and started again; jobs wait without being charged")
    func neverReady() async throws {
        let fixture = try MiddleFixture()
        try fixture.completeStudy()
        var timing = fixture.timing
        timing.startLimit = 2
        let prologue = #"""
            if [ "$(wc -l < "$here/starts" 2>/dev/null || echo 0)" -lt 2 ]; then echo x >> "$here/starts"; exec sleep 60; fi
            echo '{"ready":{}}'
            """#
        try await fixture.runJobs(try fixture.worker(MiddleFixture.oneResult, prologue: prologue), timing: timing) {
            _ in
            await fixture.log.wait(for: "job done")
        }
        #expect(try fixture.onlyJob().attempts == 1)
        #expect(fixture.log.count("did not say within 2.0 s that it is ready") == 2)
    }

    @Test("A worker that says nothing for the length of its lease is taken for hung and ended")
    func hung() async throws {
        let fixture = try MiddleFixture()
        try fixture.completeStudy()
        var configuration = fixture.configuration
        configuration.workers.leaseDuration = 2
        var timing = fixture.timing
        timing.leastPatience = 0
        let body = "if [ ! -e \"$here/hung\" ]; then touch \"$here/hung\"; sleep 60; fi\n" + MiddleFixture.oneResult
        try await fixture.runJobs(try fixture.worker(body), configuration: configuration, timing: timing) { _ in
            await fixture.log.wait(for: "job done")
        }
        let job = try fixture.onlyJob()
        #expect(job.attempts == 2)
        #expect(
            try fixture.database.attempts(ofJob: job.id)[0].ending?.contains(
                "said nothing for 2.0 s before its first stage") == true)
    }

    @Test("A worker that says that it is alive may take longer than its lease, but not without end")
    func standstill() async throws {
        let fixture = try MiddleFixture()
        try fixture.completeStudy()
        var configuration = fixture.configuration
        configuration.workers.leaseDuration = 2
        var timing = fixture.timing
        timing.leastPatience = 0
        timing.silenceLimit = 4
        let beat = "echo '{\"alive\":{}}'; sleep 0.2"
        let body = """
            if [ ! -e "$here/hung" ]; then touch "$here/hung"; while :; do \(beat); done; fi
            for i in 1 2 3 4 5 6 7 8 9 10 11 12; do \(beat); done
            \(MiddleFixture.oneResult)
            """
        try await fixture.runJobs(try fixture.worker(body), configuration: configuration, timing: timing) { _ in
            await fixture.log.wait(for: "job done")
        }
        let job = try fixture.onlyJob()
        #expect(job.attempts == 2)
        #expect(
            try fixture.database.attempts(ofJob: job.id)[0].ending?.contains(
                "is alive, but got no further for 4.0 s before its first stage") == true)
        #expect(fixture.log.count("is no event") == 0)
    }

    @Test("Control characters in what a worker says never reach the log, the index or a terminal")
    func controlCharacters() async throws {
        let fixture = try MiddleFixture()
        try fixture.completeStudy()
        let body = #"""
            printf '%s\n' '{"stage":{"job":'$job',"name":"a\u001b[2Jb"}}'
            printf '%s\n' '{"failed":{"job":'$job',"reason":"one\ntwo \u001b[31m\u202e","retriable":false}}'
            """#
        try await fixture.runJobs(try fixture.worker(body)) { _ in await fixture.log.wait(for: "job failed") }
        #expect(try fixture.onlyJob().reason == #"one\ntwo \u{1B}[31m\u{202E}"#)
        #expect(fixture.log.lines.allSatisfy { $0 == $0.printable(limit: Int.max) })
    }

    @Test("Shutdown gives a running job back uncharged and leaves no worker behind; the next start does it")
    func shutdown() async throws {
        let fixture = try MiddleFixture()
        try fixture.completeStudy()
        let slow = try fixture.worker(
            "echo $$ > \"$here/pid\"; echo '{\"stage\":{\"job\":'$job',\"name\":\"infer\"}}'; exec sleep 60")
        try await fixture.runJobs(slow) { _ in
            await fixture.log.wait(for: "job begun")
        }
        var job = try fixture.onlyJob()
        #expect(job.state == "queued" && job.attempts == 0)
        let first = try #require(try fixture.database.attempts(ofJob: job.id).first)
        #expect(first.ending?.hasPrefix("portico serve was stopped") == true)
        #expect(kill(first.workerPID, 0) == -1 && errno == ESRCH)
        try await fixture.runJobs(try fixture.worker(MiddleFixture.oneResult)) { _ in
            await fixture.log.wait(for: "job done")
        }
        job = try fixture.onlyJob()
        #expect(job.state == "succeeded" && job.attempts == 1)
    }

    @Test("A job that ends within the time that shutdown leaves it is kept")
    func grace() async throws {
        let fixture = try MiddleFixture()
        try fixture.completeStudy()
        var timing = fixture.timing
        timing.shutdownGrace = 30
        let body = "until [ -e \"$here/go\" ]; do sleep 0.02; done\n" + MiddleFixture.oneResult
        try await fixture.runJobs(try fixture.worker(body), timing: timing) { _ in
            await fixture.log.wait(for: "job begun")
            let go = fixture.directory.root.appendingPathComponent("go")
            Task.detached {
                // Lets the shutdown begin first, which has no event; were it later, the job would still end well.
                try await Task.sleep(for: .milliseconds(100))
                try Data().write(to: go)
            }
        }
        #expect(try fixture.onlyJob().state == "succeeded")
    }

    @Test("What a killed serve had leased is taken up at the start, uncharged")
    func predecessor() async throws {
        let fixture = try MiddleFixture()
        try fixture.completeStudy()
        _ = try fixture.database.leaseJob(
            owner: "serve-1/0", workerPID: 1, at: Date(), until: Date(timeIntervalSinceNow: 3600))
        try await fixture.runJobs(try fixture.worker(MiddleFixture.oneResult)) { _ in
            await fixture.log.wait(for: "job done")
        }
        let job = try fixture.onlyJob()
        #expect(job.attempts == 1)
        #expect(
            try fixture.database.attempts(ofJob: job.id).map(\.ending) == [
                "portico serve ended before the job did", "done",
            ])
    }

    @Test("Several workers share the queue, and each job is done once; one that waits is woken by a new job")
    func several() async throws {
        let fixture = try MiddleFixture()
        var configuration = fixture.configuration
        configuration.workers.count = 3
        let body = "echo $job >> \"$here/begun\"\n" + MiddleFixture.oneResult
        try await fixture.runJobs(try fixture.worker(body), configuration: configuration) { service in
            await fixture.log.wait(for: "worker ready", count: 3)
            for number in 1...12 { try fixture.completeStudy("1.2.\(number)") }
            service.wake()
            await fixture.log.wait(for: "job done", count: 12)
        }
        let jobs = try JobListing.all(in: fixture.database)
        #expect(jobs.count == 12 && jobs.allSatisfy { $0.state == "succeeded" && $0.attempts == 1 })
        let begun = try String(contentsOf: fixture.directory.root.appendingPathComponent("begun"), encoding: .utf8)
        #expect(begun.split(separator: "\n").count == 12)
        #expect(try fixture.database.problems() == [])
    }

    @Test("A job of a deployment that is gone from the configuration fails in words; the worker goes on")
    func goneDeployment() async throws {
        let fixture = try MiddleFixture()
        try fixture.completeStudy()
        try fixture.completeStudy("1.5")
        var configuration = fixture.configuration
        configuration.deployments[0].name = "other"
        try await fixture.runJobs(try fixture.worker("exit 1"), configuration: configuration) { _ in
            await fixture.log.wait(for: "job failed", count: 2)
        }
        #expect(try fixture.onlyJob().reason == "The deployment liver is no longer in the configuration.")
        #expect(fixture.log.count("worker ready") == 1)
    }

    @Test("A result is explained by its own UID: model, input, attempts and deliveries")
    func explained() async throws {
        let fixture = try MiddleFixture()
        try fixture.completeStudy()
        try await fixture.runJobs(try fixture.worker(MiddleFixture.oneResult)) { _ in
            await fixture.log.wait(for: "job done")
        }
        let explanation = try Explanation(of: "2.25.11", in: fixture.database, files: fixture.directory)
        #expect(explanation.subject == "result" && explanation.study.uid == "1.2.3" && explanation.jobs.count == 1)
        let text = explanation.inWords.joined(separator: "\n")
        #expect(text.contains("2.25.11 is a result of study 1.2.3."))
        #expect(text.contains("model Liver 1.0 of M, device UID 2.25.5"))
        #expect(text.contains("segment 1, liver: 12 voxels, 1.50 ml, 2 slices"))
        #expect(text.contains("to pacs: pending, 0 attempts (object 2.25.11)"))
        let json = try JSONEncoder().encode(explanation)
        #expect(String(decoding: json, as: UTF8.self).contains(#""modelName":"Liver""#))
        let error = #expect(throws: StoreError.self) {
            try Explanation(of: "8.8", in: fixture.database, files: fixture.directory)
        }
        #expect(error?.code == .notFound)
    }
}
